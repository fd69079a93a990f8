"""Looking back: ledger entries and acts, for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from workbench.model.canonical import encode
from workbench.model.times import from_text
from workbench.record.graph import read_entry, standing
from workbench.record.ledger import (
    BY_DIGEST,
    NO_VALUE,
    REDID,
    UNDID,
    Body,
    entered_text,
    moment,
    parents,
    unhex,
)
from workbench.record.projection import Table, decode_value
from workbench.record.shapes import ActPart, ActView, EntryView

_LATER_UNDO = (
    "SELECT seq, digest, body FROM ledger WHERE entity = ? AND id = ? AND seq > ? "
    f"AND verb IN ('{UNDID}', '{REDID}') ORDER BY seq"
)


def history(
    connection: sqlite3.Connection,
    tables: Mapping[str, Table],
    entity: str | None,
    id: str | None,
    text: str | None,
    limit: int,
    before_seq: int | None,
) -> list[EntryView]:
    """Entries, newest first; each word of ``text`` is looked for anywhere in them (ASCII case ignored)."""
    terms: list[str] = []
    args: list[Any] = []
    for term, value in (("entity = ?", entity), ("id = ?", id), ("seq < ?", before_seq)):
        if value is not None:
            terms.append(term)
            args.append(value)
    for word in (text or "").split():
        inside = encode(entered_text(word)).decode()[1:-1]
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


def act(connection: sqlite3.Connection, tables: Mapping[str, Table], change_id: str) -> ActView | None:
    """One act as a whole; ``None`` where there is none of that id."""
    groups = connection.execute(
        "SELECT entity, verb, count(*), min(seq) FROM ledger WHERE change_id = ? GROUP BY entity, verb ORDER BY 4",
        (change_id,),
    ).fetchall()
    parts = []
    for entity, verb, count, seq in groups:
        digest, data = connection.execute("SELECT digest, body FROM ledger WHERE seq = ?", (seq,)).fetchone()
        parts.append(ActPart(entity, verb, count, view(connection, tables, seq, digest, data)))
    if not parts:
        return None
    seq, digest, data = connection.execute(
        "SELECT seq, digest, body FROM ledger WHERE change_id = ? ORDER BY seq LIMIT 1", (change_id,)
    ).fetchone()
    body, _ = read_entry(connection, seq, digest.hex(), data)
    return ActView(
        change_id, body.actor, from_text(body.recorded_at), body.desk, seq, body.undoes, tuple(parts)
    )


def taken_back(connection: sqlite3.Connection, entries: Iterable[EntryView]) -> dict[str, str]:
    """Of the acts of these entries those that were taken back, and by which act that still stands.

    Looked up by the things that the entries are about: what takes an act back concerns the same ones.
    """
    found: dict[str, list[str]] = {}
    acts: dict[str, None] = {}
    for entry in entries:
        acts[entry.change_id] = None
        rows = connection.execute(_LATER_UNDO, (entry.entity, entry.id, entry.seq)).fetchall()
        for seq, digest, data in rows:
            body, _ = read_entry(connection, seq, digest.hex(), data)
            if body.undoes is not None and body.change_id not in found.setdefault(body.undoes, []):
                found[body.undoes].append(body.change_id)

    def standing(change_id: str) -> str | None:
        """The latest act that takes this one back and was not taken back itself."""
        return next((by for by in reversed(found.get(change_id, ())) if standing(by) is None), None)

    return {one: by for one in acts if (by := standing(one)) is not None}
