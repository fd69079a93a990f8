"""Backups: complete copies, each one there as a whole or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from workbench.model.errors import RecordUnavailable
from workbench.model.files import flush, whole_file
from workbench.record.shapes import Head

KEEP = 20


def backup(connection: sqlite3.Connection, to: Path) -> Path:
    """Copies the record to ``to`` through a neighbour that is renamed when it is on disk.

    The copy keeps no write-ahead log, so that it can be read from a read-only medium.
    """
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(to) as part:
            _copy(connection, part)
        flush(to.parent)
    except OSError as error:
        raise RecordUnavailable(
            f"the copy could not be written ({error.strerror})",
            where=str(to),
            hint="check the folder and the room on its disk",
        ) from error
    return to


def _copy(connection: sqlite3.Connection, to: Path) -> None:
    copy = sqlite3.connect(to, isolation_level=None)
    try:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()
        with suppress(OSError):
            to.with_name(to.name + "-journal").unlink(missing_ok=True)


def name_for(record_id: str, head: Head) -> str:
    """The file name of a copy: record, place in the ledger, and its chain."""
    return f"{record_id}-{head.seq:09d}-{head.chain[:8]}.db"


def prune(folder: Path, record_id: str, keep: int) -> None:
    """Removes all but the newest ``keep`` copies of this record."""
    copies = sorted(folder.glob(f"{record_id}-*.db"), key=lambda path: path.name)
    for old in copies[: max(0, len(copies) - keep)]:
        old.unlink(missing_ok=True)
