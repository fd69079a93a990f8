"""Making a pack of a record, and a record for one judgement of an excerpt."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from workbench.model.errors import UsageError
from workbench.model.times import from_text
from workbench.record import desks, evidence, graph, pack_files, schema
from workbench.record.incoming import MISTAKES, Bad, read_line
from workbench.record.ledger import (
    APPEND,
    GENESIS_CHAIN,
    NO_VALUE,
    RECORD,
    Body,
    next_chain,
    read_body,
    unhex,
)
from workbench.record.order import seal_received
from workbench.record.packs import EXCERPT, SINCE, About, Log, Pack, Reading, Selection, stub
from workbench.record.projection import LATEST_ENTRIES, Table, decode_value
from workbench.record.shapes import Blob, Info
from workbench.record.taking import RECEIVE

_ALL = "SELECT seq, digest, body FROM ledger ORDER BY seq"
_OF = "SELECT seq, digest, body FROM ledger WHERE entity = ? AND id = ? ORDER BY seq"
_Entry = tuple[int, bytes, bytes]


def make(
    connection: sqlite3.Connection,
    tables: Mapping[str, Table],
    info: Info,
    selection: Selection,
    about: About,
    beside: Iterable[str] = (),
    whole: Collection[graph.Key] = (),
) -> Pack:
    """A pack of these entries, in the ledger's order, with the evidence that they name.

    An excerpt takes the evidence ``beside`` along, too: what is judged from, and named within a value; and
    every entry of the things in ``whole``, not their latest alone.
    """
    with _one_state(connection):
        head = _head(connection, info, selection, about)
        if selection.name == EXCERPT:
            lines, named = _excerpt(connection, tables, whole)
            documents: Iterable[str] = dict.fromkeys([*named, *beside])
        else:
            named_by_entries: dict[str, None] = {}
            lines = list(_since(connection, selection, named_by_entries))
            documents = named_by_entries
        blobs = tuple(_blobs(connection, documents))
    return msgspec.structs.replace(head, entries=tuple(lines), blobs=blobs)


def write(
    connection: sqlite3.Connection,
    info: Info,
    selection: Selection,
    about: About,
    to: Path,
    server: Reading | None = None,
) -> pack_files.Written:
    """The same written to a file line by line, for another desk; ``OSError`` where it cannot be."""
    with _one_state(connection):
        named: dict[str, None] = {}
        return pack_files.write(
            to,
            msgspec.structs.replace(_head(connection, info, selection, about), server=server),
            _since(connection, selection, named),
            _blobs(connection, named),
        )


@contextmanager
def _one_state(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read is of one moment."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _head(connection: sqlite3.Connection, info: Info, selection: Selection, about: About) -> Pack:
    """A pack without its lines."""
    end = connection.execute("SELECT seq, digest, chain FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
    log = Log(info.desk, end[0], end[1].hex(), end[2].hex())
    frontier = tuple(sorted(desks.frontier(connection).values()))
    return Pack(info.record_id, info.project, log, frontier, selection, (), (), about)


def _since(
    connection: sqlite3.Connection, selection: Selection, documents: dict[str, None]
) -> Iterator[bytes]:
    """The entries beyond the frontier of a selection, one by one; notes the evidence that they name."""
    known = {one.desk: one.desk_seq for one in selection.frontier} if selection.name == SINCE else {}
    for seq, digest, data in connection.execute(_ALL):
        body, purged = graph.read_entry(connection, seq, digest.hex(), data)
        if body.desk_seq > known.get(body.desk, 0):
            documents.update(dict.fromkeys(body.blobs or ()))
            yield _stub(connection, seq, digest) if purged else data


def _excerpt(
    connection: sqlite3.Connection, tables: Mapping[str, Table], whole: Collection[graph.Key]
) -> tuple[list[bytes], Iterable[str]]:
    """The record's first entry, and what is present of the kinds that are judged from."""
    first = connection.execute(f"{_ALL} LIMIT 1").fetchone()
    found: dict[int, bytes] = {first[0]: first[2]}
    named: dict[int, list[str]] = {}
    several = {*graph.branched(connection), *whole}
    for name, table in tables.items():
        if not table.kind.excerpt:
            continue
        for seq, digest, data in connection.execute(LATEST_ENTRIES, (name,)).fetchall():
            body = read_body(seq, data)
            entries: Iterable[_Entry] = [(seq, digest, data)]
            if (name, body.id) in several:
                entries = connection.execute(_OF, (name, body.id)).fetchall()
            elif body.value is NO_VALUE:
                continue
            for place, entry_digest, line in entries:
                read, purged = graph.read_entry(connection, place, entry_digest.hex(), line)
                found[place] = _stub(connection, place, entry_digest) if purged else line
                named[place] = list(_named(table, read))
    documents = (digest for seq in sorted(named) for digest in named[seq])
    return [found[seq] for seq in sorted(found)], dict.fromkeys(documents)


