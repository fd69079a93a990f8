"""A week of a team that shares its record: who is on-line when, what goes wrong, and what must hold in the end."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from statistics import quantiles
from typing import Any
from unittest.mock import patch

import msgspec
from tests import building as build
from tests.real.postgresql import PostgreSQLServer
from tests.simulation.breaking import BreakingWay
from tests.simulation.crew import Crew
from tests.simulation.desk import Ended, Place, Turn, week
from tests.simulation.malice import Attacked

from workbench.mailbox.addresses import read_address
from workbench.mailbox.server import connect
from workbench.usecases.sharing.synced import Obstacle

PASSWORD = "only-for-simulations"
DAYS = 7
# Which desks something happens to, by their numbers; the first one keeps the shared record.
KEEPER, AHEAD, RESTORED, CLONED, MALICIOUS, VICTIM = 0, 1, 2, 3, 4, 5
LEAST = 6


class Size(msgspec.Struct, frozen=True):
    """How many desks and people there are, in how many turns a day, with how many acts at each."""

    desks: int
    people: int
    turns: int
    acts: int
    jobs: int = 0


SMALL = Size(desks=LEAST, people=5, turns=2, acts=4)
WHOLE = Size(desks=100, people=40, turns=8, acts=9, jobs=2)


class Figures(msgspec.Struct):
    """What is told of a simulated week; ``problems`` are the things that do not hold, in words."""

    desks: int = 0
    entries: int = 0
    packs: int = 0
    bytes_on_server: int = 0
    bytes_of_a_record: int = 0
    acts: dict[str, int] = {}
    syncs: int = 0
    sync_seconds: list[float] = []
    join_seconds: list[float] = []
    seconds: float = 0
    settled: int = 0
    contested: int = 0
    quarantined: int = 0
    waiting: int = 0
    refused_packs: int = 0
    refused_statements: int = 0
    forks: int = 0
    failed_syncs: int = 0
    lost_with_disks: int = 0
    restarts: int = 0
    begun_again: int = 0
    entered: int = 0
    told: list[str] = []
    digest: str = ""
    problems: list[str] = []


class Week:
    """The team, its server, and the days."""

    def __init__(
        self,
        size: Size,
        seed: int,
        folder: Path,
        server: PostgreSQLServer,
        tell: Callable[[str], object] = lambda text: None,
    ) -> None:
        self.size, self.seed, self.folder, self.server = size, seed, folder, server
        self._tell, self._start = tell, time.perf_counter()
        self.dice = random.Random(seed)
        self.figures = Figures(desks=size.desks)
        self.crew = Crew(size.jobs)
        self.database = f"week_{os.getpid()}_{seed}"
        self.done: Counter[str] = Counter()
        self.away: dict[int, bool] = {}
        self.left: set[int] = set()
        self.attacked = Attacked()
        self.planted: list[str] = []
        self.lost: dict[int, set[str]] = {}
        self.begun_again: set[int] = set()
        self.forks_seen: set[str] = set()
        self.cloned = self.malicious = ""
        self.refused: dict[int, set[int]] = {}
        self._passwords = folder / "pgpass"

    # --- making it ----------------------------------------------------------------------------

    def person(self, number: int) -> str:
        """Who sits at a desk; some people have several, the one who means ill has one."""
        return "mallory" if number == MALICIOUS else f"p{number % (self.size.people - 1):02}"

    def role(self, person: str) -> str:
        return f"{person}_{self.database}"

    def url(self, person: str) -> str:
        """Without a port: that is told by the environment, as it changes when the server is started again."""
        return f"postgresql://{self.role(person)}@127.0.0.1/{self.database}"

    def place(self, number: int) -> Place:
        person = self.person(number)
        ahead = timedelta(hours=2) if number == AHEAD else timedelta()
        return Place(number, self.folder / f"desk-{number:03}", person, self.url(person), self.seed, ahead)

    def begin(self) -> None:
        """The roles, the first desk with its record, and the others, which join one after the other."""
        self.server.execute("postgres", files("workbench.mailbox").joinpath("groups.sql").read_text())
        people = sorted({self.person(number) for number in range(self.size.desks)})
        self._passwords.touch(0o600)
        for person in people:
            rights = "CREATEROLE" if person == self.person(KEEPER) else ""
            self._add_role(person, rights)
        keeper = self.role(self.person(KEEPER))
        self.server.execute("postgres", f"CREATE DATABASE {self.database} OWNER {keeper}")
        moment = week(0, 6)
        for number in range(self.size.desks):
            place = self.place(number)
            place.root.mkdir(parents=True)
            build.write(place.root, project_text(people))
            self.crew.add(place)
        self._share(moment, people)
        for number in range(1, self.size.desks):
            turn = self.crew.call(number, "join", moment + timedelta(seconds=5 * number), self.server.port)
            self.figures.join_seconds.append(turn.seconds)

    def _add_role(self, person: str, rights: str) -> None:
        role, group = self.role(person), "keeper" if rights else "signer"
        self.server.execute("postgres", f"CREATE ROLE {role} LOGIN {rights} PASSWORD '{PASSWORD}'")
        admin = "WITH ADMIN OPTION" if rights else ""
        self.server.execute("postgres", f"GRANT workbench_{group} TO {role} {admin}")
        if rights:
            groups = "workbench_reader, workbench_writer, workbench_signer"
            self.server.execute("postgres", f"GRANT {groups} TO {role} {admin}")
        with self._passwords.open("a") as file:
            file.write(f"*:*:*:{role}:{PASSWORD}\n")

    def _share(self, moment: datetime, people: list[str]) -> None:
        self.crew.call(KEEPER, "share", moment, self.server.port)
        with connect(read_address(self.url(self.person(KEEPER)))) as server:
            (record,) = server.records()
            for person in people:
                server.add_member(record.record, self.role(person), "")
                server.add_member(record.record, self.role(person), person)

    # --- the days -----------------------------------------------------------------------------

    def run(self) -> Figures:
        """The whole week, and what came of it."""
        with patch.dict(os.environ, {"PGPASSFILE": str(self._passwords), "PGPORT": str(self.server.port)}):
            try:
                self.begin()
                self._say("all desks have joined")
                for day in range(DAYS):
                    for turn in range(self.size.turns):
                        self.turn(day, turn)
                    self.happen(day)
                    self._say(f"day {day + 1} is over")
                self.converge()
                self._say("all desks have received everything")
                self.check()
            finally:
                self.crew.close()
        self.figures.seconds = time.perf_counter() - self._start
        return self.figures

    def _say(self, text: str) -> None:
        self._tell(f"{time.perf_counter() - self._start:6.0f} s  {text}")

    def turn(self, day: int, turn: int) -> None:
        """Who is on-line receives, everybody acts, who is on-line sends."""
        moment = week(day, 8 + 10 * turn / self.size.turns)
        here = [number for number in range(self.size.desks) if number not in self.left]
        on_line = [number for number in here if self._is_on_line(day, turn, number)]
        self._note(self.crew.each(on_line, "receive", moment, self.server.port))
        self._note(self.crew.each(here, "act", moment + timedelta(minutes=5), self.size.acts))
        for number in on_line:
            self._note(
                {number: self.crew.call(number, "send", moment + timedelta(minutes=20), self.server.port)}
            )

    def _is_on_line(self, day: int, turn: int, number: int) -> bool:
        """A third of the time a desk is off-line, hours on end; for two days one half of them is cut off."""
        if turn % 2 == 0 or number not in self.away:
            self.away[number] = self.dice.random() < 1 / 3
        cut_off = day in (2, 3) and number % 2 == 1
        return not self.away[number] and not cut_off

    def happen(self, day: int) -> None:
        """What goes wrong at the end of a day."""
        evening = week(day, 20)
        if day == 0:
            self._break(evening, 2, answers=False)
            self._break(evening, 2, answers=True)
        if day == 1:
            for number in (RESTORED, CLONED):
                self.crew.call(number, "back_up", evening)
        if day == 2:  # some of those that are cut off exchange files
            self._exchange(1, 3, evening)
        if day == 4:
            self._lose_disks(evening)
            self._tell_two_histories(evening)
        if day == 5:
            self._begin_again(evening)
            self._attack(evening + timedelta(hours=2))

    def _break(self, moment: datetime, number: int, *, answers: bool) -> None:
        """A push that the server does not survive, or whose answer is lost; both are repeated."""
        self.crew.call(number, "act", moment, 3 * self.size.acts)
        most = self.dice.randrange(4_000)
        way = BreakingWay(self.server.port, most, self.server.kill, answers=answers)
        try:
            turn = self.crew.call(number, "sync", moment + timedelta(minutes=30), way.port)
        finally:
            way.close()
        self.figures.failed_syncs += 1
        if not (way.broken and turn.told):
            self.figures.problems.append("a push was to be cut off, and was not, or nobody was told")
        if not answers:
            self.server.start_again()
            os.environ["PGPORT"] = str(self.server.port)
            self.figures.restarts += 1
        self._note({number: self.crew.call(number, "sync", moment + timedelta(minutes=40), self.server.port)})

    def _exchange(self, one: int, other: int, moment: datetime) -> None:
        for a, b in ((one, other), (other, one)):
            path = self.folder / f"from-{a}.pack"
            self.crew.call(a, "write_pack", moment, path)
            self.crew.call(b, "import_pack", moment + timedelta(minutes=1), path)

    def _lose_disks(self, moment: datetime) -> None:
        """Two disks are put back from copies; one of the two desks acts before it has asked the server."""
        self.cloned = self.crew.call(CLONED, "own_desk", moment)
        self.lost[RESTORED] = set(self.crew.call(RESTORED, "lose_disk", moment, home=False))
        self.lost[CLONED] = set(self.crew.call(CLONED, "lose_disk", moment, home=True))
        self._note({CLONED: self.crew.call(CLONED, "act", moment + timedelta(minutes=5), self.size.acts)})

    def _tell_two_histories(self, moment: datetime) -> None:
        """Somebody hands a file with other entries to one desk than it sends to the server."""
        self._note({MALICIOUS: self.crew.call(MALICIOUS, "sync", moment, self.server.port)})
        self.malicious = self.crew.call(MALICIOUS, "own_desk", moment)
        path = self.folder / "second.pack"
        self.planted = self.crew.call(MALICIOUS, "second_history", moment, path)
        self.crew.call(VICTIM, "import_pack", moment + timedelta(minutes=5), path)
        self._note(
            {MALICIOUS: self.crew.call(MALICIOUS, "act", moment + timedelta(minutes=10), self.size.acts)}
        )
        self._note(
            {MALICIOUS: self.crew.call(MALICIOUS, "sync", moment + timedelta(minutes=20), self.server.port)}
        )

    def _begin_again(self, moment: datetime) -> None:
        """Who is told that two copies wrote as one desk goes on as a new one; that is done once at each desk."""
        honest = self._honest()
        told = {
            number: self.crew.call(number, "sync", moment, self.server.port)
            for number in honest
            if number not in self.begun_again
        }
        self._note({number: turn for number, turn in told.items() if number != CLONED})
        for number, turn in told.items():
            forks = self.crew.call(number, "forks", moment)
            self.forks_seen |= forks
            if forks or turn.told == Obstacle.TWO_COPIES.value:
                self.begun_again.add(number)
                self.forks_seen |= {self.cloned} if number == CLONED and turn.told else set()
                self.crew.call(number, "begin_again", moment + timedelta(minutes=30), self.server.port)

    def _honest(self) -> list[int]:
        return [number for number in range(self.size.desks) if number not in self.left]

    def _attack(self, moment: datetime) -> None:
        self._note({MALICIOUS: self.crew.call(MALICIOUS, "sync", moment, self.server.port)})
        self.attacked = self.crew.call(
            MALICIOUS, "attack", moment + timedelta(minutes=5), self.server.port, "p00"
        )
        self.left.add(MALICIOUS)
        self.figures.refused_statements = len(self.attacked.refused)
        self.figures.problems += [f"the server let through: {name}" for name in self.attacked.let_through]

    def _note(self, turns: dict[int, Turn]) -> None:
        for number, turn in turns.items():
            self.done.update(turn.done)
            self.refused.setdefault(number, set()).update(turn.refused)
            if turn.told:
                self.figures.told.append(f"desk {number}: {turn.told}")
                self.figures.failed_syncs += 1
            if turn.received or turn.sent:
                self.figures.syncs += 1
                self.figures.sync_seconds.append(turn.seconds)

    # --- the end ------------------------------------------------------------------------------

    def converge(self) -> None:
        """Everybody is on-line again, until nobody sends or receives anything more."""
        honest = self._honest()
        for again in range(6):
            if again == 2:  # all that came by file has met what came from the server
                self._begin_again(week(DAYS, 8 + again))
            moment = week(DAYS, 8 + again)
            received = self.crew.each(honest, "receive", moment, self.server.port)
            sent = {
                number: self.crew.call(number, "send", moment + timedelta(minutes=20), self.server.port)
                for number in honest
            }
            self._note(received)
            self._note(sent)
            moved = any(turn.received or turn.sent for turn in (*received.values(), *sent.values()))
            if again > 2 and not moved:
                return
        self.figures.problems.append("the desks do not come to rest")

    def check(self) -> None:
        """No acknowledged entry lost, no fork unseen, every honest desk the same, every record verified."""
        ended: dict[int, Ended] = self.crew.each(self._honest(), "end", week(DAYS, 20))
        first, problems = ended[KEEPER], self.figures.problems
        # A desk that began again keeps what only its file held, which may be what another desk has lost.
        written = set().union(*self.lost.values(), *(one.acknowledged for one in ended.values()))
        unseen = {self.cloned, self.malicious} - self.forks_seen
        problems += [f"nobody saw that two copies wrote as the desk {desk}" for desk in unseen]
        for number, one in ended.items():
            problems += [f"desk {number}: {one.problem}"] if one.problem else []
            problems += (
                [f"desk {number} holds other entries than the first one"]
                if one.entries != first.entries
                else []
            )
            other = [name for name in first.tables if first.tables[name] != one.tables[name]]
            problems += [f"desk {number}: the table {name} is another" for name in other]
            problems += [f"desk {number} knows desks otherwise"] if one.frontier != first.frontier else []
            problems += (
                [f"desk {number} lacks what is quarantined elsewhere"]
                if first.quarantined - one.quarantined
                else []
            )
            odd = one.quarantined - first.quarantined - written - set(self.planted)
            problems += [f"desk {number} quarantined {len(odd)} sound entries"] if odd else []
            lost = one.acknowledged - first.held - first.waiting - one.quarantined - one.waiting - one.entered
            gone = self.lost.get(number, set())
            self.figures.entered += len(one.entered)
            self.figures.lost_with_disks += len(lost & gone)
            problems += (
                [f"desk {number}: {len(lost - gone)} acknowledged entries are lost"] if lost - gone else []
            )
            problems += [
                f"desk {number} took a bad entry" for digest in self.attacked.bad if digest in one.held
            ]
            lies = set(self.attacked.lies) - self.refused[number]
            problems += [f"desk {number} did not refuse the packs {sorted(lies)}"] if lies else []
            missed = set(self.attacked.bad) - one.quarantined
            problems += [f"desk {number} did not notice {len(missed)} bad entries"] if missed else []
        self._count(first)

    def _count(self, first: Ended) -> None:
        figures = self.figures
        figures.entries, figures.contested = first.count, first.contested
        figures.quarantined, figures.waiting = len(first.quarantined), len(first.waiting)
        figures.forks, figures.bytes_of_a_record = first.forks, first.size
        figures.refused_packs = len(self.refused[KEEPER])
        figures.acts = dict(sorted(self.done.items()))
        figures.begun_again = len(self.begun_again)
        figures.settled = self.done["settle"]
        figures.digest = first.entries
        rows = self._rows("SELECT count(*), coalesce(sum(octet_length(content)), 0) FROM workbench.pack")
        figures.packs, figures.bytes_on_server = rows[0][0], int(rows[0][1])

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with connect(read_address(self.url(self.person(KEEPER)))) as server, server.told() as connection:
            return list(connection.execute(sql).fetchall())


def project_text(people: list[str]) -> str:
    """The project's file: everybody owns releases, staging and the product."""
    listed = "".join(
        f"  - {{key: {person}, name: {person.title()}, roles: [release-owner, staging-owner, product-owner]}}\n"
        for person in people
    )
    return build.SHOP.replace(build.PEOPLE, f"people:\n{listed}")


