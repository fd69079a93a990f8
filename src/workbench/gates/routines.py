"""How every routine stands: what people said they did, and what of the record counts as doing one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from workbench.benchmarks.reviews import EVERYTHING, BenchmarkReview
from workbench.definitions import Definitions
from workbench.definitions.routine_defaults import routines_of
from workbench.definitions.routines import SPRINT_LENGTH, CountsAs, Routine
from workbench.drills.model import DrillResult, all_drills
from workbench.environments.model import refreshes
from workbench.gates.facts import Need
from workbench.model.times import zone_of
from workbench.parity.reviews import Review
from workbench.record import Record
from workbench.routines.due import Calendar, Doing, Due, due_of
from workbench.routines.model import all_done
from workbench.routines.periods import sprints


def dues(record: Record, definitions: Definitions, now: datetime) -> dict[str, Due]:
    """How each routine of a project stands at a moment, by its key, in the order of the definitions."""
    done, calendar = _said(record), _calendar(record, definitions)
    return {
        routine.key: due_of(
            routine,
            [*done.get(routine.key, ()), *_counting(record, definitions, routine)],
            calendar,
            now,
        )
        for routine in routines_of(definitions.project)
    }


DUES: Need[Mapping[str, Due]] = Need(
    ("routine_done", "refresh", "drill", "parity_review", "benchmark_review"),
    lambda facts: dues(facts.record, facts.definitions, facts.now),
)


def doings(record: Record, definitions: Definitions, routine: Routine) -> list[Doing]:
    """How often one routine was done, the latest first: somebody said so, or it is counted from the record."""
    found = [*_said(record).get(routine.key, ()), *_counting(record, definitions, routine)]
    return sorted(found, key=lambda doing: doing.at, reverse=True)


def _said(record: Record) -> dict[str, list[Doing]]:
    found: dict[str, list[Doing]] = {}
    for ident, value in all_done(record):
        doing = Doing(at=value.at, by=value.by, words=value.words, id=ident)
        found.setdefault(value.routine, []).append(doing)
    return found


def _counting(record: Record, definitions: Definitions, routine: Routine) -> Iterator[Doing]:
    """Entries of the record that count as doing a routine."""
    return _COUNTS[routine.counts](record, definitions) if routine.counts else iter(())


def _refreshes(record: Record, definitions: Definitions) -> Iterator[Doing]:
    for row, value in refreshes(record, _staging(definitions)):
        yield Doing(at=value.at, by=value.by, words="a refresh is recorded", what="refresh", id=row.id)


def _drills(record: Record, definitions: Definitions) -> Iterator[Doing]:
    """A drill that failed rehearsed its runbook, too; one that was stopped did not."""
    for row, value in all_drills(record):
        if value.result in (DrillResult.WORKED, DrillResult.FAILED) and value.ended_at is not None:
            words = f"drill of {value.title}: {value.result.value}"
            yield Doing(at=value.ended_at, by=value.by, words=words, what="drill", id=row.id)


def _map_reviews(record: Record, definitions: Definitions) -> Iterator[Doing]:
    for row in record.all("parity_review"):
        value = row.decode(Review)
        yield Doing(
            at=value.at, by=value.by, words="the parity map was reviewed", what="parity_review", id=row.id
        )


def _limits_reviews(record: Record, definitions: Definitions) -> Iterator[Doing]:
    for row in record.all("benchmark_review", "benchmark = ?", (EVERYTHING,)):
        value = row.decode(BenchmarkReview)
        words = "tiers and limits were reviewed as a whole"
        yield Doing(at=value.at, by=value.by, words=words, what="benchmark_review", id=row.id)


_COUNTS: Mapping[CountsAs, Callable[[Record, Definitions], Iterator[Doing]]] = {
    "refresh": _refreshes,
    "drill": _drills,
    "map_review": _map_reviews,
    "limits_review": _limits_reviews,
}


def _staging(definitions: Definitions) -> str:
    return definitions.staging.key if definitions.staging is not None else ""


def _calendar(record: Record, definitions: Definitions) -> Calendar:
    zone = zone_of(definitions.project.timezone)
    begun = record.info.demonstration or record.info.created_at
    said = definitions.project.sprint
    sprint = sprints(said.first if said else None, said.length if said else SPRINT_LENGTH, begun, zone)
    refreshed = tuple(value.at for _, value in refreshes(record, _staging(definitions)))
    return Calendar(zone=zone, sprint=sprint, begun=begun, refreshed=refreshed)
