"""``workbench.pack.1``: entries of a record in one text, for another desk, for CI, for an auditor.

JSON lines: a header, the entries' bodies to the letter, and evidence.  The header holds the digest
of the rest of it and of all that follows, so that a pack that was cut or edited is found out.  The
same record gives the same bytes.  ``docs/record-format.md`` describes it for other programs.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Any, Protocol

import msgspec

from workbench.model.canonical import encode, sha256
from workbench.model.errors import UsageError
from workbench.record.shapes import Aside, Blob, Known

PACK = "workbench.pack.1"
ALL, SINCE, EXCERPT = "all", "since", "excerpt"
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_MAX_HEADER = 2**20
PURGE_MARK = b'"entity":"purge"'  # in the line of an entry about a purge


class Log(msgspec.Struct, frozen=True, omit_defaults=True):
    """The end of the ledger that a pack was made from: whose desk's, how many entries, the last one's digest and chain.

    ``root`` is the root of the Merkle tree over them; an excerpt has it.
    """

    desk: str
    size: int
    digest: str
    chain: str
    root: str = ""


class Reading(msgspec.Struct, frozen=True):
    """How far the desk that made a pack had read the mailbox of a server: how many packs, and the chain there."""

    mailbox: str
    number: int
    chain: str


class About(msgspec.Struct, frozen=True):
    """What who judges from a pack needs beside its entries: the release, the digest of the definitions, and what is kept aside.

    ``aside`` are entries of other desks that wait or are quarantined: what rests on them is not met here, either.
    """

    release: str | None = None
    definitions: str | None = None
    aside: tuple[Aside, ...] | None = None


class Selection(msgspec.Struct, frozen=True):
    """Which entries a pack holds: ``all``, those ``since`` a frontier, or the ``excerpt`` for judging.

    Of an excerpt there are only the latest entries of some kinds: it cannot be taken in.
    """

    name: str = ALL
    frontier: tuple[Known, ...] = ()


EVERYTHING = Selection()
_NOTHING = About()


class Pack(msgspec.Struct, frozen=True):
    """Entries of a record with the evidence that they name.

    ``frontier`` is what the desk that made it held; ``entries`` are bodies as they were written, or
    what a purge left of one (:func:`stub`).  ``digest`` is that of the text, empty where the pack was
    not read from one.  ``server`` is how far its desk had read the server of a shared record.
    """

    record: str
    project: str
    log: Log
    frontier: tuple[Known, ...]
    selection: Selection
    entries: tuple[bytes, ...]
    blobs: tuple[Blob, ...]
    about: About = _NOTHING
    digest: str = ""
    server: Reading | None = None

    def purges(self) -> Iterable[bytes]:
        """The lines that may be entries about purges."""
        return [line for line in self.entries if PURGE_MARK in line]


class Packed(Protocol):
    """A pack as it is read into a record: held whole (:class:`Pack`), or line by line from a file.

    The evidence is asked for after the entries.
    """

    @property
    def record(self) -> str: ...

    @property
    def project(self) -> str: ...

    @property
    def frontier(self) -> tuple[Known, ...]: ...

    @property
    def selection(self) -> Selection: ...

    @property
    def entries(self) -> Iterable[bytes]: ...

    @property
    def blobs(self) -> Iterable[Blob]: ...

    def purges(self) -> Iterable[bytes]: ...


class Header(msgspec.Struct, frozen=True):
    """The first line of a pack."""

    record: str
    project: str
    log: Log
    frontier: tuple[Known, ...]
    selection: Selection
    entries: int
    blobs: int
    digest: str
    about: About = _NOTHING
    server: Reading | None = None


class _Line(msgspec.Struct, frozen=True):
    blob: str
    media: str
    text: str | None = None
    base64: str | None = None


def stub(digest: str, entry: dict[str, Any]) -> bytes:
    """The line of an entry whose content was purged: its digest, and the fields that were kept."""
    return encode({"digest": digest, "entry": entry, "purged": True})


def encode_pack(pack: Pack) -> bytes:
    """The text of a pack."""
    lines = [*pack.entries, *(blob_line(blob) for blob in pack.blobs)]
    content = b"".join(line + b"\n" for line in lines)
    header = head_fields(pack, len(pack.entries), len(pack.blobs))
    return encode(header | {"digest": _digest(header, content)}) + b"\n" + content


def head_fields(pack: Pack, entries: int, blobs: int) -> dict[str, Any]:
    """The header of a pack with so many lines of each sort, without its digest."""
    server = {} if pack.server is None else {"server": pack.server}
    return server | {
        "schema": PACK,
        "record": pack.record,
        "project": pack.project,
        "log": pack.log,
        "frontier": sorted(pack.frontier),
        "selection": pack.selection,
        "about": pack.about,
        "entries": entries,
        "blobs": blobs,
    }


def _digest(header: dict[str, Any], content: bytes) -> str:
    """SHA-256 of the header without this digest, a line feed, and all that follows it."""
    return sha256(encode(header) + b"\n" + content)


def blob_line(blob: Blob) -> bytes:
    """The line of a piece of evidence."""
    try:
        said = {"text": blob.data.decode()}
    except UnicodeDecodeError:
        said = {"base64": base64.b64encode(blob.data).decode()}
    return encode({"blob": blob.digest, "media": blob.media} | said)


def decode_pack(data: bytes, where: str) -> Pack:
    """The pack of a text; ``UsageError`` says what is wrong with it, naming the file ``where``."""
    first, _, content = data.partition(b"\n")
    said, header = read_header(first, where)
    if _digest(said, content) != header.digest:
        raise changed_or_cut(where)
    lines = content.split(b"\n")[:-1]
    entries, blobs = header.entries, header.blobs
    if min(entries, blobs) < 0 or len(lines) != entries + blobs:
        raise unreadable(where, "its head names another number of lines")
    return Pack(
        header.record,
        header.project,
        header.log,
        header.frontier,
        header.selection,
        tuple(lines[:entries]),
        tuple(read_blob(line, where) for line in lines[entries:]),
        header.about,
        header.digest,
        header.server,
    )


def read_log(first: bytes) -> tuple[str, Log] | None:
    """Of which record a pack is by its first line, and the end of the ledger that it names.

    ``None`` where the line belongs to no pack.
    """
    try:
        _, header = read_header(first, "")
    except UsageError:
        return None
    return header.record, header.log


def read_header(first: bytes, where: str) -> tuple[dict[str, Any], Header]:
    """The header as its digest covers it, and read."""
    try:
        if len(first) > _MAX_HEADER:
            raise ValueError
        said = msgspec.json.decode(first, type=dict[str, Any])
        if said.get("schema") != PACK:
            raise unreadable(where, "it does not say that it is a pack of this version")
        header = msgspec.json.decode(first, type=Header)
        if header.selection.name not in (ALL, SINCE, EXCERPT):
            raise unreadable(where, "it was made by a newer workbench")
        if encode(said) != first:
            raise ValueError
        del said["digest"]
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
        raise unreadable(where, "its head cannot be read") from error
    return said, header


def read_blob(line: bytes, where: str) -> Blob:
    """The evidence of a line; ``UsageError`` where it is none."""
    try:
        read = msgspec.json.decode(line, type=_Line)
        data = (
            read.text.encode()
            if read.text is not None
            else base64.b64decode(read.base64 or "", validate=True)
        )
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise unreadable(where, "a piece of evidence in it cannot be read") from error
    if not _HEX.match(read.blob) or sha256(data) != read.blob:
        raise unreadable(where, "a piece of evidence in it does not have its digest")
    return Blob(read.blob, read.media, data)


def changed_or_cut(where: str) -> UsageError:
    """What is said of a pack whose digest is not that of its text."""
    return UsageError(
        f"{where} was changed or cut: its digest is not that in its head",
        hint="have it made again; a pack is never edited",
    )


def unreadable(where: str, why: str) -> UsageError:
    """What is said of a file that is no pack."""
    return UsageError(
        f"{where} is no pack that can be read: {why}", hint="was it cut, or is it another file?"
    )
