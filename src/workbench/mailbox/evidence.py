"""Large evidence at the server: sent once, fetched piece by piece, and never taken for anything but what its digest says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

import msgspec

from workbench.mailbox.server import Server
from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.record.evidence import MAX_BLOB
from workbench.record.shapes import Blob

PIECE = 4 * 2**20  # bytes that are asked for at a time, so that one sees how far it is and can stop

Told = Callable[[int, int], None]
"""Is told how many bytes of how many have come."""
Stop = Callable[[], bool]


class EvidenceLies(WorkbenchError):
    """What the server gives is not the evidence that its digest names; nothing of it is kept."""


class HeldEvidence(msgspec.Struct, frozen=True):
    """A piece of evidence at the server, with its bytes there."""

    digest: str
    media: str
    size: int
    purged: bool


def held(server: Server, record: str, digests: Iterable[str]) -> dict[str, HeldEvidence]:
    """Which of these pieces of evidence the server holds, or held until they were purged."""
    sql = "SELECT digest, left(media, 200), size, purged FROM workbench.evidence WHERE record = %s AND digest = ANY(%s)"
    with server.told() as connection:
        rows = connection.execute(sql, (record, list(digests))).fetchall()
    return {row[0]: HeldEvidence(*row) for row in rows}


def put(server: Server, record: str, desk: str, blobs: Iterable[Blob]) -> int:
    """Sends evidence that the server does not hold yet; how many pieces it got.  Again is harmless."""
    sql = (
        "INSERT INTO workbench.evidence (record, digest, media, size, content, desk) VALUES (%s, %s, %s, %s, %b, %s) "
        "ON CONFLICT DO NOTHING"
    )
    count = 0
    for blob in blobs:
        values = (record, blob.digest, blob.media[:200], len(blob.data), blob.data, desk)
        with server.told() as connection:
            count += connection.execute(sql, values).rowcount
    return count


def fetch(
    server: Server, record: str, wanted: HeldEvidence, told: Told | None = None, stop: Stop | None = None
) -> Blob | None:
    """A piece of evidence, checked against its digest; ``None`` where ``stop`` said so.

    ``EvidenceLies`` where the server gives something else than the digest names, or more than can be kept.
    """
    if not 0 <= wanted.size <= MAX_BLOB:
        raise _lies(
            server, wanted, f"it says that it has {wanted.size:,} bytes, and {MAX_BLOB:,} can be kept"
        )
    sql = "SELECT substring(content FROM %s FOR %s) FROM workbench.evidence WHERE record = %s AND digest = %s"
    data = bytearray()
    while len(data) < wanted.size:
        if stop is not None and stop():
            return None
        most = min(PIECE, wanted.size - len(data))
        with server.told() as connection:
            row = connection.execute(
                sql, (len(data) + 1, most, record, wanted.digest), binary=True
            ).fetchone()
        piece = bytes(row[0]) if row else b""
        if not 0 < len(piece) <= most:
            raise _lies(server, wanted, f"it has not the {wanted.size:,} bytes that it says")
        data += piece
        if told is not None:
            told(len(data), wanted.size)
    if hashlib.sha256(data).hexdigest() != wanted.digest:
        raise _lies(server, wanted, "it is something else than its digest says")
    return Blob(wanted.digest, safe_text(wanted.media, 100), bytes(data))


def _lies(server: Server, wanted: HeldEvidence, why: str) -> EvidenceLies:
    return EvidenceLies(
        f"the evidence {wanted.digest[:12]} from the server is refused: {why}",
        where=server.address.shown,
        hint="nothing of it was kept; the desk that sent it can bring it with a pack: workbench exchange --to FILE",
    )
