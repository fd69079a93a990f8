"""Which benchmarks have to be reviewed again; an overdue review is said wherever the benchmark is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.resolve import Resolved
from workbench.benchmarks.reviews import (
    EVERYTHING,
    WHOLE_CADENCE,
    BenchmarkReview,
    Due,
    due_of,
    first_measured,
    last_reviews,
    overdue_since,
)
from workbench.gates.facts import Facts, Need
from workbench.model.times import from_text, to_text
from workbench.record import Record
from workbench.releases.model import Outcome
from workbench.releases.shipment import find_shipment

LAST_REVIEWS: Need[Mapping[str, BenchmarkReview]] = Need(
    ("benchmark_review",), lambda facts: last_reviews(facts.record, facts.now)
)
# First measurements are looked up for those benchmarks that nobody has reviewed.
MEASURED: Need[Record] = Need(("batch", "release", "shipment"), lambda facts: facts.record)
ENTITIES = (*LAST_REVIEWS.entities, *MEASURED.entities)


def dues(facts: Facts, benchmarks: Iterable[Resolved]) -> dict[str, Due]:
    """How the review of each benchmark stands, by its key."""
    last, record = facts(LAST_REVIEWS), facts(MEASURED)
    cadences = {item.key: item.review for item in benchmarks}
    first = first_measured(record, [key for key in cadences if key not in last])
    return _dues(facts, cadences, first, _last_shipped(record, facts))


def _overdue(facts: Facts, benchmarks: Iterable[Resolved]) -> dict[str, Due]:
    """Those of them that are overdue: most are not, and need no look at each."""
    last, record = facts(LAST_REVIEWS), facts(MEASURED)
    cadences = {item.key: item.review for item in benchmarks}
    shipped = _last_shipped(record, facts)
    before = overdue_since(cadences.values(), shipped, facts.now)
    if before is None:
        return {}
    first = first_measured(record, [key for key in cadences if key not in last], before)
    some = {key: cadence for key, cadence in cadences.items() if key in first or key in last}
    return {key: due for key, due in _dues(facts, some, first, shipped).items() if due.overdue}


def _dues(
    facts: Facts, cadences: Mapping[str, str], first: Mapping[str, datetime], shipped: datetime | None
) -> dict[str, Due]:
    last = facts(LAST_REVIEWS)
    return {
        key: due_of(
            key, cadence, last.get(key), first.get(key),
            release=facts.held.id, shipped=shipped, now=facts.now,
        )
        for key, cadence in cadences.items()
    }  # fmt: skip


def whole(facts: Facts) -> Due:
    """How the review of tiers and limits as a whole stands: it counts from the first measurement."""
    last = facts(LAST_REVIEWS).get(EVERYTHING)
    keys = [benchmark.key for benchmark in facts.project.benchmarks] if last is None else []
    first = min(first_measured(facts(MEASURED), keys).values(), default=None)
    return due_of(EVERYTHING, WHOLE_CADENCE, last, first, release=facts.held.id, shipped=None, now=facts.now)


def _last_shipped(record: Record, facts: Facts) -> datetime | None:
    """When the last release went out, other than the one that is judged; rolled back since, it went out all the same."""
    rows = record.query(
        "SELECT max(outcome_at) FROM e_release WHERE outcome = ? AND id <> ? AND outcome_at <= ?",
        (Outcome.SHIPPED.value, facts.held.id, to_text(facts.now)),
    )
    moments = [from_text(str(rows[0][0]))] if rows and rows[0][0] else []
    for (ident,) in record.query(
        "SELECT id FROM e_release WHERE outcome = ? AND id <> ?", (Outcome.ROLLED_BACK.value, facts.held.id)
    ):
        shipment = find_shipment(record, str(ident))
        if shipment is not None and shipment[1].stands and shipment[1].at <= facts.now:
            moments.append(shipment[1].at)
    return max(moments, default=None)


def marked(facts: Facts, judged: Iterable[Judged]) -> tuple[Judged, ...]:
    """The verdicts, with a remark on each benchmark whose review is overdue."""
    judged = tuple(judged)
    late = _overdue(facts, (item.resolved for item in judged))
    if not late:
        return judged
    return tuple(_marked(item, late[item.key]) if item.key in late else item for item in judged)


def _marked(item: Judged, due: Due) -> Judged:
    return msgspec.structs.replace(item, remarks=(*item.remarks, f"review overdue: {due.words}"))
