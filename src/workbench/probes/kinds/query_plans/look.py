"""Plans of queries: their steps, tables and indexes, without costs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import msgspec

from workbench.model.text import number_of
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
from workbench.probes.databases import TABLE, Database, list_sql, piece_of, records, same_dialect, told
from workbench.probes.hiding import Hide
from workbench.probes.kinds.data_profile.figure import count
from workbench.probes.kinds.query_plans import QueryPlansConfig, plants
from workbench.probes.kinds.query_plans.steps import read_plan
from workbench.probes.prober import by_path
from workbench.probes.queries import named_query, queries_of
from workbench.probes.reach import Reach
from workbench.sources.sql.session import Answer, Session

PLAN = "plan "
VOLUMES = "volumes"


class Plans(Snapshot, frozen=True):
    """Plans, with the tables of each and how many rows the planner takes them to have."""

    tables: Mapping[str, tuple[str, ...]] = {}
    rows: Mapping[str, int] = {}
    dialect: str = ""


class QueryPlans(Database):
    """How two databases would answer the same queries."""

    config: QueryPlansConfig
    _queries: Mapping[str, str]

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """What ``EXPLAIN`` says of each query, and the size of the tables in it."""
        self._queries = await asyncio.to_thread(queries_of, self.config.queries, self.config.files, reach)
        return await super().capture(side, reach)

    def pieces(self, session: Session, side: Side, reach: Reach) -> Iterator[Piece]:
        """A piece for each plan, and one for the sizes of the tables."""
        tables: set[str] = set()
        for name, query in self._queries.items():
            with named_query(name):
                plan = session.plan(query)
            yield Piece(f"{PLAN}{name}", TABLE, plan.encode())
            tables.update(read_plan(plan.encode(), name)[1])
        yield piece_of(VOLUMES, _volumes(session, tables))

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """A parameter for each query: its plan in a line."""
        parameters, tables = {}, {}
        for piece in capture.pieces:
            if piece.name.startswith(PLAN):
                name = piece.name.removeprefix(PLAN)
                text, used = read_plan(piece.data, name)
                parameters[path_of(name)] = Parameter(text)
                tables[path_of(name)] = used
        dialect, notes = told(capture)
        rows = {}
        for row in records(capture, VOLUMES):
            rows[row["table"] or ""] = -1 if row["rows"] == "-1" else count(row["rows"])
        unknown = [
            f"{name} was never analysed, so its plans rest on guesses"
            for name, count in rows.items()
            if count < 0
        ]
        return Plans(parameters, (*notes, *unknown), tables, rows, dialect)

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """The queries that are answered otherwise, and how much data stands behind each answer."""
        assert isinstance(staging, Plans) and isinstance(production, Plans)
        same_dialect(staging.dialect, production.dialect)
        return tuple(
            msgspec.structs.replace(change, title=_title(change.path, staging, production))
            for change in by_path(staging, production)
        )

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """A table that is read whole instead of by its index, and the reverse; another join; a plan that is missing."""
        return plants.of(capture, PLAN)

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """BM-8: the share of queries with equal plans."""
        count = len(production.parameters)
        if count:
            share = round(1 - Decimal(min(len(changes), count)) / count, 6)
            yield Score(
                key="query_plans", value=share, of=count, limit=Decimal(1), words="queries with equal plans"
            )


def _volumes(session: Session, tables: Iterable[str]) -> Answer:
    """How many rows the planner takes tables to have; below 0 where it has never counted."""
    wanted = sorted(tables)
    if session.dialect == "postgresql" and wanted:
        return session.rows(
            'SELECT c.relname AS "table", max(c.reltuples)::bigint::text AS rows FROM pg_class c JOIN pg_namespace n '
            f"ON n.oid = c.relnamespace WHERE c.relname IN ({list_sql(wanted)}) AND n.nspname NOT LIKE 'pg\\_%' "
            "AND c.relkind IN ('r', 'p', 'm') GROUP BY c.relname ORDER BY 1"
        )
    return Answer(("table", "rows"), ("text", "text"), [])


def _title(path: str, staging: Plans, production: Plans) -> str:
    """What differs, and whether the amount of data alone may be why."""
    words = f"the plan of {parts_of(path)[0]} differs"
    for table in sorted({*staging.tables.get(path, ()), *production.tables.get(path, ())}):
        one, other = staging.rows.get(table, -1), production.rows.get(table, -1)
        if one >= 0 and other >= 0 and max(one, other) > 2 * min(one, other):
            words += f"; {table} has {number_of(one, 'row')} in staging and {other:,} in production"
    return words
