"""The tables of a record and their indexes, as statements; made in the transaction that is open."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from workbench.record.connection import APPLICATION_ID
from workbench.record.projection import Table, quoted

SCHEMA_VERSION = 2
_PYTHON = {"TEXT": str, "INTEGER": int, "REAL": float, "BLOB": bytes}
_SQL = {kind: name for name, kind in _PYTHON.items()}


def create_core(connection: sqlite3.Connection) -> None:
    """The ledger, the evidence and the notes about the file, in the open transaction."""
    _create(
        connection,
        "ledger",
        {
            "seq": int, "entity": str, "id": str, "verb": str, "change_id": str,
            "body": bytes, "digest": bytes, "chain": bytes,
        },
        pk="seq",
    )  # fmt: skip
    connection.execute("CREATE INDEX ledger_entity ON ledger (entity, id)")
    connection.execute("CREATE INDEX ledger_change ON ledger (change_id)")
    _create(
        connection,
        "blobs",
        {"digest": str, "media": str, "encoding": str, "size": int, "stored": bytes, "data": bytes},
        pk="digest",
    )
    _create(connection, "meta", {"key": str, "value": str}, pk="key")
    create_exchange(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def create_exchange(connection: sqlite3.Connection) -> None:
    """What schema 2 has beside schema 1: the tables about what came from elsewhere."""
    _create(
        connection,
        "received",
        {
            "seq": int, "desk": str, "desk_seq": int, "recorded_at": str, "received_at": str,
            "stored": bytes,
        },
        pk="seq",
    )  # fmt: skip
    connection.execute("CREATE UNIQUE INDEX received_desk ON received (desk, desk_seq)")
    connection.execute("CREATE INDEX received_recorded ON received (recorded_at)")
    _create(
        connection,
        "waiting",
        {
            "digest": str, "desk": str, "desk_seq": int, "body": bytes, "state": str, "why": str,
            "received_at": str, "stored": bytes,
        },
        pk="digest",
    )  # fmt: skip
    _create(connection, "versions", {"digest": str, "entity": str, "id": str, "contested": int}, pk="digest")


def create_tables(connection: sqlite3.Connection, table: Table) -> None:
    """The projected tables of one entity kind, empty."""
    fixed = {
        "seq": int, "id": str, "base": str, "verb": str, "actor": str, "recorded_at": str,
        "contested": int, "value": str,
    }  # fmt: skip
    columns = {column.name: _PYTHON[column.type] for column in table.kind.columns}
    _create(connection, table.name, fixed | columns, pk="seq", required=tuple(fixed))
    connection.execute(f"CREATE UNIQUE INDEX {quoted(table.name + '_id')} ON {quoted(table.name)} (id)")
    if table.kind.picked_by:
        listed = ", ".join(quoted(field) for field in table.kind.picked_by)
        connection.execute(
            f"CREATE INDEX {quoted(table.name + '_picked')} ON {quoted(table.name)} ({listed})"
        )
    for number, terms in enumerate(table.kind.indexes):
        connection.execute(
            f"CREATE INDEX {quoted(f'{table.name}_i{number}')} ON {quoted(table.name)} ({terms})"
        )
    for fan in table.fan_out:
        names = {name: _PYTHON[kind] for name, kind in fan.shape.columns}
        _create(connection, fan.name, {"id": str} | names, required=("id",))
        for number, fields in enumerate((("id",), *fan.shape.indexes)):
            listed = ", ".join(quoted(field) for field in fields)
            connection.execute(
                f"CREATE INDEX {quoted(f'{fan.name}_i{number}')} ON {quoted(fan.name)} ({listed})"
            )


def _create(
    connection: sqlite3.Connection,
    name: str,
    columns: dict[str, type],
    pk: str | None = None,
    required: Sequence[str] | None = None,
) -> None:
    """Makes a table by a text that never changes: ``verify`` compares it with the one in the file."""
    not_null = set(columns if required is None else required) - {pk}
    lines = [
        f"   {quoted(column)} {_SQL[kind]}"
        + (" PRIMARY KEY" if column == pk else " NOT NULL" if column in not_null else "")
        for column, kind in columns.items()
    ]
    connection.execute(f"CREATE TABLE {quoted(name)} (\n" + ",\n".join(lines) + "\n) STRICT")
