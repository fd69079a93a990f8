"""The record: changes one by one, and checking a long ledger."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.large import AUTHOR, SEED, commit_all, difference
from bench.measuring import Row, paired
from bench.setting import Setting
from workbench.model.times import Clock
from workbench.record import Change, Record
from workbench.record.ledger import APPEND
from workbench.usecases.nouns import NOUNS

CHANGES = 1000
ENTRIES = 100_000


def rows(setting: Setting) -> Iterator[Row]:
    """1,000 changes with and without waiting for the disk; 100,000 entries checked."""
    folder = setting.folder / "records"
    folder.mkdir()
    peer = "raw sqlite3, the same inserts and pragmas"
    for name, what, synchronous, target in (
        ("changes", "1,000 changes one by one, each durable", "FULL", 1.5),
        ("changes-no-fsync", "the same without waiting for the disk", "OFF", None),
    ):
        pair = _Changes(setting, folder, synchronous)
        yield paired(pair.ours, pair.theirs).row(name, what, peer, target)
    yield from _verify(setting, folder)


class _Changes:
    """The same changes through the record's door and as bare inserts, in fresh files each time."""

    def __init__(self, setting: Setting, folder: Path, synchronous: str) -> None:
        self._folder = folder
        self._clock = Clock(real=lambda: setting.now)
        self._pragma = f"PRAGMA synchronous = {synchronous}"
        self._count = 0
        chance = random.Random(SEED)
        self._changes = [difference(number, chance, setting.now) for number in range(CHANGES)]
        with self._record() as record:
            path = record.path
            commit_all(record, self._changes, self._clock, per_act=1)
        raw = sqlite3.connect(path)
        self._ledger = raw.execute("SELECT * FROM ledger WHERE seq > 1 ORDER BY seq").fetchall()
        self._rows = raw.execute("SELECT * FROM e_difference ORDER BY seq").fetchall()
        columns = [column[1] for column in raw.execute("PRAGMA table_info(e_difference)")]
        self._insert = (
            f"INSERT INTO e_difference ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        )
        raw.close()

    def _record(self) -> Record:
        self._count += 1
        path = self._folder / f"changes-{self._count}-{self._pragma[-4:].strip()}.db"
        return Record.create(path, NOUNS, project="large", author=AUTHOR, clock=self._clock)

    def ours(self) -> float:
        """Checked, chained, projected."""
        with self._record() as record:
            record._connection.execute(self._pragma)
            start = time.perf_counter()
            for change in self._changes:
                record.commit([change], author=AUTHOR, clock=self._clock)
            return time.perf_counter() - start

    def theirs(self) -> float:
        """Rows that are ready, into the same tables."""
        with self._record() as record:
            path = record.path
        raw = sqlite3.connect(path, isolation_level=None)
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute(self._pragma)
        start = time.perf_counter()
        for entry, row in zip(self._ledger, self._rows, strict=True):
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(APPEND, entry)
            raw.execute(self._insert, row)
            raw.execute("COMMIT")
        taken = time.perf_counter() - start
        raw.close()
        return taken


def _verify(setting: Setting, folder: Path) -> Iterator[Row]:
    clock = Clock(real=lambda: setting.now)
    record = Record.create(folder / "long.db", NOUNS, project="large", author=AUTHOR, clock=clock)
    with record:
        chance = random.Random(SEED)
        commit_all(record, (difference(n, chance, setting.now) for n in range(ENTRIES // 2)), clock)
        commit_all(record, _edits(record), clock)
        raw = sqlite3.connect(record.path)
        bodies = [body for (body,) in raw.execute("SELECT body FROM ledger ORDER BY seq")]
        raw.close()

        def ours() -> None:
            report = record.verify(blobs=False)
            assert report.ok and report.entries >= ENTRIES, report.problem

        def theirs() -> None:
            for body in bodies:
                hashlib.sha256(body).digest()
                msgspec.json.decode(body)

        yield paired(ours, theirs, 5).row(
            "verify",
            f"verify of {len(bodies):,} entries, tables compared",
            "hashing and parsing the same bytes, in memory",
            3.5,
        )
        yield _head(record)


def _head(record: Record) -> Row:
    """The head that each statement names, and that others sign: the root over all entries."""
    leaves = record.leaves()

    def hashed() -> None:
        for digest in leaves:
            hashlib.sha256(b"\0" + digest).digest()
            hashlib.sha256(b"\1" + digest + digest).digest()

    return paired(record.checkpoint, hashed, 5).row(
        "head", f"the head of {len(leaves):,} entries", "hashing as many nodes, in memory", 3
    )


def _edits(record: Record) -> Iterator[Change]:
    for stored in record.all("difference"):
        value = stored.decode(dict)
        yield Change("difference", stored.id, "edited", value | {"impact": "looked at again"}, stored.base)
