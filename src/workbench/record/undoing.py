"""Which act a person can take back or put back, and the changes that do it.

An undo is an act that names the one that it takes back; a redo is an act that names an undo.  Whether an
act stands follows from these names, newest first: what a standing act takes back does not stand.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from workbench.model.canonical import encode
from workbench.model.errors import NotAllowed
from workbench.record.graph import read_entry, standing
from workbench.record.ledger import (
    BY_DIGEST,
    LATEST,
    REDID,
    RESERVED,
    UNDID,
    Body,
    entered_text,
    parents,
    read_body,
    unhex,
)
from workbench.record.projection import Table
from workbench.record.reading import before, entries_of
from workbench.record.shapes import Change

Tables = Mapping[str, Table]
_FIRST_OF = "SELECT seq, digest, body FROM ledger WHERE change_id = ? ORDER BY seq LIMIT 1"
# What was purged has no body: who made it is read from its purge.
_OWN = (
    "SELECT seq, digest, body FROM ledger "
    "WHERE seq >= ? AND (substr(body, 1, ?) = ? OR length(body) = 0) ORDER BY seq DESC"
)


def next_undo(connection: sqlite3.Connection, tables: Tables, actor: str) -> str | None:
    """The person's last act that stands: their own, or one that they put back."""
    gone: set[str] = set()
    for change_id, body in _own_acts(connection, actor):
        if change_id in gone:
            continue
        if body.undoes is not None:
            gone.add(body.undoes)
        if _is_undo(connection, body) or _passed_over(connection, tables, change_id, body):
            continue
        return change_id
    return None


def next_redo(connection: sqlite3.Connection, tables: Tables, actor: str) -> str | None:
    """The person's last undo that stands, if they have done nothing of their own since."""
    gone: set[str] = set()
    for change_id, body in _own_acts(connection, actor):
        if change_id in gone:
            continue
        if body.undoes is not None:
            gone.add(body.undoes)
            if _is_undo(connection, body):
                return change_id
        elif not _passed_over(connection, tables, change_id, body):
            return None
    return None


def taking_back(connection: sqlite3.Connection, tables: Tables, change_id: str, actor: str) -> list[Change]:
    """The changes that take an act back; ``NotAllowed`` in words.

    Taking back an undo brings the change back.
    """
    entries = entries_of(connection, change_id)
    if not entries:
        raise NotAllowed("that change is not in the record")
    first = entries[0][2]
    _check_own(connection, change_id, entries[0][0], first, actor)
    verb = REDID if _is_undo(connection, first) else UNDID
    changes = []
    for _, digest, body in entries:
        if body.entity in RESERVED or body.entity not in tables:
            raise NotAllowed(f"“{body.entity} {body.verb}” cannot be undone")
        table = tables[body.entity]
        if _stays(table, body):
            raise NotAllowed(
                "what a source answered cannot be undone",
                hint="mark the measurement as invalid, with a reason",
            )
        _check_known(connection, table, body)
        changes.append(
            Change(
                body.entity,
                body.id,
                verb,
                before(connection, tables, body),
                _standing(connection, body, digest),
            )
        )
    return changes


def _passed_over(connection: sqlite3.Connection, tables: Tables, change_id: str, body: Body) -> bool:
    """Whether undo and redo look past an act: the record's own, and what a source answered."""
    if body.entity in RESERVED:
        return True
    kinds = [name for name, table in tables.items() if table.kind.stays is not None]
    marks = ", ".join("?" * len(kinds))
    rows = connection.execute(
        f"SELECT seq, digest, entity, body FROM ledger WHERE change_id = ? AND entity IN ({marks})",
        (change_id, *kinds),
    )
    return any(
        _stays(tables[entity], read_entry(connection, seq, digest.hex(), data)[0])
        for seq, digest, entity, data in rows
    )


def _stays(table: Table, body: Body) -> bool:
    value = table.value(body) if table.kind.stays is not None else None
    return value is not None and table.kind.stays is not None and table.kind.stays(value)


def _check_own(connection: sqlite3.Connection, chosen: str, seq: int, first: Body, actor: str) -> None:
    if first.actor != actor:
        raise NotAllowed(
            f"only {first.actor} can undo this: people undo their own changes only",
            hint="make a change of your own instead",
        )
    gone: set[str] = set()
    for change_id, body in _own_acts(connection, actor, since=seq):
        if change_id not in gone and body.undoes is not None:
            gone.add(body.undoes)
    if chosen in gone:
        raise NotAllowed("this change has been undone already")


def _check_known(connection: sqlite3.Connection, table: Table, body: Body) -> None:
    """What an act is taken back to must be one value, and there."""
    if body.base is None:
        return
    stood = standing(connection, table, body.id, of=parents(body))
    if stood is not None and stood.contested:
        raise NotAllowed(
            f"this settled two versions of a {body.entity}: it cannot be undone",
            hint="make a change of your own instead",
        )
    if stood is not None and any(node.purged for node in stood.latest):
        raise NotAllowed(f"what this {body.entity} was before has been purged")


def _standing(connection: sqlite3.Connection, body: Body, digest: str) -> str:
    """The entity's latest entry where that has only restored entry ``digest``; else ``digest``.

    So one can undo step by step: an undo leaves the entity at the entry before what it undid.
    """
    seq, latest, data = connection.execute(LATEST, (body.entity, body.id)).fetchone()
    restored: str | None = latest.hex()
    current = read_body(seq, data)  # the last entry of a thing is never purged
    while restored != digest and current.undoes is not None:
        undone = [b for _, _, b in entries_of(connection, current.undoes) if _same(b, body)]
        if not undone or undone[0].base is None:
            break
        restored = undone[0].base
        seq, data = connection.execute(BY_DIGEST, (body.entity, body.id, unhex(restored))).fetchone()
        current, _ = read_entry(connection, seq, restored, data)
    return latest.hex() if restored == digest else digest


def _same(one: Body, other: Body) -> bool:
    return (one.entity, one.id) == (other.entity, other.id)


def _is_undo(connection: sqlite3.Connection, body: Body) -> bool:
    """Whether an act takes back something that was done, and not an undo."""
    depth, undoes = 0, body.undoes
    while undoes is not None:
        depth += 1
        found = connection.execute(_FIRST_OF, (undoes,)).fetchone()
        undoes = read_entry(connection, found[0], found[1].hex(), found[2])[0].undoes if found else None
    return depth % 2 == 1


def _own_acts(connection: sqlite3.Connection, actor: str, since: int = 1) -> Iterator[tuple[str, Body]]:
    """A person's acts, newest first: change id, and the body of the last entry.

    Entries begin with who made them, so that those of others are not read.  What came from other
    desks arrived in any order: then dates tell which is newer.
    """
    begins = b'{"actor":' + encode(entered_text(actor)) + b","
    rows = connection.execute(_OWN, (since, len(begins), begins))
    found: Iterable[Body] = (read_entry(connection, seq, digest.hex(), data)[0] for seq, digest, data in rows)
    if connection.execute("SELECT 1 FROM received LIMIT 1").fetchone() is not None:
        found = sorted(found, key=lambda body: body.recorded_at, reverse=True)
    seen: set[str] = set()
    for body in found:
        if body.actor == actor and body.change_id not in seen:
            seen.add(body.change_id)
            yield body.change_id, body
