"""Taking in a pack: each of its entries is taken, waits for another one, or is quarantined.

What is taken depends on the entries alone, not on the order in which they come: an entry follows
its desk's one before and those that it was made from.  The order of arrival here is the ledger's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.model.times import from_text, to_text
from workbench.record import aside, desks, dropping, evidence, graph, purging
from workbench.record.incoming import MISTAKES, TWO_COPIES, Bad, Came, read_line
from workbench.record.ledger import (
    APPEND,
    BY_DIGEST,
    DESK,
    LATEST,
    NO_VALUE,
    PURGE,
    RECORD,
    RESERVED,
    Body,
    entry_digest,
    next_chain,
    parents,
    unhex,
)
from workbench.record.order import AHEAD, QUARANTINED, WAITING, seal_received
from workbench.record.packs import EXCERPT, Packed
from workbench.record.projection import Table, decode_value
from workbench.record.shapes import Blob, Info, Known, Taken
from workbench.record.waiting import Queues
from workbench.record.writing import Tail

RECEIVE = (
    "INSERT INTO received (seq, desk, desk_seq, recorded_at, received_at, stored) VALUES (?, ?, ?, ?, ?, ?)"
)


AS_THIS_DESK = f"it was written elsewhere in the name of this desk: {TWO_COPIES}"
Waiting = tuple[Came, str]  # an entry, and what it waits for in words


class Outcome(msgspec.Struct, frozen=True):
    """What was taken; where the ledger ends now, this desk's own end being what it was; how many bytes of entries came."""

    taken: Taken
    tail: Tail
    size: int
    any_purged: bool


class Waits(Exception):
    """What an entry waits for, in words."""


