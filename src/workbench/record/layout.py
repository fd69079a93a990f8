"""The tables of a record and their indexes: what stands in SQLite's own schema, to the letter.

The texts never change: ``verify`` and each judgement compare them with those in the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from workbench.record.connection import APPLICATION_ID
from workbench.record.projection import Table, quoted

SCHEMA_VERSION = 2
# Type, name, the table that it belongs to, and the text that makes it; SQLite's own indexes have none.
Object = tuple[str, str, str, str | None]
_FIXED = {
    "seq": "INTEGER", "id": "TEXT", "base": "TEXT", "verb": "TEXT", "actor": "TEXT", "recorded_at": "TEXT",
    "contested": "INTEGER", "value": "TEXT",
}  # fmt: skip


def core() -> Iterator[Object]:
    """The ledger, the evidence and the notes about the file."""
    yield from _table(
        "ledger",
        {
            "seq": "INTEGER", "entity": "TEXT", "id": "TEXT", "verb": "TEXT", "change_id": "TEXT",
            "body": "BLOB", "digest": "BLOB", "chain": "BLOB",
        },
        pk="seq",
    )  # fmt: skip
    yield _index("ledger_entity", "ledger", "entity, id")
    yield _index("ledger_change", "ledger", "change_id")
    yield from _table(
        "blobs",
        {
            "digest": "TEXT", "media": "TEXT", "encoding": "TEXT", "size": "INTEGER", "stored": "BLOB",
            "data": "BLOB",
        },
        pk="digest",
    )  # fmt: skip
    yield from _table("meta", {"key": "TEXT", "value": "TEXT"}, pk="key")
    yield from exchange()


def exchange() -> Iterator[Object]:
    """What schema 2 has beside schema 1: the tables about what came from elsewhere."""
    yield from _table(
        "received",
        {
            "seq": "INTEGER", "desk": "TEXT", "desk_seq": "INTEGER", "recorded_at": "TEXT",
            "received_at": "TEXT", "stored": "BLOB",
        },
        pk="seq",
    )  # fmt: skip
    yield _index("received_desk", "received", "desk, desk_seq", unique=True)
    yield _index("received_recorded", "received", "recorded_at")
    yield from _table(
        "waiting",
        {
            "digest": "TEXT", "desk": "TEXT", "desk_seq": "INTEGER", "body": "BLOB", "state": "TEXT",
            "why": "TEXT", "received_at": "TEXT", "stored": "BLOB",
        },
        pk="digest",
    )  # fmt: skip
    columns = {"digest": "TEXT", "entity": "TEXT", "id": "TEXT", "contested": "INTEGER"}
    yield from _table("versions", columns, pk="digest")


def projected(table: Table) -> Iterator[Object]:
    """The projected tables of one entity kind."""
    kind, name = table.kind, table.name
    columns = _FIXED | {column.name: column.type for column in kind.columns}
    yield from _table(name, columns, pk="seq", required=tuple(_FIXED))
    yield _index(f"{name}_id", quoted(name), "id", unique=True)
    if kind.picked_by:
        yield _index(f"{name}_picked", quoted(name), ", ".join(map(quoted, kind.picked_by)))
    for number, terms in enumerate(kind.indexes):
        yield _index(f"{name}_i{number}", quoted(name), terms)
    for fan in table.fan_out:
        yield from _table(fan.name, {"id": "TEXT"} | dict(fan.shape.columns), required=("id",))
        for number, fields in enumerate((("id",), *fan.shape.indexes)):
            yield _index(f"{fan.name}_i{number}", quoted(fan.name), ", ".join(map(quoted, fields)))


def create(connection: sqlite3.Connection, objects: Iterable[Object]) -> None:
    """Makes these objects, in the open transaction."""
    for _, _, _, text in objects:
        if text is not None:
            connection.execute(text)


def create_core(connection: sqlite3.Connection) -> None:
    """A file's own tables, and that it is a record, in the open transaction."""
    create(connection, core())
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _table(
    name: str, columns: dict[str, str], pk: str | None = None, required: Sequence[str] | None = None
) -> Iterator[Object]:
    not_null = set(columns if required is None else required) - {pk}
    lines = [
        f"   {quoted(column)} {type_}"
        + (" PRIMARY KEY" if column == pk else " NOT NULL" if column in not_null else "")
        for column, type_ in columns.items()
    ]
    yield "table", name, name, f"CREATE TABLE {quoted(name)} (\n" + ",\n".join(lines) + "\n) STRICT"
    if pk is not None and columns[pk] != "INTEGER":
        yield "index", f"sqlite_autoindex_{name}_1", name, None


def _index(name: str, table: str, terms: str, unique: bool = False) -> Object:
    """An index; ``table`` is written as its text has it, mostly quoted."""
    kind = "CREATE UNIQUE INDEX" if unique else "CREATE INDEX"
    written = name if table in ("ledger", "received") else quoted(name)
    return "index", name, table.strip('"'), f"{kind} {written} ON {table} ({terms})"
