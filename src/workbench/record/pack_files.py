"""Packs as files: written and read line by line, so that what they need does not grow with them.

The digest in the head covers all that follows, so both go twice over the lines: a pack is known to be
whole before its first entry is looked at, and again once its last line was read.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import UsageError
from workbench.model.files import open_regular, whole_file
from workbench.record.evidence import MAX_BLOB
from workbench.record.incoming import MAX_BODY
from workbench.record.packs import (
    PURGE_MARK,
    Header,
    Pack,
    Selection,
    blob_line,
    changed_or_cut,
    head_fields,
    read_blob,
    read_header,
    unreadable,
)
from workbench.record.shapes import Blob, Known

MAX_PACK = 4 * 2**30
_MAX_HEADER = 2**20
_MAX_LINE = 2 * MAX_BODY  # an entry that is somewhat too large is quarantined; what is larger is no pack
# Evidence as base64 takes a third more; as text one byte may become six.
_MAX_BLOB_LINE = 6 * MAX_BLOB + 2**16
_PIECE = 2**20


class Written(msgspec.Struct, frozen=True):
    """What a pack that was written holds: how many entries and pieces of evidence, its bytes, its digest."""

    entries: int
    blobs: int
    size: int
    digest: str


class PackFile:
    """A pack that lies in a file and was found whole: its head, and its lines as often as they are asked for."""

    def __init__(self, file: BinaryIO, where: str) -> None:
        self._file = file
        self._where = where
        first = _line(file, _MAX_HEADER, where)
        self._said, self.header = read_header(first, where)
        self._begin = file.tell()
        self._purges: list[bytes] = []
        counted = self._check_all()
        if counted != (self.header.entries, self.header.blobs):
            raise unreadable(where, "its head names another number of lines")

    @property
    def record(self) -> str:
        return self.header.record

    @property
    def project(self) -> str:
        return self.header.project

    @property
    def frontier(self) -> tuple[Known, ...]:
        return self.header.frontier

    @property
    def selection(self) -> Selection:
        return self.header.selection

    def purges(self) -> Iterable[bytes]:
        """The lines that may be entries about purges."""
        return self._purges

    @property
    def entries(self) -> Iterator[bytes]:
        """The lines of entries, from the first one on."""
        self._hash = self._begun()
        self._file.seek(self._begin)
        for _ in range(self.header.entries):
            yield self._next(_MAX_LINE)

    @property
    def blobs(self) -> Iterator[Blob]:
        """The evidence, once the entries were read; then the file is known to be still the one that was checked."""
        for _ in range(self.header.blobs):
            yield read_blob(self._next(_MAX_BLOB_LINE), self._where)
        if self._hash.hexdigest() != self.header.digest:
            raise changed_or_cut(self._where)

    def _begun(self) -> hashlib._Hash:
        return hashlib.sha256(encode(self._said) + b"\n")

    def _next(self, limit: int) -> bytes:
        line = _line(self._file, limit, self._where)
        self._hash.update(line + b"\n")
        return line

    def _check_all(self) -> tuple[int, int]:
        """Goes once over all lines: how many there are of entries and of evidence."""
        entries = max(self.header.entries, 0)
        digest, count = self._begun(), 0
        while count < entries and (line := _line(self._file, _MAX_LINE, self._where, end=True)):
            digest.update(line + b"\n")
            count += 1
            if PURGE_MARK in line:
                self._purges.append(line)
        blobs = 0
        while piece := self._file.read(_PIECE):
            digest.update(piece)
            blobs += piece.count(b"\n")
        if digest.hexdigest() != self.header.digest:
            raise changed_or_cut(self._where)
        return count, blobs


def _line(file: BinaryIO, limit: int, where: str, *, end: bool = False) -> bytes:
    """The next line without its end; nothing at the end of the file where that may come."""
    line = file.readline(limit + 1)
    if not line and end:
        return b""
    if not line.endswith(b"\n"):
        if len(line) > limit:
            raise unreadable(where, "a line of it is longer than any can be")
        if not end:
            raise (
                unreadable(where, "its head cannot be read")
                if file.tell() == len(line)
                else changed_or_cut(where)
            )
        raise changed_or_cut(where)
    return line[:-1]


@contextmanager
def open_pack(path: Path, where: str = "") -> Iterator[PackFile]:
    """The pack of a file, found whole; ``UsageError`` says what is wrong with it."""
    name = where or str(path)
    try:
        file = open_regular(path)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}", hint="check the path") from None
    with file:
        if (size := os.fstat(file.fileno()).st_size) > MAX_PACK:
            raise UsageError(
                f"{name} is larger than a pack can be: {size / 2**30:.1f} GB, at most {MAX_PACK / 2**30:.0f} GB",
                hint="have it made again with --for DESK or --since FILE: it holds only what is missing then",
            )
        try:
            pack = PackFile(file, name)
        except OSError as error:
            raise UsageError(f"{name} cannot be read: {error.strerror}", hint="check the disk") from None
        yield pack


def write(path: Path, head: Pack, entries: Iterable[bytes], blobs: Iterable[Blob]) -> Written:
    """Writes a pack with the head of ``head``, whole or not at all; its lines are never held together.

    ``OSError`` where the file cannot be written.
    """
    with tempfile.TemporaryFile(dir=path.parent) as lines:
        counted = [0, 0]
        for line in entries:
            lines.write(line + b"\n")
            counted[0] += 1
        for blob in blobs:
            lines.write(blob_line(blob) + b"\n")
            counted[1] += 1
        fields = head_fields(head, *counted)
        digest = hashlib.sha256(encode(fields) + b"\n")
        lines.seek(0)
        while piece := lines.read(_PIECE):
            digest.update(piece)
        first = encode(fields | {"digest": digest.hexdigest()}) + b"\n"
        lines.seek(0)
        with whole_file(path) as part, part.open("xb") as file:
            part.chmod(0o600)
            file.write(first)
            shutil.copyfileobj(lines, file, _PIECE)
            size = file.tell()
    return Written(counted[0], counted[1], size, digest.hexdigest())


__all__ = ["MAX_PACK", "Header", "PackFile", "Written", "open_pack", "write"]
