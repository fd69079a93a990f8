"""The incidents of a release as its notes name them: as they stand now, also of a release that went out."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.gates import model as gates
from workbench.incidents.model import all_incidents
from workbench.record import Record
from workbench.usecases.context import Context
from workbench.usecases.flow_names import flow_names
from workbench.usecases.reporting.report import IncidentReport


def incidents_of(context: Context, release: str) -> tuple[IncidentReport, ...]:
    """Those that count, in the order in which they began; what was a mistake, or part of another one, is left out."""
    found = list(_found(context, release))
    return tuple(sorted(found, key=lambda one: (one.began, one.id)))


def _found(context: Context, release: str) -> Iterator[IncidentReport]:
    own = [
        (row, value)
        for row, value in all_incidents(context.record)
        if value.release == release and value.counts
    ]
    if not own:
        return
    names, frozen = flow_names(context), _frozen(context.record)
    for row, value in own:
        yield IncidentReport(
            id=row.id,
            title=value.title,
            environment=value.environment,
            severity=value.severity.value,
            state=value.state.value,
            began=value.began,
            mitigated_at=value.mitigated_at,
            closed_at=value.closed_at,
            commander=value.commander,
            flows=tuple(names.get(key, key) for key in value.flows),
            frozen=row.id in frozen,
            ended_why=value.ended_why,
        )


def _frozen(record: Record) -> frozenset[str]:
    return frozenset(value.incident for _, value in gates.freezes(record))