def _stub(connection: sqlite3.Connection, seq: int, digest: bytes) -> bytes:
    """The line of an entry whose content was purged."""
    return stub(digest.hex(), graph.kept_of(connection, seq, digest.hex()))


def _named(table: Table, body: Body) -> Iterator[str]:
    """The documents that a value names."""
    if body.value is NO_VALUE or not table.kind.documents:
        return
    value = decode_value(body.value)
    yield from (value[field] for field in table.kind.documents if isinstance(value.get(field), str))


def _blobs(connection: sqlite3.Connection, digests: Iterable[str]) -> Iterator[Blob]:
    """The evidence of these digests, in the order in which entries name them."""
    for digest in digests:
        row = evidence.find(connection, digest)
        blob = evidence.unpack(row) if row is not None else None
        if blob is not None and not blob.purged and not blob.absent:
            yield blob


class Entry(msgspec.Struct, frozen=True):
    """An entry of an excerpt, in its place."""

    seq: int
    digest: str
    body: Body


def lay_excerpt(connection: sqlite3.Connection, tables: Mapping[str, Table], pack: Pack) -> None:
    """Inside a write transaction: tables for one judgement, filled from an excerpt.

    ``UsageError`` where an entry of it cannot be read or be judged from.
    """
    seq, chain, keys = 0, GENESIS_CHAIN, dict[graph.Key, list[Entry]]()
    for line in pack.entries:
        try:
            came = read_line(line)
            _check(tables, came.body, first=seq == 0, pack=pack)
        except (Bad, *MISTAKES) as error:
            raise UsageError(
                f"entry {seq + 1} of it cannot be judged from: {error}",
                hint="was it made by a newer workbench? make it again with workbench excerpt",
            ) from error
        body = came.body
        seq, chain = seq + 1, next_chain(chain, unhex(came.digest))
        row = (seq, body.entity, body.id, body.verb, body.change_id, came.data, unhex(came.digest), chain)
        connection.execute(APPEND, row)
        if seq == 1:
            schema.set_meta(connection, desks.OWN, body.desk)
        else:
            place = (seq, body.desk, body.desk_seq, body.recorded_at, body.recorded_at)
            connection.execute(RECEIVE, (*place, seal_received(place)))
            keys.setdefault((body.entity, body.id), []).append(Entry(seq, came.digest, body))
    if not keys:
        raise UsageError("it holds nothing to judge", hint="make it again with workbench excerpt")
    evidence.keep(connection, [evidence.pack(blob) for blob in pack.blobs])
    for key, entries in keys.items():
        table = tables[key[0]]
        if len(entries) == 1 and entries[0].body.value_version <= table.kind.version:
            table.project(connection, entries[0].seq, entries[0].digest, entries[0].body)
        else:
            graph.settle(connection, table, key)


def _check(tables: Mapping[str, Table], body: Body, *, first: bool, pack: Pack) -> None:
    from_text(body.recorded_at)
    if first:
        if body.entity != RECORD or body.id != pack.record:
            raise Bad("it is not the beginning of the record")
        return
    table = tables.get(body.entity)
    if table is None or not table.kind.excerpt:
        raise Bad(f"it is about a {body.entity}, which no gate is judged from")
    if body.value is not NO_VALUE and body.value_version <= table.kind.version:
        msgspec.convert(table.value(body), table.kind.shape)
