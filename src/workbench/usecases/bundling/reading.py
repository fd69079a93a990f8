"""Reading a bundle that anybody may have made: nothing is unpacked, and nothing is read that was not asked for.

A folder is read without following links.  An archive has to be spelled as ``archives`` spells it, to the byte.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from workbench.model.errors import UsageError
from workbench.model.files import open_regular
from workbench.model.text import number_of, safe_text
from workbench.usecases.bundling import archives
from workbench.usecases.bundling.names import NotIntact, check_name, check_twins, refused

MOST_FILES = 20_000
LARGEST = 500_000_000  # bytes of one file
MOST = 2_000_000_000  # bytes of all of them
_CHUNK = 1 << 20
_AGAIN = "unpack it and verify the folder, or ask for the bundle again"


class Opened(Protocol):
    """A bundle, open for reading.  ``sizes`` says of each file how many bytes it has; ``folder`` is the archive's own folder."""

    sizes: dict[str, int]
    folder: str

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a file, piece by piece."""

    def close(self) -> None: ...


def open_bundle(path: Path) -> Opened:
    """A bundle in a folder, a ``.zip`` or a ``.tar.gz``.

    ``UsageError`` where there is none, ``NotIntact`` where one is not as ``workbench bundle`` writes it.
    """
    try:
        if path.is_dir():
            return _Folder(path)
        file = open_regular(path)
    except OSError as error:
        raise UsageError(
            f"{safe_text(path)} cannot be read: {error.strerror}", hint="name a folder, a .zip or a .tar.gz"
        ) from None
    try:
        begin = file.read(4)
        if begin[:2] == b"PK":
            return _Zip(file, path)
        if begin[:2] == b"\x1f\x8b":
            return _TarGz(file, path)
    except BaseException:
        file.close()
        raise
    file.close()
    raise UsageError(
        f"{safe_text(path)} is no bundle: neither a folder nor a .zip or .tar.gz",
        hint="workbench bundle --to PATH writes one",
    )


def is_bundle(path: Path) -> bool:
    """Whether a path is one that a bundle can be, by what it begins with."""
    with suppress(OSError):
        if path.is_dir():
            return True
        with open_regular(path) as file:
            return file.read(2) in (b"PK", b"\x1f\x8b")
    return False


def read(opened: Opened, name: str, most: int) -> bytes:
    """A file of at most ``most`` bytes; ``NotIntact`` where it is not there or larger."""
    if name not in opened.sizes:
        raise refused(name, "is missing")
    if opened.sizes[name] > most:
        raise refused(name, f"is larger than {most // 1_000_000} MB")
    return b"".join(opened.chunks(name))


def digest(opened: Opened, name: str) -> str:
    """Hexadecimal SHA-256 of a file."""
    found = hashlib.sha256()
    for chunk in opened.chunks(name):
        found.update(chunk)
    return found.hexdigest()


def _check_bounds(sizes: dict[str, int]) -> None:
    if len(sizes) > MOST_FILES:
        raise NotIntact(f"not intact: it has more than {number_of(MOST_FILES, 'file')}")
    check_twins(sizes)
    if sum(sizes.values()) > MOST:
        raise NotIntact(f"not intact: its files are larger than {MOST // 10**9} GB together")


def _check_size(name: str, size: int) -> None:
    if size > LARGEST:
        raise refused(name, f"says that it has {size / 1e9:.1f} GB; no file of a bundle is that large")


class _Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = ""
        self.sizes: dict[str, int] = {}
        self._list(path, "")
        _check_bounds(self.sizes)

    def _list(self, folder: Path, before: str) -> None:
        for entry in sorted(os.scandir(folder), key=lambda one: one.name):
            name = before + entry.name
            check_name(name)
            mode = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(mode.st_mode):
                self._list(Path(entry.path), name + "/")
            elif stat.S_ISLNK(mode.st_mode):
                raise refused(name, "is a link; a bundle has none")
            elif not stat.S_ISREG(mode.st_mode):
                raise refused(name, "is no file but a device or a pipe")
            else:
                _check_size(name, mode.st_size)
                self.sizes[name] = mode.st_size
            if len(self.sizes) > MOST_FILES:
                return

    def chunks(self, name: str) -> Iterator[bytes]:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            handle = os.open(self.path / name, flags | getattr(os, "O_BINARY", 0))
        except OSError as error:
            why = "is a link now" if error.errno == errno.ELOOP else f"cannot be read: {error.strerror}"
            raise refused(name, why) from None
        with os.fdopen(handle, "rb") as file:
            yield from _upto(file, name, self.sizes[name])
            if file.read(1):
                raise refused(name, "grew while it was read")

    def close(self) -> None:
        return


def _upto(file: BinaryIO, name: str, size: int) -> Iterator[bytes]:
    while size:
        chunk = file.read(min(size, _CHUNK))
        if not chunk:
            raise refused(name, "ends too early")
        size -= len(chunk)
        yield chunk


class _Archive:
    """Files that stand one after the other, each at its place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = ""
        self.sizes: dict[str, int] = {}
        self._at: dict[str, int] = {}

    def _add(self, path: str, size: int, at: int) -> str:
        """Notes a file under its name without the archive's own folder, which is that of the first file."""
        check_name(path)
        _check_size(path, size)
        folder, _, name = path.partition("/")
        if not self.sizes:
            self.folder = folder
        if not name or folder != self.folder:
            raise refused(path, "is not in the folder that the other files are in")
        if name in self.sizes:
            raise refused(path, "is there twice")
        self.sizes[name] = size
        self._at[name] = at
        if len(self.sizes) > MOST_FILES:
            raise NotIntact(f"not intact: it has more than {number_of(MOST_FILES, 'file')}")
        return name

    def _unusual(self, why: str) -> NotIntact:
        return NotIntact(f"not intact: {why}", where=safe_text(self.path), hint=_AGAIN)


