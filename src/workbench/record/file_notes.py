"""Notes about a record's file that are no part of what is recorded: each sealed, so that a change to it shows."""

from __future__ import annotations

import hashlib
import sqlite3

from workbench.model.errors import RecordError
from workbench.record import schema

KEY = "note/"  # before the name, in the table meta
_PREFIX = b"wb.note.1\0"


def keep(connection: sqlite3.Connection, name: str, text: str) -> None:
    """Keeps a note in the open transaction; "" forgets it."""
    schema.set_meta(connection, KEY + name, f"{_seal(name, text)} {text}")


def read(connection: sqlite3.Connection, name: str) -> str:
    """A note; "" where there is none.  ``RecordError`` where it was changed."""
    stored = schema.get_meta(connection, KEY + name)
    if stored is None:
        return ""
    if not sound(KEY + name, stored):
        raise RecordError(f"the note “{name}” about the record's file was changed", hint="workbench verify")
    return stored.partition(" ")[2]


def sound(key: str, stored: str) -> bool:
    """Whether a note is as it was written, by its key in the table meta."""
    seal, _, text = stored.partition(" ")
    return seal == _seal(key.removeprefix(KEY), text)


def _seal(name: str, text: str) -> str:
    return hashlib.sha256(_PREFIX + name.encode() + b"\0" + text.encode()).hexdigest()
