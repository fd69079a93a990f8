"""Packs: taking entries of another desk beside making the same changes here, and what a long pack needs."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from bench.large import AUTHOR, SEED, commit_all, difference
from bench.measuring import Row, paired
from bench.setting import Setting
from workbench.model.times import Clock
from workbench.record import Record
from workbench.record.pack_files import open_pack
from workbench.usecases.nouns import NOUNS

ENTRIES = 10_000
MANY = 100_000
_ROUNDS = 3


def rows(setting: Setting) -> Iterator[Row]:
    """10,000 entries taken or made one by one; 100,000 written to a file."""
    folder = setting.folder / "packs"
    folder.mkdir()
    pair = _Taken(setting, folder)
    peer = "the same changes, committed one by one"
    what = "taking 10,000 entries of another desk from a pack, tables brought up to date"
    yield paired(pair.ours, pair.theirs, rounds=_ROUNDS).row("take", what, peer, 3)
    yield _memory(setting, folder)


class _Taken:
    """One desk's pack, taken by a copy of the record that has none of it."""

    def __init__(self, setting: Setting, folder: Path) -> None:
        self._folder, self._count = folder, 0
        self._clock = Clock(real=lambda: setting.now)
        chance = random.Random(SEED)
        self._changes = [difference(number, chance, setting.now) for number in range(ENTRIES)]
        self._empty = folder / "empty.db"
        with Record.create(
            folder / "first.db", NOUNS, project="large", author=AUTHOR, clock=self._clock
        ) as first:
            first.backup(self._empty)
            first._connection.execute("PRAGMA synchronous = OFF")
            commit_all(first, self._changes, self._clock, per_act=1)
            self.pack = folder / "all.pack"
            first.write_pack(self.pack)

    def _copy(self) -> Record:
        self._count += 1
        path = self._folder / f"copy-{self._count}.db"
        path.write_bytes(self._empty.read_bytes())
        record = Record.open(path, NOUNS)
        record._connection.execute("PRAGMA synchronous = OFF")
        return record

    def ours(self) -> float:
        """The pack checked, each entry looked at, chained and projected."""
        with self._copy() as record:
            start = time.perf_counter()
            with open_pack(self.pack) as pack:
                taken = record.take_in(pack, author=AUTHOR, clock=self._clock)
            assert len(taken.taken) == ENTRIES
            return time.perf_counter() - start

    def theirs(self) -> float:
        """The changes made here."""
        with self._copy() as record:
            start = time.perf_counter()
            for change in self._changes:
                record.commit([change], author=AUTHOR, clock=self._clock)
            return time.perf_counter() - start


def _memory(setting: Setting, folder: Path) -> Row:
    """What is held while 100,000 entries are written to a file."""
    clock, chance = Clock(real=lambda: setting.now), random.Random(SEED)
    with Record.create(folder / "many.db", NOUNS, project="large", author=AUTHOR, clock=clock) as record:
        changes = (difference(number, chance, setting.now) for number in range(MANY))
        record.commit_many(changes, MANY, author=AUTHOR, clock=clock)
        tracemalloc.start()
        start = time.perf_counter()
        written = record.write_pack(folder / "many.pack")
        took = time.perf_counter() - start
        held = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
    return Row(
        name="write",
        what=f"writing {MANY:,} entries to a pack of {written.size / 1e6:.0f} MB: most memory held",
        peer="limit of 20 MB",
        measured=held,
        target=20,
        unit=" MB",
        times=f"{took:.1f} s, memory traced",
    )
