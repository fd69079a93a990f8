"""What stands in SQLite's own schema of a record, to the letter: an index of another shape hides rows.

The text of every table and index is compared with what this version makes.  Of a kind that only a
newer workbench knows the text is not known; what it shares with every kind is compared instead.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from workbench.model.text import safe_text
from workbench.record import layout, schema
from workbench.record.layout import Object
from workbench.record.projection import Table, quoted

_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_NOT_MADE = (
    "SELECT t.id FROM {} t LEFT JOIN ledger l ON l.seq = t.seq AND l.entity = ? AND l.id = t.id "
    "WHERE l.seq IS NULL LIMIT 1"
)
_NOT_OF = "SELECT id FROM {} WHERE id NOT IN (SELECT id FROM {}) LIMIT 1"


def expected(tables: Iterable[Table]) -> set[Object]:
    """The objects of a new record with these tables."""
    return {*layout.core(), *(object for table in tables for object in layout.projected(table))}


def first_difference(connection: sqlite3.Connection, tables: Mapping[str, Table]) -> str | None:
    """What is wrong with the first object that is not as this version makes it, in words.

    Tables of kinds that only a newer workbench knows are left to :func:`newer_kind`.
    """
    claimed = {name for kind in unknown_kinds(connection, tables).values() for name in kind}
    found = {o for o in connection.execute(_OBJECTS) if o[0] not in ("table", "index") or o[2] not in claimed}
    made = expected(tables.values())
    if clash := sorted(claimed & {name for _, name, _, _ in made}):
        return f"the note “projections” in the table meta claims the table {clash[0]} twice"
    return next(_differences(found, made), None)


def _differences(found: set[Object], made: set[Object]) -> Iterator[str]:
    known = {(kind, name) for kind, name, _, _ in made}
    for kind, name, _, _ in sorted(found - made, key=lambda o: (o[0], o[1])):
        if (kind, name) in known:
            yield f"the {kind} {name} is not as this workbench makes it: its text in the file was changed"
        else:
            yield f"the {safe_text(kind)} {safe_text(name)} does not belong to the record"
    for _, name, _, _ in sorted(made - found, key=lambda o: (o[0], o[1])):
        yield f"the record lacks {name}"


def unknown_kinds(connection: sqlite3.Connection, tables: Mapping[str, Table]) -> dict[str, list[str]]:
    """The kinds that the file notes and this version does not know, with the tables that they claim."""
    stored = schema.stored_projections(connection)
    return {name: shape["tables"] for name, shape in stored.items() if name not in tables}


def newer_kind(connection: sqlite3.Connection, name: str, claimed: list[str]) -> str | None:
    """What shows that a newer workbench did not make these tables of a kind; ``None`` where nothing does.

    Of each kind there is a table with one row for each thing, made by an entry of the ledger, and
    its further tables speak of the same things.
    """
    main = f"e_{name}"
    if main not in claimed:
        return f"the note “projections” in the table meta names no table for “{safe_text(name)}”"
    try:
        row = connection.execute(_NOT_MADE.format(quoted(main)), (name,)).fetchone()
        if row is not None:
            return f"the row “{safe_text(str(row[0]))}” of the table {main} does not follow from the ledger"
        for other in claimed:
            row = connection.execute(_NOT_OF.format(quoted(other), quoted(main))).fetchone()
            if row is not None:
                return (
                    f"the table {other} has rows of “{safe_text(str(row[0]))}”, which the table {main} lacks"
                )
    except (sqlite3.OperationalError, ValueError):
        return f"the tables that the file notes for “{safe_text(name)}” cannot be read"
    return None
