"""The content of a pack on the server: what it says of itself, entries to the letter, and their evidence.

zlib of lines: the head (``workbench.mail.1``), the entries, the evidence as in ``workbench.pack.1``.  Whoever
receives one compares the head with what the server says of the pack, and with the entries that it holds.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import UsageError
from workbench.record.incoming import Bad, read_line
from workbench.record.packs import blob_line, read_blob
from workbench.record.shapes import Blob

SCHEMA = "workbench.mail.1"
MOST_ENTRIES = 1000
ENOUGH = 4 * 2**20  # bytes of lines; a pack with more holds no further entry
_UNPACKED = 48 * 2**20
_HEAD, _LONGEST_HEAD = 4 * 2**10, 2**17  # bytes that are unpacked at a time to find it, and at most
_MOST_BLOBS = 100_000


class Seen(msgspec.Struct, frozen=True):
    """How far a desk has read the mailbox: the number of packs, and the chain there, in hexadecimal."""

    number: int = 0
    chain: str = ""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a pack says of itself; ``follows`` and ``tip`` are digests of entries, in hexadecimal."""

    record: str
    desk: str
    writer: str
    first: int
    last: int
    follows: str
    tip: str
    signs: tuple[str, ...]
    seen: Seen
    entries: int
    blobs: int


class Mail(msgspec.Struct, frozen=True):
    """A pack that was opened and is what it says."""

    head: Head
    entries: tuple[bytes, ...]
    blob_lines: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """The bytes of its lines: a pack of a few kilobytes may hold very many."""
        return sum(map(len, self.entries)) + sum(map(len, self.blob_lines))

    @property
    def blobs(self) -> Iterator[Blob]:
        """Its evidence; what of it cannot be read is left out, and stays absent."""
        for line in self.blob_lines:
            with suppress(UsageError):
                yield read_blob(line, "a pack on the server")


class Lies(Exception):
    """Why a pack is refused whole, in words."""


def write_mail(head: Head, entries: Iterable[bytes], blobs: Iterable[Blob]) -> bytes:
    """The content of a pack; the same lines give the same bytes."""
    first = encode({"schema": SCHEMA} | msgspec.to_builtins(head))
    lines = [first, *entries, *(blob_line(blob) for blob in blobs)]
    return zlib.compress(b"".join(line + b"\n" for line in lines), 6)


def read_mail(content: bytes) -> Mail:
    """A pack's content, in the form that it has to have; ``Lies`` says why it is refused."""
    data = _unpacked(content)
    first = data[: max(0, data.find(b"\n"))]
    try:
        said = msgspec.json.decode(first, type=dict[str, msgspec.Raw])
        if bytes(said.get("schema", b"")) != encode(SCHEMA):
            raise Lies("it was made by another version of the workbench, or is no pack")
        head = msgspec.json.decode(first, type=Head)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Lies("its head cannot be read") from None
    if not data.endswith(b"\n") or min(head.entries, head.blobs) < 0:
        raise Lies("its head cannot be read")
    if head.entries > MOST_ENTRIES or head.blobs > _MOST_BLOBS:
        raise Lies("it says that it holds more than a pack can")
    # Counted before anything is made of them: a line of one byte takes sixty.
    if data.count(b"\n") != 1 + head.entries + head.blobs or head.entries != head.last - head.first + 1:
        raise Lies("it holds another number of entries than it says")
    lines = data[:-1].split(b"\n")[1:]
    return Mail(head, tuple(lines[: head.entries]), tuple(lines[head.entries :]))


def head_of(content: bytes) -> Head | None:
    """What a pack says of itself, while the rest of it stays packed; ``None`` where that cannot be read."""
    engine, rest, data = zlib.decompressobj(), content, b""
    with suppress(zlib.error, msgspec.MsgspecError, ValueError, RecursionError):
        while b"\n" not in data and len(data) < _LONGEST_HEAD and (more := engine.decompress(rest, _HEAD)):
            data, rest = data + more, engine.unconsumed_tail
        return msgspec.json.decode(data.partition(b"\n")[0], type=Head)
    return None


def _unpacked(content: bytes) -> bytes:
    engine = zlib.decompressobj()
    try:
        data = engine.decompress(content, _UNPACKED)
    except zlib.error:
        raise Lies("it cannot be unpacked") from None
    if engine.unconsumed_tail or not engine.eof or engine.unused_data:
        raise Lies("it is larger than a pack can be, or cut")
    return data


def check_entries(mail: Mail, speaking: Collection[str]) -> None:
    """Raises ``Lies`` where the entries are not those that the head names.

    ``speaking`` are the kinds of entry in which a person speaks for themselves.  What cannot be read as an entry is
    left to whoever takes it in.
    """
    head, actors = mail.head, set[str]()
    for number, line in enumerate(mail.entries, head.first):
        try:
            came = read_line(line)
        except Bad:
            continue
        if (came.body.desk, came.body.desk_seq) != (head.writer, number):
            raise Lies("it holds entries of another desk than it says, or in another order")
        if number == head.first and (came.body.desk_prev or "") != head.follows:
            raise Lies("its first entry does not follow the one that it names")
        if number == head.last and came.digest != head.tip:
            raise Lies("its last entry is not the one that it names")
        if came.body.entity in speaking:
            actors.add(came.body.actor)
    if not actors <= set(head.signs):
        raise Lies("it holds what somebody signed for whom the server let nobody sign")
