"""A file appears whole or not at all, whatever happens while it is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Put ``data`` where ``path`` says; what was there stays until all of it is on disk.

    The folder must exist.  A file that was there lends the new one its permissions; a new one has
    the usual ones, or with ``private`` is for this user alone.  What is no file, such as a pipe, is
    written to directly.  Raises ``OSError``, and ``ValueError`` for a name that no system knows.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    with whole_file(path) as part:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if not private:
            with suppress(FileNotFoundError):
                part.chmod(path.stat().st_mode & 0o777)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A name beside ``path`` to write a file under; at the end that takes the place of ``path``.

    After an error nothing of it is left, and ``path`` is as it was.
    """
    target = Path(os.path.realpath(path))  # a link goes on leading to the file
    part = target.with_name(f".{target.name}"[:100] + f".{os.urandom(4).hex()}.part")
    try:
        yield part
        flush(part)
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Wait until a file or folder is on disk; folders only where the system allows it."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
