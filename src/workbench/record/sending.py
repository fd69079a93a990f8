"""The entries of one desk in the order in which it wrote them, from a number on: what is sent to others."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import msgspec

from workbench.record import desks, evidence, graph, packs
from workbench.record.ledger import DESK, Body, read_body
from workbench.record.shapes import Blob

_AT_ONCE = 500  # entries
_BEGINNINGS = (
    "SELECT l.seq, l.entity, l.id, l.body FROM ledger l LEFT JOIN received r ON r.seq = l.seq "
    "WHERE l.entity IN ('record', 'desk') AND r.seq IS NULL ORDER BY l.seq"
)
# What was written to this file between two beginnings is of one desk, numbered without a gap.
_OWN = (
    "SELECT l.seq FROM ledger l LEFT JOIN received r ON r.seq = l.seq "
    "WHERE r.seq IS NULL AND l.seq >= ? AND l.seq < ? ORDER BY l.seq LIMIT ? OFFSET ?"
)
# The same from the end, where what is to be sent mostly stands: thousands that were received before it are not looked at.
_OWN_FROM_END = (
    "SELECT l.seq FROM ledger l LEFT JOIN received r ON r.seq = l.seq "
    "WHERE r.seq IS NULL AND l.seq >= ? AND l.seq <= ? ORDER BY l.seq DESC LIMIT ? OFFSET ?"
)
_RECEIVED = "SELECT seq FROM received WHERE desk = ? AND desk_seq > ? ORDER BY desk_seq LIMIT ?"
_BODIES = "SELECT seq, digest, body FROM ledger WHERE seq IN (SELECT value FROM json_each(?))"
_END = 2**62


class Sent(msgspec.Struct, frozen=True):
    """An entry as it is sent: its digest, its line (a stub where it was purged), and what it says."""

    digest: str
    line: bytes
    body: Body


def own_desks(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The desks that this file was, the present one last."""
    return tuple(_spans(connection))


def _spans(connection: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Of each desk that this file was: the place where it began, and where the next one did."""
    rows = connection.execute(_BEGINNINGS).fetchall()
    ends = [*(row[0] for row in rows[1:]), _END]
    return {
        (id if entity == DESK else read_body(seq, data).desk): (seq, end)
        for (seq, entity, id, data), end in zip(rows, ends, strict=True)
    }


def entries_of(connection: sqlite3.Connection, desk: str, since: int) -> Iterator[Sent]:
    """What a desk wrote after its entry number ``since``, as far as it is held here, some hundred read at a time."""
    places = _places(connection, desk, since, -1)
    for begin in range(0, len(places), _AT_ONCE):
        part = places[begin : begin + _AT_ONCE]
        rows = connection.execute(_BODIES, (msgspec.json.encode(part).decode(),)).fetchall()
        found = {seq: (digest, data) for seq, digest, data in rows}
        for seq in part:
            yield _read(connection, seq, *found[seq])


def _places(connection: sqlite3.Connection, desk: str, since: int, most: int) -> list[int]:
    """The places of its entries; a file that was put back received what the desk that it was had written later."""
    own: list[tuple[int]] = []
    if (span := _spans(connection).get(desk)) is not None:
        begin, end = span
        if end == _END:
            last, _, body = desks.last_own(connection)
            beyond = max(0, body.desk_seq - since)
            wanted = beyond if most < 0 else min(most, beyond)
            found = connection.execute(_OWN_FROM_END, (begin, last, wanted, beyond - wanted)).fetchall()
            own = found[::-1]
        else:
            own = connection.execute(_OWN, (begin, end, most, since)).fetchall()
    return [seq for (seq,) in (*own, *connection.execute(_RECEIVED, (desk, since, most)).fetchall())]


def _read(connection: sqlite3.Connection, seq: int, digest: bytes, data: bytes) -> Sent:
    body, purged = graph.read_entry(connection, seq, digest.hex(), data)
    line = packs.stub(digest.hex(), graph.kept_of(connection, seq, digest.hex())) if purged else data
    return Sent(digest.hex(), line, body)


def digest_of(connection: sqlite3.Connection, desk: str, number: int) -> str:
    """The digest of an entry of a desk by its number; "" where it is not here."""
    places = _places(connection, desk, number - 1, 1)
    if not places:
        return ""
    (digest,) = connection.execute("SELECT digest FROM ledger WHERE seq = ?", (places[0],)).fetchone()
    return str(digest.hex())


def evidence_of(connection: sqlite3.Connection, digests: tuple[str, ...]) -> Iterator[Blob]:
    """The evidence of these digests that is here."""
    for digest in digests:
        row = evidence.find(connection, digest)
        blob = evidence.unpack(row) if row is not None else None
        if blob is not None and not blob.purged and not blob.absent:
            yield blob