class Taking:
    """One pack on its way into the ledger, inside a write transaction."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        tables: Mapping[str, Table],
        info: Info,
        now: datetime,
        tail: Tail,
        without: frozenset[str] = frozenset(),
        *,
        brief: bool = False,
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._info = info
        self._now = now
        self._tail = tail
        self._without = without
        self._brief = brief
        self._moved: set[str] = set()  # desks of which more is here, or quarantined
        self._named: set[str] = set()  # the evidence that what was taken names
        self._received_at = to_text(now)
        own = Known(tail.desk, tail.desk_seq, tail.digest.hex())
        self._frontier = desks.frontier(connection, own)
        self._dates: dict[str, str] = {}
        self._quarantined: set[str] = set()
        self._known_bad: frozenset[str] = frozenset()
        self._bad_places: set[tuple[str, int]] = set()
        self._rows: list[aside.Row] = []
        # Of each thing the entry that is all there is to know, where there is one.
        self._touched: dict[graph.Key, tuple[int, str, Body] | None] = {}
        self._branched = set(tail.branched)
        self._taken: list[str] = []
        self._ahead: dict[str, int] = {}
        self._purges: dict[str, dict[str, Any]] = {}
        self._emptied: set[str] = set()
        self._purged: list[graph.Key] = []
        self._any_purged = False
        self._heard = tail.heard
        self._size = 0
        self._seq, self._chain = tail.seq, tail.chain

    def take(self, pack: Packed) -> Taken:
        """Takes in what can be taken, and keeps the rest aside.  The lines of the pack are never held together."""
        keys = tuple(aside.keys(self._connection))
        self._quarantined = {key.digest for key in keys if key.state == QUARANTINED}
        self._known_bad = frozenset(self._quarantined)
        self._bad_places = {(key.desk, key.desk_seq) for key in keys if key.state == QUARANTINED}
        self._queues = Queues(self._connection, keys)
        for came in (*self._all_read(self._queues.purges()), *self._readable(pack.purges())):
            if came.body.entity == PURGE and came.data:
                self._note_purge(came.body)
        left: dict[str, Waiting] = {}
        self._try_rows(self._queues.first(self._frontier), left)
        for line in pack.entries:
            for came in self._read(line):
                self._note_waiting(came.digest, left)
                self._try(came, left)
        self._try_again(left)
        for desk in sorted(self._moved):  # what the rest of these waits for may be called otherwise now
            self._try_rows(self._queues.rest(desk), left)
        if self.unvouched():
            return Taken((), (), ())  # the caller begins again without these
        earlier = self._queues.read
        aside.remove(self._connection, earlier.keys() - left.keys())
        for came, why in left.values():
            before = earlier.get(came.digest)
            if before is None or (before[3], before[5]) != (came.line, why):
                self._put_aside(came.digest, came.line, WAITING, why, came.body)
        rows = [
            aside.row_of(*row[:6], earlier[row[0]][6]) if row[0] in earlier else row for row in self._rows
        ]
        aside.keep(self._connection, rows)
        self._bring_evidence(
            pack.blobs, {blob for came, _ in left.values() for blob in came.body.blobs or ()}
        )
        for digest in earlier.keys() & self._quarantined:  # its evidence had come while it waited
            evidence.forget(self._connection, sorted(aside.blobs_of(earlier[digest][3])))
        self._settle()
        return self._told()

    def _told(self) -> Taken:
        kept = self._rows if self._brief else aside.rows(self._connection)
        waiting, quarantined = (
            tuple(aside.told(row, self._tables) for row in kept if row[4] == state)
            for state in (WAITING, QUARANTINED)
        )
        notes = tuple(
            f"entries of the desk {desk} are dated {seconds // 60} min ahead of this machine's clock"
            for desk, seconds in self._ahead.items()
        )
        new = tuple(
            digest for digest in dict.fromkeys(row[0] for row in self._rows if row[4] == QUARANTINED)
            if digest not in self._known_bad
        )  # fmt: skip
        return Taken(
            tuple(self._taken), waiting, quarantined, tuple(self._touched), notes,
            absent=sum(evidence.is_absent(self._connection, one) for one in self._named), new=new,
        )  # fmt: skip

    def outcome(self, taken: Taken) -> Outcome:
        """What came of it for who goes on writing."""
        tail = msgspec.structs.replace(
            self._tail,
            seq=self._seq,
            chain=self._chain,
            heard=self._heard,
            branched=graph.branched(self._connection),
        )
        return Outcome(taken, tail, self._size, any_purged=self._any_purged)

    # --- one entry --------------------------------------------------------------------

    def _read(self, line: bytes) -> Iterator[Came]:
        """A line as an entry; where it is none, it is quarantined."""
        try:
            yield read_line(line)
        except Bad as bad:
            self._put_aside(entry_digest(line).hex(), line, QUARANTINED, str(bad), None)

    def _note_purge(self, body: Body) -> None:
        """What a purge that came says was kept of an entry: that entry may come without its content."""
        try:
            entry = msgspec.json.decode(body.value, type=purging.Purged).entry
        except msgspec.MsgspecError:
            return
        if entry is not None:
            self._purges[body.id] = entry

    def unvouched(self) -> frozenset[str]:
        """Entries that were taken without their content, though no purge that was taken names them."""
        sql = "SELECT 1 FROM ledger WHERE entity = 'purge' AND id = ?"
        return frozenset(d for d in self._emptied if self._connection.execute(sql, (d,)).fetchone() is None)

    def _all_read(self, rows: Iterable[aside.Row]) -> Iterator[Came]:
        return (came for row in rows for came in self._read(row[3]))

    def _try_rows(self, rows: Iterable[aside.Row], left: dict[str, Waiting]) -> None:
        for came in self._all_read(rows):
            self._try(came, left)

    def _note_waiting(self, digest: str, left: dict[str, Waiting]) -> None:
        """An entry that comes again while it waits: what is here of it counts, too."""
        self._try_rows(self._queues.one(digest), left)

    def _readable(self, lines: Iterable[bytes]) -> Iterator[Came]:
        for line in lines:
            with suppress(Bad):
                yield read_line(line)

    def _try(self, came: Came, left: dict[str, Waiting]) -> None:
        """Takes an entry, or notes that it waits, or is quarantined."""
        try:
            self._take_one(came)
        except Waits as waits:
            if came.data or came.digest not in left:
                left[came.digest] = (came, str(waits))
        except Bad as bad:
            self._quarantined.add(came.digest)
            self._bad_places.add((came.body.desk, came.body.desk_seq))
            self._moved.add(came.body.desk)
            self._put_aside(came.digest, came.line, QUARANTINED, str(bad), came.body)
        else:
            left.pop(came.digest, None)

    def _try_again(self, left: dict[str, Waiting]) -> None:
        """Until none of those that wait can follow any more.

        In the order of their dates, which is that of what their writers knew: mostly once is enough.
        """
        while True:
            before = (len(self._taken), len(self._quarantined))
            for desk in sorted(self._moved):
                self._try_rows(self._queues.following(desk, self._frontier), left)
            for digest, (came, _) in sorted(
                left.items(), key=lambda item: (item[1][0].body.recorded_at, item[1][0].body.desk_seq)
            ):
                left.pop(digest)
                self._try(came, left)
            if (len(self._taken), len(self._quarantined)) == before:
                return

    def _take_one(self, came: Came) -> None:
        if self._holds(came) or came.digest in self._quarantined:
            return
        self._check_desk(came.body)
        self._check_parents(came.body)
        self._check_value(came)
        self._append(came)

    def _holds(self, came: Came) -> bool:
        key = (came.body.entity, came.body.id, unhex(came.digest))
        return self._connection.execute(BY_DIGEST, key).fetchone() is not None

    def _check_desk(self, body: Body) -> None:
        """The entry follows its desk's one before."""
        if body.desk == self._info.desk:
            raise Bad(AS_THIS_DESK)
        if body.desk_prev in self._quarantined:
            raise Waits(f"its desk's entry before, number {body.desk_seq - 1}, is quarantined")
        last = self._frontier.get(body.desk)
        reached = last.desk_seq if last is not None else 0
        if body.desk_seq <= reached:
            raise Bad(f"the desk {body.desk} has two entries number {body.desk_seq}: {TWO_COPIES}")
        if body.desk_seq > reached + 1:
            how = "quarantined" if (body.desk, reached + 1) in self._bad_places else "not here"
            raise Waits(f"entry {reached + 1} of its desk is {how}")
        if body.desk_prev != (last.digest if last is not None else None):
            raise Bad(f"it does not follow its desk's entry before: {TWO_COPIES} desk")
        if last is not None and body.recorded_at < self._dated(body.desk, last):
            raise Bad("it is dated before its desk's entry before")
        if last is None:
            self._check_beginning(body)
        elif body.entity in (RECORD, DESK):
            raise Bad("it begins a desk that has begun")

    def _dated(self, desk: str, last: Known) -> str:
        """When a desk's last entry was written."""
        if desk not in self._dates:
            row = self._connection.execute(
                "SELECT recorded_at FROM received WHERE desk = ? AND desk_seq = ?", (desk, last.desk_seq)
            ).fetchone()
            found = (
                row
                or self._connection.execute(
                    "SELECT body FROM ledger WHERE digest = ?", (unhex(last.digest),)
                ).fetchone()
            )
            read = graph.read_entry
            self._dates[desk] = (
                found[0] if row else read(self._connection, 0, last.digest, found[0])[0].recorded_at
            )
        return self._dates[desk]

    def _check_beginning(self, body: Body) -> None:
        if body.entity != DESK or body.id != body.desk:
            raise Bad("it begins a desk without saying what it follows")
        try:
            value = msgspec.json.decode(body.value, type=desks.Beginning)
        except msgspec.MsgspecError:
            raise Bad("it begins a desk without saying what it follows") from None
        if value.record != self._info.record_id:
            raise Bad("it begins a desk of another record")
        known = self._frontier.get(value.follows.desk)
        if known is None or known.desk_seq < value.follows.desk_seq:
            raise Waits(f"entry {value.follows.desk_seq} of the desk that its own follows is not here")

    def _check_parents(self, body: Body) -> None:
        """The entries that it was made from are here, and of the same thing."""
        for parent in parents(body):
            if parent in self._quarantined:
                raise Waits(f"the entry {parent[:12]} that it was made from is quarantined")
            key = (body.entity, body.id, unhex(parent))
            if self._connection.execute(BY_DIGEST, key).fetchone() is None:
                sql = "SELECT 1 FROM ledger WHERE digest = ?"
                if self._connection.execute(sql, (unhex(parent),)).fetchone() is not None:
                    raise Bad(f"it was made from an entry of something else than this {body.entity}")
                raise Waits(f"the entry {parent[:12]} that it was made from is not here")

    def _check_value(self, came: Came) -> None:
        """Its value is one that this workbench can read, or a newer one's."""
        body = came.body
        if body.entity == PURGE:
            self._check_purge(body)
        if not came.data:
            self._check_empty(came)
            return
        table = self._tables.get(body.entity)
        if table is None or body.value is NO_VALUE or body.value_version > table.kind.version:
            return
        try:
            value = table.lift(body.value_version, decode_value(body.value))
            as_it_is = body.value_version == table.kind.version
            msgspec.json.decode(body.value if as_it_is else encode(value), type=table.kind.shape)
            table.row(0, "", body, bytes(body.value), value)
            for fan in table.fan_out:
                fan.rows(body.id, value)
        except MISTAKES as error:
            raise Bad(f"its value is not that of a {body.entity}") from error

    def _check_purge(self, body: Body) -> None:
        """What is purged is here, and of an entry a later one replaced it."""
        try:
            value = msgspec.json.decode(body.value, type=purging.Purged)
            kept = value.body() if value.entry is not None else None
        except MISTAKES as error:
            raise Bad("it does not say what was purged") from error
        if value.digest != body.id:
            raise Bad("it does not say what was purged")
        if kept is None:
            return
        key = (kept.entity, kept.id)
        if kept.entity in RESERVED:
            raise Bad("it purges an entry that belongs to the record itself")
        row = self._connection.execute(BY_DIGEST, (*key, unhex(value.digest))).fetchone()
        if row is not None and row[1] and purging.kept_of(row[1]) != value.entry:
            raise Bad("it keeps other fields than those of the entry that it purges")
        if not purging.is_replaced(self._connection, key, value.digest, self._purges):
            raise Waits("the entry that replaces what it purges is not here")

    def _check_empty(self, came: Came) -> None:
        """A purge that came along says that this entry has no content any more."""
        kept = msgspec.json.decode(came.line, type=dict[str, Any])["entry"]
        if came.digest in self._without or self._purges.get(came.digest) != kept:
            raise Waits("its content is missing, and nothing here says that it was purged")

    # --- into the ledger ----------------------------------------------------------------

    def _append(self, came: Came) -> None:
        body = came.body
        simple = self._goes_on_alone(body) and bool(came.data)
        self._seq += 1
        digest = unhex(came.digest)
        self._chain = next_chain(self._chain, digest)
        row = (self._seq, body.entity, body.id, body.verb, body.change_id, came.data, digest, self._chain)
        self._connection.execute(APPEND, row)
        place = (self._seq, body.desk, body.desk_seq, body.recorded_at, self._received_at)
        self._connection.execute(RECEIVE, (*place, seal_received(place)))
        self._moved.add(body.desk)
        self._frontier[body.desk] = Known(body.desk, body.desk_seq, came.digest)
        self._dates[body.desk] = body.recorded_at
        self._taken.append(came.digest)
        self._heard = max(self._heard, body.recorded_at)
        self._size += len(came.data)
        gap = (from_text(body.recorded_at) - self._now).total_seconds()
        if gap > AHEAD:
            self._ahead[body.desk] = max(int(gap), self._ahead.get(body.desk, 0))
        if not came.data:
            self._emptied.add(came.digest)
        # Until it has come; what stays elsewhere stays absent.
        evidence.keep(self._connection, [evidence.absent(blob) for blob in body.blobs or ()])
        self._named.update(body.blobs or ())
        if body.entity == PURGE:
            self._purge(body)
        elif body.entity not in RESERVED:
            # In the order of each thing's last entry, which is that of its rows.
            key = (body.entity, body.id)
            self._touched.pop(key, None)
            self._touched[key] = (self._seq, came.digest, body) if simple else None

    def _goes_on_alone(self, body: Body) -> bool:
        """Whether an entry is made from the only latest one of its thing: then its value is the thing's."""
        key = (body.entity, body.id)
        table = self._tables.get(body.entity)
        if table is None or key in self._branched or body.value_version > table.kind.version:
            return False
        before = self._connection.execute(LATEST, key).fetchone()
        alone = body.base == (before[1].hex() if before is not None else None) and body.also is None
        if not alone:
            self._branched.add(key)
        return alone

    def _purge(self, body: Body) -> None:
        self._any_purged = True
        value = msgspec.json.decode(body.value, type=purging.Purged)
        if value.entry is None:
            purging.remove_evidence(self._connection, value)
            return
        kept = value.body()
        purging.empty(self._connection, value.digest)
        self._purged.append((kept.entity, kept.id))

    def _bring_evidence(self, blobs: Iterable[Blob], waited_for: set[str]) -> None:
        """Keeps the evidence that came along, of entries that are here or wait, each piece when it is read."""
        for blob in blobs:
            wanted = blob.digest in waited_for or evidence.is_absent(self._connection, blob.digest)
            if wanted and len(blob.data) <= evidence.MAX_BLOB:
                evidence.keep(self._connection, [evidence.pack(blob)])

    def _settle(self) -> None:
        for key, alone in self._touched.items():
            if alone is not None and key not in self._branched:
                seq, digest, body = alone
                table = self._tables[key[0]]
                table.remove(self._connection, key[1])
                table.project(self._connection, seq, digest, body)
            else:
                graph.settle(self._connection, self._tables.get(key[0]), key)
        several = graph.branched(self._connection) if self._purged else frozenset()
        for key in several.intersection(self._purged):
            graph.settle(self._connection, self._tables.get(key[0]), key)

    def _put_aside(self, digest: str, line: bytes, state: str, why: str, body: Body | None) -> None:
        if dropping.was_dropped(self._connection, digest):
            return
        desk, desk_seq = (body.desk, body.desk_seq) if body is not None else ("", 0)
        self._rows.append(aside.row_of(digest, desk, desk_seq, line, state, why, self._received_at))


