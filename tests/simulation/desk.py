"""One desk of the simulated team: a folder with a project, its record, user data and a clock of its own."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from tests import building as build
from tests.simulation import acts

from workbench.mailbox.server import Server
from workbench.model import keys
from workbench.model.errors import WorkbenchError
from workbench.model.times import Clock
from workbench.record import Record, desks
from workbench.releases.model import Candidate, Release
from workbench.usecases import exchanging, nouns, releasing, repairing
from workbench.usecases.context import Context
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options
from workbench.usecases.sharing import joining, receiving, sending, sharing, syncing
from workbench.usecases.sharing.shared import Shared, shared_of

STEP = timedelta(milliseconds=40)


class Place(msgspec.Struct, frozen=True):
    """What makes a desk: its number, folder and person, the address of its server, how far its clock is ahead, the seed of the week."""

    number: int
    folder: Path
    person: str
    url: str
    seed: int
    ahead: timedelta = timedelta()

    @property
    def root(self) -> Path:
        return self.folder / "project"

    @property
    def record(self) -> Path:
        return self.root / ".workbench" / "record.db"


class Turn(msgspec.Struct):
    """What came of one turn at a desk."""

    done: dict[str, int] = {}
    received: int = 0
    sent: int = 0
    seconds: float = 0
    quarantined: tuple[str, ...] = ()
    refused: tuple[int, ...] = ()
    told: str = ""


class Ended(msgspec.Struct, frozen=True):
    """How a desk stands in the end; the digests cover every row of every table, and every entry."""

    number: int
    tables: dict[str, str]
    entries: str
    count: int
    held: frozenset[str]
    acknowledged: frozenset[str]
    waiting: frozenset[str]
    quarantined: frozenset[str]
    entered: frozenset[str]
    contested: int
    forks: int
    problem: str
    size: int
    frontier: str


class SimulatedDesk:
    """A desk that acts, sends and receives when it is told to; everything it does follows from the seed."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.acknowledged: set[str] = set()
        self.entered: set[str] = set()
        self._now = datetime.min
        self._context: Context | None = None
        self._dice = random.Random()

    # --- where and when -----------------------------------------------------------------------

    @contextmanager
    def at(self, moment: datetime, what: str, port: int = 0) -> Iterator[None]:
        """At this desk, at a moment of the week: its user data, its clock, and chance that is the same in each run."""
        self._now = moment + STEP * (self.place.number % 25)
        self._dice = random.Random(f"{self.place.seed} {self.place.number} {moment} {what}")
        keys._noise.clear()
        env = {"WORKBENCH_DATA": str(self.place.folder / "data"), "PGPORT": str(port)}
        with patch.dict(os.environ, env), patch("secrets.randbits", self._dice.getrandbits):
            yield

    def _tick(self) -> datetime:
        self._now += STEP
        return self._now + self.place.ahead

    @property
    def context(self) -> Context:
        """The open project; its clock is that of the simulation."""
        if self._context is None:
            options = Options(project=self.place.root, as_person=self.place.person)
            with build.made_at(self._now):
                context = open_context(options, create=True)
            context.record._connection.execute("PRAGMA synchronous = OFF")
            latest = context.latest
            clock = Clock(real=self._tick, floor=lambda: latest.moment)
            self._context = msgspec.structs.replace(context, clock=clock)
        return self._context

    @property
    def record(self) -> Record:
        return self.context.record

    def close(self) -> None:
        if self._context is not None:
            self._context.record.close()
            self._context = None

    # --- turns --------------------------------------------------------------------------------

    def act(self, moment: datetime, count: int) -> Turn:
        """Some acts."""
        turn = Turn()
        with self.at(moment, "act"):
            before = self.record.head.seq
            done: Counter[str] = Counter()
            for _ in range(count):
                done[acts.act(self.context, self._dice)] += 1
            turn.done = dict(done)
            self._note_own(before)
        return turn

    def _note_own(self, after: int) -> None:
        """What was written here since is acknowledged: whoever wrote it was told that it is kept."""
        sql = "SELECT digest FROM ledger WHERE seq > ? AND seq NOT IN (SELECT seq FROM received)"
        self.acknowledged |= {digest.hex() for (digest,) in self.record.query(sql, (after,))}

    def receive(self, moment: datetime, port: int) -> Turn:
        """Takes in what the server has."""
        with self.at(moment, "receive", port):
            return self._synced(sending=False)

    def send(self, moment: datetime, port: int) -> Turn:
        """Sends what the server lacks, and receives what came meanwhile."""
        with self.at(moment, "send", port):
            return self._synced(receiving=False)

    def sync(self, moment: datetime, port: int) -> Turn:
        """Both."""
        with self.at(moment, "sync", port):
            return self._synced()

    def _synced(self, *, receiving: bool = True, sending: bool = True) -> Turn:
        turn, before = Turn(), self.record.head.seq
        start = time.perf_counter()
        try:
            with (
                ExitStack() as stack
            ):  # only half of it, so that the order of what is sent does not hang on timing
                if not receiving:
                    stack.enter_context(patch.object(syncing, "receive", _nothing_received))
                if not sending:
                    stack.enter_context(patch.object(syncing, "send", _nothing_sent))
                found = syncing.sync(self.context)
            turn.told = found.unsent.why.value if found.unsent else ""
            turn.sent = found.sent
            turn.received = found.received
            turn.quarantined = tuple(one.digest for one in found.quarantined)
            turn.refused = tuple(one.number for one in found.refused)
            turn.told = found.unsent.why.value if found.unsent is not None else ""
        except WorkbenchError as error:
            turn.told = str(error)
        turn.seconds = time.perf_counter() - start
        self._note_own(before)
        return turn

    # --- beginning ----------------------------------------------------------------------------

    def share(self, moment: datetime, port: int) -> None:
        """Begins the record, and puts it on the server."""
        with self.at(moment, "share", port):
            context = self.context
            build.add_flow(context)
            plan = Release(version="2.0.0")
            releasing.plan(context, plan, Candidate(release="", number=0, commit=build.SHA, author="jo"))
            acts.begin(context)
            sharing.share(context, self.place.url)
            self._note_own(0)

    def join(self, moment: datetime, port: int, again: bool = False) -> Turn:
        """Takes up the shared record; ``again`` as a new desk, beside which the old file is kept."""
        self.close()
        turn = Turn()
        with self.at(moment, "join", port):
            start = time.perf_counter()
            with build.made_at(self._now), patch.object(joining, "Clock", partial(Clock, real=self._tick)):
                options = Options(project=self.place.root, as_person=self.place.person)
                joining.join(options, self.place.url, again=again)
            turn.seconds = time.perf_counter() - start
            self._note_own(0)
        return turn

    def begin_again(self, moment: datetime, port: int) -> Turn:
        """Joins again beside the old record, and enters in its own name what only that held of its own."""
        turn = self.join(moment, port, again=True)
        with self.at(moment + timedelta(minutes=5), "enter", port):
            for kept in self.record.aside():
                if kept.digest in self.acknowledged:
                    with suppress(WorkbenchError):  # it rests on what only the one before held
                        entered = self.record.head.seq
                        repairing.enter(
                            self.context, kept.digest, "written before it was seen that this is a copy"
                        )
                        self.entered.add(kept.digest)
                        self._note_own(entered)
        return turn

    def forks(self, moment: datetime) -> set[str]:
        """The desks as which two copies are seen to have written."""
        with self.at(moment, "forks"):
            return {one.desk for one in self.record.forks()}

    def own_desk(self, moment: datetime) -> str:
        """As which desk it writes."""
        with self.at(moment, "own desk"):
            return self.record.info.desk

    # --- files --------------------------------------------------------------------------------

    def write_pack(self, moment: datetime, to: Path) -> None:
        with self.at(moment, "pack"):
            to.unlink(missing_ok=True)
            exchanging.write_pack(self.context, to)

    def import_pack(self, moment: datetime, path: Path) -> Turn:
        """Takes in a pack that came as a file."""
        turn = Turn()
        with self.at(moment, "import"):
            found = exchanging.take(self.context, path)
            turn.received = len(found.taken.taken)
            turn.quarantined = found.taken.new
        return turn

    def back_up(self, moment: datetime) -> None:
        """A copy of the file, as a backup of the disk would have it."""
        with self.at(moment, "back up"):
            copy = self.place.folder / "backup.db"
            copy.unlink(missing_ok=True)
            self.record.backup(copy)
            shutil.copytree(self.place.folder / "data", self.place.folder / "backup-data")

    def lose_disk(self, moment: datetime, *, home: bool) -> list[str]:
        """The disk is lost and put back from the backup; what it held beyond that is told.

        ``home``: an image of the whole disk was put back, user data and all, so that nothing here knows that it is a copy.
        """
        with self.at(moment, "lose"):
            held = self._digests()
            self.close()
            for name in ("record.db-wal", "record.db-shm"):
                self.place.record.with_name(name).unlink(missing_ok=True)
            shutil.rmtree(self.place.folder / "data")
            if home:
                self.place.record.write_bytes((self.place.folder / "backup.db").read_bytes())
                shutil.copytree(self.place.folder / "backup-data", self.place.folder / "data")
                with closing(sqlite3.connect(self.place.record)) as file:
                    desks.note_home(file, self.place.record)
                    file.commit()
            else:
                self.place.record.unlink()
                shutil.copy(self.place.folder / "backup.db", self.place.record)
            lost = held - self._digests()
            return sorted(lost)

    def _digests(self) -> set[str]:
        return {digest.hex() for (digest,) in self.record.query("SELECT digest FROM ledger")}

    # --- the end ------------------------------------------------------------------------------

    def end(self, moment: datetime) -> Ended:
        """How it stands: everything is looked at."""
        with self.at(moment, "end"):
            record = self.record
            report = record.verify()
            with suppress(OSError):
                size = sum(path.stat().st_size for path in self.place.record.parent.glob("record.db*"))
            held = frozenset(self._digests())
            record.check_rows()
            return Ended(
                number=self.place.number,
                tables=dict(self._tables()),
                entries=digest_of(sorted(held)),
                count=len(held),
                held=held,
                acknowledged=frozenset(self.acknowledged),
                waiting=frozenset(one.digest for one in report.waiting),
                quarantined=frozenset(one.digest for one in report.quarantined),
                entered=frozenset(self.entered),
                contested=len(report.contested),
                forks=len(record.forks()),
                problem=report.problem or "",
                size=size,
                frontier=digest_of(record.frontier()),
            )

    def _tables(self) -> Iterator[tuple[str, str]]:
        """Every row of every projected table but for its place, which is the order of arrival."""
        names = {kind.table for kind in nouns.NOUNS} | {
            fan.table for kind in nouns.NOUNS for fan in kind.fan_out
        }
        for name in (*sorted(names), "versions"):
            columns = [row[1] for row in self.record.query(f"PRAGMA table_info({name})") if row[1] != "seq"]
            text = ", ".join(f'"{column}"' for column in columns)
            yield name, digest_of(sorted(self.record.query(f"SELECT {text} FROM {name}"), key=repr))

    def shared_number(self) -> int:
        """How far it has read the mailbox."""
        shared = shared_of(self.record)
        return shared.number if shared else 0


def _nothing_received(
    context: Context, server: Server, shared: Shared, *_: object
) -> tuple[Shared, receiving.Received]:
    return shared, receiving.Received()


def _nothing_sent(
    context: Context, server: Server, shared: Shared, *_: object
) -> tuple[Shared, sending.Sending]:
    return shared, sending.Sending()


def digest_of(rows: Any) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def week(day: int, hour: float) -> datetime:
    """A moment of the simulated week."""
    return datetime(2026, 9, 14, tzinfo=UTC) + timedelta(days=day, hours=hour)
