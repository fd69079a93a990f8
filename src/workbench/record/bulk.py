"""A great many changes in one act: written as they are made, by the hundred, with room for SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from workbench.model.errors import StaleChange
from workbench.record.ledger import APPEND
from workbench.record.projection import Row
from workbench.record.shapes import Commit
from workbench.record.writing import Act, Entry, Prepared, next_entry, settle, unbranch

BATCH = 500
CACHE_KIB = 32_768


@contextmanager
def roomy(connection: sqlite3.Connection) -> Iterator[None]:
    """More memory for SQLite's pages: with its 2 MB, each index page of a large act is written many times."""
    usual: int = connection.execute("PRAGMA cache_size").fetchone()[0]
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {usual}")
        connection.execute("PRAGMA shrink_memory")


def write(connection: sqlite3.Connection, act: Act, prepared: Iterable[Prepared], count: int) -> Commit:
    """Inside the transaction: settles, appends and projects one change after the other."""
    batch = _Batch(connection)
    part = 0
    for item in prepared:
        change, table = item.change, item.table
        if change.base is not None or not item.raw or not batch.is_new(change.entity, change.id):
            batch.write()
            if settle(connection, item, True, act.tail.branched) == "unchanged":
                raise _overtaken()
        part += 1
        entry = Entry(
            change.entity, change.id, change.verb, item.raw, table.kind.version, item.base, item.also,
            item.fields, item.reason, part, count,
        )  # fmt: skip
        body, row = next_entry(act, entry)
        digest = act.tail.digest.hex()
        batch.entries.append(row)
        if item.base is None and not table.fan_out:
            batch.rows.setdefault(table.insert, []).append(table.inserted(act.tail.seq, digest, body)[0])
        else:
            table.project(connection, act.tail.seq, digest, body)
            if (change.entity, change.id) in act.tail.branched:
                unbranch(connection, act, (change.entity, change.id))
        if len(batch.entries) >= BATCH:
            batch.write()
    batch.write()
    if part != count:
        raise _overtaken()
    return Commit(act.change_id, (), act.tail.chain.hex())


def _overtaken() -> StaleChange:
    hint = "look at what would change, and do it again"
    return StaleChange("the record was changed meanwhile", mine=None, theirs=None, hint=hint)


class _Batch:
    """Rows that are written together; what is new is told by ids that grow, without looking each up."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._last: dict[str, str] = {}
        self.entries: list[Row] = []
        self.rows: dict[str, list[Row]] = {}

    def is_new(self, entity: str, ident: str) -> bool:
        """Whether an id is greater than all of its kind, so that it can stand nowhere yet."""
        if entity not in self._last:
            found = self._connection.execute(
                "SELECT max(id) FROM ledger WHERE entity = ?", (entity,)
            ).fetchone()
            self._last[entity] = found[0] or ""
        if ident <= self._last[entity]:
            return False
        self._last[entity] = ident
        return True

    def write(self) -> None:
        """Write what is gathered."""
        self._connection.executemany(APPEND, self.entries)
        for statement, rows in self.rows.items():
            self._connection.executemany(statement, rows)
        self.entries.clear()
        self.rows.clear()