def would_take(
    connection: sqlite3.Connection, tables: Mapping[str, Table], info: Info, pack: Packed, now: datetime
) -> Taken:
    """What :func:`take_in` would make of a pack; everything stays as it was."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        return take_in(connection, tables, info, pack, now, desks.tail_of(connection)).taken
    finally:
        connection.execute("ROLLBACK")


def is_written_as(taken: Taken, desk: str) -> bool:
    """Whether a pack brought entries that another copy wrote in the name of this desk."""
    return any(
        one.desk == desk and one.why == AS_THIS_DESK and one.digest in taken.new for one in taken.quarantined
    )


def take_in(
    connection: sqlite3.Connection,
    tables: Mapping[str, Table],
    info: Info,
    pack: Packed,
    now: datetime,
    tail: Tail,
    *,
    brief: bool = False,
) -> Outcome:
    """Inside a write transaction: takes in a pack where the ledger ends with ``tail``.

    ``brief`` tells of what is kept aside only what this pack changed.

    ``UsageError`` where it is not one for this record.
    """
    if pack.record != info.record_id:
        raise UsageError(
            f"this pack is of another record, of the project “{safe_text(pack.project)}”",
            hint="nothing was imported",
        )
    if pack.selection.name == EXCERPT:
        raise UsageError("an excerpt serves judging only; it cannot be imported")
    without: frozenset[str] = frozenset()
    while True:
        connection.execute("SAVEPOINT taking")
        taking = Taking(connection, tables, info, now, tail, without, brief=brief)
        taken = taking.take(pack)
        unvouched = taking.unvouched()
        if not unvouched:
            connection.execute("RELEASE taking")
            return taking.outcome(taken)
        connection.execute("ROLLBACK TO taking")
        without |= unvouched
