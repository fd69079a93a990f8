"""What a SQLite file says of its schema, in the tables that :mod:`look` reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.probes.databases import name_sql
from workbench.sources.sql.session import Answer, Form, Row, Session

_COLUMNS = {
    "objects": ("schema", "name", "kind", "definition"),
    "columns": ("schema", "table", "column", "type", "null", "default", "generated", "collation"),
    "parts": ("schema", "table", "kind", "name", "definition"),
    "grants": ("schema", "name", "column", "who", "may"),
    "others": ("kind", "schema", "name", "definition"),
}
_ACTIONS = ("on update", "on delete")


def tables(session: Session) -> Iterator[tuple[str, Answer]]:
    """The same tables as PostgreSQL gives; nobody is granted anything in a file."""
    found: dict[str, list[Row]] = {
        "objects": list(_objects(session)),
        "columns": [row for table in _names(session) for row in _columns(session, table)],
        "parts": [row for table in _names(session) for row in _parts(session, table)],
        "grants": [],
        "others": list(_others(session)),
    }
    for name, rows in found.items():
        text: Form = "text"
        yield name, Answer(_COLUMNS[name], (text,) * len(_COLUMNS[name]), rows)


def _names(session: Session) -> list[str]:
    """Its tables and views, but those that SQLite makes for itself."""
    rows = session.rows("PRAGMA table_list").rows
    return sorted(
        row[1] or "" for row in rows if row[0] == "main" and row[2] != "shadow" and not _internal(row[1])
    )


def _internal(name: str | None) -> bool:
    return (name or "").startswith("sqlite_")


def _objects(session: Session) -> Iterator[Row]:
    texts = {
        row[0]: row[1] for row in session.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'view'").rows
    }
    for row in session.rows("PRAGMA table_list").rows:
        if row[0] == "main" and row[2] != "shadow" and not _internal(row[1]):
            strict = ", strict" if row[5] == "1" else ""
            yield ["main", row[1], f"{row[2]}{strict}", texts.get(row[1])]


def _columns(session: Session, table: str) -> Iterator[Row]:
    for row in session.rows(f"PRAGMA table_xinfo({name_sql(table)})").rows:
        _, name, kind, required, default, _, hidden = row
        generated = {"2": "virtual", "3": "stored"}.get(hidden or "")
        yield [
            "main",
            table,
            name,
            kind or "any",
            "not null" if required == "1" else None,
            default,
            generated,
            None,
        ]


def _parts(session: Session, table: str) -> Iterator[Row]:
    texts = {
        row[0]: row[1] or ""
        for row in session.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'index'").rows
    }
    for row in session.rows(f"PRAGMA index_list({name_sql(table)})").rows:
        name, unique, origin = row[1] or "", row[2] == "1", row[3]
        keys = ", ".join(
            _key(part)
            for part in session.rows(f"PRAGMA index_xinfo({name_sql(name)})").rows
            if part[5] == "1"
        )
        where = re.search(r"(?is)\swhere\s(.*)$", texts.get(name, ""))
        definition = f"{'unique ' if unique else ''}({keys})" + (
            f" where {where[1].strip()}" if where else ""
        )
        # SQLite numbers what it makes for a constraint: the columns name it better.
        called = f"of {keys}" if origin != "c" else name
        yield ["main", table, "index", called, definition]
    key = [row for row in session.rows(f"PRAGMA table_xinfo({name_sql(table)})").rows if row[5] != "0"]
    if key:
        columns = ", ".join(row[1] or "" for row in sorted(key, key=lambda row: int(row[5] or 0)))
        yield ["main", table, "constraint", "primary key", f"primary key ({columns})"]
    foreign: dict[str, list[Row]] = {}
    for row in session.rows(f"PRAGMA foreign_key_list({name_sql(table)})").rows:
        foreign.setdefault(row[0] or "", []).append(row)
    for rows in foreign.values():
        ours, theirs = (", ".join(row[place] or "" for row in rows) for place in (3, 4))
        actions = [f" {word} {rows[0][place]}" for word, place in zip(_ACTIONS, (5, 6), strict=True)]
        yield [
            "main",
            table,
            "constraint",
            f"foreign key ({ours})",
            f"references {rows[0][2]} ({theirs}){''.join(actions)}",
        ]
    yield from _written(session, table)


def _key(part: Row) -> str:
    return (part[2] or "an expression") + (" desc" if part[3] == "1" else "")


def _written(session: Session, table: str) -> Iterator[Row]:
    """Triggers, and checks, which only the text of the table tells."""
    rows = session.rows(
        "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = ? AND type IN ('trigger', 'table')",
        [table],
    ).rows
    for kind, name, text in rows:
        if kind == "trigger":
            yield ["main", table, "trigger", name, re.sub(r"(?i)^create\s+trigger\s+", "", text or "")]
        else:
            for number, check in enumerate(_checks(text or ""), 1):
                yield ["main", table, "constraint", f"check {number}", f"check {check}"]


def _checks(text: str) -> Iterator[str]:
    """The bracketed conditions after each ``CHECK`` of a table's text."""
    for match in re.finditer(r"(?i)\bcheck\s*\(", text):
        depth, start = 0, match.end() - 1
        for at in range(start, len(text)):
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            if not depth:
                yield " ".join(text[start : at + 1].split())
                break


def _others(session: Session) -> Iterator[Row]:
    for pragma in ("encoding", "user_version"):
        yield ["server", None, pragma, session.rows(f"PRAGMA {pragma}").rows[0][0]]
