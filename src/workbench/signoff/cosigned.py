"""Heads of ledgers that others have signed and so hold: the noun that keeps them in the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.record import Blob, Change, Column, EntityKind, Record, Stored, Titles
from workbench.signoff.checkpoints import MEDIA, Note, NotReadable, read_note


class Cosigned(msgspec.Struct, frozen=True, kw_only=True):
    """A head that somebody signed: ``note`` is the digest of the signed note, ``signers`` whose signatures held
    when it was added, ``by`` who added it."""

    origin: str
    size: int
    root: str
    note: str
    signers: tuple[str, ...]
    by: str
    at: datetime


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    unit = "pack" if "/mailbox/" in str(value.get("origin", "")) else "entry"
    where = f"{unit} {value.get('size', '')}" + (" of the server" if unit == "pack" else "")
    return f"{where}, signed by {', '.join(value.get('signers', ()))}"


ENTITIES = (
    EntityKind(
        "cosigned",
        Cosigned,
        speaks=True,
        columns=(Column("origin"),),
        thing="the head at",
        title=_title,
        documents=("note",),
    ),
)


def cosigned_id(note: Note) -> str:
    """The id of a head: one log, one size, one root."""
    end = note.checkpoint
    return f"{end.origin.rpartition('/')[2]}/{end.size}/{end.root[:16]}"


def cosigned_heads(record: Record) -> list[tuple[Stored, Cosigned]]:
    """Every head that was added, the smallest first."""
    found = [(row, row.decode(Cosigned)) for row in record.all("cosigned")]
    return sorted(found, key=lambda pair: (pair[1].origin, pair[1].size, pair[1].root))


def kept_note(record: Record, value: Cosigned) -> Note | None:
    """The signed note of a head; ``None`` where it is not here or cannot be read."""
    blob = record.blob(value.note)
    try:
        return read_note(blob.data) if blob is not None and blob.data else None
    except NotReadable:
        return None


def added(existing: Stored | None, note: Note, *, signers: tuple[str, ...], by: str, at: datetime) -> Change:
    """The change that keeps a head, or adds signatures to one that is kept."""
    end = note.checkpoint
    value = Cosigned(
        origin=end.origin,
        size=end.size,
        root=end.root,
        note=note_blob(note).digest,
        signers=signers,
        by=by,
        at=at,
    )
    return Change("cosigned", cosigned_id(note), "added", plain(value), existing.base if existing else None)


def note_blob(note: Note) -> Blob:
    """A signed note as evidence."""
    return Blob.of(note.written, MEDIA)
