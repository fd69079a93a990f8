"""The differences that put a flow in doubt: those that touch it and are undecided or accepted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.dates import end_text
from workbench.model.times import from_text, to_text
from workbench.parity.decisions import Decision
from workbench.parity.words import decision_words
from workbench.record import Record

MOST_TOLD = 12  # differences of one benchmark that are named; the others are counted


class Touching(msgspec.Struct, frozen=True, gc=False):
    """A difference that touches a flow, so that staging cannot tell how the flow does there in production.

    ``undecided`` says that somebody must still decide; otherwise it is accepted until ``until``.
    """

    id: str
    title: str
    severity: Severity
    undecided: bool
    until: datetime | None = None

    def standing(self, zone: tzinfo) -> str:
        """``undecided``, or ``accepted until 1 Dec``."""
        if self.undecided:
            return "undecided"
        return decision_words(Decision.ACCEPT, end_text(self.until, zone) if self.until else "")

    def words(self, zone: tzinfo) -> str:
        """``Payment gateway is mocked (high, undecided)``."""
        return f"{self.title} ({self.severity.value}, {self.standing(zone)})"


def in_words(items: Sequence[Touching], more: int, zone: tzinfo) -> str:
    """All of them in a line; ``more`` counts those that are not named."""
    named = [item.words(zone) for item in items]
    return "; ".join([*named, f"and {more} more"] if more else named)


_FITS = (
    "flows <> '[]' AND (decision IN ('undecided', 'accept') OR until <= ? "
    "OR (severity = 'high' AND decision = 'no_matter'))"
)
_RANK = "CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
_SQL = (
    "SELECT id, title, severity, decision, until, flows FROM e_difference "
    f"WHERE {_FITS} ORDER BY {_RANK}, decision <> 'undecided', title, id"
)


def touching(
    record: Record, now: datetime, waiting: Collection[str] = ()
) -> Mapping[str, tuple[Touching, ...]]:
    """Of each flow, by key, the differences that are undecided or accepted: the most severe first.

    A decision that has ended or does not apply counts for nothing, nor does one that waits for a
    second person: ``waiting`` are the ids of these.
    """
    found: dict[str, list[Touching]] = {}
    moment = to_text(now)
    for ident, title, severity, decision, until, flows in record.query(_SQL, (moment,)):
        ended = until is not None and until <= moment
        undecided = decision == "undecided" or ended or ident in waiting
        if decision == "no_matter" and not undecided:
            continue
        end = from_text(until) if until and not undecided else None
        item = Touching(ident, title, Severity(severity), undecided, end)
        for flow in _flows(flows):
            found.setdefault(flow, []).append(item)
    return {flow: tuple(items) for flow, items in found.items()}


@cache
def _flows(text: str) -> tuple[str, ...]:
    """Thousands of differences touch the same few flows."""
    return tuple(dict.fromkeys(msgspec.json.decode(text, type=list[str])))
