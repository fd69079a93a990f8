"""Backups: complete copies, each one there as a whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from workbench.model.errors import RecordUnavailable
from workbench.record.shapes import Head

KEEP = 20


def backup(connection: sqlite3.Connection, to: Path) -> Path:
    """Copies the record to ``to`` through a neighbour that is renamed when it is on disk.

    The copy keeps no write-ahead log, so that it can be read from a read-only medium.
    """
    part = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        copy = sqlite3.connect(part, isolation_level=None)
        try:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()
        flush(part)
        part.replace(to)
        flush(to.parent)
    except OSError as error:
        raise RecordUnavailable(
            f"the copy could not be written ({error.strerror})",
            where=str(to),
            hint="check the folder and the room on its disk",
        ) from error
    finally:
        for left in (part, part.with_name(part.name + "-journal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return to


def flush(path: Path) -> None:
    """Waits until a file or folder is on disk; folders only where the system allows it."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def name_for(record_id: str, head: Head) -> str:
    """The file name of a copy: record, place in the ledger, and its chain."""
    return f"{record_id}-{head.seq:09d}-{head.chain[:8]}.db"


def prune(folder: Path, record_id: str, keep: int) -> None:
    """Removes all but the newest ``keep`` copies of this record."""
    copies = sorted(folder.glob(f"{record_id}-*.db"), key=lambda path: path.name)
    for old in copies[: max(0, len(copies) - keep)]:
        old.unlink(missing_ok=True)
