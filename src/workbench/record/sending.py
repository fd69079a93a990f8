"""The entries of one desk in the order in which it wrote them, from a number on: what is sent to others."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import msgspec

from workbench.record import evidence, graph, packs
from workbench.record.ledger import Body, read_body
from workbench.record.shapes import Blob

_RECEIVED = (
    "SELECT l.seq, l.digest, l.body FROM received r JOIN ledger l ON l.seq = r.seq "
    "WHERE r.desk = ? AND r.desk_seq > ? ORDER BY r.desk_seq"
)
_OWN_BACKWARDS = (
    "SELECT l.seq, l.body FROM ledger l LEFT JOIN received r ON r.seq = l.seq "
    "WHERE r.seq IS NULL ORDER BY l.seq DESC"
)
_OWN = (
    "SELECT l.seq, l.digest, l.body FROM ledger l LEFT JOIN received r ON r.seq = l.seq "
    "WHERE r.seq IS NULL AND l.seq >= ? ORDER BY l.seq"
)


class Sent(msgspec.Struct, frozen=True):
    """An entry as it is sent: its digest, its line (a stub where it was purged), and what it says."""

    digest: str
    line: bytes
    body: Body


def entries_of(connection: sqlite3.Connection, desk: str, since: int) -> Iterator[Sent]:
    """What a desk wrote after its entry number ``since``, as far as it is held here."""
    own: list[tuple[int, bytes, bytes]] = []
    if _is_own(connection, desk) and (begin := _place_after(connection, desk, since)) is not None:
        own = connection.execute(_OWN, (begin,)).fetchall()
    # A file that was put back received what the desk that it was had written later.
    for seq, digest, data in (*own, *connection.execute(_RECEIVED, (desk, since)).fetchall()):
        body, purged = graph.read_entry(connection, seq, digest.hex(), data)
        if body.desk != desk or body.desk_seq <= since:
            continue
        line = packs.stub(digest.hex(), graph.kept_of(connection, seq, digest.hex())) if purged else data
        yield Sent(digest.hex(), line, body)


def _is_own(connection: sqlite3.Connection, desk: str) -> bool:
    """Whether this file was that desk, now or before."""
    rows = connection.execute(
        "SELECT l.seq, l.body FROM ledger l LEFT JOIN received r ON r.seq = l.seq "
        "WHERE l.entity IN ('record', 'desk') AND r.seq IS NULL"
    )
    return any(read_body(seq, data).desk == desk for seq, data in rows)


def _place_after(connection: sqlite3.Connection, desk: str, since: int) -> int | None:
    """Where the entries of one of this file's own desks go on after a number; from the end, where that mostly is."""
    found = None
    for seq, data in connection.execute(_OWN_BACKWARDS):
        if not data:
            continue  # purged: its neighbours tell whose it is
        body = read_body(seq, data)
        if body.desk == desk and body.desk_seq > since:
            found = seq
        elif body.desk == desk or found is not None:
            return int(seq) + 1  # what follows here may be purged
    return found


def evidence_of(connection: sqlite3.Connection, digests: tuple[str, ...]) -> Iterator[Blob]:
    """The evidence of these digests that is here."""
    for digest in digests:
        row = evidence.find(connection, digest)
        blob = evidence.unpack(row) if row is not None else None
        if blob is not None and not blob.purged and not blob.absent:
            yield blob
