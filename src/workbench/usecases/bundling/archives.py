"""The two archives that a bundle can be.

Each list of files has exactly one spelling: nothing is compressed, no time, owner or comment is noted, and nothing
stands between the files.  So the same bundle has the same bytes on every machine, whatever version of a compressing
library it has; whoever reads one can account for each byte, and what is unpacked is never larger than the archive.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator

import msgspec

from workbench.usecases.bundling.names import refused

ZIP_MOST = 2**32 - 1  # bytes of a zip without its later extensions
_MODE = 0o100644 << 16
_DATE = 33  # 1 January 1980, the first that a zip can say
_BLOCK = 512
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
STORED = 65535  # bytes of a block of gzip that is not compressed


class File(msgspec.Struct, frozen=True):
    """A file on its way into an archive: ``read`` gives all its bytes, of which there are ``size``."""

    path: str
    size: int
    read: Callable[[], bytes]


# --- zip ------------------------------------------------------------------------------------


def zip_pieces(files: Iterable[File]) -> Iterator[bytes]:
    """A zip, piece by piece."""
    central: list[bytes] = []
    at = 0
    for file in files:
        data = file.read()
        crc = zlib.crc32(data)
        head = zip_local(file.path, len(data), crc)
        central.append(zip_central(file.path, len(data), crc, at))
        at += len(head) + len(data)
        if at > ZIP_MOST:
            raise refused(file.path, "makes the zip larger than 4 GB", "write a folder, or a .tar.gz")
        yield head
        yield data
    yield b"".join(central)
    yield zip_end(len(central), sum(map(len, central)), at)


def zip_local(path: str, size: int, crc: int) -> bytes:
    """What stands before a file."""
    name = path.encode()
    return struct.pack("<4s5H3L2H", b"PK\x03\x04", 10, 0, 0, 0, _DATE, crc, size, size, len(name), 0) + name


def zip_central(path: str, size: int, crc: int, at: int) -> bytes:
    """The line of a file in the list at the end; ``at`` is where it begins."""
    name = path.encode()
    fields = (b"PK\x01\x02", 0x0314, 10, 0, 0, 0, _DATE, crc, size, size, len(name), 0, 0, 0, 0, _MODE, at)
    return struct.pack("<4s6H3L5H2L", *fields) + name


def zip_end(count: int, size: int, at: int) -> bytes:
    """The end of a zip."""
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, at, 0)


# --- tar.gz ---------------------------------------------------------------------------------


def tar_gz_pieces(files: Iterable[File]) -> Iterator[bytes]:
    """A tar in gzip, piece by piece."""
    return gzip_pieces(tar_pieces(files))


def tar_pieces(files: Iterable[File]) -> Iterator[bytes]:
    """A tar of 1988's format (ustar)."""
    for file in files:
        data = file.read()
        yield tar_head(file.path, len(data))
        yield data
        yield bytes(-len(data) % _BLOCK)
    yield bytes(2 * _BLOCK)


def tar_head(path: str, size: int) -> bytes:
    """What stands before a file in a tar; raises ``ValueError`` for a name or a size that has no room."""
    prefix, name = "", path
    if len(name) > 100:
        cut = path.rindex("/", 0, 156)
        prefix, name = path[:cut], path[cut + 1 :]
    if len(name) > 100 or size >= 8**11:
        raise ValueError(path)
    fields = (
        name.encode(), b"0000644\x00", b"0000000\x00", b"0000000\x00", b"%011o\x00" % size, b"00000000000\x00",
        b" " * 8, b"0", b"", b"ustar\x0000", b"", b"", b"0000000\x00", b"0000000\x00", prefix.encode(), b"",
    )  # fmt: skip
    head = struct.pack("100s8s8s8s12s12s8s1s100s8s32s32s8s8s155s12s", *fields)
    return head[:148] + b"%06o\x00 " % sum(head) + head[156:]


def gzip_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """``pieces`` in gzip, in blocks that are not compressed."""
    yield GZIP_HEAD
    crc = size = 0
    waiting = bytearray()
    for piece in pieces:
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        waiting += piece
        while len(waiting) > STORED:
            yield _stored(bytes(waiting[:STORED]), last=False)
            del waiting[:STORED]
    yield _stored(bytes(waiting), last=True)
    yield struct.pack("<2L", crc, size & 0xFFFFFFFF)


def _stored(data: bytes, *, last: bool) -> bytes:
    return stored_head(len(data), last=last) + data


def stored_head(size: int, *, last: bool) -> bytes:
    """What stands before a block that is not compressed."""
    return struct.pack("<B2H", last, size, size ^ 0xFFFF)
