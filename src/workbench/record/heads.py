"""Ends of ledgers, kept outside the record: the only thing that can show a tail was cut."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import RecordUnavailable
from workbench.record.copies import flush
from workbench.record.shapes import Head, Info

KEEP = 50


class Kept(msgspec.Struct, frozen=True):
    """One record's file: which project it is of, and its last heads, oldest first."""

    record_id: str
    project: str
    heads: tuple[Head, ...]


def remember(folder: Path, info: Info, head: Head) -> Path:
    """Adds a head to the record's file in ``folder``; the file is replaced as a whole.

    The last 50 heads stay.  Raises ``RecordUnavailable`` when the folder cannot be written.
    """
    path = _path(folder, info.record_id)
    earlier = known(folder, info.record_id)
    if head in earlier:
        return path
    kept = Kept(info.record_id, info.project, (*earlier, head)[-KEEP:])
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(encode(kept) + b"\n")
        flush(part)
        part.replace(path)
    except OSError as error:
        raise RecordUnavailable(
            f"the end of the ledger could not be noted outside the record ({error.strerror})",
            where=str(path),
            hint="check the permissions of that folder",
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return path


def known(folder: Path, record_id: str) -> tuple[Head, ...]:
    """The heads that are remembered for a record, oldest first; none when nothing is readable."""
    try:
        return msgspec.json.decode(_path(folder, record_id).read_bytes(), type=Kept).heads
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return ()


def _path(folder: Path, record_id: str) -> Path:
    return folder / f"{record_id}.json"
