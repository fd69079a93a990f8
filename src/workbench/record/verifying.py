"""Is the record what its ledger says?  One pass over the ledger beside its projected tables.

A projected row carries the ``seq`` of its entity's latest entry, so ledger and tables are
read in the same order and nothing is decoded twice or kept in memory but the ids.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Thread
from typing import Any

import msgspec

from workbench.model.errors import RecordError
from workbench.model.text import number_of, safe_text
from workbench.record import aside, desks, evidence, file_notes, graph, objects, schema
from workbench.record.connection import ODD_VALUES
from workbench.record.ledger import (
    DESK,
    DIGEST_PREFIX,
    EVIDENCE,
    GENESIS_CHAIN,
    NO_VALUE,
    PURGE,
    RECORD,
    Body,
    decode_body,
)
from workbench.record.order import Order, Wrong, stands_where_it_may
from workbench.record.projection import FanOutTable, Table
from workbench.record.shapes import Aside, Contested, Head, Info, Report

Row = tuple[Any, ...]
_sha256 = hashlib.sha256
LEDGER = "SELECT seq, entity, id, verb, change_id, body, digest, chain FROM ledger ORDER BY seq"


class Rows:
    """The rows of one table in order, one ahead."""

    def __init__(self, connection: sqlite3.Connection, name: str, sql: str) -> None:
        self.name = name
        self.taken = 0
        try:
            self._cursor: Iterator[tuple[Any, ...]] = connection.execute(sql)
        except sqlite3.Error as error:
            raise Wrong(f"the table {name} cannot be read: {error}") from error
        self.next: tuple[Any, ...] | None = None
        self._step()

    def take(self) -> tuple[Any, ...] | None:
        """The next row, or ``None`` at the end."""
        row = self.next
        if row is not None:
            self.taken += 1
            self._step()
        return row

    def _step(self) -> None:
        try:
            self.next = next(self._cursor, None)
        except sqlite3.Error as error:
            raise Wrong(f"the table {self.name} is damaged after row {self.taken}: {error}") from error


class Comparison:
    """One entity kind's tables against the entries that they follow from."""

    def __init__(self, connection: sqlite3.Connection, table: Table, several: frozenset[str]) -> None:
        self.table = table
        self.newer: set[str] = set()
        self._connection = connection
        self._several = several
        self.rows = Rows(connection, table.name, table.select)
        self.fans: list[tuple[FanOutTable, Rows]] = [
            (fan, Rows(connection, fan.name, fan.select)) for fan in table.fan_out
        ]
        self.live: dict[str, int] = {}
        self.matched: dict[str, int] = {}
        self.fan_problem: str | None = None

    def entry(self, seq: int, digest: str, body: Body) -> None:
        """Takes in one entry; compares the row that says it was made by this entry."""
        if body.id in self._several:
            self._entry_of_several(seq, body.id)
            return
        if body.value_version > self.table.kind.version:
            self.newer.add(body.id)
            return
        if body.value is NO_VALUE:
            self.live.pop(body.id, None)
        else:
            self.live[body.id] = seq
        row = self.rows.next
        if row is None or row[0] != seq:
            return
        self.rows.take()
        if body.value is NO_VALUE:
            raise Wrong(f"the table {self.table.name} still holds “{body.id}”, removed by entry {seq}")
        raw, value = self.table.lifted(body)
        if row != self.table.row(seq, digest, body, raw, value):
            raise Wrong(f"the row “{body.id}” of the table {self.table.name} is not what entry {seq} says")
        self.matched[body.id] = seq
        if self.fans and self.fan_problem is None:
            self._compare_fans(seq, body.id, value or {})

    def _entry_of_several(self, seq: int, id: str) -> None:
        """The same for a thing of which there are several versions: its last entry brought its row."""
        row = self.rows.next
        if row is None or row[0] != seq:
            return
        self.rows.take()
        stands = graph.standing(self._connection, self.table, id)
        if stands is None or row != stands.row(self.table):
            raise Wrong(f"the row “{id}” of the table {self.table.name} is not what its entries say")
        self.matched[id] = self.live[id] = seq
        for fan, _ in self.fans:
            found = self._connection.execute(fan.select_one, (id,)).fetchall()
            if found != fan.rows(id, stands.value or {}):
                raise Wrong(f"the rows of “{id}” in the table {fan.name} are not what its entries say")

    def _pass_several(self) -> None:
        """Leaves out rows that stand where a later entry put them."""
        if self._several:
            for _, rows in self.fans:
                while rows.next is not None and rows.next[0] in self._several:
                    rows.take()

    def _compare_fans(self, seq: int, id: str, value: dict[str, Any]) -> None:
        """Kept, not raised: a row that is missing in the main table is the better word."""
        for fan, rows in self.fans:
            for expected in fan.rows(id, value):
                self._pass_several()
                if rows.take() != expected:
                    self.fan_problem = (
                        f"the rows of “{id}” in the table {fan.name} are not what entry {seq} says"
                    )
                    return

    def finish(self) -> int:
        """Nothing may be missing or left over; returns the number of rows compared."""
        self._pass_several()
        for id in self._several - self.matched.keys():
            stands = graph.standing(self._connection, self.table, id)
            if stands is not None and stands.value is not None:
                raise Wrong(f"the table {self.table.name} lacks the row “{id}”")
        extra = self.rows.next
        if extra is not None:
            raise Wrong(
                f"the row “{extra[1]}” (seq {extra[0]}) of the table {self.table.name} "
                "does not follow from the ledger"
            )
        if self.matched != self.live:
            for id, seq in self.live.items():
                if id not in self.matched:
                    raise Wrong(f"the table {self.table.name} lacks the row “{id}” that entry {seq} made")
            id = next(i for i, seq in self.matched.items() if self.live.get(i) != seq)
            raise Wrong(f"the row “{id}” of the table {self.table.name} is older than the ledger")
        if self.fan_problem is not None:
            raise Wrong(self.fan_problem)
        for fan, rows in self.fans:
            if rows.next is not None:
                raise Wrong(f"the table {fan.name} has a row of “{rows.next[0]}” too many")
        return self.rows.taken + sum(rows.taken for _, rows in self.fans)