def table(figures: Figures) -> Iterator[str]:
    """The figures as lines of a table."""
    seconds = sorted(figures.sync_seconds) or [0.0]
    cuts = quantiles(seconds, n=20) if len(seconds) > 1 else [seconds[0]] * 19
    joined = sorted(figures.join_seconds) or [0.0]
    yield from (
        f"{name:<50}{value}"
        for name, value in (
            ("desks", f"{figures.desks:,}"),
            ("entries", f"{figures.entries:,}"),
            ("packs on the server", f"{figures.packs:,}"),
            ("bytes of them", f"{figures.bytes_on_server:,}"),
            ("bytes of one desk's record", f"{figures.bytes_of_a_record:,}"),
            ("times that a desk sent or received", f"{figures.syncs:,}"),
            ("seconds of one: median, p95, most", f"{cuts[9]:.2f}, {cuts[18]:.2f}, {seconds[-1]:.2f}"),
            ("seconds to join: least, most", f"{joined[0]:.2f}, {joined[-1]:.2f}"),
            ("versions chosen, contested in the end", f"{figures.settled:,}, {figures.contested:,}"),
            ("entries quarantined, waiting", f"{figures.quarantined:,}, {figures.waiting:,}"),
            ("packs that every desk refused", f"{figures.refused_packs:,}"),
            ("statements that the server refused", f"{figures.refused_statements:,}"),
            ("desks that began again, entries entered again", f"{figures.begun_again}, {figures.entered}"),
            ("syncs that failed and were repeated", f"{figures.failed_syncs:,}"),
            ("entries lost with a disk before they were sent", f"{figures.lost_with_disks:,}"),
            ("seconds in all", f"{figures.seconds:.0f}"),
        )
    )


@contextmanager
def server() -> Iterator[PostgreSQLServer]:
    """A PostgreSQL of one's own, which may be killed."""
    started = PostgreSQLServer()
    started.start()
    try:
        yield started
    finally:
        started.stop()


def simulate(
    size: Size, seed: int, folder: Path, tell: Callable[[str], object] = lambda text: None
) -> Figures:
    """One week; ``tell`` hears how far it has got."""
    with server() as started:
        return Week(size, seed, folder, started, tell).run()
