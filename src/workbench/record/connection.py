"""Opening the SQLite file safely, and its errors in words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from weakref import WeakSet

import msgspec

from workbench.model.errors import RecordError, RecordUnavailable, WorkbenchError
from workbench.model.text import safe_text

APPLICATION_ID = 0x57425243  # "WBRC"
BUSY_SECONDS = 10.0
_HEADER = 72  # bytes, up to the end of the application id
_MADE_BY_SQLITE = b"SQLite format 3\0"
# Held while a header is read and while a connection is made: see :func:`_header_of`.
_LOOKING = Lock()


class _Connection(sqlite3.Connection):
    """One that is known as open until it is closed."""

    at: Path

    def close(self) -> None:
        super().close()
        _OPEN.discard(self)


_OPEN: WeakSet[_Connection] = WeakSet()


def connect(path: Path, mode: str, busy: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection without implicit transactions; ``mode`` is rwc, rw, ro or immutable."""
    option = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    with _LOOKING:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{option}",
            uri=True,
            isolation_level=None,
            timeout=busy,
            cached_statements=256,
            factory=_Connection,
        )
        connection.at = path.resolve()
        _OPEN.add(connection)
    with closing_on_failure(connection):  # this is where SQLite first looks into the file
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
    return connection


def open_existing(path: Path, readonly: bool, busy: float) -> tuple[sqlite3.Connection, str]:
    """A connection to a record that exists, and the mode that worked.

    A file or folder that cannot be written is opened for reading, without its write-ahead
    log's help files where those cannot be made.
    """
    if is_none(path):
        raise RecordUnavailable(
            "there is no release record here",
            where=str(path),
            hint="run: workbench init, or name the file with --record",
        )
    if not path.is_file():
        raise RecordError("this is not a release record: it is not a file", where=str(path))
    if not path.stat().st_size:  # SQLite would take it for a new file and remove the log
        raise RecordError(
            "the record is damaged: its file is empty, but the write-ahead log beside it is not",
            where=str(path),
            hint="keep both files, and put a copy back (docs/record.md)",
        )
    # SQLite itself would open a protected file for reading without saying so.
    effective = os.access in os.supports_effective_ids
    protected = not all(os.access(p, os.W_OK, effective_ids=effective) for p in (path, path.parent))
    for mode in ("ro",) if readonly or protected else ("rw", "ro"):
        try:
            return _opened(path, mode, busy), mode
        except sqlite3.Error as error:
            if not _cannot_write(error):
                raise
    if has_log(path):
        raise RecordUnavailable(
            "the record has changes in its write-ahead log, which cannot be read from a read-only folder",
            where=str(path),
            hint="copy the file and its -wal neighbour to a folder that can be written, and open the copy",
        )
    return _opened(path, "immutable", busy), "immutable"


def _opened(path: Path, mode: str, busy: float) -> sqlite3.Connection:
    connection = connect(path, mode, busy)
    with closing_on_failure(connection):
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if (
            mode == "rw"
            and application_id(connection) == APPLICATION_ID
            and connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal"
        ):
            connection.execute("PRAGMA journal_mode = WAL")
    return connection


def _cannot_write(error: sqlite3.Error) -> bool:
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM) or (
        "readonly database" in str(error)
    )


def is_none(path: Path) -> bool:
    """Whether there is no record: no file, an empty one, or one of SQLite's in which nothing was ever made.

    An empty file beside a write-ahead log is not none: it was a record.
    """
    try:
        if not path.is_file():
            return not path.exists()
        header = _header_of(path)
    except OSError:
        return False
    if header is None:
        return False
    if not header:
        return not has_log(path)
    if not header.startswith(_MADE_BY_SQLITE) or any(header[-4:]):
        return False
    with suppress(sqlite3.Error), closing(connect(path, "ro")) as connection:
        made = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return not made and connection.execute("PRAGMA user_version").fetchone()[0] == 0
    return False


