"""The tables of a database with their columns, as far as they may be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from workbench.probes.databases import NAME_SOME, SHOWN_NAME, like_sql, name_sql, shown_name
from workbench.sources.sql.session import Session

Sort = Literal["number", "time", "text", "bool", "key", "other"]

_POSTGRESQL = """
SELECT n.nspname, c.relname, has_table_privilege(c.oid, 'SELECT') AS readable, a.attname,
  CASE WHEN y.typtype = 'e' THEN 'enum' ELSE coalesce(b.typname, y.typname) END,
  EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS key,
  EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indnatts = 1
    AND i.indkey[0] = a.attnum AND i.indpred IS NULL) AS alone,
  EXISTS (SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = c.oid AND a.attnum = ANY (f.conkey)) AS refers
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = y.typbasetype AND y.typtype = 'd'
WHERE c.relkind IN ('r', 'p', 'm') AND NOT coalesce((to_jsonb(c) ->> 'relispartition')::boolean, false)
  AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND {wanted}
ORDER BY 1, 2, a.attnum"""

_SORTS: dict[str, Sort] = {
    "int2": "number", "int4": "number", "int8": "number", "numeric": "number", "float4": "number", "float8": "number",
    "date": "time", "timestamp": "time", "timestamptz": "time",
    "text": "text", "varchar": "text", "bpchar": "text", "citext": "text", "name": "text",
    "bool": "bool", "enum": "key", "uuid": "key", "char": "key",
}  # fmt: skip


class Column(msgspec.Struct, frozen=True):
    """One column.  ``key``: part of the primary key; ``unique``: no two rows have the same; ``refers``: to another table.

    ``rowid`` says that it is the number by which SQLite keeps the rows.
    """

    name: str
    sort: Sort
    type: str
    key: bool
    unique: bool
    refers: bool = False
    rowid: bool = False

    @property
    def names_rows(self) -> bool:
        """Whether its values only tell rows apart, so that their range means nothing."""
        return self.key or self.unique or self.refers


class Table(msgspec.Struct, frozen=True):
    """One table: ``name`` for people, ``place`` for a statement."""

    name: str
    place: str
    columns: tuple[Column, ...]


def tables(session: Session, patterns: Sequence[str]) -> tuple[list[Table], list[str]]:
    """The tables that match a pattern (all without any) and may be read, and the names of those that may not."""
    return (_of_sqlite if session.dialect == "sqlite" else _of_postgresql)(session, patterns)


def _of_postgresql(session: Session, patterns: Sequence[str]) -> tuple[list[Table], list[str]]:
    found: dict[tuple[str, str], list[Column]] = {}
    closed: dict[str, None] = {}
    query = _POSTGRESQL.replace("{wanted}", like_sql(SHOWN_NAME, patterns))
    for schema, name, readable, column, kind, key, alone, refers in session.ask(query, less=NAME_SOME).rows:
        shown = shown_name(schema, name)
        if readable != "t":
            closed[shown] = None
            continue
        sort = _SORTS.get(kind or "", "other")
        found.setdefault((schema or "", name or ""), []).append(
            Column(column or "", sort, kind or "", key == "t", alone == "t", refers == "t")
        )
    return [
        Table(shown_name(*place), name_sql(*place), tuple(columns)) for place, columns in found.items()
    ], list(closed)


def _of_sqlite(session: Session, patterns: Sequence[str]) -> tuple[list[Table], list[str]]:
    found = []
    for row in session.rows("PRAGMA table_list").rows:
        name = row[1] or ""
        if row[0] != "main" or row[2] not in ("table", "virtual") or name.startswith("sqlite_"):
            continue
        if patterns and not any(fnmatchcase(name, pattern) for pattern in patterns):
            continue
        numbered = row[2] == "table" and row[4] == "0"  # WITHOUT ROWID it is kept by its key
        found.append(Table(name, name_sql(name), tuple(_columns(session, name, numbered=numbered))))
    return sorted(found, key=lambda table: table.name), []


def _columns(session: Session, table: str, *, numbered: bool) -> Iterator[Column]:
    rows = session.rows(f"PRAGMA table_xinfo({name_sql(table)})").rows
    referring = {row[3] for row in session.rows(f"PRAGMA foreign_key_list({name_sql(table)})").rows}
    keys = sum(row[5] != "0" for row in rows)
    for _, name, declared, _, _, key, _ in rows:
        alone = key != "0" and keys == 1
        yield Column(
            name=name or "",
            sort=_affinity(declared or ""),
            type=declared or "",
            key=key != "0",
            unique=alone,
            refers=name in referring,
            rowid=alone and numbered and (declared or "").upper() == "INTEGER",
        )


def _affinity(declared: str) -> Sort:
    """What a column is meant to hold; SQLite holds what it is given."""
    upper = declared.upper()
    if "DATE" in upper or "TIME" in upper:
        return "time"
    if "BOOL" in upper:
        return "bool"
    if "BLOB" in upper or "JSON" in upper:
        return "other"
    if any(word in upper for word in ("INT", "REAL", "FLOA", "DOUB", "NUM", "DEC")):
        return "number"
    return "text"
