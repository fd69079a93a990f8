"""Laying a new record from entries that exist already: from a whole pack, or from what can be read of a damaged file.

The ledger comes first, in the order in which it stood, so that its chain is the one that was known; the
tables follow from it, as they always do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from workbench.model.errors import UsageError
from workbench.record import aside, desks, evidence, graph, layout, purging, schema
from workbench.record.connection import connect, write_transaction
from workbench.record.incoming import Bad, read_line
from workbench.record.ledger import (
    APPEND,
    DESK,
    GENESIS_CHAIN,
    PURGE,
    RECORD,
    RESERVED,
    Body,
    next_chain,
    parents,
    unhex,
)
from workbench.record.order import WAITING, seal_received
from workbench.record.pack_files import PackFile
from workbench.record.packs import ALL
from workbench.record.projection import Table
from workbench.record.shapes import Aside, Head
from workbench.record.taking import RECEIVE

_DESK_MARK = b'"entity":"desk"'
_EVER = 2**62


class Laid(msgspec.Struct, frozen=True):
    """An entry for the ledger; ``data`` is empty where it was purged, ``received_at`` where it was written here."""

    digest: bytes
    body: Body
    data: bytes
    received_at: str = ""


def lay(
    path: Path,
    tables: Mapping[str, Table],
    entries: Iterable[Laid],
    blobs: Callable[[], Iterable[evidence.Row]],
    desk: str,
    kept_aside: Iterable[aside.Row] = (),
) -> Head:
    """Lays a record in the empty file ``path``; its end.  ``blobs`` is asked once the entries are there."""
    connection = connect(path, "rwc")
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        with write_transaction(connection, path):
            layout.create_core(connection)
            for table in tables.values():
                layout.create(connection, layout.projected(table))
            head, several, named, purges = _ledger(connection, entries)
            evidence.keep(connection, [evidence.absent(digest) for digest in named])
            kept = list(kept_aside)
            wanted = named.keys() | {
                digest for row in kept if row[4] == WAITING for digest in aside.blobs_of(row[3])
            }
            for row in blobs():
                if row[0] in wanted:
                    evidence.keep(connection, [row])
            for purge in purges:
                purging.remove_evidence(connection, purge)
            connection.executemany(
                "INSERT OR IGNORE INTO waiting (digest, desk, desk_seq, body, state, why, received_at, stored) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                kept,
            )
            for key, latest in several.items():
                graph.note_several(connection, key, latest)
            for table in tables.values():
                graph.rebuild(connection, table)
            for key in several.keys() - {(name, id) for name, id in several if name in tables}:
                graph.settle(connection, None, key)
            schema.set_meta(connection, desks.OWN, desk)
            schema.set_meta(connection, schema.PROJECTIONS, schema.projections_text(tables))
    finally:
        connection.close()
    return head


def _ledger(
    connection: sqlite3.Connection, entries: Iterable[Laid]
) -> tuple[Head, dict[graph.Key, list[str]], dict[str, None], list[purging.Purged]]:
    """Writes the entries; the end, the things with several latest entries, the evidence that is named, and what was purged of it."""
    seq, chain, digest = 0, GENESIS_CHAIN, b""
    latest: dict[graph.Key, dict[str, None]] = {}
    named: dict[str, None] = {}
    purges: list[purging.Purged] = []
    for entry in entries:
        body, digest = entry.body, entry.digest
        seq, chain = seq + 1, next_chain(chain, digest)
        connection.execute(
            APPEND, (seq, body.entity, body.id, body.verb, body.change_id, entry.data, digest, chain)
        )
        if entry.received_at:
            place = (seq, body.desk, body.desk_seq, body.recorded_at, entry.received_at)
            connection.execute(RECEIVE, (*place, seal_received(place)))
        named.update(dict.fromkeys(body.blobs or ()))
        if body.entity == PURGE and entry.data:
            purged = msgspec.json.decode(body.value, type=purging.Purged)
            purges += [purged] if purged.entry is None else []
        if body.entity in RESERVED:
            continue
        heads = latest.setdefault((body.entity, body.id), {})
        for parent in parents(body):
            heads.pop(parent, None)
        heads[digest.hex()] = None
    several = {key: list(heads) for key, heads in latest.items() if len(heads) > 1}
    return Head(seq, digest.hex(), chain.hex()), several, named, purges


def lay_pack(path: Path, tables: Mapping[str, Table], pack: PackFile, now: str) -> Head:
    """Lays the record of a whole pack, with the ledger's order and chain of the desk that made it.

    ``UsageError`` where the pack is not whole.  What that desk had from others is received here, too.
    """
    if pack.selection.name != ALL:
        raise UsageError(
            "this pack does not hold the whole record, so nothing can be begun with it",
            hint="ask for a whole one: workbench exchange --to FILE, without --for and --since",
        )
    log = pack.header.log
    reach = _own_reach(pack)

    def entries() -> Iterator[Laid]:
        for number, line in enumerate(pack.entries, 1):
            try:
                came = read_line(line)
            except Bad as bad:
                raise UsageError(f"entry {number} of this pack cannot be begun with: {bad}") from None
            if number == 1 and (came.body.entity != RECORD or came.body.id != pack.record):
                raise UsageError("this pack does not begin with the beginning of its record")
            own = came.body.desk_seq <= reach.get(came.body.desk, 0)
            yield Laid(unhex(came.digest), came.body, came.data, "" if own else now)

    def blobs() -> Iterator[evidence.Row]:
        return (evidence.pack(blob) for blob in pack.blobs if len(blob.data) <= evidence.MAX_BLOB)

    head = lay(path, tables, entries(), blobs, log.desk)
    if head != Head(log.size, log.digest, log.chain):
        raise UsageError(
            "this pack is not whole: its entries do not make the ledger that its head names",
            hint="ask for it again: workbench exchange --to FILE",
        )
    return head


def told(pack: PackFile, tables: Mapping[str, Table]) -> Iterator[Aside]:
    """The entries of a pack for people; what cannot be read is left out."""
    for line in pack.entries:
        with suppress(Bad):
            came = read_line(line)
            yield aside.told_body(came.digest, came.body, tables)


def _own_reach(pack: PackFile) -> dict[str, int]:
    """How far the entries of each desk were written to the file that the pack was made from; others were received.

    A file was one desk after another: each says what it followed.
    """
    follows = {}
    for line in pack.entries:
        if _DESK_MARK in line:
            try:
                body = read_line(line).body
                if body.entity == DESK and (known := desks.followed(body)) is not None:
                    follows[body.desk] = known
            except (Bad, msgspec.MsgspecError):
                continue
    desk, reach = pack.header.log.desk, {pack.header.log.desk: _EVER}
    while (known := follows.get(desk)) is not None and known.desk not in reach:
        desk = known.desk
        reach[desk] = known.desk_seq
    return reach