class _Zip(_Archive):
    def __init__(self, file: BinaryIO, path: Path) -> None:
        super().__init__(path)
        self._file = file
        self._end = os.fstat(file.fileno()).st_size
        central: list[bytes] = []
        at = 0
        while (head := self._bytes(at, 30))[:4] == b"PK\x03\x04":
            name, size, crc, data_at = self._local(head, at)
            central.append(archives.zip_central(f"{self.folder}/{name}", size, crc, at))
            at = data_at + size
        _check_bounds(self.sizes)
        self._check_end(at, central)

    def _bytes(self, at: int, size: int) -> bytes:
        self._file.seek(at)
        return self._file.read(size)

    def _local(self, head: bytes, at: int) -> tuple[str, int, int, int]:
        if len(head) < 30:
            raise self._unusual("the archive ends in the middle of a file")
        _, _, flags, method, _, _, crc, packed, size, length, _ = struct.unpack("<4s5H3L2H", head)
        raw = self._bytes(at + 30, length)
        path = raw.decode("utf-8", "replace")
        check_name(path)
        if flags & 0x2041:
            raise refused(path, "is encrypted", _AGAIN)
        if size == 0xFFFFFFFF or packed == 0xFFFFFFFF:
            raise refused(path, "says that it has more than 4 GB; no file of a bundle is that large")
        if method or packed != size:
            raise refused(path, "is compressed; nothing in a bundle is", _AGAIN)
        data_at = at + 30 + length
        name = self._add(path, size, data_at)
        if data_at + size > self._end:
            raise refused(path, "is larger than the archive")
        if head + raw != archives.zip_local(path, size, self._crc(name)):
            raise refused(path, "is not stored as workbench bundle stores a file, or was changed", _AGAIN)
        return name, size, crc, data_at

    def _crc(self, name: str) -> int:
        crc = 0
        for chunk in self.chunks(name):
            crc = zlib.crc32(chunk, crc)
        return crc

    def _check_end(self, at: int, central: list[bytes]) -> None:
        for expected in central:
            found = self._bytes(at, len(expected))
            if found != expected:
                mode = struct.unpack("<L", found[38:42])[0] >> 16 if len(found) > 42 else 0
                if stat.S_ISLNK(mode):
                    raise refused(expected[46:].decode(), "is a link; a bundle has none")
                raise self._unusual("the list at the end of the archive does not say what is in it")
            at += len(expected)
        size = sum(map(len, central))
        end = archives.zip_end(len(central), size, at - size)
        if not central or self._bytes(at, len(end) + 1) != end:
            raise self._unusual("something else stands at the end of the archive")

    def chunks(self, name: str) -> Iterator[bytes]:
        self._file.seek(self._at[name])
        left = self.sizes[name]
        at = self._at[name]
        while left:
            self._file.seek(at)
            chunk = self._file.read(min(left, _CHUNK))
            if not chunk:
                raise refused(name, "ends too early")
            at, left = at + len(chunk), left - len(chunk)
            yield chunk

    def close(self) -> None:
        self._file.close()


