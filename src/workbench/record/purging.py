"""Purged content: the bytes are gone for good, and what can be checked stays.

Of an entry the value and the reason go, once a later entry has replaced it; its digest, its columns
and its place in the chain stay, and the purge keeps the other fields of its body.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import UsageError
from workbench.record import evidence, graph
from workbench.record.ledger import PURGE, RESERVED, Body, parents, read_body, unhex
from workbench.record.packs import stub
from workbench.record.projection import Table
from workbench.record.writing import Act, Entry, append

_BY_DIGEST = "SELECT seq, entity, id, body FROM ledger WHERE digest = ?"
_OF = "SELECT seq, digest, body FROM ledger WHERE entity = ? AND id = ?"
_GONE = ("value", "reason")
_PURGES = "SELECT seq, body FROM ledger WHERE entity = 'purge' ORDER BY seq"
_WITH_EVIDENCE = """SELECT body FROM ledger WHERE instr(body, x'22626c6f6273223a') > 0"""  # "blobs":


class Purged(msgspec.Struct, frozen=True, omit_defaults=True):
    """The value of a purge: of evidence its media type and size, of an entry the fields that stay."""

    digest: str
    media: str | None = None
    size: int | None = None
    entry: dict[str, Any] | None = None

    def body(self) -> Body:
        """What stays of the entry."""
        return msgspec.convert(self.entry, Body)


class Gone(msgspec.Struct, frozen=True):
    """All that was purged from a record: of entries the lines that take their places, by digest, and digests of evidence.

    ``places`` are desk and number of each of these entries, and of each entry that names such evidence.
    """

    entries: dict[str, bytes]
    evidence: frozenset[str]
    places: frozenset[tuple[str, int]]


class _Place(msgspec.Struct, frozen=True):
    desk: str
    desk_seq: int
    blobs: tuple[str, ...] = ()


def all_gone(connection: sqlite3.Connection) -> Gone:
    """What was purged from the record so far."""
    purges = [
        msgspec.json.decode(read_body(seq, data).value, type=Purged)
        for seq, data in connection.execute(_PURGES)
        if data
    ]
    kept = {one.digest: one.entry for one in purges if one.entry is not None}
    evidence_gone = frozenset(one.digest for one in purges if one.entry is None)
    named = [msgspec.convert(entry, _Place) for entry in kept.values()]
    places = {(one.desk, one.desk_seq) for one in named}
    if evidence_gone:
        named += [msgspec.json.decode(data, type=_Place) for (data,) in connection.execute(_WITH_EVIDENCE)]
        places |= {(one.desk, one.desk_seq) for one in named if evidence_gone.intersection(one.blobs)}
    lines = {digest: stub(digest, entry) for digest, entry in kept.items()}
    return Gone(lines, evidence_gone, frozenset(places))


def kept_of(data: bytes) -> dict[str, Any]:
    """The fields of a body that a purge keeps."""
    fields: dict[str, Any] = msgspec.json.decode(data, type=dict[str, Any])
    return {name: item for name, item in fields.items() if name not in _GONE}


def is_replaced(
    connection: sqlite3.Connection, key: graph.Key, digest: str, kept: Mapping[str, dict[str, Any]] = {}
) -> bool:
    """Whether an entry of this thing is here, and a later one was made from it.

    ``kept`` is what stays of purged entries whose purge is still to come.
    """
    held = replaced = False
    for seq, found, data in connection.execute(_OF, key).fetchall():
        name = found.hex()
        fields = kept[name] if not data and name in kept else None
        body = msgspec.convert(fields, Body) if fields else graph.read_entry(connection, seq, name, data)[0]
        held = held or name == digest
        replaced = replaced or digest in parents(body)
    return held and replaced


def purge(
    connection: sqlite3.Connection,
    act: Act,
    digest: str,
    reason: str | None,
    tables: Mapping[str, Table],
) -> None:
    """Inside a write transaction: purges a piece of evidence or an entry; ``UsageError`` where there is none."""
    row = evidence.find(connection, digest)
    if row is not None:
        if row[2] == evidence.PURGED:
            raise UsageError(f"the evidence {digest[:12]} has been purged already")
        value = Purged(digest, row[1], row[3])
        append(connection, act, Entry(PURGE, digest, "purged", encode(value), reason=reason))
        remove_evidence(connection, value)
        return
    found = connection.execute(_BY_DIGEST, (unhex(digest),)).fetchone()
    if found is None:
        raise UsageError(f"there is no evidence {digest[:12]} in the record, and no entry")
    _, entity, id, data = found
    if not data:
        raise UsageError(f"the entry {digest[:12]} has been purged already")
    kept = kept_of(data)
    if entity in RESERVED or "value" not in msgspec.json.decode(data):
        raise UsageError(f"the entry {digest[:12]} holds nothing that could be purged")
    if not is_replaced(connection, (entity, id), digest):
        raise UsageError(
            f"the entry {digest[:12]} is what the {entity} is now",
            hint="change it first; then the entry before can be purged",
        )
    value = Purged(digest, entry=kept)
    append(connection, act, Entry(PURGE, digest, "purged", encode(value), reason=reason))
    empty(connection, digest)
    if (entity, id) in act.tail.branched:
        graph.settle(connection, tables.get(entity), (entity, id))


def empty(connection: sqlite3.Connection, digest: str) -> None:
    """Removes the content of an entry that a purge names."""
    connection.execute("UPDATE ledger SET body = x'' WHERE digest = ?", (unhex(digest),))


def remove_evidence(connection: sqlite3.Connection, purged: Purged) -> None:
    """Leaves only the tombstone of a piece of evidence, also where it was never here."""
    connection.execute("DELETE FROM blobs WHERE digest = ?", (purged.digest,))
    row = evidence.tombstone(purged.digest, purged.media or "", purged.size or 0)
    evidence.keep(connection, [row])