class Ledger:
    """One pass over the ledger: what each entry has to continue, and what is left behind at the end."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        info: Info,
        compared: Mapping[str, Comparison],
        heads: Iterable[Head],
    ) -> None:
        self.count = 0
        self.digest = b""
        self.chain = GENESIS_CHAIN
        self.order = Order(connection, info)
        self.blobs: set[str] = set()
        self.own_blobs: set[str] = set()
        self.emptied: set[str] = set()
        self.purged: set[str] = set()
        self.unknown: set[str] = set()
        self._connection = connection
        self._info = info
        self._compared = compared
        self._heads: dict[int, list[Head]] = {}
        for head in heads:
            self._heads.setdefault(head.seq, []).append(head)

    def read(self) -> None:
        """Every entry in order; ``Wrong`` names the first that cannot be where or what it is."""
        try:
            for row in self._connection.execute(LEDGER):
                self._take(row)
        except sqlite3.Error as error:
            raise Wrong(f"entry {self.count + 1} of the ledger cannot be read: {error}") from error

    def _take(self, row: Row) -> None:
        """One entry: its bytes have its digest, which continues the chain, and it is where it may be."""
        seq, entity, id, verb, change_id, data, stored_digest, stored_chain = row
        if seq != self.count + 1:
            raise Wrong(f"entry {self.count + 1} of the ledger is missing: the next one is {seq}")
        if data and _sha256(DIGEST_PREFIX + data).digest() != stored_digest:
            raise Wrong(f"{_name(row)} was changed: its content does not have its digest")
        chain = _sha256(self.chain + stored_digest).digest()
        if chain != stored_chain:
            raise Wrong(f"{_name(row)} does not continue the chain of the entries before it")
        self.count, self.digest, self.chain = seq, stored_digest, chain
        digest = stored_digest.hex()
        try:
            body = decode_body(data) if data else self._emptied(row, digest)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Wrong(f"{_name(row)} cannot be read: {error}") from error
        if entity != body.entity or id != body.id or verb != body.verb or change_id != body.change_id:
            raise Wrong(f"{_name(row)} has columns that differ from its content")
        wrong = self.order.take(self.count, body, digest)
        if wrong is not None:
            raise Wrong(f"{_name(row)} {wrong}")
        if self.count in self._heads:
            _compare_entry(row, self.digest, self.chain, self._heads[self.count])
        if body.blobs:
            self.blobs.update(body.blobs)
            if not self.order.is_received:
                self.own_blobs.update(body.blobs)
        comparison = self._compared.get(body.entity)
        if comparison is not None:
            comparison.entry(self.count, digest, body)
        else:
            self._note_other(row, body)

    def _emptied(self, row: Row, digest: str) -> Body:
        """The body of an entry that was purged: what its purge kept of it."""
        try:
            body, _ = graph.read_entry(self._connection, row[0], digest, b"")
        except (RecordError, msgspec.MsgspecError, AttributeError) as error:
            raise Wrong(f"{_name(row)} is empty, but no entry says that it was purged") from error
        self.emptied.add(digest)
        return body

    def _note_other(self, row: Row, body: Body) -> None:
        """Entries of the record itself, and of kinds that this version does not know."""
        info = self._info
        if (row[0] == 1 and body.entity != RECORD) or not stands_where_it_may(body, row[0]):
            raise Wrong(f"{_name(row)} stands where it cannot stand: only the first entry begins a record")
        if body.entity == RECORD and body.id != info.record_id:
            raise Wrong(f"{_name(row)} belongs to another record")
        if body.entity == PURGE:
            self.purged.add(body.id)
        elif body.entity not in (RECORD, DESK, EVIDENCE):
            self.unknown.add(body.entity)


def verify(
    connection: sqlite3.Connection,
    tables: Mapping[str, Table],
    info: Info,
    heads: tuple[Head, ...],
    with_blobs: bool,
    open_reader: Callable[[], sqlite3.Connection],
) -> Report:
    """Checks the whole record as one other process cannot change meanwhile.

    ``open_reader`` gives a further connection to the same file, for SQLite's own check.
    """
    integrity = Integrity(open_reader)
    compared: dict[str, Comparison] = {}
    rows = blobs = 0
    notes: list[str] = []
    problem = None
    contested: tuple[Contested, ...] = ()
    waiting: tuple[Aside, ...] = ()
    quarantined: tuple[Aside, ...] = ()
    ledger: Ledger | None = None
    connection.execute("BEGIN")
    try:
        ledger = Ledger(connection, info, compared, heads)
        several = graph.branched(connection)
        for name, table in tables.items():
            ids = frozenset(id for entity, id in several if entity == name)
            compared[name] = Comparison(connection, table, ids)
        ledger.read()
        _compare_heads(ledger, heads)
        rows = sum(comparison.finish() for comparison in compared.values())
        newer = {(name, id) for name, comparison in compared.items() for id in comparison.newer}
        ledger.order.finish(tables, several | newer)
        _check_meta(connection, tables, ledger.order.local, notes)
        integrity.finish()
        waiting, quarantined = aside.check(connection, tables)
        blobs = _check_blobs(connection, ledger, with_blobs, notes)
        contested = graph.contested(connection, tables)
    except Wrong as error:
        problem = str(error)
    except RecordError as error:
        problem = error.what
    except sqlite3.Error as error:
        problem = f"the file is damaged: {error}"
    except ODD_VALUES as error:
        problem = f"something that is stored cannot be read: {safe_text(str(error), 200)}"
    finally:
        integrity.wait()
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    if ledger is None:
        return Report(False, 0, 0, 0, problem)
    head = Head(ledger.count, ledger.digest.hex(), ledger.chain.hex()) if ledger.count else None
    notes += [f"entries about “{name}” come from a newer workbench" for name in sorted(ledger.unknown)]
    notes += ledger.order.notes()
    return Report(
        problem is None, ledger.count, rows, blobs, problem, head, tuple(notes),
        desks=ledger.order.told(), contested=contested, waiting=waiting, quarantined=quarantined,
    )  # fmt: skip


def _name(row: Row) -> str:
    return f"entry {row[0]} of the ledger ({row[1]} “{row[2]}”, {row[3]})"


def _compare_entry(row: Row, digest: bytes, chain: bytes, heads: Iterable[Head]) -> None:
    for head in heads:
        if head.chain != chain.hex() or head.digest != digest.hex():
            raise Wrong(
                f"{_name(row)} is not the one that was noted outside the record: "
                "the ledger was rewritten at or before it, or this is another copy that went on separately"
            )


def _compare_heads(ledger: Ledger, heads: Iterable[Head]) -> None:
    """A head that lies beyond the end was cut off; one before the start was never there."""
    for head in heads:
        if head.seq > ledger.count:
            raise Wrong(
                f"the ledger ends at entry {ledger.count}, but entry {head.seq} was noted outside the record: "
                "its tail was cut, or this is an older copy"
            )
        if head.seq < 1:
            raise Wrong(f"a head noted outside the record names entry {head.seq}, which cannot be")


def _check_meta(
    connection: sqlite3.Connection, tables: Mapping[str, Table], desk: str, notes: list[str]
) -> None:
    """The notes about the file, and that it holds no table, view or trigger that nobody knows."""
    unknown = {k: v for k, v in schema.stored_projections(connection).items() if k not in tables}
    expected = {desks.OWN: desk, schema.PROJECTIONS: schema.projections_text(tables, unknown)}
    found = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    if not desks.sound(found.pop(desks.HOME, None)):
        raise Wrong(f"the note “{desks.HOME}” in the table meta was changed")
    for key in [key for key in found if key.startswith(file_notes.KEY)]:
        if not file_notes.sound(key, found.pop(key)):
            raise Wrong(f"the note “{key}” in the table meta was changed")
    for key in sorted(expected.keys() | found.keys()):
        if expected.get(key) != found.get(key):
            raise Wrong(f"the note “{key}” in the table meta is not what this record must have")
    if problem := objects.first_difference(connection, tables):
        raise Wrong(problem)
    for name, claimed in objects.unknown_kinds(connection, tables).items():
        if problem := objects.newer_kind(connection, name, claimed):
            raise Wrong(problem)
        notes.append(f"the tables of “{name}” were not compared: a newer workbench made them")


class Integrity:
    """SQLite's own look at every page, beside ours: rows that an index hides, pages lost or used twice.

    On a connection of its own in a thread of its own: SQLite lets the interpreter go on meanwhile.
    """

    def __init__(self, open_reader: Callable[[], sqlite3.Connection]) -> None:
        self._open = open_reader
        self._found: list[str] = []
        self._thread = Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        try:
            connection = self._open()
            try:
                self._found += [text for (text,) in connection.execute("PRAGMA integrity_check(1)")]
            finally:
                connection.close()
        except (sqlite3.Error, ValueError) as error:  # its words may hold bytes that are no text
            self._found.append(str(error))

    def wait(self) -> None:
        """Waits for the end of it."""
        self._thread.join()

    def finish(self) -> None:
        """The same; ``Wrong`` where SQLite found something."""
        self.wait()
        if self._found != ["ok"]:
            raise Wrong(f"SQLite finds the file damaged: {safe_text(' '.join(self._found))}")


def _check_blobs(connection: sqlite3.Connection, ledger: Ledger, with_content: bool, notes: list[str]) -> int:
    """Every blob that an entry brought along is there, unharmed, and no other."""
    missing = set(ledger.blobs)
    purged = absent = count = 0
    waiting = aside.named_blobs(connection)
    columns = evidence.COLUMNS if with_content else "digest"
    cursor = connection.execute(f"SELECT {columns} FROM blobs")
    while True:
        try:
            row = cursor.fetchone()
        except sqlite3.Error as error:
            raise Wrong(f"the table blobs is damaged after row {count}: {error}") from error
        if row is None:
            break
        count += 1
        digest = row[0]
        if digest not in ledger.blobs and digest not in waiting and digest not in ledger.purged:
            raise Wrong(f"the evidence {digest[:12]} does not belong to any entry of the ledger")
        missing.discard(digest)
        if with_content:
            if row[2] == evidence.ABSENT and digest in ledger.own_blobs:
                raise Wrong(f"the evidence {digest[:12]} is missing")
            blob = evidence.unpack(row)
            absent += blob.absent
            gone = blob.purged
            if gone != (digest in ledger.purged):
                raise Wrong(
                    f"the evidence {digest[:12]} is gone, but no entry says so"
                    if gone
                    else f"the evidence {digest[:12]} is there, but an entry says that it was purged"
                )
            purged += gone
    if missing:
        raise Wrong(f"the evidence {min(missing)[:12]} is missing")
    if absent:
        notes.append(f"{number_of(absent, 'piece')} of evidence stayed at another desk")
    if ledger.emptied:
        count_of = len(ledger.emptied)
        notes.append(
            f"the content of {count_of} entr{'ies' if count_of > 1 else 'y'} purged, as the ledger says"
        )
    if purged:
        notes.append(f"{number_of(purged, 'piece')} of evidence purged, as the ledger says")
    return count
