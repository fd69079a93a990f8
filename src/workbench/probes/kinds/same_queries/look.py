"""Answers of the same queries, compared value by value as far as they are small, else as a whole."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

import msgspec

from workbench.probes.captured import (
    Capture,
    Change,
    Parameter,
    Piece,
    Plant,
    Score,
    Side,
    Snapshot,
    parts_of,
    path_of,
)
from workbench.probes.databases import SESSION, Database, decoded, piece_of, told, with_rows
from workbench.probes.figures import apart, number
from workbench.probes.hiding import Hide, is_fingerprint
from workbench.probes.kinds.same_queries import SameQueriesConfig
from workbench.probes.personal import named_personal
from workbench.probes.prober import by_path
from workbench.probes.queries import named_query, queries_of
from workbench.probes.reach import Reach
from workbench.sources.sql.session import Answer, Form, Row, Session

_SMALL = 200  # rows up to which each value is a parameter
_DIGITS = 12  # of a floating-point number that count: sums in another order end otherwise
_LARGEST = 400  # exponent of ten of a number that is written in full
_TARGET, _DRIFT = Decimal("0.95"), Decimal("0.9")  # BM-1: the aim, and where drift begins to be significant
_SHOWN: frozenset[Form] = frozenset({"number", "float", "time", "bool"})


class SameQueries(Database):
    """Whether the same queries give the same answers."""

    config: SameQueriesConfig
    _queries: Mapping[str, str]

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """The answer to each query."""
        self._queries = await asyncio.to_thread(queries_of, self.config.queries, self.config.files, reach)
        return await super().capture(side, reach)

    def pieces(self, session: Session, side: Side, reach: Reach) -> Iterator[Piece]:
        """A table for each query, with fingerprints for what is not to be seen."""
        for name, query in self._queries.items():
            with named_query(name):
                answer = session.ask(query)
            yield piece_of(name, self._hidden(answer, reach.hide))

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """A parameter for each value of a small answer; of a larger one its rows and a digest."""
        found: dict[str, Parameter] = {}
        for piece in capture.pieces:
            if piece.name != SESSION:
                answer = decoded(piece)
                rows = [
                    [_normal(*cell) for cell in zip(row, answer.forms, strict=True)] for row in answer.rows
                ]
                if piece.name not in self.config.ordered:
                    rows.sort(key=lambda row: [(value is not None, value or "") for value in row])
                found |= _parameters(piece.name, answer.columns, rows, piece.name in self.config.ordered)
        return Snapshot(found, told(capture).notes)

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """Values that differ, and rows that only one side has."""
        return tuple(_told(change) for change in by_path(staging, production))

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Another value, a row that is missing, a row too many."""
        for piece in capture.pieces:
            if piece.name != SESSION and decoded(piece).rows:
                yield from _planted(capture, piece)

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """BM-1: the share of queries with identical results."""
        queries = {parts_of(path)[0] for path in production.parameters.keys() | staging.parameters.keys()}
        if queries:
            differing = {parts_of(change.path)[0] for change in changes}
            share = round(1 - Decimal(len(differing)) / len(queries), 6)
            words = "queries with identical results"
            if differing:
                words += f"; others came from {', '.join(sorted(differing)[:5])}"
            if share < _DRIFT:
                words += "; this is significant drift"
            yield Score(key="data_consistency", value=share, of=len(queries), limit=_TARGET, words=words)

    def _hidden(self, answer: Answer, hide: Hide) -> Answer:
        places = [
            place
            for place, (column, form) in enumerate(zip(answer.columns, answer.forms, strict=True))
            if named_personal(column) or (form not in _SHOWN and not self.config.show)
        ]
        if not places:
            return answer
        rows = [list(row) for row in answer.rows]
        for row in rows:
            for place in places:
                value = row[place]
                row[place] = None if value is None else hide.unseen(value)
        return msgspec.structs.replace(answer, rows=rows)


def _normal(value: str | None, form: Form) -> str | None:
    """A value without what says nothing: zeros at the end, the last digits of a floating-point number."""
    if value is None or form not in ("number", "float", "bool"):
        return value
    if form == "bool":
        return {"t": "true", "f": "false"}.get(value, value)
    try:
        exact = Decimal(value)
        if not exact.is_finite() or abs(exact.adjusted()) > _LARGEST:
            return value
        if form == "float" and exact:
            exact = round(exact, _DIGITS - 1 - exact.adjusted())
        return f"{exact.normalize():f}" if exact else "0"
    except (InvalidOperation, ValueError):
        return value


def _parameters(
    name: str, columns: tuple[str, ...], rows: list[Row], ordered: bool
) -> Iterator[tuple[str, Parameter]]:
    """The parameters of one answer, by path."""
    yield path_of(name, "rows"), Parameter(f"{len(rows):,}")
    keys = [row[0] for row in rows]
    named = len(set(keys)) == len(rows) and None not in keys
    if len(rows) == 1:
        for column, value in zip(columns, rows[0], strict=True):
            yield path_of(name, column), _parameter(value)
    elif len(rows) <= _SMALL and named and len(columns) > 1:
        for place, row in enumerate(rows):
            for column, value in zip(columns[1:], row[1:], strict=True):
                yield path_of(name, row[0] or "", column), _parameter(value)
            if ordered:
                yield path_of(name, row[0] or "", "place"), Parameter(str(place + 1))
    elif rows:
        digest = hashlib.sha256(msgspec.json.encode([columns, rows])).hexdigest()
        yield path_of(name, "content"), Parameter(f"checksum {digest[:16]}")


def _parameter(value: str | None) -> Parameter:
    text = "NULL" if value is None else value
    return Parameter(text, is_fingerprint(text))


def _told(change: Change) -> Change:
    name, *place = parts_of(change.path)
    gap = None
    one, other = number(change.staging), number(change.production)
    if one is not None and other is not None:
        gap = round(apart(one, other), 6)
    where = " of ".join("a row" if is_fingerprint(part) else part for part in reversed(place))
    where = "the number of rows" if place == ["rows"] else where
    title = (
        f"{name}: {where} differs"
        if change.staging and change.production
        else f"{name}: {where} is on one side only"
    )
    return msgspec.structs.replace(change, title=title, gap=gap)


def _planted(capture: Capture, piece: Piece) -> Iterator[Plant]:
    name, rows = piece.name, decoded(piece).rows
    for place, column in enumerate(decoded(piece).columns):

        def other(table: Answer, place: int = place) -> list[Row]:
            value = table.rows[0][place]
            planted = "1" if value is None else f"{value}7"
            return [[*table.rows[0][:place], planted, *table.rows[0][place + 1 :]], *table.rows[1:]]

        yield Plant("other-value", f"{name}: {column} of a row is another", with_rows(capture, name, other))
    yield Plant(
        "missing-row", f"{name}: a row is missing", with_rows(capture, name, lambda table: table.rows[1:])
    )
    more = [None if value is None else f"{value}9" for value in rows[-1]]
    yield Plant(
        "more-rows",
        f"{name}: there is a row more",
        with_rows(capture, name, lambda table: [*table.rows, more]),
    )