class _Blocks:
    """What gzip holds in blocks that are not compressed, each byte of its own accounted for."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = self._size_within(size)
        self.broken = "" if self.size >= 0 else "it is compressed; no bundle is"

    def _size_within(self, size: int) -> int:
        rest = size - len(archives.GZIP_HEAD) - 8
        blocks, last = divmod(rest, archives.STORED + 5)
        if last:
            blocks += 1
        inner = rest - 5 * blocks
        return inner if inner > 0 and self._heads_fit(blocks, inner) else -1

    def _heads_fit(self, blocks: int, inner: int) -> bool:
        self._file.seek(0)
        if self._file.read(len(archives.GZIP_HEAD)) != archives.GZIP_HEAD:
            return False
        for number in range(blocks):
            last = number == blocks - 1
            held = inner - number * archives.STORED if last else archives.STORED
            self._file.seek(len(archives.GZIP_HEAD) + number * (archives.STORED + 5))
            if not 0 <= held <= archives.STORED:
                return False
            if self._file.read(5) != archives.stored_head(held, last=last):
                return False
        return True

    def check_sum(self) -> bool:
        """Whether the sum at the end is that of what is within."""
        crc = 0
        at = 0
        while at < self.size:
            chunk = self.read(at, min(_CHUNK, self.size - at))
            crc, at = zlib.crc32(chunk, crc), at + len(chunk)
        self._file.seek(-8, os.SEEK_END)
        return self._file.read() == struct.pack("<2L", crc, self.size & 0xFFFFFFFF)

    def read(self, at: int, size: int) -> bytes:
        """``size`` bytes from ``at``, or what there is."""
        found = []
        size = min(size, self.size - at)
        while size > 0:
            block, within = divmod(at, archives.STORED)
            part = min(size, archives.STORED - within)
            self._file.seek(len(archives.GZIP_HEAD) + block * (archives.STORED + 5) + 5 + within)
            found.append(self._file.read(part))
            at, size = at + part, size - part
        return b"".join(found)


_KINDS = {
    b"1": "is a link; a bundle has none",
    b"2": "is a link; a bundle has none",
    b"3": "is a device",
    b"4": "is a device",
    b"5": "is a folder; an archive of a bundle lists files only",
    b"6": "is a pipe",
    b"S": "is a file with holes (sparse)",
}


class _TarGz(_Archive):
    def __init__(self, file: BinaryIO, path: Path) -> None:
        super().__init__(path)
        self._file = file
        self._blocks = _Blocks(file, os.fstat(file.fileno()).st_size)
        if self._blocks.broken:
            raise self._unusual(self._blocks.broken)
        at = 0
        while any(head := self._blocks.read(at, 512)):
            at = self._member(head, at)
        _check_bounds(self.sizes)
        if self._blocks.read(at, 2000) != bytes(1024) or not self.sizes:
            raise self._unusual("something else stands at the end of the archive")
        if not self._blocks.check_sum():
            raise self._unusual("the sum at the end of the archive is not that of its content")

    def _member(self, head: bytes, at: int) -> int:
        if len(head) < 512:
            raise self._unusual("the archive ends in the middle of a file")
        name, prefix = (
            head[a:b].split(b"\0")[0].decode("utf-8", "replace") for a, b in ((0, 100), (345, 500))
        )
        path = f"{prefix}/{name}" if prefix else name
        kind = head[156:157]
        if kind in _KINDS:
            raise refused(path, _KINDS[kind])
        check_name(path)
        if kind != b"0":
            raise refused(path, "is not stored as workbench bundle stores a file", _AGAIN)
        try:
            size = int(head[124:135], 8)
        except ValueError:
            raise refused(path, "says a size that cannot be") from None
        self._add(path, size, at + 512)
        try:
            expected = archives.tar_head(path, size)
        except ValueError:
            raise refused(path, "has a name that no bundle has") from None
        if head != expected:
            raise refused(path, "is not stored as workbench bundle stores a file, or was changed", _AGAIN)
        after = at + 512 + size
        filled = -size % 512
        if after + filled > self._blocks.size:
            raise refused(path, "is larger than the archive")
        if self._blocks.read(after, filled) != bytes(filled):
            raise refused(path, "is followed by something that is no part of it")
        return after + filled

    def chunks(self, name: str) -> Iterator[bytes]:
        at, left = self._at[name], self.sizes[name]
        while left:
            chunk = self._blocks.read(at, min(left, _CHUNK))
            if not chunk:
                raise refused(name, "ends too early")
            at, left = at + len(chunk), left - len(chunk)
            yield chunk

    def close(self) -> None:
        self._file.close()
