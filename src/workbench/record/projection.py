"""Projected tables: what screens read.  Everything in them follows from the ledger."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from workbench.model.canonical import digest as digest_of
from workbench.model.canonical import encode, encode_plain
from workbench.model.errors import RecordError
from workbench.record.ledger import CORE_TABLES, NO_VALUE, RESERVED, Body
from workbench.record.shapes import EntityKind, FanOut

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_FIXED = ("seq", "id", "base", "verb", "actor", "recorded_at", "contested", "value")
_VALUE = _FIXED.index("value")
_FORM = 2  # of the fixed columns
decode_value = msgspec.json.Decoder(dict[str, Any]).decode
# The last entry of each entity of a kind, those that removed it included.
LATEST_ENTRIES = (
    "SELECT seq, digest, body FROM ledger WHERE seq IN "
    "(SELECT max(seq) FROM ledger WHERE entity = ? GROUP BY id) ORDER BY seq"
)

Row = tuple[Any, ...]


def _as_text(value: Any) -> Any:
    # Values are read from canonical JSON, so there is nothing in them to be reduced.
    return value if value is None or type(value) is str else encode_plain(value).decode()


def _as_integer(value: Any) -> Any:
    return None if value is None else int(value)


def _as_real(value: Any) -> Any:
    return None if value is None else float(value)


def _as_blob(value: Any) -> Any:
    return value.encode() if type(value) is str else value


_CONVERT: dict[str, Callable[[Any], Any]] = {
    "TEXT": _as_text,
    "INTEGER": _as_integer,
    "REAL": _as_real,
    "BLOB": _as_blob,
}


def quoted(name: str) -> str:
    """An SQL identifier; only plain names are let through."""
    if not _NAME.match(name):
        raise ValueError(f"{name!r} cannot be the name of a table or column")
    return f'"{name}"'


class FanOutTable:
    """The statements and conversions of one fan-out table."""

    def __init__(self, shape: FanOut) -> None:
        names = [quoted(name) for name, _ in shape.columns]
        marks = ", ".join("?" * (len(names) + 1))
        self.shape = shape
        self.name = shape.table
        self.converters = [_CONVERT[kind] for _, kind in shape.columns]
        self.insert = f"INSERT INTO {quoted(shape.table)} (id, {', '.join(names)}) VALUES ({marks})"
        self.delete = f"DELETE FROM {quoted(shape.table)} WHERE id = ?"
        read = f"SELECT id, {', '.join(names)} FROM {quoted(shape.table)}"
        self.select = f"{read} ORDER BY rowid"
        self.select_one = f"{read} WHERE id = ? ORDER BY rowid"

    def rows(self, id: str, value: dict[str, Any]) -> list[Row]:
        """The rows of one entity, as they stand in the table."""
        return [
            (id, *[convert(item) for convert, item in zip(self.converters, row, strict=True)])
            for row in self.shape.rows(id, value)
        ]


class Table:
    """The statements and conversions of one entity kind's tables."""

    def __init__(self, kind: EntityKind) -> None:
        if kind.name in RESERVED:
            raise ValueError(f"{kind.name!r} belongs to the record itself")
        names = [quoted(column.name) for column in kind.columns]
        columns = ", ".join((*_FIXED, *names))
        marks = ", ".join("?" * (len(_FIXED) + len(names)))
        self.kind = kind
        self._columns_from = kind.columns_from
        self.name = kind.table
        self.columns = [(c.path or c.name, _CONVERT[c.type]) for c in kind.columns]
        told = dict(zip((c.name for c in kind.columns), self.columns, strict=True))
        self._picked = [told[name] for name in kind.picked_by]
        self.fan_out = [FanOutTable(shape) for shape in kind.fan_out]
        self.needs_value = bool(self.columns or self.fan_out)
        self.insert = f"INSERT INTO {quoted(self.name)} ({columns}) VALUES ({marks})"
        self.delete = f"DELETE FROM {quoted(self.name)} WHERE id = ?"
        selected = columns.replace("value", "CAST(value AS BLOB)", 1)
        self._selected = f"SELECT {selected} FROM {quoted(self.name)}"
        self.select = f"{self._selected} ORDER BY seq"
        self.read = (
            "SELECT id, base, seq, verb, CAST(value AS BLOB), recorded_at, actor, contested"
            f" FROM {quoted(self.name)}"
        )

    def select_where(self, condition: str) -> str:
        """The statement for the rows that fit, as :meth:`row` makes them."""
        return f"{self._selected} WHERE {condition}"

    @property
    def tables(self) -> list[str]:
        """Every table of this kind."""
        return [self.name, *(fan.name for fan in self.fan_out)]

    def lifted(self, body: Body) -> tuple[bytes, dict[str, Any] | None]:
        """The value's canonical bytes in this version, and decoded where a column needs it."""
        if body.value_version == self.kind.version:
            raw = bytes(body.value)
            return raw, decode_value(raw) if self.needs_value else None
        if body.value_version > self.kind.version:
            raise RecordError(
                f"a {self.kind.name} was written by a newer workbench",
                hint="update the workbench",
            )
        value = self.lift(body.value_version, decode_value(body.value))
        return encode(value), value

    def value(self, body: Body) -> dict[str, Any] | None:
        """An entry's value in this version; ``None`` where it removed the entity."""
        if body.value is NO_VALUE:
            return None
        return self.lift(body.value_version, decode_value(body.value))

    def lift(self, version: int, value: dict[str, Any]) -> dict[str, Any]:
        """A value of ``version`` in the kind's own version."""
        if version < self.kind.version and self.kind.lift is not None:
            return self.kind.lift(version, value)
        return value

    def row(
        self,
        seq: int,
        base: str,
        body: Body,
        raw: bytes,
        value: dict[str, Any] | None,
        contested: bool = False,
    ) -> Row:
        """The projected row that an entry makes; ``value`` column as bytes, ``base`` what to hand back."""
        fixed = (seq, body.id, base, body.verb, body.actor, body.recorded_at, int(contested), raw)
        if not self.columns or value is None:
            return fixed
        get = value.get if self._columns_from is None else self._columns_from(value).get
        # Most columns are texts that stand in the value as they are: no call for these.
        return fixed + tuple(
            [
                item
                if (item := get(path)) is None or (convert is _as_text and type(item) is str)
                else convert(item)
                for path, convert in self.columns
            ]
        )

    def pick(self, value: dict[str, Any]) -> list[Any]:
        """What stands in the columns that rows are picked by."""
        get = value.get if self._columns_from is None else self._columns_from(value).get
        return [convert(get(path)) for path, convert in self._picked]

    def project(self, connection: sqlite3.Connection, seq: int, digest: str, body: Body) -> None:
        """Brings the tables up to date with one entry, the only latest one of its thing.

        A row that is there already moves to its new ``seq``: deleted and inserted, since
        ``INSERT OR REPLACE`` makes SQLite keep a journal for the statement.
        """
        if body.base is not None:
            self.remove(connection, body.id)
        if body.value is NO_VALUE:
            return
        row, value = self.inserted(seq, digest, body)
        connection.execute(self.insert, row)
        for fan in self.fan_out:
            connection.executemany(fan.insert, fan.rows(body.id, value or {}))

    def remove(self, connection: sqlite3.Connection, id: str) -> None:
        """Takes a thing's rows out of the tables."""
        connection.execute(self.delete, (id,))
        for fan in self.fan_out:
            connection.execute(fan.delete, (id,))

    def put(self, connection: sqlite3.Connection, row: Row, value: dict[str, Any]) -> None:
        """Inserts a row as :meth:`row` makes it, and what fans out of the value."""
        connection.execute(self.insert, stored_row(row))
        for fan in self.fan_out:
            connection.executemany(fan.insert, fan.rows(row[1], value))

    def inserted(self, seq: int, digest: str, body: Body) -> tuple[Row, dict[str, Any] | None]:
        """The row that :attr:`insert` takes, and the value where a column or a fan-out needs it."""
        raw, value = self.lifted(body)
        row = self.row(seq, digest, body, raw, value)
        return stored_row(row), value

    def shape(self) -> dict[str, Any]:
        """What decides whether stored tables can be used as they are."""
        layout: dict[str, Any] = {
            "form": _FORM,
            "columns": [[c.name, c.type, c.path] for c in self.kind.columns],
            "fan_out": [[f.table, f.columns, f.indexes] for f in self.kind.fan_out],
        }
        if self.kind.picked_by:
            layout["picked_by"] = self.kind.picked_by
        if self.kind.indexes:
            layout["indexes"] = [list(self.kind.indexes)]
        if self.kind.merging > 1:
            layout["merging"] = self.kind.merging
        return {"version": self.kind.version, "layout": digest_of(layout), "tables": self.tables}


def stored_row(row: Row) -> Row:
    """A row as it is inserted: the value as text."""
    return (*row[:_VALUE], row[_VALUE].decode(), *row[_VALUE + 1 :])


def tables_of(kinds: Iterable[EntityKind]) -> dict[str, Table]:
    """The tables of these kinds by entity; ``ValueError`` where two would share one."""
    tables: dict[str, Table] = {}
    names = set(CORE_TABLES)
    for kind in kinds:
        table = Table(kind)
        clash = names.intersection(table.tables)
        if kind.name in tables or clash:
            raise ValueError(f"the entity kind {kind.name!r} uses a name twice: {sorted(clash)}")
        names.update(table.tables)
        tables[kind.name] = table
    return tables
