"""Evidence blobs: how their bytes are kept, and how any change to them shows."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable

import msgspec

from workbench.model import floats
from workbench.model.canonical import encode
from workbench.model.errors import RecordError, UsageError
from workbench.record.ledger import decode_body
from workbench.record.shapes import Blob

MAX_BLOB = 64 * 2**20
RAW, DEFLATE, PURGED, ABSENT = "raw", "deflate", "purged", "absent"
_PREFIX = b"wb.blob.1\0"

Row = tuple[str, str, str, int, bytes, bytes]
COLUMNS = "digest, media, encoding, size, stored, data"
_KEEP = (
    f"INSERT INTO blobs ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET "
    "media = excluded.media, encoding = excluded.encoding, size = excluded.size, stored = excluded.stored, "
    "data = excluded.data WHERE encoding = 'absent' AND excluded.encoding <> 'absent'"
)


def pack(blob: Blob) -> Row:
    """The row of a blob.  Samples stay uncompressed: unpacking costs more than the statistics."""
    if len(blob.data) > MAX_BLOB:
        raise UsageError(
            f"a piece of evidence of {len(blob.data) / 2**20:.0f} MB is too large to keep",
            hint=f"at most {MAX_BLOB // 2**20} MB can be kept; attach a part of it, or a link",
        )
    if hashlib.sha256(blob.data).hexdigest() != blob.digest:
        raise RecordError("a piece of evidence does not have the digest that it claims")
    encoding, data = RAW, bytes(blob.data)
    if blob.media != floats.MEDIA and len(data) > 64:
        packed = zlib.compress(data, 6)
        if len(packed) < len(data) * 0.9:
            encoding, data = DEFLATE, packed
    size = len(blob.data)
    return blob.digest, blob.media, encoding, size, seal(blob.digest, blob.media, encoding, size, data), data


def tombstone(digest: str, media: str, size: int) -> Row:
    """The row that is left of a purged blob."""
    return digest, media, PURGED, size, seal(digest, media, PURGED, size, b""), b""


def absent(digest: str) -> Row:
    """The row of evidence that stayed elsewhere when its entry came."""
    return digest, "", ABSENT, 0, seal(digest, "", ABSENT, 0, b""), b""


def seal(digest: str, media: str, encoding: str, size: int, data: bytes) -> bytes:
    """SHA-256 over every column of the row, so that no byte of it can change unseen."""
    inner = digest if encoding == RAW else hashlib.sha256(data).hexdigest()
    return hashlib.sha256(_PREFIX + encode([digest, media, encoding, size, inner])).digest()


def unpack(row: Row) -> Blob:
    """The blob of a row; ``RecordError`` when a byte of it is not what was stored."""
    digest, media, encoding, size, stored, data = row
    if seal(digest, media, encoding, size, data) != stored:
        raise _damaged(digest, "its row was changed after it was stored")
    if encoding == PURGED:
        return Blob(digest, media, b"", purged=True)
    if encoding == ABSENT:
        return Blob(digest, media, b"", absent=True)
    content = _inflate(digest, size, data) if encoding == DEFLATE else data
    if len(content) != size or hashlib.sha256(content).hexdigest() != digest:
        raise _damaged(digest, "its content does not have its digest")
    return Blob(digest, media, content)


def _inflate(digest: str, size: int, data: bytes) -> bytes:
    engine = zlib.decompressobj()
    try:
        return engine.decompress(data, min(size, MAX_BLOB) + 1)
    except zlib.error as error:
        raise _damaged(digest, "it cannot be decompressed") from error


def _damaged(digest: str, why: str) -> RecordError:
    return RecordError(f"the evidence {digest[:12]} is damaged: {why}", hint="run: workbench verify")


def keep(connection: sqlite3.Connection, rows: list[Row]) -> None:
    """Stores blobs that are not there yet; a purged one stays purged, an absent one is brought."""
    connection.executemany(_KEEP, rows)


def find(connection: sqlite3.Connection, digest: str) -> Row | None:
    """The row of a blob."""
    row: Row | None = connection.execute(
        f"SELECT {COLUMNS} FROM blobs WHERE digest = ?", (digest,)
    ).fetchone()
    return row


def is_absent(connection: sqlite3.Connection, digest: str) -> bool:
    """Whether a piece of evidence that an entry names stayed at another desk."""
    row = connection.execute("SELECT encoding FROM blobs WHERE digest = ?", (digest,)).fetchone()
    return row is not None and row[0] == ABSENT


def all_absent(connection: sqlite3.Connection) -> frozenset[str]:
    """The digests of evidence that stayed at another desk."""
    rows = connection.execute("SELECT digest FROM blobs WHERE encoding = 'absent'")
    return frozenset(digest for (digest,) in rows)


def count_absent(connection: sqlite3.Connection) -> int:
    """How many pieces of evidence stayed at another desk."""
    return int(connection.execute("SELECT count(*) FROM blobs WHERE encoding = 'absent'").fetchone()[0])


def forget(connection: sqlite3.Connection, digests: Iterable[str]) -> None:
    """Removes evidence that came for entries which are not wanted, unless another entry brought it along, too."""
    for digest in digests:
        for table in ("ledger WHERE", "waiting WHERE state = 'waiting' AND"):
            rows = connection.execute(
                f"SELECT body FROM {table} instr(body, ?) > 0", (digest.encode(),)
            ).fetchall()
            if any(digest in named_in(body) for (body,) in rows):  # a value may name it as well
                break
        else:
            connection.execute("DELETE FROM blobs WHERE digest = ?", (digest,))


def named_in(line: bytes) -> tuple[str, ...]:
    """The evidence that an entry brought along; none where it cannot be read as one."""
    try:
        return tuple(decode_body(line).blobs or ())
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ()
