"""Content that was purged from a record, in the packs and the evidence at the server: found, and blanked by a keeper.

A pack keeps its number, digest and chain, so that all that follows can still be checked; it says that it was purged.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator

import msgspec

from workbench.mailbox.mail import SCHEMA, Lies, Mail, read_mail
from workbench.mailbox.server import Server, ServerPack
from workbench.model.canonical import encode
from workbench.record.ledger import entry_digest
from workbench.record.purging import Gone

_HOLDING = (
    "SELECT DISTINCT p.number FROM workbench.pack p JOIN unnest(%s::text[], %s::bigint[]) AS w(writer, place) "
    "ON p.writer = w.writer AND w.place BETWEEN p.first AND p.last WHERE p.record = %s ORDER BY p.number"
)


class _Line(msgspec.Struct, frozen=True):
    blob: str = ""


def packs_with(server: Server, record: str, places: Collection[tuple[str, int]]) -> tuple[int, ...]:
    """The numbers of the packs that hold these entries: a desk's, by their numbers there."""
    writers, numbers = [writer for writer, _ in places], [place for _, place in places]
    with server.told() as connection:
        rows = connection.execute(_HOLDING, (writers, numbers, record)).fetchall()
    return tuple(row[0] for row in rows)


def packs_numbered(server: Server, record: str, numbers: Iterable[int]) -> Iterator[ServerPack]:
    """These packs, one by one."""
    for number in numbers:
        yield from server.packs(record, number - 1, 1)


def cleaned(pack: ServerPack, gone: Gone) -> bytes | None:
    """The content that a pack has without what was purged; ``None`` where it holds none of that.

    A pack that cannot be opened at all is left as it is: desks refuse it.
    """
    try:
        mail = read_mail(pack.content)
    except Lies:
        return None
    entries = tuple(gone.entries.get(entry_digest(line).hex(), line) for line in mail.entries)
    blobs = tuple(line for line in mail.blob_lines if _blob(line) not in gone.evidence)
    if entries == mail.entries and blobs == mail.blob_lines:
        return None
    return _content(mail, entries, blobs)


def _blob(line: bytes) -> str:
    try:
        return msgspec.json.decode(line, type=_Line).blob
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ""


def _content(mail: Mail, entries: Iterable[bytes], blobs: Collection[bytes]) -> bytes:
    head = msgspec.structs.replace(mail.head, blobs=len(blobs))
    first = encode({"schema": SCHEMA} | msgspec.to_builtins(head))
    return zlib.compress(b"".join(line + b"\n" for line in (first, *entries, *blobs)), 6)


def blank_pack(server: Server, record: str, number: int, content: bytes) -> None:
    """Puts this content in the place of a pack's; ``NotAllowed`` for whoever is no keeper."""
    with server.told() as connection:
        connection.execute("SELECT workbench.purge_pack(%s, %s, %b)", (record, number, content))


def blank_evidence(server: Server, record: str, digest: str) -> None:
    """Empties a piece of evidence; ``NotAllowed`` for whoever is no keeper."""
    with server.told() as connection:
        connection.execute("SELECT workbench.purge_evidence(%s, %s)", (record, digest))


def keeps(server: Server, record: str) -> bool:
    """Whether the role that is connected is a keeper of this record."""
    with server.told() as connection:
        sql = "SELECT EXISTS (SELECT FROM workbench.mine m WHERE m.record = %s AND m.keeps)"
        return bool(connection.execute(sql, (record,)).fetchone()[0])
