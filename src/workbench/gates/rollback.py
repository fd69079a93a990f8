"""GT-13: while a release is watched, the benchmarks measured in production that say when to roll it back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.benchmarks.judge import Judged, judged
from workbench.criteria import Verdict
from workbench.definitions import Definitions
from workbench.gates.facts import Facts
from workbench.gates.judging import context_of, resolve_one
from workbench.gates.needs import READINGS
from workbench.record import Record
from workbench.releases.model import WATCH, Held, Outcome


class CriterionState(StrEnum):
    """Whether a criterion for rolling back holds.  What was not measured cannot be told, and is no sign of health."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does not hold"
    UNKNOWN = "cannot be told"


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """One criterion: the benchmark, whether it holds, why, and when its value was measured."""

    benchmark: str
    title: str
    state: CriterionState
    why: str
    measured_at: datetime | None = None


def is_watched(held: Held, now: datetime) -> bool:
    """Whether a release went out, is not rolled back, and its time of watching has not ended."""
    at = held.release.outcome_at
    return held.release.outcome is Outcome.SHIPPED and at is not None and at <= now < at + WATCH


def criteria(
    record: Record, definitions: Definitions, held: Held, now: datetime, *, demonstration: bool = False
) -> tuple[Criterion, ...]:
    """Every criterion of the project, as it stands for this release now; what was measured before it went out does not count.

    It holds where the benchmark fails.
    """
    keys = definitions.project.rollback_when
    shipped = held.release.outcome_at
    if not keys or shipped is None:
        return ()
    facts = Facts(record, definitions, held, now=now, demonstration=demonstration)
    since = {place: value for place, value in facts(READINGS).items() if value.measured_at >= shipped}
    # Looks at this build before it went out were looks at the one before it, so none of them counts.
    context = msgspec.structs.replace(context_of(facts, keys), readings=since, candidate=None)
    return tuple(
        _criterion(benchmark.key, judged(resolve_one(record, definitions, benchmark, now), context))
        for key in keys
        if (benchmark := definitions.benchmark(key)) is not None
    )


def _criterion(key: str, found: Judged) -> Criterion:
    if found.verdict is Verdict.FAIL:
        state = CriterionState.HOLDS
    elif found.verdict in (Verdict.PASS, Verdict.WARN):
        state = CriterionState.DOES_NOT_HOLD
    else:
        state = CriterionState.UNKNOWN
    why = "not measured since it went out" if found.value is None else found.why
    at = found.value.measured_at if found.value is not None else None
    return Criterion(benchmark=key, title=found.title, state=state, why=why, measured_at=at)
