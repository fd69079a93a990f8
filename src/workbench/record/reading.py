"""Looking back: ledger entries for people, and which act a person can take back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from workbench.model.canonical import encode
from workbench.model.errors import NotAllowed
from workbench.model.times import from_text
from workbench.record.graph import read_entry, standing
from workbench.record.ledger import (
    BY_DIGEST,
    LATEST,
    NO_VALUE,
    RESERVED,
    Body,
    entered_text,
    moment,
    parents,
    read_body,
    unhex,
)
from workbench.record.projection import Table, decode_value
from workbench.record.shapes import Change, EntryView


def history(
    connection: sqlite3.Connection,
    tables: Mapping[str, Table],
    entity: str | None,
    id: str | None,
    text: str | None,
    limit: int,
    before_seq: int | None,
) -> list[EntryView]:
    """Entries, newest first; ``text`` is looked for anywhere in them (ASCII case ignored)."""
    terms: list[str] = []
    args: list[Any] = []
    for term, value in (("entity = ?", entity), ("id = ?", id), ("seq < ?", before_seq)):
        if value is not None:
            terms.append(term)
            args.append(value)
    if text:
        inside = encode(entered_text(text)).decode()[1:-1]
        for special in "\\%_":
            inside = inside.replace(special, "\\" + special)
        terms.append("CAST(body AS TEXT) LIKE ? ESCAPE '\\'")
        args.append(f"%{inside}%")
    where = f"WHERE {' AND '.join(terms)} " if terms else ""
    rows = connection.execute(
        f"SELECT seq, digest, body FROM ledger {where}ORDER BY seq DESC LIMIT ?", (*args, limit)
    ).fetchall()
    return [view(connection, tables, *row) for row in rows]


def view(
    connection: sqlite3.Connection, tables: Mapping[str, Table], seq: int, digest: bytes, data: bytes
) -> EntryView:
    """One entry with the value that it was made from."""
    body, purged = read_entry(connection, seq, digest.hex(), data)
    return EntryView(
        seq=seq,
        digest=digest.hex(),
        entity=body.entity,
        id=body.id,
        verb=body.verb,
        actor=body.actor,
        identity=body.identity,
        recorded_at=from_text(body.recorded_at),
        claimed_at=moment(body.claimed_at),
        reason=body.reason,
        value=_value(tables, body),
        before=before(connection, tables, body),
        changed_fields=tuple(body.changed_fields or ()),
        change_id=body.change_id,
        part=body.part,
        parts=body.parts,
        undoes=body.undoes,
        blobs=tuple(body.blobs or ()),
        purged=purged,
    )


def before(connection: sqlite3.Connection, tables: Mapping[str, Table], body: Body) -> dict[str, Any] | None:
    """The value of the entry that this one was made from, or that several made together."""
    table = tables.get(body.entity)
    if body.base is None:
        return None
    if body.also and table is not None:
        stood = standing(connection, table, body.id, of=parents(body))
        return stood.value if stood is not None else None
    found = connection.execute(BY_DIGEST, (body.entity, body.id, unhex(body.base))).fetchone()
    return _value(tables, read_entry(connection, found[0], body.base, found[1])[0]) if found else None


def _value(tables: Mapping[str, Table], body: Body) -> dict[str, Any] | None:
    table = tables.get(body.entity)
    if table is not None:
        return table.value(body)
    return None if body.value is NO_VALUE else decode_value(body.value)


def entries_of(connection: sqlite3.Connection, change_id: str) -> list[tuple[int, str, Body]]:
    """The entries of one act in order: seq, digest, body."""
    rows = connection.execute(
        "SELECT seq, digest, body FROM ledger WHERE change_id = ? ORDER BY seq", (change_id,)
    ).fetchall()
    return [
        (seq, digest.hex(), read_entry(connection, seq, digest.hex(), data)[0]) for seq, digest, data in rows
    ]


def taking_back(
    connection: sqlite3.Connection, tables: Mapping[str, Table], change_id: str | None, actor: str
) -> tuple[str, list[Change]]:
    """The act to take back and the changes that do it; ``NotAllowed`` in words.

    ``None`` means the person's own last act that has not been taken back.  Taking back an
    undo brings the change back.
    """
    chosen = change_id if change_id is not None else _own_last(connection, actor)
    if chosen is None:
        raise NotAllowed("there is nothing of yours to undo")
    entries = entries_of(connection, chosen)
    if not entries:
        raise NotAllowed("that change is not in the record")
    _check_own(connection, chosen, entries, actor)
    changes = []
    for _, digest, body in entries:
        if body.entity in RESERVED or body.entity not in tables:
            raise NotAllowed(f"“{body.entity} {body.verb}” cannot be undone")
        _check_known(connection, tables[body.entity], body)
        earlier = before(connection, tables, body)
        base = _standing(connection, body, digest)
        changes.append(Change(body.entity, body.id, "undid", earlier, base))
    return chosen, changes


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


def _check_own(
    connection: sqlite3.Connection, chosen: str, entries: list[tuple[int, str, Body]], actor: str
) -> None:
    first = entries[0][2]
    if first.actor != actor:
        raise NotAllowed(
            f"only {first.actor} can undo this: everybody takes back their own changes",
            hint="make a change of your own instead",
        )
    undone: set[str] = set()
    for act, undoes, _ in _acts(connection, since=entries[0][0]):
        if act not in undone and undoes is not None:
            undone.add(undoes)
    if chosen in undone:
        raise NotAllowed("this change has been undone already")


def _own_last(connection: sqlite3.Connection, actor: str) -> str | None:
    """Newest first, an act counts as undone when an act that itself stands undoes it."""
    undone: set[str] = set()
    for act, undoes, body in _acts(connection):
        if act in undone:
            continue
        if undoes is not None:
            undone.add(undoes)
            if not _is_undo(connection, undoes):
                continue
        if body.actor == actor and body.entity not in RESERVED:
            return act
    return None


def _is_undo(connection: sqlite3.Connection, change_id: str) -> bool:
    entries = entries_of(connection, change_id)
    return bool(entries) and entries[0][2].undoes is not None


def _acts(connection: sqlite3.Connection, since: int = 1) -> Iterator[tuple[str, str | None, Body]]:
    """The acts, newest first: change id, the act it undoes, the body of its last entry."""
    last = None
    rows = connection.execute(
        "SELECT change_id, seq, digest, body FROM ledger WHERE seq >= ? ORDER BY seq DESC", (since,)
    )
    for change_id, seq, digest, data in rows:
        if change_id != last:
            last = change_id
            body, _ = read_entry(connection, seq, digest.hex(), data)
            yield change_id, body.undoes, body