def _header_of(path: Path) -> bytes | None:
    """The first bytes of a file; ``None`` where this process has it open as a record, which tells enough.

    Closing a file gives up every lock that the process has on it (POSIX), also SQLite's: another program
    that closes the record would take itself for the last one and remove the log that is being written.
    https://www.sqlite.org/howtocorrupt.html, section 2.2
    """
    with _LOOKING:
        where = path.resolve()
        if any(connection.at == where for connection in set(_OPEN)):
            return None
        with path.open("rb") as file:
            return file.read(_HEADER)


def has_log(path: Path) -> bool:
    """Whether changes stand in a write-ahead log beside the file."""
    log = log_of(path)
    return log.exists() and log.stat().st_size > 0


def log_of(path: Path) -> Path:
    """The write-ahead log that SQLite keeps beside a file."""
    return path.with_name(path.name + "-wal")


def index_of(path: Path) -> Path:
    """The index of that log, which programs that have the file open share."""
    return path.with_name(path.name + "-shm")


def application_id(connection: sqlite3.Connection) -> int:
    """The application id in the file's header."""
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def user_version(connection: sqlite3.Connection) -> int:
    """The schema version in the file's header."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """What SQLite says about the file, as an error that a person can act on."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, path) from error
    except UnicodeDecodeError as error:  # SQLite names what is no text
        raise damaged(error, path) from error


# What comes of reading a stored value that is not what was written, of another type or cut.
ODD_VALUES = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, msgspec.MsgspecError,
)  # fmt: skip


@contextmanager
def reading_stored(path: Path) -> Iterator[None]:
    """The same for whoever decodes what is stored: an odd value is damage, not a mistake of ours."""
    with in_words(path):
        try:
            yield
        except ODD_VALUES as error:
            raise damaged(error, path) from error


def damaged(error: Exception, path: Path) -> RecordError:
    """What could not be read, as an error that a person can act on."""
    return RecordError(
        f"the record is damaged: something in it cannot be read ({safe_text(str(error), 200)})",
        where=str(path),
        hint="run: workbench verify; keep the file, and put a copy back (docs/record.md)",
    )


@contextmanager
def closing_on_failure(connection: sqlite3.Connection) -> Iterator[None]:
    """A connection that is closed again where its first use goes wrong."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


def translate(error: sqlite3.Error, path: Path) -> WorkbenchError:
    """An SQLite error as one that a person can act on."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else 0
    where = str(path)
    if primary == sqlite3.SQLITE_FULL:
        return RecordUnavailable(
            "the disk is full; nothing was changed", where=where, hint="make room and try again"
        )
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return RecordUnavailable(
            "another program is writing to the record and does not let go; nothing was changed",
            where=where,
            hint="try again, or close the other program",
        )
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return RecordUnavailable(
            "the record cannot be written; nothing was changed",
            where=where,
            hint="check the permissions of the file and its folder",
        )
    if primary == sqlite3.SQLITE_CANTOPEN:
        return RecordUnavailable(
            "the record cannot be opened",
            where=where,
            hint="check the permissions of the file and its folder",
        )
    if primary == sqlite3.SQLITE_NOTADB:
        return RecordError(
            "this is not a release record", where=where, hint="name another file with --record"
        )
    if primary == sqlite3.SQLITE_IOERR:
        return RecordUnavailable(
            f"the disk could not be read or written ({error}); nothing was changed",
            where=where,
            hint="check the disk and the room on it",
        )
    if primary == sqlite3.SQLITE_CORRUPT or "Could not decode to UTF-8" in str(error):
        return RecordError(
            f"the record is damaged ({error})", where=where, hint="run: workbench verify; a backup helps"
        )
    return RecordError(f"the record could not be read or written ({error})", where=where)


@contextmanager
def write_transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """``BEGIN IMMEDIATE`` … ``COMMIT``; anything that goes wrong rolls back."""
    with in_words(path):
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # SQLite may have ended it itself
                connection.execute("ROLLBACK")
            raise
