"""Reading what can be read of a record's file, however damaged: nothing in it is relied on that does not prove itself.

The bytes of an entry prove themselves by their digest, their place by the chain, evidence by its
digest.  The file is copied first, with what lies beside it, and only the copy is opened.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from workbench.model.errors import WorkbenchError
from workbench.record import aside, desks, evidence, file_notes, schema
from workbench.record.connection import connect, index_of, log_of
from workbench.record.incoming import MISTAKES, Bad, Came, read_line
from workbench.record.laying import Laid
from workbench.record.ledger import GENESIS_CHAIN, PURGE, RECORD, entry_digest, next_chain
from workbench.record.order import seal_received
from workbench.record.packs import ALL, PURGE_MARK, Selection, stub
from workbench.record.shapes import Blob, Head, Known

_GAP = 2_000  # rows that cannot be read one after another, and nothing more is looked for
_MOST = 10_000_000
_ROWS = "SELECT seq, body, digest, chain FROM ledger WHERE seq >= ? ORDER BY seq"
_ROW = "SELECT seq, body, digest, chain FROM ledger WHERE seq = ?"
_Row = tuple[int, bytes, bytes, bytes]


class Read(msgspec.Struct, kw_only=True):
    """What a file holds.

    ``sound`` is how many entries from the first one on are there without a fault, ``entries`` how many can be
    read at all, ``damaged`` the places of those that cannot.  ``whole`` says that nothing of the ledger is
    missing or damaged, as far as the file itself shows; ``head`` is the end of what is sound.
    """

    record: str = ""
    project: str = ""
    desk: str = ""
    sound: int = 0
    entries: int = 0
    damaged: tuple[int, ...] = ()
    whole: bool = False
    received_known: bool = True
    head: Head | None = None
    problem: str = ""


class RecordFile:
    """A file to read entries and evidence from, as if it were a pack.  Make one with :func:`open_file`."""

    frontier: tuple[Known, ...] = ()
    selection = Selection(ALL)

    def __init__(self, connection: sqlite3.Connection | None, problem: str) -> None:
        self._connection = connection
        self._kept: dict[str, dict[str, Any]] = {}
        self._purge_lines: list[bytes] = []
        self.read = Read(problem=problem)
        if connection is not None:
            self._look()

    @property
    def record(self) -> str:
        return self.read.record

    @property
    def project(self) -> str:
        return self.read.project

    def purges(self) -> Iterable[bytes]:
        """The lines that may be entries about purges."""
        return self._purge_lines

    @property
    def entries(self) -> Iterator[bytes]:
        """The lines of all entries that can be read, in the ledger's order."""
        for row in self._rows():
            line = self._line(row)
            if line is not None:
                yield line
        yield from (row[3] for row in self.waiting())

    @property
    def blobs(self) -> Iterator[Blob]:
        """The evidence that is there unharmed."""
        for row in self.blob_rows():
            blob = evidence.unpack(row)
            if not blob.purged and not blob.absent:
                yield blob

    def blob_rows(self) -> Iterator[evidence.Row]:
        """The rows of evidence that is there unharmed."""
        for digest in self._digests_of_blobs():
            with suppress(sqlite3.Error, WorkbenchError, *MISTAKES):
                assert self._connection is not None
                row = evidence.find(self._connection, digest)
                if row is not None:
                    evidence.unpack(row)
                    if row[2] not in (evidence.ABSENT, evidence.PURGED):
                        yield row

    def laid(self) -> Iterator[Laid]:
        """The sound entries, for the ledger of a new record, with those marked that came from elsewhere."""
        received = self._received()
        for row in self._rows():
            if row[0] > self.read.sound:
                return
            came = self._came(row)
            assert came is not None, "it was sound when it was looked at"
            yield Laid(
                row[2] if not row[1] else entry_digest(row[1]), came.body, came.data, received.get(row[0], "")
            )

    def waiting(self) -> list[aside.Row]:
        """The rows of what waits or is quarantined, as they stand; a row that was changed is left out."""
        if self._connection is None:
            return []
        with suppress(sqlite3.Error, *MISTAKES):
            return [row for row in aside.rows(self._connection) if row == aside.row_of(*row[:7])]
        return []

    def note(self, name: str) -> str:
        """A note about the file (:meth:`Record.noted`); "" where there is none, or it is damaged."""
        with suppress(sqlite3.Error, WorkbenchError, *MISTAKES):
            if self._connection is not None:
                return file_notes.read(self._connection, name)
        return ""

    def purged_evidence(self) -> set[str]:
        """The evidence that entries here say was purged."""
        found = set()
        for line in self._purge_lines:
            with suppress(Bad, *MISTAKES):
                found.add(read_line(line).body.id)
        return found

    def digests_at(self, places: Iterable[int]) -> dict[int, str]:
        """The digests that the ledger has at these places, also where the entry beside them is damaged; "" where none is."""
        found: dict[int, str] = {}
        for seq in places:
            found[seq] = ""
            with suppress(sqlite3.Error, UnicodeDecodeError):
                assert self._connection is not None
                row = self._connection.execute("SELECT digest FROM ledger WHERE seq = ?", (seq,)).fetchone()
                if row is not None and isinstance(row[0], bytes):
                    found[seq] = row[0].hex()
        return found

    # --- looking ----------------------------------------------------------------------------

    def _look(self) -> None:
        """Goes once through the ledger."""
        for row in self._rows():
            if row[1] and PURGE_MARK in row[1]:
                self._note_purge(row[1])
        found = self.read
        chain, sound, last, damaged = GENESIS_CHAIN, True, 0, []
        for row in self._rows():
            seq, _, digest, stored_chain = row
            came = self._came(row)
            missing = range(last + 1, seq)
            last = seq
            if came is None:
                damaged += [*missing, seq]
                sound = False
                continue
            damaged += missing
            found.entries += 1
            if seq == 1 and came.body.entity == RECORD:
                found.record, found.project = came.body.id, _project(came)
            of = entry_digest(row[1]) if row[1] else digest
            chain = next_chain(chain, of)
            sound = sound and not missing and (of == digest or chain == stored_chain)
            if sound:
                found.sound = seq
                found.head = Head(seq, of.hex(), chain.hex())
                found.whole = chain == stored_chain and of == digest
        found.damaged = tuple(damaged)
        found.whole = found.whole and found.sound == last and not damaged and not self._cut
        found.received_known = self._received_known()
        with suppress(sqlite3.Error, *MISTAKES):
            assert self._connection is not None
            found.desk = schema.get_meta(self._connection, desks.OWN) or ""

    def _note_purge(self, line: bytes) -> None:
        with suppress(Bad, *MISTAKES):
            came = read_line(line)
            if came.body.entity == PURGE:
                self._purge_lines.append(line)
                value = msgspec.json.decode(came.body.value, type=dict[str, Any])
                if "entry" in value:
                    self._kept[came.body.id] = value["entry"]

    def _rows(self) -> Iterator[_Row]:
        """The rows of the ledger that SQLite can read, in order; where it stumbles, one by one from there on."""
        self._cut = False
        if self._connection is None:
            return
        last = 0
        try:
            for row in self._connection.execute(_ROWS, (1,)):
                if _is_row(row):
                    yield row
                last = row[0] if isinstance(row[0], int) else last
            return
        except (sqlite3.Error, UnicodeDecodeError):
            self._cut = True
        missed = 0
        while missed < _GAP and last < _MOST:
            last += 1
            found = None
            with suppress(sqlite3.Error, UnicodeDecodeError):
                found = self._connection.execute(_ROW, (last,)).fetchone()
            missed = 0 if found is not None else missed + 1
            if found is not None and _is_row(found):
                yield found

    def _line(self, row: _Row) -> bytes | None:
        came = self._came(row)
        return came.line if came is not None else None

    def _came(self, row: _Row) -> Came | None:
        """The entry of a row; ``None`` where its bytes are not those that were written."""
        _, data, digest, _ = row
        with suppress(Bad, *MISTAKES):
            if not data:
                kept = self._kept.get(digest.hex())
                return read_line(stub(digest.hex(), kept)) if kept is not None else None
            came = read_line(data)
            # Its bytes, or the digest beside them, were changed: who follows it says which.
            return came if entry_digest(data) == digest or self._is_followed(came.digest) else None
        return None

    def _is_followed(self, digest: str) -> bool:
        with suppress(sqlite3.Error):
            assert self._connection is not None
            found = self._connection.execute(
                "SELECT 1 FROM ledger WHERE instr(body, ?) > 0 LIMIT 1", (f'"desk_prev":"{digest}"'.encode(),)
            ).fetchone()
            return found is not None
        return False

    def _received(self) -> dict[int, str]:
        with suppress(sqlite3.Error, *MISTAKES):
            assert self._connection is not None
            return dict(self._connection.execute("SELECT seq, received_at FROM received").fetchall())
        return {}

    def _received_known(self) -> bool:
        """Whether it can be told which entries came from elsewhere."""
        try:
            assert self._connection is not None
            rows = self._connection.execute(
                "SELECT seq, desk, desk_seq, recorded_at, received_at, stored FROM received"
            ).fetchall()
            return all(seal_received(row[:5]) == row[5] for row in rows)
        except (sqlite3.Error, *MISTAKES):
            return False

    def _digests_of_blobs(self) -> list[str]:
        if self._connection is None:
            return []
        found: list[str] = []
        try:
            for (digest,) in self._connection.execute("SELECT digest FROM blobs NOT INDEXED"):
                found.append(str(digest))
        except (sqlite3.Error, UnicodeDecodeError):
            with suppress(sqlite3.Error, UnicodeDecodeError):
                rows = self._connection.execute("SELECT digest FROM blobs ORDER BY digest")
                found += [str(digest) for (digest,) in rows]
        return list(dict.fromkeys(found))


def _is_row(row: tuple[Any, ...]) -> bool:
    return isinstance(row[0], int) and all(isinstance(part, bytes) for part in row[1:])


def _project(came: Came) -> str:
    with suppress(*MISTAKES):
        return str(msgspec.json.decode(came.body.value, type=dict[str, Any])["project"])
    return ""


@contextmanager
def open_file(path: Path) -> Iterator[RecordFile]:
    """A record's file to read what can be read; nothing is written to it or beside it."""
    with tempfile.TemporaryDirectory(prefix="workbench-salvage-") as folder:
        copy = Path(folder) / "record.db"
        shutil.copyfile(path, copy)
        for beside in (log_of, index_of):
            if beside(path).exists() and beside is log_of:
                shutil.copyfile(beside(path), beside(copy))
        connection, problem = None, ""
        try:
            connection = connect(copy, "rw")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            problem = str(error)
            if connection is not None:
                connection.close()
                connection = None
        if connection is None:
            yield RecordFile(None, problem)
            return
        with closing(connection):
            yield RecordFile(connection, problem)
