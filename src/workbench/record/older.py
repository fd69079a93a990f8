"""A record of an earlier version, read without a byte of it being written: a copy of it is brought up to date."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from workbench.record import copies, schema
from workbench.record.connection import BUSY_SECONDS, open_existing, reading_stored
from workbench.record.schema import OtherVersion
from workbench.record.shapes import EntityKind
from workbench.record.store import Record

LARGEST = 256 * 1024 * 1024  # bytes of a record that is copied to be looked at
_NAME = "record.db"


def open_copy(
    path: Path,
    kinds: Iterable[EntityKind],
    folder: Path,
    *,
    busy: float = BUSY_SECONDS,
) -> Record:
    """The record as a copy in ``folder`` that was brought up to date, open for reading only.

    ``busy`` is how many seconds to wait for who writes.  Raises what :meth:`Record.open` does, and ``OtherVersion``
    for a record that is too large to be copied.
    """
    size, copy, kinds = path.stat().st_size, folder / _NAME, tuple(kinds)
    if size > LARGEST:
        raise OtherVersion(
            f"this record was made by another version of the workbench, and a copy of {size // 1_000_000:,} MB "
            "is too large to be brought up to date",
            where=str(path),
            hint="open it once where it can be written",
        )
    with reading_stored(path):
        connection, _ = open_existing(path, True, busy)
        with closing(connection):
            schema.check_file(connection, path)
            copies.backup(connection, copy)
    Record.open(copy, kinds).close()
    return Record.open(copy, kinds, readonly=True)
