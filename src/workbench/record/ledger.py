"""The ledger's entries: their fields, their bytes, and the chain that binds them.

``docs/record-format.md`` describes the same for other programs.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from workbench.model.errors import RecordError, UsageError
from workbench.model.text import normalised
from workbench.model.times import from_text

DIGEST_PREFIX = b"wb.entry.1\0"
GENESIS_CHAIN = hashlib.sha256(b"wb.genesis.1\0").digest()
NO_VALUE = msgspec.Raw(b"")

# Entities that the record itself writes; no room may use them.
RECORD, DESK, PURGE, EVIDENCE = "record", "desk", "purge", "evidence"
RESERVED = frozenset({RECORD, DESK, PURGE, EVIDENCE})

# The verbs of what takes an act back, and of what takes that back.  Earlier workbenches had one for both.
UNDID, REDID = "undid", "redid"

# What came from elsewhere; what of it waits or is quarantined; things with several latest entries.
CORE_TABLES = ("ledger", "blobs", "meta", "received", "waiting", "versions")

# The last entry of an entity, one entry of it by digest, and a new entry.
LATEST = "SELECT seq, digest, body FROM ledger WHERE entity = ? AND id = ? ORDER BY seq DESC LIMIT 1"
BY_DIGEST = "SELECT seq, body FROM ledger WHERE entity = ? AND id = ? AND digest = ?"
APPEND = "INSERT INTO ledger (seq, entity, id, verb, change_id, body, digest, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The signed part of an entry.  Fields stand in byte order: that is the canonical order.

    ``value`` holds canonical JSON as it is; :data:`NO_VALUE` means that the entity is gone.
    ``also`` are entries that this one replaces beside ``base``: where several desks had changed
    the thing at once.
    """

    actor: str
    also: list[str] | None = None
    base: str | None = None
    blobs: list[str] | None = None
    change_id: str
    changed_fields: list[str] | None = None
    claimed_at: str | None = None
    definitions_digest: str | None = None
    desk: str
    desk_prev: str | None = None
    desk_seq: int
    entity: str
    id: str
    identity: str
    os_user: str
    part: int
    parts: int
    reason: str | None = None
    recorded_at: str
    undoes: str | None = None
    value: msgspec.Raw = NO_VALUE
    value_version: int
    verb: str


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Body)
decode_body = _decoder.decode


def encode_body(body: Body) -> bytes:
    """The canonical bytes of an entry's body."""
    data = _encoder.encode(body)
    return data.replace(b"\x7f", b"\\u007f") if b"\x7f" in data else data


def read_body(seq: int, data: bytes) -> Body:
    """The body of the entry at ``seq``; ``RecordError`` where it cannot be read."""
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError(
            f"entry {seq} of the ledger cannot be read", hint="run: workbench verify"
        ) from error


def entry_digest(body: bytes) -> bytes:
    """SHA-256 of ``"wb.entry.1\\0"`` and the body."""
    return hashlib.sha256(DIGEST_PREFIX + body).digest()


def next_chain(previous: bytes, digest: bytes) -> bytes:
    """SHA-256 of the previous chain (32 bytes) and the entry's digest (32 bytes)."""
    return hashlib.sha256(previous + digest).digest()


def parents(body: Body) -> tuple[str, ...]:
    """The entries that this one was made from and replaces: ``base`` and ``also``."""
    if body.base is None:
        return ()
    return (body.base, *body.also) if body.also else (body.base,)


def unhex(digest: str | None) -> bytes:
    """The bytes of a hexadecimal digest; nothing, which no entry has, where it is none."""
    try:
        return bytes.fromhex(digest or "")
    except ValueError:
        return b""


def entered_text(text: str | None) -> str | None:
    """Text as it enters, in NFC; empty text counts as none."""
    if not text or text.isascii():
        return text or None
    try:
        return normalised(text)
    except UnicodeEncodeError as error:
        raise UsageError("this text cannot be recorded: it holds half of a surrogate pair") from error


def moment(text: str | None) -> datetime | None:
    """A recorded time as a moment."""
    return from_text(text) if text is not None else None
