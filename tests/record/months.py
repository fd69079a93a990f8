"""Desks that send packs to one another as files: some are lost, come twice or in another order, some are spoiled."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from tests.record.exchanging import NOUNS, begin, entries, projection
from tests.record.support import ADA, START
from tests.record.test_exchange import act

from workbench.model.canonical import encode
from workbench.model.times import Clock
from workbench.record import Record, Taken, graph
from workbench.record.ledger import entry_digest
from workbench.record.pack_files import open_pack
from workbench.record.packs import Selection, decode_pack, encode_pack
from workbench.record.salvaging import open_file

IDS = ("a", "b", "c")
WORDS = ("x", "y", "z")


class Desk:
    """One copy of the record, with the clock of its machine."""

    def __init__(self, world: World, record: Record, ahead: timedelta) -> None:
        self.record = record
        self.seen: dict[Any, Any] = {}
        self.clock = Clock(real=lambda: world.tick() + ahead)


class World:
    """Desks, the packs that are under way between them, and all that anybody was told is kept."""

    def __init__(self, folder: Path, dice: random.Random, ahead: tuple[int, ...] = (0, 2)) -> None:
        self.folder, self.dice = folder, dice
        self.now: datetime = START
        self.desks = [
            Desk(self, record, timedelta(hours=hours))
            for record, hours in zip(begin(folder, len(ahead)), ahead, strict=True)
        ]
        self.mail: list[tuple[int, Path]] = []
        self.acknowledged: set[bytes] = set()
        self.planted: set[str] = set()
        self.told_bad: set[str] = set()
        self.copies: dict[int, Path] = {}
        self._packs = 0

    def tick(self) -> datetime:
        self.now += timedelta(milliseconds=700)
        return self.now

    # --- what people do ---------------------------------------------------------------------

    def do(self, desk: int) -> None:
        """One act at a desk; what it was told is kept is noted."""
        one, dice = self.desks[desk], self.dice
        what = dice.choice(
            (
                (
                    "edit",
                    0,
                    dice.choice(IDS),
                    dice.choice(("title", "note", "left", "decision")),
                    dice.choice(WORDS),
                ),
                ("edit", 0, dice.choice(IDS), "title", dice.choice(WORDS)),
                ("stale", 0, dice.choice(IDS), "note", dice.choice(WORDS)),
                ("remove", 0, dice.choice(IDS)),
                ("undo", 0),
                ("redo", 0),
                ("choose", 0, dice.randrange(4)),
                ("revoke", 0, dice.random() < 0.5),
                ("freeze", 0, dice.random() < 0.5),
            )
        )
        act([one.record], one.clock, what, one.seen)
        self.acknowledged |= entries(one.record)

    def send(self, desk: int, to: int) -> None:
        """A pack for another desk: all, or what that one lacks as far as it is known here."""
        one, other = self.desks[desk].record, self.desks[to].record
        self._packs += 1
        path = self.folder / f"{self._packs}.pack"
        selection = Selection("since", other.frontier()) if self.dice.random() < 0.6 else Selection()
        one.write_pack(path, selection)
        self.mail.append((to, path))

    def spoil(self) -> None:
        """One entry of a pack under way is changed by somebody who can make the digest fit."""
        told = [
            n for n, (_, path) in enumerate(self.mail) if path.suffix == ".pack" and len(lines_of(path)) > 1
        ]
        if not told:
            return
        to, path = self.mail[self.dice.choice(told)]
        pack = decode_pack(path.read_bytes(), "a pack")
        place = self.dice.randrange(len(pack.entries) - 1) + 1
        bad = self.dice.choice(SPOILERS)(pack.entries[place])
        if bad is None:
            return
        lines = (*pack.entries[:place], bad, *pack.entries[place + 1 :])
        spoiled = path.with_suffix(".spoiled")
        spoiled.write_bytes(encode_pack(msgspec.structs.replace(pack, entries=lines)))
        self.planted.add(entry_digest(bad).hex())
        self.mail.append((to, spoiled))

    def deliver(self) -> None:
        """Any pack under way arrives, whatever was sent first; some come twice, some are lost."""
        if not self.mail:
            return
        to, path = self.mail.pop(self.dice.randrange(len(self.mail)))
        if self.dice.random() < 0.15:
            return
        if self.dice.random() < 0.2:
            self.mail.append((to, path))
        self.take(to, path)

    def take(self, to: int, path: Path) -> Taken:
        desk = self.desks[to]
        with open_pack(path) as pack:
            taken = desk.record.take_in(pack, author=ADA, clock=desk.clock)
        self.told_bad |= {one.digest for one in taken.quarantined}
        return taken

    def back_up(self, desk: int) -> None:
        path = self.folder / f"copy-{desk}-{self._packs}-{len(self.copies)}-{self.dice.random()}.db"
        self.copies[desk] = self.desks[desk].record.backup(path)

    def restore(self, desk: int) -> None:
        """A desk goes back to its copy, as a new desk; what the copy lacks is read from the file before."""
        if desk not in self.copies:
            return
        one = self.desks[desk]
        path = one.record.path
        one.record.close()
        old = path.with_suffix(f".{self.dice.random()}.old")
        path.rename(old)
        shutil.copy(self.copies[desk], path)
        one.record = Record.open(path, NOUNS)
        one.record._connection.execute("PRAGMA synchronous = OFF")
        one.record.begin_desk("restored from a copy", ADA, one.clock)
        if self.dice.random() < 0.5:  # else the other desks bring it
            with open_file(old) as found:
                one.record.take_in(found, author=ADA, clock=one.clock)
        else:
            held = entries(one.record).union(*(entries(other.record) for other in self.desks))
            if not self.acknowledged <= held:  # nobody else has it: it is in the old file alone
                with open_file(old) as found:
                    one.record.take_in(found, author=ADA, clock=one.clock)

    # --- what must hold in the end ------------------------------------------------------------

    def converge(self) -> None:
        """Each gives each other one whole pack, twice."""
        for _ in range(2):
            for a in range(len(self.desks)):
                for b in range(len(self.desks)):
                    if a != b:
                        path = self.folder / "last.pack"
                        self.desks[a].record.write_pack(path)
                        self.take(b, path)

    def check(self) -> None:
        """The same projections byte for byte; nothing that anybody was told is kept is lost; nothing bad got in."""
        first = self.desks[0].record
        for desk in self.desks:
            record = desk.record
            assert entries(record) == entries(first)
            assert projection(record) == projection(first)
            report = record.verify()
            assert report.ok, report.problem
            assert report.waiting == ()
            assert {one.digest for one in report.quarantined} <= self.planted
            record.check_rows()
            assert [(c.id, c.versions) for c in record.contested()] == [
                (c.id, c.versions) for c in first.contested()
            ]
            check_beginnings(record)
        assert self.acknowledged <= entries(first)
        held = {digest.hex() for digest in entries(first)}
        assert not held & self.planted
        assert self.told_bad <= self.planted

    def close(self) -> None:
        for desk in self.desks:
            desk.record.close()


def check_beginnings(record: Record) -> None:
    """What stands follows from the entries since everybody last knew everything as it does from all of them."""
    for kind in NOUNS:
        table = record._tables[kind.name]
        for id, seq in record.query("SELECT id, seq FROM ledger WHERE entity = ?", (kind.name,)):
            short = graph.standing(record._connection, table, id, seq)
            with patch.object(graph, "_beginning", lambda nodes, places: 0):
                assert graph.standing(record._connection, table, id, seq) == short


def lines_of(path: Path) -> tuple[bytes, ...]:
    return decode_pack(path.read_bytes(), "a pack").entries


def edited(line: bytes, **fields: Any) -> bytes | None:
    said = msgspec.json.decode(line)
    if said.get("purged") or said["entity"] in ("record", "desk"):
        return None
    changed = encode({k: v for k, v in (said | fields).items() if v is not None})
    return changed if changed != line else None


SPOILERS: tuple[Callable[[bytes], bytes | None], ...] = (
    lambda line: edited(line, desk_prev="00" * 32),
    lambda line: edited(line, value=[1, 2]),
    lambda line: edited(line, recorded_at="1999-01-01T00:00:00.000000Z"),
    lambda line: edited(line, recorded_at="soon"),
    lambda line: edited(line, entity="purge", id="00"),
    lambda line: edited(line, also=["00" * 32]),
    lambda line: line.replace(b":", b": ", 1),
    lambda line: line[:-1] + b"\xff}",
)
