"""Which patterns of production's data do not occur in staging, by how many rows have them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

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
from workbench.probes.databases import Database, piece_of, records, told, with_rows
from workbench.probes.figures import percent, share_of
from workbench.probes.hiding import Hide, is_fingerprint
from workbench.probes.kinds.data_profile.figure import count
from workbench.probes.kinds.patterns import Pattern, PatternsConfig
from workbench.probes.personal import named_personal
from workbench.probes.queries import named_query
from workbench.probes.reach import Reach
from workbench.sources.sql.session import Answer, Form, Row, Session

MOST = 5_000  # patterns of one expression
_TABLE = "patterns"
_COLUMNS = ("table", "of", "pattern", "rows")
_FORMS: tuple[Form, ...] = ("text", "text", "text", "number")
_PLAIN = frozenset({"NULL", "true", "false", "t", "f", "0", "1"})  # what a question with yes or no gives
_WORD = re.compile(r"\w+")


class Patterns(Database):
    """Whether the patterns of production occur in staging."""

    config: PatternsConfig

    def pieces(self, session: Session, side: Side, reach: Reach) -> Iterator[Piece]:
        """How many rows have each value of each expression."""
        rows: list[Row] = []
        for pattern in self.config.patterns:
            with named_query(pattern.name):
                # In the innermost query the expression stands by itself; what groups is its text.
                inner = f"SELECT CAST(({pattern.of}) AS text) AS pattern FROM {pattern.table}"
                answer = session.ask(
                    f"SELECT pattern, count(*) FROM ({inner}) p GROUP BY pattern ORDER BY 2 DESC", MOST
                )
            hidden = _personal(pattern)
            for value, number in answer.rows:
                shown = "NULL" if value is None else value
                if hidden and shown not in _PLAIN:
                    shown = reach.hide.unseen(shown)
                rows.append([pattern.table, pattern.of, shown, number])
        yield piece_of(_TABLE, Answer(_COLUMNS, _FORMS, rows))

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """A parameter for each pattern, which weighs as many rows as have it."""
        found = {}
        for row in records(capture, _TABLE):
            value, rows = row["pattern"] or "", count(row["rows"])
            path = path_of(row["table"] or "", row["of"] or "", value)
            found[path] = Parameter("occurs", is_fingerprint(value), weight=max(1, rows))
        return Snapshot(found, told(capture).notes)

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """The patterns that are missing in staging, of each expression that is covered by less than is asked."""
        least = share_of(self.config.at_least)
        changes = []
        for paths in _by_expression(production).values():
            whole = sum(production.parameters[path].weight for path in paths)
            missing = [path for path in paths if path not in staging.parameters]
            lost = sum(production.parameters[path].weight for path in missing)
            if missing and 1 - Decimal(lost) / whole < least:
                changes += [_missing(path, production.parameters[path], whole) for path in missing]
        return tuple(sorted(changes, key=lambda change: (-(change.gap or 0), change.path)))

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Of each expression, so many of the most frequent patterns missing that it counts."""
        least = share_of(self.config.at_least)
        expressions: dict[tuple[str | None, str | None], list[tuple[str | None, int]]] = defaultdict(list)
        for row in records(capture, _TABLE):
            expressions[row["table"], row["of"]].append((row["pattern"], count(row["rows"])))
        for (table, of), patterns in expressions.items():
            gone = _enough(patterns, least)

            def left(
                answer: Answer,
                place: tuple[str | None, ...] = (table, of),
                gone: frozenset[str | None] = gone,
            ) -> list[Row]:
                return [row for row in answer.rows if tuple(row[:2]) != place or row[2] not in gone]

            title = f"{len(gone)} of {len(patterns)} patterns of {of} in {table} are missing"
            yield Plant("missing-pattern", title, with_rows(capture, _TABLE, left))

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """BM-6: production's rows whose pattern occurs in staging, as a share of production's rows."""
        whole = sum(parameter.weight for parameter in production.parameters.values())
        if whole:
            covered = sum(
                one.weight for path, one in production.parameters.items() if path in staging.parameters
            )
            missing = len(production.parameters.keys() - staging.parameters.keys())
            yield Score(
                key="pattern_coverage",
                value=round(Decimal(covered) / whole, 6),
                of=whole,
                limit=share_of(self.config.at_least),
                words=f"production's rows whose pattern occurs in staging; {missing} of {len(production.parameters)} patterns are missing",
            )


def _personal(pattern: Pattern) -> bool:
    """Whether the patterns may hold what belongs to people: the expression names a column of theirs."""
    return any(named_personal(word) for word in _WORD.findall(pattern.of))


def _enough(patterns: Sequence[tuple[str | None, int]], least: Decimal) -> frozenset[str | None]:
    """So many of the most frequent patterns that without them less than ``least`` of the rows is covered."""
    whole, lost = sum(rows for _, rows in patterns), 0
    gone: set[str | None] = set()
    for pattern, rows in patterns:
        gone.add(pattern)
        lost += rows
        if whole and 1 - Decimal(lost) / whole < least:
            break
    return frozenset(gone)


def _by_expression(snapshot: Snapshot) -> Mapping[tuple[str, ...], list[str]]:
    found = defaultdict(list)
    for path in snapshot.parameters:
        found[parts_of(path)[:2]].append(path)
    return found


def _missing(path: str, parameter: Parameter, whole: int) -> Change:
    table, of, value = parts_of(path)
    share = percent(parameter.weight, whole)
    return Change(
        path=path,
        staging=None,
        production=f"{parameter.weight:,} of {whole:,} rows ({share})",
        title=f"{of} is never {value} in {table} of staging, and is in {share} of production's rows",
        gap=round(Decimal(parameter.weight) / whole, 6),
    )
