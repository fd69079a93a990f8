"""The differences that put a benchmark in doubt: undecided or accepted ones that touch its flow, or the benchmark itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache
from heapq import nsmallest
from typing import Any

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.dates import end_text
from workbench.model.times import from_text, to_text
from workbench.parity.decisions import Decision
from workbench.parity.model import ORDER
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


class Doubt(msgspec.Struct, frozen=True):
    """What puts one benchmark in doubt: the most severe differences, and how many there are in all."""

    items: tuple[Touching, ...] = ()
    count: int = 0

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.items)

    def words(self, zone: tzinfo) -> str:
        """All of it in a line."""
        return in_words(self.items, self.more, zone)


NO_DOUBT = Doubt()


def in_words(items: Sequence[Touching], more: int, zone: tzinfo) -> str:
    """Differences in a line; ``more`` counts those that are not named."""
    named = [item.words(zone) for item in items]
    return "; ".join([*named, f"and {more} more"] if more else named)


_FITS = (
    "(flows <> '[]' OR benchmarks <> '[]') AND (decision IN ('undecided', 'accept') OR until <= ? "
    "OR (severity = 'high' AND decision = 'no_matter'))"
)
# Read from one index alone, in its order; ids are asked for only where they are told.
_SQL = (
    "SELECT seq, title, severity, decision, until, flows, benchmarks, environment FROM e_difference "
    f"WHERE {_FITS} ORDER BY {ORDER}"
)
_Row = tuple[int, int, str, str, bool, str | None]  # place, seq, title, severity, undecided, until


class _Group:
    """The differences that touch the same things in the same environment: the first ones, and how many."""

    __slots__ = ("count", "environment", "rows")

    def __init__(self, environment: str) -> None:
        self.environment = environment
        self.rows: list[_Row] = []
        self.count = 0


class Doubts:
    """Every undecided or accepted difference, by what it touches; asked for one benchmark at a time."""

    def __init__(
        self, record: Record, now: datetime, waiting: Collection[str] = (), staging: str = ""
    ) -> None:
        self._record, self._staging = record, staging
        self._by_flow: dict[str, list[_Group]] = {}
        self._by_benchmark: dict[str, list[_Group]] = {}
        self._known: dict[tuple[str, str, str], Doubt] = {}
        self._read(to_text(now), _places(record, waiting))

    def _read(self, now: str, waiting: Collection[int]) -> None:
        groups: dict[tuple[Any, ...], _Group] = {}
        rows = self._record.query(_SQL, (now,))
        for place, (seq, title, severity, decision, until, *touches) in enumerate(rows):
            ended = until is not None and until <= now
            undecided = decision == "undecided" or ended or seq in waiting
            if decision == "no_matter" and not undecided:
                continue
            key = tuple(touches)
            group = groups.get(key)
            if group is None:
                group = groups[key] = _Group(touches[2] or self._staging)
            group.count += 1
            if len(group.rows) < MOST_TOLD:
                group.rows.append((place, seq, title, severity, undecided, until))
        for (flows, benchmarks, _), group in groups.items():
            for names, known in ((flows, self._by_flow), (benchmarks, self._by_benchmark)):
                for name in _names(names):
                    known.setdefault(name, []).append(group)
        self._ids = _ids(self._record, [row[1] for group in groups.values() for row in group.rows])

    def of(self, flow: str, benchmark: str, environment: str) -> Doubt:
        """What puts a benchmark in doubt that is measured in an environment; "" for the project's staging."""
        key = flow, benchmark, environment or self._staging
        if key not in self._known:
            self._known[key] = self._told(*key)
        return self._known[key]

    def _told(self, flow: str, benchmark: str, environment: str) -> Doubt:
        groups = {
            id(group): group
            for group in (*self._by_flow.get(flow, ()), *self._by_benchmark.get(benchmark, ()))
            if group.environment == environment
        }.values()
        if not groups:
            return NO_DOUBT
        rows = nsmallest(MOST_TOLD, (row for group in groups for row in group.rows))
        return Doubt(tuple(map(self._named, rows)), sum(group.count for group in groups))

    def _named(self, row: _Row) -> Touching:
        _, seq, title, severity, undecided, until = row
        end = from_text(until) if until and not undecided else None
        return Touching(self._ids[seq], title, Severity(severity), undecided, end)


def _ids(record: Record, places: Sequence[int]) -> Mapping[int, str]:
    """The ids of rows by their places."""
    wanted = msgspec.json.encode(places).decode()
    sql = "SELECT seq, id FROM e_difference WHERE seq IN (SELECT value FROM json_each(?))"
    return dict(record.query(sql, (wanted,)))


def _places(record: Record, ids: Collection[str]) -> frozenset[int]:
    if not ids:
        return frozenset()
    marks = ", ".join("?" * len(ids))
    rows = record.query(f"SELECT seq FROM e_difference WHERE id IN ({marks})", list(ids))
    return frozenset(row[0] for row in rows)


@cache
def _names(text: str | None) -> tuple[str, ...]:
    """Thousands of differences touch the same few flows."""
    return tuple(dict.fromkeys(msgspec.json.decode(text, type=list[str]))) if text else ()
