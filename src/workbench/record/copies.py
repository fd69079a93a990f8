"""Backups: complete copies, each one there as a whole or not at all."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from workbench.model.errors import RecordUnavailable, UsageError
from workbench.model.files import make_private_folder, new_file
from workbench.record.connection import connect
from workbench.record.shapes import Head

KEEP = 20


class Copied(msgspec.Struct, frozen=True):
    """A copy in a folder, and the end of the ledger that its name tells: ``chain`` begins so."""

    path: Path
    seq: int
    chain: str


class AlreadyThere(UsageError):
    """A file stands where a copy was to go."""


def backup(connection: sqlite3.Connection, to: Path) -> Path:
    """Copies the record to ``to``, which must not be there, through a neighbour that is renamed on disk.

    The copy keeps no write-ahead log, so that it can be read from a read-only medium, is for this
    user alone, and does not say where it lives: who writes to it begins a new desk.
    """
    try:
        make_private_folder(to.parent)
        with new_file(to) as part:
            _copy(connection, part)
    except FileExistsError:
        raise AlreadyThere(
            f"{to} is there already", hint="choose a new name; a copy is never overwritten"
        ) from None
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
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("DELETE FROM meta WHERE key = 'home'")
    finally:
        copy.close()
        with suppress(OSError):
            to.with_name(to.name + "-journal").unlink(missing_ok=True)


def free_name(path: Path) -> Path:
    """``path``, or where that is taken the same with a number before its end."""
    number, free = 2, path
    while os.path.lexists(free):
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free


def place_for(folder: Path, record_id: str, head: Head) -> tuple[Path, bool]:
    """Where a copy goes that tells record, place in the ledger and chain in its name; whether it is there already.

    What stands under that name and is no copy of just this stays, and the new one gets another name.
    """
    path = folder / f"{record_id}-{head.seq:09d}-{head.chain[:8]}.db"
    if _end_of(path) == head:
        return path, True
    return free_name(path), False


def _end_of(path: Path) -> Head | None:
    try:
        with closing(connect(path, "immutable")) as connection:
            row = connection.execute(
                "SELECT seq, digest, chain FROM ledger ORDER BY seq DESC LIMIT 1"
            ).fetchone()
            whole = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            return Head(row[0], row[1].hex(), row[2].hex()) if row and whole else None
    except (sqlite3.Error, ValueError, TypeError, AttributeError):
        return None


def copied(folder: Path, record_id: str) -> list[Copied]:
    """The copies of a record in a folder, by their place in the ledger."""
    pattern = re.compile(rf"{re.escape(record_id)}-(\d+)-([0-9a-f]{{8}})(?:-\d+)?\.db")
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    found = [(path, pattern.fullmatch(path.name)) for path in paths]
    return [Copied(path, int(match[1]), match[2]) for path, match in found if match]


def log_of(path: Path) -> str | None:
    """The desk whose ledger a copy is of; ``None`` where that cannot be read."""
    try:
        with closing(connect(path, "immutable")) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'desk'").fetchone()
            return str(row[0]) if row else None
    except (sqlite3.Error, ValueError, TypeError, AttributeError):
        return None


def not_of(connection: sqlite3.Connection, copies: Iterable[Copied]) -> list[Copied]:
    """Those whose end the ledger does not have, or has with another chain."""
    sql = "SELECT chain FROM ledger WHERE seq = ?"
    return [
        copy
        for copy in copies
        if (row := connection.execute(sql, (copy.seq,)).fetchone()) is None
        or not row[0].hex().startswith(copy.chain)
    ]


def prune(connection: sqlite3.Connection, folder: Path, record_id: str, keep: int) -> None:
    """Removes all but the newest ``keep`` copies of this record; one that the ledger contradicts stays.

    It shows that something was lost, and may be all that is left of it.
    """
    copies = copied(folder, record_id)
    stays = {copy.path for copy in not_of(connection, copies)}
    own = [copy.path for copy in copies if copy.path not in stays]
    for old in own[: max(0, len(own) - keep)]:
        with suppress(OSError):
            old.unlink()
