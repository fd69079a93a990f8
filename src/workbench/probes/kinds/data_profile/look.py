"""Figures about the tables of two databases, and where they are further apart than is said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial

from workbench.model.errors import SourceError
from workbench.probes.captured import Capture, Change, Parameter, Piece, Plant, Score, Side, Snapshot, path_of
from workbench.probes.databases import Database, piece_of, records, same_dialect, told
from workbench.probes.figures import share_of
from workbench.probes.hiding import Hide
from workbench.probes.kinds.data_profile import DataProfileConfig, asking, plants
from workbench.probes.kinds.data_profile.comparing import differs
from workbench.probes.kinds.data_profile.figure import Figure, figures_of
from workbench.probes.personal import is_personal
from workbench.probes.reach import Reach
from workbench.probes.tables import Column, Table, tables
from workbench.sources.sql.session import Row, Session


class Profile(Snapshot, frozen=True):
    """A snapshot with what comparing needs beside its texts: the figures, and checksums by table and segment."""

    figures: Mapping[str, Figure] = {}
    segments: Mapping[str, Mapping[str, str]] = {}
    dialect: str = ""


class DataProfile(Database):
    """Row counts, null shares, ranges, lengths, keys, shares of values; rows by checksums."""

    config: DataProfileConfig

    def pieces(self, session: Session, side: Side, reach: Reach) -> Iterator[Piece]:
        """Aggregates of each table."""
        found, closed = tables(session, self.config.tables if self.config.figures else self.config.rows)
        profile: list[Row] = []
        values: list[Row] = []
        segments: list[Row] = []
        for table in found:
            if self.config.figures:
                profile += asking.profile(session, table, partial(self._personal, table))
                values += self._values(session, table)
            if table.name in self.config.rows:
                segments += asking.segments(session, table)
        yield piece_of("profile", asking.answer(asking.PROFILE, profile))
        yield piece_of("values", asking.answer(asking.VALUES, values))
        yield piece_of("segments", asking.answer(asking.SEGMENTS, segments))
        yield piece_of("closed", asking.answer(("table",), [[name] for name in closed]))

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """A parameter for each figure."""
        figures = {path_of(*figure.parts): figure for figure in figures_of(capture)}
        parameters = {
            path: Parameter(figure.text, weight=max(1, figure.part)) for path, figure in figures.items()
        }
        segments: dict[str, dict[str, str]] = {}
        for row in records(capture, "segments"):
            segments.setdefault(row["table"] or "", {})[row["segment"] or ""] = (
                f"{row['rows']} {row['checksum']}"
            )
        for table, sums in segments.items():
            parameters[path_of(table, "content")] = Parameter(f"checksum {_digest(sums)}")
        absent = set(self.config.rows) - segments.keys()
        if absent:  # what was not compared must not pass
            raise SourceError(
                f"there is no table {min(absent)} to compare the rows of, or it may not be read"
            )
        dialect, notes = told(capture)
        closed = [
            f"the user may not read {row['table']}, so it was not looked at"
            for row in records(capture, "closed")
        ]
        return Profile(parameters, (*notes, *closed), figures, segments, dialect)

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """The figures that are too far apart; of a table or column that only one side has, that alone."""
        assert isinstance(staging, Profile) and isinstance(production, Profile)
        same_dialect(
            staging.dialect if staging.segments else "", production.dialect if production.segments else ""
        )
        within = share_of(self.config.within)
        ours, theirs = staging.figures, production.figures
        found = [
            change
            for path in ours.keys() | theirs.keys()
            if (change := differs(path, ours.get(path), theirs.get(path), ours, theirs, within))
        ]
        found += [
            change
            for table in staging.segments.keys() | production.segments.keys()
            if (change := _content(table, staging, production))
        ]
        return tuple(sorted(found, key=lambda change: change.path))

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Nulls, ranges, counts and values that are others."""
        return plants.of(capture)

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """BM-12: the share of figures that agree."""
        count = len(production.parameters)
        if count:
            share = round(1 - Decimal(min(len(changes), count)) / count, 6)
            yield Score(key="data_profile", value=share, of=count, words="figures of the data that agree")

    def _values(self, session: Session, table: Table) -> Iterator[Row]:
        for column in table.columns:
            if f"{table.name}.{column.name}" in self.config.values and not self._personal(table, column):
                yield from asking.values(session, table, column)

    def _personal(self, table: Table, column: Column) -> bool:
        return is_personal(table.name, column.name, self.config.personal)


def _digest(sums: Mapping[str, str]) -> str:
    return hashlib.sha256(repr(sorted(sums.items())).encode()).hexdigest()[:12]


def _content(table: str, staging: Profile, production: Profile) -> Change | None:
    """Whether two tables hold the same rows, and if not, in how many segments they are others: so many rows at the least."""
    ours, theirs = staging.segments.get(table, {}), production.segments.get(table, {})
    unequal = sum(ours.get(segment) != theirs.get(segment) for segment in ours.keys() | theirs.keys())
    if not unequal:
        return None
    path = path_of(table, "content")
    one, other = staging.parameters.get(path), production.parameters.get(path)
    return Change(
        path=path,
        staging=None if one is None else one.text,
        production=None if other is None else other.text,
        title=f"the rows of {table} are not the same: they differ in {unequal:,} of {asking.HOW_MANY:,} segments",
        gap=Decimal(unequal),
    )
