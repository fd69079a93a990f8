"""A file appears whole or not at all, whatever happens while it is written; and reading one never waits."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_DAY = 86_400  # seconds
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
# Name, machine and process, chance; SQLite's neighbours go with it.  The machine was left out before.
_PART = re.compile(r"\.(.+)\.(?:([0-9a-f]{8})-(\d+)-)?[0-9a-f]{8}\.part(?:-wal|-shm|-journal)?", re.DOTALL)


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Put ``data`` where ``path`` says, as :func:`write_pieces` does."""
    write_pieces(path, (data,), private=private)


def write_pieces(path: Path, pieces: Iterable[bytes], *, private: bool = False) -> None:
    """Put ``pieces``, one after the other, where ``path`` says; what was there stays until all is on disk.

    The folder must exist.  A file that was there lends the new one its permissions; a new one has
    the usual ones, or with ``private`` is for this user alone.  What is no file, such as a pipe, is
    written to directly.  Raises ``OSError``, and ``ValueError`` for a name that no system knows.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            file.writelines(pieces)
        return
    with whole_file(path) as part:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
        if not private:
            with suppress(FileNotFoundError):
                part.chmod(path.stat().st_mode & 0o777)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A name beside ``path`` to write a file under; at the end that takes the place of ``path``.

    After an error nothing of it is left, and ``path`` is as it was.
    """
    target = Path(os.path.realpath(path))  # a link goes on leading to the file
    with _part_of(target) as part:
        yield part
        flush(part)
        part.replace(target)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """The same for a file that must not be there yet: at the end ``FileExistsError`` where it is.

    The file that ``yield`` gives is there, empty, and for this user alone.
    """
    target = Path(os.path.realpath(path))
    with _part_of(target) as part:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield part
        flush(part)
        _place(part, target)
        flush(target.parent)


def _place(part: Path, target: Path) -> None:
    """Gives ``part`` the name of ``target``, never in the place of another file."""
    if os.name == "nt":
        part.rename(target)  # refused there where the name is taken
        return
    try:
        os.link(part, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        part.rename(target)


@contextmanager
def _part_of(target: Path) -> Iterator[Path]:
    remove_leftovers(target)
    part = spare_name(target)
    try:
        yield part
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                part.with_name(part.name + end).unlink(missing_ok=True)


def spare_name(target: Path) -> Path:
    """A name beside ``target`` that nobody has, and that :func:`remove_leftovers` knows."""
    me = f"{_machine()}-{os.getpid()}-{os.urandom(4).hex()}"
    return target.with_name(f"{_stem(target)}.{me}.part")


def remove_leftovers(path: Path) -> None:
    """Remove what processes left beside ``path`` that were ended while they wrote it."""
    target = Path(os.path.realpath(path))
    stem = _stem(target)[1:]
    with suppress(OSError):
        for path in target.parent.iterdir():
            found = _PART.fullmatch(path.name)
            if found and found[1] == stem and _is_left(path, found[2], found[3]):
                with suppress(OSError):
                    path.unlink()


def _stem(target: Path) -> str:
    return f".{target.name}"[:80]


def _machine() -> str:
    name = os.environ.get("COMPUTERNAME", "") if os.name == "nt" else os.uname().nodename
    return f"{zlib.crc32(name.encode()):08x}"


def _is_left(part: Path, machine: str | None, process: str | None) -> bool:
    """Whether nobody writes it any more: its process has ended, or nobody has touched it for a day."""
    if os.name != "nt" and machine == _machine() and process is not None:
        return not _runs(int(process))
    try:
        return time.time() - part.stat().st_mtime > _DAY
    except OSError:
        return False


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # somebody else's
    return True


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for this user alone; one that is there stays as it is."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for place in reversed(missing):
        place.mkdir(mode=0o700, exist_ok=True)
    if not missing and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def flush(path: Path) -> None:
    """Wait until a file or folder is on disk; folders only where the system allows it."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_regular(path: Path) -> BinaryIO:
    """A file of the project, open for reading bytes; ``OSError`` where it is none, such as a pipe.

    Opening never waits: a pipe that nobody writes to would otherwise stop the command for ever.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: Path) -> bytes:
    """What stands in a file of the project; ``OSError`` as :func:`open_regular`."""
    with open_regular(path) as file:
        return file.read()
