"""Phases and pinned baselines: those that count, and those that wait for a second person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from workbench.benchmarks.phases import Phase
from workbench.benchmarks.pinned import PinnedBaseline
from workbench.definitions.shapes import Person
from workbench.gates.approvals import Proposal, What, able, said, standing
from workbench.record import Record, Stored

T = TypeVar("T", Phase, PinnedBaseline)


def counting(record: Record, entity: str, shape: type[T], until: datetime) -> list[tuple[Stored, T]]:
    """What was said up to a moment and counts, the oldest first: by one person, or by two where that is needed."""
    found = _said(record, entity, shape, until)
    heard = said(record, (row.base for row, value in found if value.second))
    return [
        (row, value)
        for row, value in found
        if not value.second or standing(row.base, able((), value.author), heard).approved is not None
    ]


def waiting(record: Record, people: Sequence[Person], until: datetime) -> Mapping[str, Proposal]:
    """The phases and baselines that nobody has approved yet, by id."""
    pairs: Iterable[tuple[What, str, Stored, Phase | PinnedBaseline]] = (
        *((What.PHASE, "phase", *pair) for pair in _said(record, "phase", Phase, until)),
        *((What.BASELINE, "baseline", *pair) for pair in _said(record, "baseline", PinnedBaseline, until)),
    )
    found = {}
    for what, word, row, value in pairs:
        if value.second and not (isinstance(value, PinnedBaseline) and value.invalid):
            may = able(people, value.author)
            stands = standing(row.base, may, said(record, [row.base]))
            if stands.approved is None:
                found[row.id] = Proposal(
                    what=what, ref=row.id, subject=row.base, part=f"{word}/{value.benchmark}", title=value.title,
                    by=value.author, at=value.at, words=value.reason, able=may, rejected=stands.rejected,
                )  # fmt: skip
    return found


def _said(record: Record, entity: str, shape: type[T], until: datetime) -> list[tuple[Stored, T]]:
    found = ((row, row.decode(shape)) for row in record.all(entity))
    return sorted((pair for pair in found if pair[1].at <= until), key=lambda pair: (pair[1].at, pair[0].id))


class Agreed:
    """What counts at a moment, read once it is asked for."""

    def __init__(self, record: Record, now: datetime) -> None:
        self._record, self._now = record, now

    @cached_property
    def phases(self) -> Mapping[str, Phase]:
        """The present phase of each benchmark that has begun a new one, by its key."""
        found = counting(self._record, "phase", Phase, self._now)
        return {value.benchmark: value for _, value in sorted(found, key=lambda pair: pair[1].begins)}

    @cached_property
    def baselines(self) -> Mapping[tuple[str, str], PinnedBaseline]:
        """The baselines that were pinned last, by benchmark and name; invalid ones too."""
        found = counting(self._record, "baseline", PinnedBaseline, self._now)
        return {(value.benchmark, value.name): value for _, value in found}
