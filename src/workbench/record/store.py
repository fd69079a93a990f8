"""The release record: one door for every change, and plain reads for everything else."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import NotAllowed, RecordError, RecordMoved, RecordUnavailable, UsageError
from workbench.model.keys import new_id
from workbench.model.times import Clock, from_text, to_text
from workbench.record import (
    checking,
    copies,
    desks,
    evidence,
    file_notes,
    frontiers,
    graph,
    handovers,
    layout,
    reading,
    schema,
    tallies,
    undoing,
    writing,
)
from workbench.record.connection import (
    BUSY_SECONDS,
    ODD_VALUES,
    closing_on_failure,
    connect,
    in_words,
    open_existing,
    reading_stored,
    write_transaction,
)
from workbench.record.guard import Guard
from workbench.record.ledger import BY_DIGEST, RECORD, Body, entered_text, moment, read_body, unhex
from workbench.record.projection import Table, tables_of
from workbench.record.shapes import (
    ActView,
    Aside,
    Author,
    Blob,
    Change,
    Checkpoint,
    Commit,
    Condition,
    Contested,
    EntityKind,
    EntryView,
    Head,
    Info,
    Known,
    Report,
    Stored,
    Taken,
)

# What only some commands do is imported where they do it: gates are judged without.
if TYPE_CHECKING:
    from workbench.record.handovers import Handover
    from workbench.record.large import Parted
    from workbench.record.overview import DeskSeen, Fork
    from workbench.record.pack_files import Written
    from workbench.record.packs import About, Pack, Packed, Reading, Selection
    from workbench.record.purging import Gone
    from workbench.record.sending import Sent

SqlArgs = Sequence[Any]
# Is shown the changes that take an act back, and gives those that are made.
Adapt = Callable[[Sequence[Change]], Sequence[Change]]
# The name of a note about the file, and its text, or what makes the text of the one that stands there.
Note = tuple[str, str | Callable[[str], str]]
_PAGE = 250  # rows
EACH_ROW = 1_000  # bytes of the log, about, for one change among very many
EACH_TAKEN = 8_000  # and for one entry that is taken in


class Genesis(msgspec.Struct, frozen=True):
    """The value of the first entry."""

    record_id: str
    project: str
    created_at: str
    demonstration: str | None = None


_COPY_ATTEMPTS = 5


class Record:
    """A release record that is open.  It belongs to the thread that opened it.

    Make one with :meth:`create` or :meth:`open`; use it as a context manager or call
    :meth:`close`.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: Path, tables: dict[str, Table], mode: str, note: str
    ) -> None:
        self.path = path
        self.beginning = False  # whether it lies beside its place until what it begins with is written
        self.info = _info(connection, path, readonly=mode != "rw")
        self._connection = connection
        self._reader: sqlite3.Connection | None = None
        self._tables = tables
        self._mode = mode
        self._note = note
        self._tail: writing.Tail | None = None
        self._version = 0
        self._at_home: bool | None = None
        self._told_aside: tuple[Aside, ...] = ()  # of an excerpt: what its record kept aside
        self._closed = False  # whether the desk has handed the record over, as of the tail
        self._checked: tuple[int, dict[str, Condition]] | None = None
        self._distrust: RecordError | None = None
        self._guard = Guard(connection, path) if mode == "rw" else None
        self._seen = self.head

    @classmethod
    def create(
        cls,
        path: Path,
        kinds: Iterable[EntityKind],
        *,
        project: str,
        author: Author,
        clock: Clock,
        demonstration: datetime | None = None,
        fill: Callable[[Record], object] = lambda record: None,
    ) -> Record:
        """A new record at a place where there is none yet; its folder is made.

        ``fill`` writes what belongs to its beginning.  Whatever interrupts that: the whole of it is
        there afterwards, or nothing.
        """
        from workbench.record import beginning

        path, kinds = _resolved(path), tuple(kinds)
        tables = tables_of(kinds)
        with in_words(path):
            with beginning.in_its_place(path) as part:
                connection = connect(part, "rw")
                with closing_on_failure(connection):
                    _lay(connection, part, path, tables, project, author, clock, demonstration)
                    record = cls(connection, part, tables, "rw", schema.projections_text(tables))
                record.beginning = True
                with record:
                    fill(record)
            return cls.open(path, kinds)

    @classmethod
    def open(
        cls,
        path: Path,
        kinds: Iterable[EntityKind],
        *,
        readonly: bool = False,
        busy: float = BUSY_SECONDS,
    ) -> Record:
        """An existing record; ``busy`` is how many seconds to wait for another writer.

        Raises ``RecordError`` when the file is no record, is damaged or newer than this
        workbench, ``OtherVersion`` when its tables are those of another one and it is opened for
        reading only, and ``RecordUnavailable`` when it is missing or cannot be read now.
        """
        path = _resolved(path)
        tables = tables_of(kinds)
        with reading_stored(path):
            connection, mode = open_existing(path, readonly, busy)
            with closing_on_failure(connection):
                schema.check_file(connection, path)
                if mode == "rw":
                    schema.migrate(
                        connection, path, lambda to: copies.backup(connection, copies.free_name(to))
                    )
                    note = schema.bring_up_to_date(connection, path, tables)
                else:
                    note = schema.check_readable(connection, path, tables)
                return cls(connection, path, tables, mode, note)

    @classmethod
    def from_excerpt(cls, path: Path, kinds: Iterable[EntityKind], pack: Pack) -> Record:
        """A record to judge from once, made from an excerpt in a new file, open for reading only.

        ``UsageError`` where the pack is none, or holds what cannot be judged from.
        """
        from workbench.record import making, packs

        if pack.selection.name != packs.EXCERPT:
            raise UsageError("this pack is for another desk, not to judge from")
        tables = tables_of(kinds)
        with in_words(path):
            connection = connect(path, "rwc")
            with closing_on_failure(connection):
                with write_transaction(connection, path):
                    layout.create_core(connection)
                    for table in tables.values():
                        layout.create(connection, layout.projected(table))
                    schema.set_meta(connection, schema.PROJECTIONS, schema.projections_text(tables))
                    making.lay_excerpt(connection, tables, pack)
                record = cls(connection, path, tables, "ro", schema.projections_text(tables))
                record._told_aside = pack.about.aside or ()
                return record

    # --- writing ---------------------------------------------------------------------

    def commit(
        self,
        changes: Sequence[Change],
        *,
        author: Author,
        clock: Clock,
        definitions: str | None = None,
        blobs: Sequence[Blob] = (),
        undoes: str | None = None,
        claimed_at: datetime | None = None,
        if_head: Head | None = None,
        handed_over: bool = False,
    ) -> Commit:
        """Writes one act: every change and every blob, or nothing.

        ``definitions`` is the digest of the definitions that the act was made under,
        ``claimed_at`` when the person says that it happened, ``undoes`` the act that this one
        takes back (nothing is merged then), ``if_head`` the ledger's end that it was judged at:
        ``RecordMoved`` if that is its end no more, ``handed_over`` that it may be written
        although this desk has handed the record over.  A change whose entity has that value already is
        left out; where nothing is left the ``change_id`` is empty.  Raises ``StaleChange`` when somebody else changed
        the same fields, ``UsageError`` when a value cannot be kept, ``RecordUnavailable``
        when the file cannot be written.
        """
        prepared = [writing.prepare(change, self._tables) for change in changes]
        if len(prepared) > 1 and len({(p.change.entity, p.change.id) for p in prepared}) < len(prepared):
            raise UsageError("one act cannot change the same thing twice")
        packed = [evidence.pack(blob) for blob in blobs]
        self._must_write()
        with write_transaction(self._connection, self.path):
            said = {"claimed_at": claimed_at, "definitions": definitions, "undoes": undoes}
            act = self._begin(author, clock, if_head, handed_over=handed_over, **said)
            result = writing.write(self._connection, act, prepared, packed)
        self._went_on(act, sum(len(p.raw) for p in prepared) + sum(len(row[-1]) for row in packed))
        if handed_over:
            self._tail = None  # whether this desk writes at all is looked up again
        return result

    def commit_many(
        self,
        changes: Iterable[Change],
        count: int,
        *,
        author: Author,
        clock: Clock,
        definitions: str | None = None,
        claimed_at: datetime | None = None,
    ) -> Commit:
        """Writes one act of ``count`` changes, which are taken one by one inside the transaction.

        For acts too large to be held: what they need does not grow with them, and ``Commit``
        names no entry.  Nothing is merged: ``StaleChange`` where something was overtaken or
        the changes are not as many as ``count``; nothing is written then.
        """
        from workbench.record import bulk

        self._must_write()
        with bulk.roomy(self._connection), write_transaction(self._connection, self.path):
            act = self._begin(author, clock, claimed_at=claimed_at, definitions=definitions)
            result = bulk.write(
                self._connection, act, (writing.prepare(change, self._tables) for change in changes), count
            )
        self._went_on(act, count * EACH_ROW)
        return result

    def _begin(
        self,
        author: Author,
        clock: Clock,
        if_head: Head | None = None,
        *,
        handed_over: bool = False,
        **said: Any,
    ) -> writing.Act:
        """Inside a write transaction: a new act at the ledger's end; refuses tables of another version.

        A desk that has handed the record over writes no more, unless ``handed_over`` says that it may.

        What this connection wrote last still holds as long as no other one has written.  The
        first write of all to a file that lives elsewhere than it says begins a new desk.
        """
        self._look_at_file()
        tail = self._end()
        if self._closed and not handed_over:
            handovers.refuse(self._connection, tail.desk)
        if if_head is not None and tail.chain.hex() != if_head.chain:
            raise RecordMoved("the record was written to meanwhile", hint="look again, then repeat it")
        if self._at_home is None:
            self._at_home = not desks.is_elsewhere(self._connection, self.path)
        if not self._at_home:
            tail = desks.begin(self._connection, self.path, self.info.record_id, tail, author, clock)
        return writing.begin_act(tail.desk, tail, author, clock, **said)

    def _end(self) -> writing.Tail:
        """Inside a write transaction: where the ledger ends; read again only if another connection has written."""
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        tail = self._tail
        if tail is None or version != self._version:
            schema.refuse_if_rebuilt(self._connection, self.path, self._note)
            tail = self._tail = desks.tail_of(self._connection)
            self._version = version
            self._closed = handovers.standing(self._connection, tail.desk) is not None
        return tail

    def _look_at_file(self) -> None:
        """Inside a write transaction: where anything but this record wrote into the file, all of it is looked at.

        On a connection of its own: this one may still hold pages as they were before.
        """
        if self._guard is None or not self._guard.changed():
            return
        try:
            with Record.open(self.path, self.kinds, readonly=True) as fresh:
                problem = fresh.verify([self._seen], blobs=False).problem
        except RecordError as error:
            problem = error.what
        if problem is not None:
            self.distrust(
                RecordError(
                    f"the record cannot be trusted: its file was overwritten or cut while it was open ({problem}); "
                    "nothing was changed",
                    where=str(self.path),
                    hint="keep the file, close every window of the workbench, and put a copy back (docs/record.md)",
                )
            )
            self._must_write()
        self._guard.note()

    def distrust(self, error: RecordError) -> None:
        """What was found wrong: until the record is opened again nothing is written to it."""
        self._distrust = error

    def _went_on(self, act: writing.Act, size: int = 0) -> None:
        """After a transaction that ended well, of ``size`` bytes: what the next act continues."""
        if self._guard is not None:
            self._guard.written(self._connection, size)
        # Where nothing of our own was written, the last entry may be another desk's.
        tail = act.tail
        self._seen = Head(tail.seq, tail.digest.hex(), tail.chain.hex()) if act.entries else self.head
        self._tail = tail
        self._at_home = True
        if act.desk != self.info.desk:
            self.info = msgspec.structs.replace(self.info, desk=act.desk)

    def drop(self, digests: Sequence[str], reason: str, *, author: Author, clock: Clock) -> Commit:
        """Drops entries that are kept aside, with a reason: who and why is an entry, their bytes are evidence.

        What is dropped is not kept aside again when it comes again.  ``UsageError`` where one is not kept aside.
        """
        from workbench.record import aside, dropping

        if not reason.strip():
            raise UsageError("dropping needs a reason")
        self._must_write()
        with write_transaction(self._connection, self.path):
            act = self._begin(author, clock)
            rows = {row[0]: row for row in aside.rows(self._connection)}
            prepared, packed = [], []
            for digest in digests:
                if digest not in rows:
                    raise UsageError(f"the entry {digest[:12]} is not kept aside any more")
                told, blob = aside.told(rows[digest], self._tables), Blob.of(rows[digest][3], dropping.MEDIA)
                value = dropping.Dropped(
                    desk=told.desk, desk_seq=told.desk_seq, why=told.why, line=blob.digest, about=told.about
                )
                now = self._connection.execute(
                    f"SELECT base FROM e_{dropping.DROPPED} WHERE id = ?", (digest,)
                ).fetchone()
                change = Change(dropping.DROPPED, digest, "dropped", value, now[0] if now else None, reason)
                prepared.append(writing.prepare(change, self._tables))
                packed.append(evidence.pack(blob))
            result = writing.write(self._connection, act, prepared, packed)
            self._connection.executemany(
                "DELETE FROM waiting WHERE digest = ?", [(digest,) for digest in digests]
            )
            lost = set().union(*(aside.blobs_of(rows[digest][3]) for digest in digests))
            evidence.forget(self._connection, lost)
        self._went_on(act)
        return result

    def begin_new_desk(self) -> None:
        """The next write begins a new desk: for a file of which something else says that it was copied."""
        self._at_home = False

    def begin_desk(self, reason: str, author: Author, clock: Clock) -> str:
        """Begins a new desk now, with a reason: for a file that was put back or handed over.  Returns its id."""
        self._must_write()
        with write_transaction(self._connection, self.path):
            self._look_at_file()
            tail = desks.tail_of(self._connection)
            said = (self.info.record_id, tail, author, clock, entered_text(reason))
            tail = desks.begin(self._connection, self.path, *said)
        act = writing.begin_act(tail.desk, tail, author, clock)
        self._went_on(act)
        self._tail = None
        return tail.desk

    def settle_at(self, place: Path) -> None:
        """Says in the file that it will live at ``place``, as the desk that it was: it takes that one's place there."""
        with write_transaction(self._connection, self.path):
            desks.note_home(self._connection, self.path, place)
        self._at_home = True

    def writing_desk(self, author: Author, clock: Clock) -> str:
        """The desk that the next entry is of: a file that was copied here begins one first."""
        if self._at_home is None:
            self._at_home = not desks.is_elsewhere(self._connection, self.path)
        return self.info.desk if self._at_home else self.begin_desk("", author, clock)

    def undo(
        self,
        change_id: str | None,
        author: Author,
        clock: Clock,
        *,
        adapt: Adapt = list,
        claimed_at: datetime | None = None,
    ) -> Commit:
        """Takes back an act of the author's own by new entries; ``None`` means :meth:`next_undo`.

        Raises ``NotAllowed`` when there is none, when it is somebody else's or undone
        already, and ``StaleChange`` when somebody has changed a part of it since.  Undoing
        an undo brings the change back.  ``adapt`` is shown the changes that would do it, and gives
        those that are made; it may raise.
        """
        return self._take_back(
            lambda: change_id or self.next_undo(author.actor), "undo", author, clock, adapt, claimed_at
        )

    def redo(
        self,
        author: Author,
        clock: Clock,
        *,
        adapt: Adapt = list,
        claimed_at: datetime | None = None,
    ) -> Commit:
        """Puts back what the author's last undo took back (:meth:`next_redo`), by new entries.

        Raises as :meth:`undo` does.
        """
        return self._take_back(lambda: self.next_redo(author.actor), "redo", author, clock, adapt, claimed_at)

    def _take_back(
        self,
        choose: Callable[[], str | None],
        word: str,
        author: Author,
        clock: Clock,
        adapt: Adapt,
        claimed_at: datetime | None,
    ) -> Commit:
        self._must_write()
        with write_transaction(self._connection, self.path):
            chosen = choose()
            if chosen is None:
                raise NotAllowed(f"there is nothing of yours to {word}")
            act = self._begin(author, clock, claimed_at=claimed_at, undoes=chosen)
            changes = adapt(undoing.taking_back(self._connection, self._tables, chosen, act.author.actor))
            prepared = [writing.prepare(change, self._tables) for change in changes]
            result = writing.write(self._connection, act, prepared, [])
        self._went_on(act)
        return result

    def purge(
        self, digest: str, reason: str, author: Author, clock: Clock, claimed_at: datetime | None = None
    ) -> Commit:
        """Removes a piece of evidence, or the content of an entry, for good, and says so in the ledger.

        ``digest`` names either.  A tombstone stays, which ``verify`` reports.  Of an entry, which a
        later one must have replaced, the value and the reason go.  ``reason`` must not be empty.
        """
        if not reason.strip():
            raise UsageError("a purge needs a reason")
        from workbench.record import purging

        self._must_write()
        # Freed pages are overwritten with zeros.
        self._connection.execute("PRAGMA secure_delete = ON")
        with write_transaction(self._connection, self.path):
            act = self._begin(author, clock, claimed_at=claimed_at)
            purging.purge(self._connection, act, digest, entered_text(reason), self._tables)
        self._went_on(act)
        # The bytes must not linger in the write-ahead log or in freed pages.
        if self._guard is not None:
            self._guard.fold_in(self._connection, "TRUNCATE")
        return act.commit()

    def bring(self, blobs: Iterable[Blob]) -> int:
        """Keeps evidence that stayed elsewhere until now, as far as entries here name it; how many pieces came.

        It is no act: the entry that names it is here already.  ``RecordError`` where one is not what its digest says.
        """
        packed = [evidence.pack(blob) for blob in blobs]
        self._must_write()
        with write_transaction(self._connection, self.path):
            self._look_at_file()
            rows = [row for row in packed if evidence.is_absent(self._connection, row[0])]
            evidence.keep(self._connection, rows)
        if self._guard is not None:
            self._guard.written(self._connection, sum(len(row[-1]) for row in rows))
        return len(rows)

    def take_in(
        self,
        pack: Packed,
        *,
        author: Author,
        clock: Clock,
        dry_run: bool = False,
        note: Note | None = None,
        brief: bool = False,
    ) -> Taken:
        """Takes in what came from another desk, all that can be taken in one transaction; again is harmless.

        An entry waits where one that it follows is not here, and is quarantined where it is not
        as an entry must be; the rest goes on.  ``author`` takes it in.  ``UsageError`` where the
        pack is of another record.  ``dry_run`` leaves everything as it was.  ``note`` is kept as :meth:`keep_note`
        does, in the same transaction.  ``brief`` tells of what is kept aside only what this pack changed.
        """
        from workbench.record import taking

        self._must_write()
        if dry_run:
            with in_words(self.path):
                # Of an older copy of the file that went on: it would begin a new desk first.
                older = any(
                    one.desk == self.info.desk and one.desk_seq > own.desk_seq
                    for one in pack.frontier
                    for own in self.frontier()
                    if own.desk == self.info.desk
                )
                info = msgspec.structs.replace(self.info, desk="") if older else self.info
                return taking.would_take(self._connection, self._tables, info, pack, clock.recording())
        self._connection.execute("PRAGMA secure_delete = ON")  # a purge may come along
        with write_transaction(self._connection, self.path):
            before = self._end()
            if any(one.desk == before.desk and one.desk_seq > before.desk_seq for one in pack.frontier):
                self.begin_new_desk()  # this file is an older copy of the one that went on
            act = self._begin(author, clock, handed_over=True)  # nothing is written in this desk's name
            info = msgspec.structs.replace(self.info, desk=act.desk)
            outcome = taking.take_in(
                self._connection, self._tables, info, pack, clock.recording(), act.tail, brief=brief
            )
            taken, act.tail = outcome.taken, outcome.tail
            if note is not None:
                self._write_note(*note)
            if taking.is_written_as(taken, act.desk):
                # Another copy writes as this desk: from now on this one does not.
                tail = desks.begin(self._connection, self.path, self.info.record_id, act.tail, author, clock)
                act = writing.begin_act(tail.desk, tail, author, clock)
                taken = msgspec.structs.replace(taken, new_desk=act.desk)
        self._went_on(act, EACH_TAKEN * len(taken.taken) + outcome.size)
        self._checked = None
        if act.desk != before.desk:
            self._tail = None  # whether this desk writes at all is looked up again
        if self._guard is not None and outcome.any_purged:
            self._guard.fold_in(self._connection, "TRUNCATE")
        return taken

    def keep_note(self, name: str, text: str | Callable[[str], str]) -> None:
        """Keeps a note about this file, which is no part of what is recorded; "" forgets it.

        A function makes the text of the one that stands there.
        """
        self._must_write()
        with write_transaction(self._connection, self.path):
            self._write_note(name, text)

    def _write_note(self, name: str, text: str | Callable[[str], str]) -> None:
        kept = text if isinstance(text, str) else text(file_notes.read(self._connection, name))
        file_notes.keep(self._connection, name, kept)

    def noted(self, name: str) -> str:
        """A note about this file; "" where there is none.  ``RecordError`` where it was changed."""
        with in_words(self.path):
            return file_notes.read(self._connection, name)

    def entries_of(self, desk: str, since: int) -> Iterator[Sent]:
        """What a desk wrote after its entry number ``since``, to be sent to others."""
        from workbench.record import sending

        with in_words(self.path):
            yield from sending.entries_of(self._connection, desk, since)

    def own_desks(self) -> tuple[str, ...]:
        """The desks that this file was, the present one last."""
        from workbench.record import sending

        with in_words(self.path):
            return sending.own_desks(self._connection)

    def digest_of(self, desk: str, number: int) -> str:
        """The digest of an entry of a desk by its number; "" where it is not here."""
        from workbench.record import sending

        with in_words(self.path):
            return sending.digest_of(self._connection, desk, number)

    def evidence_of(self, digests: Iterable[str]) -> tuple[Blob, ...]:
        """The pieces of evidence of these digests that are here."""
        from workbench.record import sending

        with in_words(self.path):
            return tuple(sending.evidence_of(self._connection, tuple(digests)))

    def _must_write(self) -> None:
        if self._distrust is not None:
            raise self._distrust
        if self._mode != "rw":
            raise RecordUnavailable(
                "the record is open for reading only; nothing was changed",
                where=str(self.path),
                hint="check the permissions of the file and its folder",
            )

    # --- reading ---------------------------------------------------------------------

    def next_undo(self, actor: str) -> str | None:
        """The act that :meth:`undo` takes back: the person's own last one that stands.

        What a source answered is passed over (:class:`EntityKind`, ``stays``).
        """
        with in_words(self.path):
            return undoing.next_undo(self._connection, self._tables, actor)

    def next_redo(self, actor: str) -> str | None:
        """The undo that :meth:`redo` takes back; none once the person has done something new."""
        with in_words(self.path):
            return undoing.next_redo(self._connection, self._tables, actor)

    def act(self, change_id: str) -> ActView | None:
        """One act as a whole."""
        with in_words(self.path):
            return reading.act(self._connection, self._tables, change_id)

    def taken_back(self, entries: Iterable[EntryView]) -> dict[str, str]:
        """Of the acts of these entries those that do not stand, each with the act that took it back."""
        with in_words(self.path):
            return reading.taken_back(self._connection, entries)

    def get(self, entity: str, id: str) -> Stored | None:
        """One entity as it is now, or ``None``."""
        rows = self._rows(f"{self._table(entity).read} WHERE id = ?", (id,))
        return _stored(rows[0]) if rows else None

    def all(
        self,
        entity: str,
        where: str = "",
        args: SqlArgs = (),
        order: str = "",
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Stored]:
        """The entities of a kind; ``where`` and ``order`` are SQL over its projected table.

        Ordered by id where nothing else is asked.  Never put text from outside into
        ``where`` or ``order``: it belongs in ``args``.
        """
        condition = f"WHERE {where} " if where else ""
        sql = f"{self._table(entity).read} {condition}ORDER BY {order or 'id'} LIMIT ? OFFSET ?"
        rows = self._rows(sql, (*args, -1 if limit is None else limit, offset))
        return [_stored(row) for row in rows]

    def count(self, entity: str, where: str = "", args: SqlArgs = ()) -> int:
        """How many entities of a kind there are."""
        condition = f" WHERE {where}" if where else ""
        rows = self._rows(f"SELECT count(*) FROM {self._table(entity).name}{condition}", args)
        return int(rows[0][0])

    def query(self, sql: str, args: SqlArgs = ()) -> list[tuple[Any, ...]]:
        """Rows of any reading statement over the projected tables; writing is refused."""
        with in_words(self.path):
            return self._reading().execute(sql, args).fetchall()

    def pages(self, sql: str, args: SqlArgs = ()) -> Iterator[list[tuple[Any, ...]]]:
        """The same rows, some hundreds at a time: thousands are worked off faster so."""
        with in_words(self.path):
            cursor = self._reading().execute(sql, args)
            while rows := cursor.fetchmany(_PAGE):
                yield rows

    def _reading(self) -> sqlite3.Connection:
        """A connection of its own that cannot write."""
        if self._reader is None:
            self._reader = self._open_reader()
            self._reader.execute("PRAGMA query_only = ON")
        return self._reader

    def _open_reader(self) -> sqlite3.Connection:
        return connect(self.path, "ro" if self._mode == "rw" else self._mode)

    @property
    def table_names(self) -> tuple[str, ...]:
        """The projected tables: each kind by its name, and those with several rows for one entity."""
        names = [table.kind.name for table in self._tables.values()]
        return (*names, *(fan.name for table in self._tables.values() for fan in table.fan_out))

    def ledger_lines(self) -> Iterator[bytes]:
        """The ledger as lines of JSON (:mod:`workbench.record.lines`), one at a time."""
        from workbench.record import lines

        with in_words(self.path):
            yield from lines.lines(self._reading())

    def table(self, name: str) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]:
        """The columns of one of :attr:`table_names`, and its rows in the ledger's order."""
        from sqlite_utils import Database

        held = self._tables.get(name)
        with in_words(self.path):
            table = Database(self._reading(), execute_plugins=False).table(held.name if held else name)
            columns = tuple(table.columns_dict)

        def rows() -> Iterator[tuple[Any, ...]]:
            with in_words(self.path):
                yield from (tuple(row.values()) for row in table.rows_where(order_by="rowid"))

        return columns, rows()

    def blob(self, digest: str) -> Blob | None:
        """A piece of evidence, its digest checked; ``RecordError`` when it is damaged."""
        with in_words(self.path):
            row = evidence.find(self._connection, digest)
        return evidence.unpack(row) if row is not None else None

    def parted(self, named: Iterable[tuple[str, Iterable[str]]], most: int) -> Parted:
        """Of the evidence that acts name, what is sent along with their entries and what stays at a server.

        ``named`` gives an act's id and the digests that an entry of it names; ``most`` is how many bytes one piece may
        have to come along.
        """
        from workbench.record import large

        with in_words(self.path):
            return large.part(self._connection, self._tables, named, most)

    def sizes_of(self, digests: Iterable[str]) -> dict[str, int]:
        """How many bytes pieces of evidence have, by their digests; those that are not here are left out."""
        sql = "SELECT digest, size FROM blobs WHERE digest IN (SELECT value FROM json_each(?))"
        return dict(self._rows(sql, (msgspec.json.encode(list(digests)).decode(),)))

    def absent(self) -> frozenset[str]:
        """The evidence that entries here name and that stayed elsewhere, by its digests."""
        with in_words(self.path):
            return evidence.all_absent(self._connection)

    def gone(self) -> Gone:
        """What was purged from the record so far."""
        from workbench.record import purging

        with in_words(self.path):
            return purging.all_gone(self._connection)

    def lacks(self, digest: str) -> bool:
        """Whether a piece of evidence that an entry names stayed elsewhere."""
        with in_words(self.path):
            return evidence.is_absent(self._connection, digest)

    def needed(self, since: int = 0) -> tuple[str, ...]:
        """Of such evidence what entries after place ``since`` are judged from, and so has to be fetched at once."""
        from workbench.record import large

        with in_words(self.path):
            return large.needed(self._connection, self._tables, since)

    def large(self, since: int = 0) -> frozenset[str]:
        """The large pieces of evidence that are here and that entries after place ``since`` name."""
        from workbench.record import large

        with in_words(self.path):
            return large.here(self._connection, since)

    def staying(self, digests: Iterable[str], most: int) -> tuple[str, ...]:
        """Of these those that are sent beside the packs, as :meth:`parted` says."""
        from workbench.record import large

        with in_words(self.path):
            return large.staying(self._connection, self._tables, digests, most)

    def history(
        self,
        entity: str | None = None,
        id: str | None = None,
        text: str | None = None,
        limit: int = 200,
        before_seq: int | None = None,
    ) -> list[EntryView]:
        """Ledger entries, newest first, older than ``before_seq``; each word of ``text`` anywhere in them."""
        with in_words(self.path):
            return reading.history(self._connection, self._tables, entity, id, text, limit, before_seq)

    @property
    def head(self) -> Head:
        """Where the ledger ends now."""
        try:
            seq, digest, chain = self._rows(
                "SELECT seq, digest, chain FROM ledger ORDER BY seq DESC LIMIT 1", ()
            )[0]
            return Head(seq, digest.hex(), chain.hex())
        except (IndexError, AttributeError):
            raise RecordError(
                "the record's last entry is damaged", where=str(self.path), hint="run: workbench verify"
            ) from None

    def leaves(self, size: int | None = None) -> list[bytes]:
        """The digests of this file's first ``size`` entries, or of all: the leaves of its Merkle tree, in order."""
        bound = -1 if size is None else size
        return [row[0] for row in self._rows("SELECT digest FROM ledger ORDER BY seq LIMIT ?", (bound,))]

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        """The end of this desk's ledger in one hash, now or when it had ``size`` entries."""
        from workbench.record import merkle

        leaves = self.leaves(size)
        origin = f"workbench/{self.info.record_id}/{self.info.desk}"
        return Checkpoint(origin, len(leaves), merkle.root(leaves).hex())

    def place_of(self, digest: str) -> int | None:
        """The place of an entry among the leaves, from 0; ``None`` where this file does not hold it."""
        rows = self._rows(
            "SELECT (SELECT count(*) FROM ledger AS e WHERE e.seq < ledger.seq) FROM ledger WHERE digest = ?",
            (unhex(digest),),
        )
        return int(rows[0][0]) if rows else None

    def pack(
        self,
        selection: Selection | None = None,
        about: About | None = None,
        beside: Iterable[str] = (),
        whole: Collection[tuple[str, str]] = (),
    ) -> Pack:
        """Entries of this record with the evidence that they name: for another desk, or to judge from.

        All of them where nothing is selected.  ``beside`` are digests of further evidence for an excerpt,
        ``whole`` entity and id of the things of which it holds every entry.
        """
        from workbench.record import making, packs

        chosen, told = selection or packs.EVERYTHING, about or packs.About()
        with in_words(self.path):
            return making.make(self._connection, self._tables, self.info, chosen, told, beside, whole)

    def write_pack(
        self, to: Path, selection: Selection | None = None, server: Reading | None = None
    ) -> Written:
        """The same for another desk, written to a file line by line; ``OSError`` where it cannot be written.

        ``server`` is how far this desk has read the server of a shared record.
        """
        from workbench.record import making, packs

        with in_words(self.path):
            return making.write(
                self._connection, self.info, selection or packs.EVERYTHING, packs.About(), Path(to), server
            )

    def aside(self) -> tuple[Aside, ...]:
        """What came from elsewhere and is not in the ledger: it waits, or is quarantined."""
        from workbench.record import aside

        if self._told_aside:
            return self._told_aside
        with in_words(self.path):
            return tuple(aside.told(row, self._tables) for row in aside.rows(self._connection))

    def count_aside(self, state: str) -> int:
        """How many entries wait ("waiting"), or are quarantined ("quarantined")."""
        from workbench.record import aside

        if self._told_aside:
            return sum(one.state == state for one in self._told_aside)
        with in_words(self.path):
            return aside.count(self._connection, state)

    def desks_seen(self) -> tuple[DeskSeen, ...]:
        """The desks that wrote to it, as far as they are known here."""
        from workbench.record import overview

        with in_words(self.path):
            return overview.desks_seen(self._connection)

    def entries_told(self) -> Iterator[Aside]:
        """Every entry of the ledger for people, in the order of arrival."""
        from workbench.record import overview

        with in_words(self.path):
            yield from overview.all_told(self._reading(), self._tables)

    def forks(self) -> tuple[Fork, ...]:
        """Where two copies wrote as the same desk."""
        from workbench.record import overview

        with in_words(self.path):
            return overview.forks(self._connection, self._tables)

    def count_since(self, frontier: Iterable[Known]) -> int:
        """How many entries are held that lie beyond a frontier, whatever they are about."""
        reached = {known.desk: known.desk_seq for known in frontier}
        return sum(max(0, one.desk_seq - reached.get(one.desk, 0)) for one in self.frontier())

    def count_absent(self) -> int:
        """How many pieces of evidence stayed at another desk."""
        with in_words(self.path):
            return evidence.count_absent(self._connection)

    def aside_entry(self, digest: str) -> Body | None:
        """What an entry says that is kept aside; ``None`` where it cannot be read."""
        from workbench.record import aside

        with in_words(self.path):
            return aside.body_of(self._connection, digest)

    def value_of(self, body: Body) -> dict[str, Any] | None:
        """An entry's value, in the version of this workbench; ``UsageError`` where it is none of its kind."""
        try:
            value = self._table(body.entity).value(body)
            if value is not None:
                msgspec.convert(value, self._table(body.entity).kind.shape)
        except (msgspec.MsgspecError, *ODD_VALUES) as error:
            raise UsageError(f"what it says is no {body.entity.replace('_', ' ')}: {error}") from error
        return value

    def find_kind(self, entity: str) -> EntityKind | None:
        """The noun of that name, if this record was opened with it."""
        table = self._tables.get(entity)
        return table.kind if table is not None else None

    def holds(self, digest: str) -> bool:
        """Whether an entry with this digest is in the ledger."""
        return bool(self._rows("SELECT 1 FROM ledger WHERE digest = ? LIMIT 1", (unhex(digest),)))

    def frontier(self) -> tuple[Known, ...]:
        """What this record holds: how far it knows each desk's entries, by desk."""
        with in_words(self.path):
            return tuple(sorted(desks.frontier(self._connection).values()))

    def handover(self) -> Handover | None:
        """To whom this desk has handed the record over, if it has: then it writes no more."""
        with in_words(self.path):
            return handovers.standing(self._connection, self.info.desk)

    def has_log(self, desk: str, size: int) -> bool:
        """Whether this file's ledger was that of ``desk`` when it had ``size`` entries.

        An end that was noted outside is compared within its own log only.  Excerpts of format 1
        name no desk: they are of a time when there was one.
        """
        with in_words(self.path):
            return not desk or desks.has_log(self._connection, desk, size)

    def contested(self) -> tuple[Contested, ...]:
        """The things that several desks changed at once, of which somebody has to choose a version."""
        with in_words(self.path):
            return graph.contested(self._connection, self._tables)

    def count_contested(self) -> int:
        """How many there are."""
        sql = "SELECT count(*) FROM (SELECT DISTINCT entity, id FROM versions WHERE contested)"
        return int(self._rows(sql, ())[0][0])

    def moment(self, clock: Clock) -> datetime:
        """The moment that an entry made now is recorded at: never before those that are known."""
        with in_words(self.path):
            tail = desks.tail_of(self._connection)
        return from_text(writing.recorded_at(tail, clock))

    def newest(self) -> datetime:
        """The latest date of what the record holds: no present moment lies before it."""
        with in_words(self.path):
            text = desks.newest(self._connection)
        try:
            return from_text(text)
        except ValueError:
            raise RecordError(
                "the date of the record's last entry is damaged",
                where=str(self.path),
                hint="run: workbench verify",
            ) from None

    def was_known(self, stored: Stored, entity: str, frontier: Iterable[Known]) -> bool:
        """Whether all that an entity is made from now was held by a record whose frontier this was."""
        reached = {known.desk: known.desk_seq for known in frontier}
        for digest in graph.heads_of(stored.base):
            found = self._rows(BY_DIGEST, (entity, stored.id, unhex(digest)))
            if not found:
                return False
            with in_words(self.path):
                body, _ = graph.read_entry(self._connection, found[0][0], digest, found[0][1])
            if body.desk_seq > reached.get(body.desk, 0):
                return False
        return True

    def known_by(self, stored: Stored, entity: str) -> tuple[Known, ...]:
        """The frontier of an entry that does not say what its writer knew: what that desk wrote before."""
        with in_words(self.path):
            return frontiers.known_by(self._connection, entity, stored.id, stored.base)

    def count_beyond(self, entity: str, frontier: Iterable[Known]) -> int:
        """How many things of a kind have entries that a frontier does not hold."""
        with in_words(self.path):
            reach = frontiers.reach_of(self._connection, frontier)
            return frontiers.count_beyond(self._connection, self._table(entity), reach)

    def beyond(self, entity: str, frontier: Iterable[Known]) -> dict[str, bool]:
        """The things of a kind with entries that a frontier does not hold, and whether it held earlier ones."""
        with in_words(self.path):
            reach = frontiers.reach_of(self._connection, frontier)
            return frontiers.beyond(self._connection, self._table(entity), reach)

    def as_known(
        self, entity: str, ids: Iterable[str], frontier: Iterable[Known]
    ) -> dict[str, dict[str, Any] | None]:
        """What things were for somebody whose record ended there, ``None`` where they were removed; by id."""
        with in_words(self.path):
            reach = frontiers.reach_of(self._connection, frontier)
            return frontiers.as_known(self._connection, self._table(entity), ids, reach)

    def data_version(self) -> int:
        """A number that changes when another connection has changed the record."""
        return int(self._rows("PRAGMA data_version", ())[0][0])

    def contradicted(self, heads: Iterable[Head]) -> list[Head]:
        """Those of ``heads``, ends of this ledger kept elsewhere, that are not in it or not like that."""
        with in_words(self.path):
            return checking.contradicted(self._connection, heads)

    @property
    def kinds(self) -> tuple[EntityKind, ...]:
        """The nouns that this record was opened with."""
        return tuple(table.kind for table in self._tables.values())

    def check_rows(self, picked: Mapping[str, Condition] = {}, folder: Path | None = None) -> None:
        """Compares the rows that gates are judged from with their latest entries: a quick look, not ``verify``.

        ``picked`` are conditions for the rows that a judgement reads of some kinds; where there
        are many others, how many there are of each sort is compared, with what earlier looks left
        in ``folder``.  Looks again only after another connection has changed the file.
        ``RecordError`` names the first row that is wrong.
        """
        now = (self.data_version(), dict(picked))
        if now == self._checked:
            return
        tables = [table for table in self._tables.values() if table.kind.judged]
        notes = folder / self.info.record_id if folder is not None else None
        kept = tallies.known(notes) if notes is not None else {}
        try:
            with reading_stored(self.path):
                checking.check_objects(self._connection, self._tables)
                found = checking.check(self._connection, tables, picked, kept)
        except checking.Wrong as wrong:
            error = RecordError(
                f"the record cannot be trusted: {wrong}",
                where=str(self.path),
                hint="workbench verify looks at all of it; keep the file, and put a copy back (docs/record.md)",
            )
            self.distrust(error)
            raise error from None
        if notes is not None and found and found != kept:
            tallies.keep(notes, found)
        self._checked = now

    def verify(self, heads: Iterable[Head] = (), *, blobs: bool = True) -> Report:
        """Recomputes everything and names the first thing that is wrong.

        ``heads`` are ends of this ledger that were kept elsewhere; ``blobs=False`` leaves
        the evidence out.
        """
        from workbench.record import verifying

        with in_words(self.path):  # another program holds the file
            return verifying.verify(
                self._connection, self._tables, self.info, tuple(heads), blobs, self._open_reader
            )

    def backup(self, to: Path) -> Path:
        """A copy of the record as it is now, complete or not there at all."""
        with in_words(Path(to)):
            return copies.backup(self._connection, Path(to))

    def backup_into(self, folder: Path, keep: int = copies.KEEP) -> Path:
        """A copy in ``folder``, where the newest ``keep`` copies of this record stay."""
        folder = Path(folder)
        for _ in range(_COPY_ATTEMPTS):
            path, there = copies.place_for(folder, self.info.record_id, self.head)
            if there:
                break
            try:
                self.backup(path)
                break
            except copies.AlreadyThere as error:
                taken = error  # another process has written at the same instant
        else:
            raise taken
        with in_words(folder):
            copies.prune(self._connection, folder, self.info.record_id, keep)
        return path

    def not_of(self, found: Iterable[copies.Copied]) -> list[copies.Copied]:
        """Those of these copies of this record whose names tell an end that the ledger does not have."""
        with in_words(self.path):
            return copies.not_of(self._connection, found)

    def close(self) -> None:
        """Closes the file; a second call does nothing."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        self._connection.close()

    def __enter__(self) -> Record:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _table(self, entity: str) -> Table:
        table = self._tables.get(entity)
        if table is None:
            raise RecordError(f"this workbench knows no {entity} in the record", hint="update the workbench")
        return table

    def _rows(self, sql: str, args: SqlArgs) -> list[Any]:
        with in_words(self.path):
            return self._connection.execute(sql, args).fetchall()


def _resolved(path: Path) -> Path:
    """The file itself, not a link to it: SQLite keeps its log beside the file."""
    return Path(os.path.realpath(path))


def _stored(row: tuple[Any, ...]) -> Stored:
    id, base, seq, verb, value, recorded_at, actor, contested = row
    return Stored(id, base, seq, verb, value, from_text(recorded_at), actor, bool(contested))


def _lay(
    connection: sqlite3.Connection,
    part: Path,
    path: Path,
    tables: dict[str, Table],
    project: str,
    author: Author,
    clock: Clock,
    demonstration: datetime | None,
) -> None:
    """Schema, tables and the first entry, in the file ``part`` that will be at ``path``."""
    connection.execute("PRAGMA journal_mode = WAL")
    with write_transaction(connection, path):
        layout.create_core(connection)
        for table in tables.values():
            layout.create(connection, layout.projected(table))
        act = writing.begin_act("", writing.BEGINNING, author, clock)
        began = from_text(act.recorded_at)
        record_id, act.desk = new_id(began), new_id(began)
        started = to_text(demonstration) if demonstration is not None else None
        value = Genesis(record_id, entered_text(project) or "", act.recorded_at, started)
        writing.append(connection, act, writing.Entry(RECORD, record_id, "created", encode(value)))
        schema.set_meta(connection, desks.OWN, act.desk)
        desks.note_home(connection, part, path)
        schema.set_meta(connection, schema.PROJECTIONS, schema.projections_text(tables))


def _info(connection: sqlite3.Connection, path: Path, readonly: bool) -> Info:
    row = connection.execute("SELECT body FROM ledger WHERE seq = 1").fetchone()
    if row is None:
        raise RecordError("the record has no first entry", where=str(path), hint="restore a backup")
    body = read_body(1, row[0])
    try:
        genesis = msgspec.json.decode(body.value, type=Genesis)
        created = from_text(genesis.created_at)
        demonstration = moment(genesis.demonstration)
    except (msgspec.DecodeError, ValueError) as error:
        raise RecordError(
            "the record's first entry is damaged", where=str(path), hint="restore a backup"
        ) from error
    desk = schema.get_meta(connection, desks.OWN)
    if body.entity != RECORD or desk is None or desks.last_own(connection)[2].desk != desk:
        raise RecordError(
            "the record's first entry does not fit the file", where=str(path), hint="restore a backup"
        )
    return Info(
        genesis.record_id, desk, genesis.project, created, demonstration, layout.SCHEMA_VERSION, readonly
    )
