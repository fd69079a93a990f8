"""A record shared through PostgreSQL: what sending and receiving take beside raw psycopg, and how soon others see a change."""

from __future__ import annotations

import itertools
import random
import shutil
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from statistics import median

import psycopg
from tests import building as build
from tests.real.postgresql import PostgreSQLServer
from tests.sharing.team import Team, team_on

from bench.command_line import environment, workbench
from bench.large import SEED, difference
from bench.measuring import Row, paired, seconds_text
from bench.setting import Setting
from bench.sharing_screens import shown_rows
from workbench.mailbox.whole import all_packs
from workbench.record import Change
from workbench.usecases.context import Context
from workbench.usecases.sharing.comparing_server import compare_server
from workbench.usecases.sharing.shared import connected, require_shared
from workbench.usecases.sharing.syncing import sync, sync_with

PULLED = 10_000
JOINED = 100_000
POSTED = 1000
SEEN = 100
PER_PACK = 100
_ROUNDS = 3
_PATIENCE = 60.0
_CREATE = "CREATE TABLE sent (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content bytea NOT NULL)"


def rows(setting: Setting) -> Iterator[Row]:
    """Pulling, posting, nothing to do, what others see, and joining."""
    folder = setting.folder / "sharing"
    folder.mkdir()
    with _server() as server:
        for name, measure in _PARTS.items():
            (folder / name).mkdir()
            with team_on(server, folder / name) as team:
                yield from measure(team)


@contextmanager
def _server() -> Iterator[PostgreSQLServer]:
    server = PostgreSQLServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _changes(context: Context, count: int, first: int = 0) -> list[Change]:
    chance = random.Random(f"{SEED} {first}")
    return [difference(number, chance, context.now) for number in range(first, first + count)]


def _commit(context: Context, changes: Sequence[Change]) -> None:
    for change in changes:
        context.record.commit([change], author=context.author(), clock=context.clock)


# --- receiving ------------------------------------------------------------------------------


def _pulled(team: Team) -> Iterator[Row]:
    """10,000 entries in 100 packs, received by a desk that has none of them, beside taking them from memory."""
    kim = team.first_desk()
    sam = team.join("sam")
    sam.record.close()
    kim.record._connection.execute("PRAGMA synchronous = OFF")
    for first in range(0, PULLED, PER_PACK):
        _commit(kim, _changes(kim, PER_PACK, first))
        sync(kim)
    packs = _contents(team)
    fresh = itertools.count()

    def ours() -> float:
        with _copy(team, sam.root, next(fresh)) as desk:
            start = time.perf_counter()
            assert sync(desk).received >= PULLED
            return time.perf_counter() - start

    def applying() -> float:
        """The same entries from memory, in one go."""
        pack = kim.record.pack()
        with _copy(team, sam.root, next(fresh)) as desk:
            start = time.perf_counter()
            taken = desk.record.take_in(pack, author=desk.author(), clock=desk.clock)
            assert len(taken.taken) >= PULLED
            return time.perf_counter() - start

    what = f"pulling {PULLED:,} entries from the server in {len(packs)} packs"
    pair = paired(ours, applying, rounds=_ROUNDS)
    yield pair.row("pull", what, "taking the same entries in from memory", 3)
    raw = [_fetched(team) for _ in range(5)]
    yield Row(
        name="pull-raw",
        what=f"the same, {sum(map(len, packs)) / 1e6:.1f} MB",
        peer="raw psycopg, fetching the same bytes",
        measured=median(pair.ours) / median(raw),
        times=f"{seconds_text(median(pair.ours))} / {seconds_text(median(raw))}",
    )
    yield from _idle(team, kim)


@contextmanager
def _copy(team: Team, root: Path, number: int) -> Iterator[Context]:
    """A desk that joined when there was nothing yet."""
    folder = team.folder / f"copy-{number}"
    shutil.copytree(root, folder)
    with build.opened(folder, "sam") as desk:
        desk.record._connection.execute("PRAGMA synchronous = OFF")
        yield desk


def _idle(team: Team, kim: Context) -> Iterator[Row]:
    """A sync that finds nothing to do, from connecting on."""
    url = team.url("kim")

    def connecting() -> None:
        with psycopg.connect(url) as connection:
            connection.execute("SELECT 1").fetchone()

    sync(kim)
    pair = paired(lambda: sync(kim), connecting, rounds=15)
    yield pair.row("idle", "a sync with nothing to do", "raw psycopg: connecting, SELECT 1", None)


def _contents(team: Team) -> list[bytes]:
    with psycopg.connect(team.url("kim")) as connection:
        return [
            row[0]
            for row in connection.execute("SELECT content FROM workbench.pack ORDER BY number", binary=True)
        ]


def _fetched(team: Team) -> float:
    start = time.perf_counter()
    _contents(team)
    return time.perf_counter() - start


# --- sending --------------------------------------------------------------------------------


def _posted(team: Team) -> Iterator[Row]:
    """1,000 acts, each sent at once over an open connection, beside INSERTs of the same bytes into a plain table."""
    kim = team.first_desk()
    kim.record._connection.execute("PRAGMA synchronous = OFF")
    changes = _changes(kim, POSTED)
    taken = 0.0
    with connected(require_shared(kim)) as server:
        sync_with(kim, server)
        for change in changes:
            _commit(kim, [change])
            start = time.perf_counter()
            assert sync_with(kim, server).sent == 1
            taken += time.perf_counter() - start
    contents = _contents(team)[-POSTED:]
    team.execute(f"{_CREATE}; GRANT INSERT ON sent TO {team.role('kim')}")
    with psycopg.connect(team.url("kim"), autocommit=True) as connection:
        start = time.perf_counter()
        for content in contents:
            connection.execute("INSERT INTO sent (content) VALUES (%b)", (content,))
        raw = time.perf_counter() - start
    yield Row(
        name="post",
        what=f"{POSTED:,} acts, each sent at once",
        peer="raw psycopg, INSERTs of the same bytes",
        measured=taken / raw,
        times=f"{seconds_text(taken)} / {seconds_text(raw)}",
    )


# --- what others see ------------------------------------------------------------------------


def _seen(team: Team) -> Iterator[Row]:
    """An act at one desk, until it is in the record of another one, which is another process that listens."""
    kim = team.first_desk()
    sam = team.join("sam")
    root = sam.root
    sam.record.close()
    command = [sys.executable, "-m", "bench.sharing", str(root)]
    taken: list[float] = []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "listening\n"
        with connected(require_shared(kim)) as server:
            for number, change in enumerate(_changes(kim, SEEN)):
                start = time.monotonic()
                _commit(kim, [change])
                sync_with(kim, server)
                heard = float(process.stdout.readline())
                if number >= SEEN // 10:
                    taken.append(heard - start)
        process.stdin.close()
    taken.sort()
    yield Row(
        name="seen",
        what="a change at one desk, until it is in another desk's record: p95",
        peer="limit of 1 s",
        measured=taken[int(len(taken) * 0.95)] * 1000,
        target=1000,
        unit=" ms",
        times=f"p50 {seconds_text(median(taken))}, most {seconds_text(taken[-1])}",
    )


def _listen(root: Path) -> None:
    """The other desk: takes in what it is told of, and says when it is there; until its standard input ends."""
    with build.opened(root, "sam", None) as context, connected(require_shared(context)) as server:
        server.listen()
        sync_with(context, server)
        print("listening", flush=True)
        # Read to its end before each sync: what is told meanwhile is kept for the next one.
        while list(server.connection.notifies(timeout=_PATIENCE, stop_after=1)):
            if sync_with(context, server).received:
                print(time.monotonic(), flush=True)


# --- joining --------------------------------------------------------------------------------


def _joined(team: Team) -> Iterator[Row]:
    """A record of 100,000 entries, taken up by a new desk with the command that does so."""
    kim = team.first_desk()
    kim.record._connection.execute("PRAGMA synchronous = OFF")
    chance = random.Random(SEED)
    made = (difference(number, chance, kim.now) for number in range(JOINED))
    kim.record.commit_many(made, JOINED, author=kim.author(), clock=kim.clock)
    start = time.perf_counter()
    sync(kim)
    sent = time.perf_counter() - start
    team.admit("sam")
    taken = [_join(team, number) for number in range(_ROUNDS)]
    yield from _verified(kim)
    yield Row(
        name="join",
        what=f"joining a record of {JOINED:,} entries: workbench join",
        peer="limit of 30 s",
        measured=median(taken),
        target=30,
        unit=" s",
        times=f"{min(taken):.1f} to {max(taken):.1f} s; sending them took {sent:.1f} s",
    )


def _verified(kim: Context) -> Iterator[Row]:
    """Everything that the server holds, read again and compared, beside hashing the same bytes."""
    with connected(require_shared(kim)) as server:
        record = kim.record.info.record_id

        def hashing() -> None:
            for pack in all_packs(server, record):
                sha256(pack.content).digest()

        pair = paired(lambda: compare_server(kim), hashing, rounds=_ROUNDS)
    yield pair.row(
        "verify-server",
        f"verify --server of {JOINED:,} entries, without what verify does here",
        "fetching the same packs and hashing them",
        None,
    )
    tracemalloc.start()
    compare_server(kim)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    yield Row(
        name="verify-server-memory",
        what="the same: most memory held",
        peer="limit of 64 MB",
        measured=most / 1e6,
        target=64,
        unit=" MB",
        times="memory traced",
    )


def _join(team: Team, number: int) -> float:
    root = team.folder / f"sam-{number}"
    root.mkdir()
    for name in ("workbench.yaml", "ready.yaml"):
        (root / name).write_bytes((team.folder / "kim" / name).read_bytes())
    env = environment(team.folder / f"data-{number}") | {"PGPASSFILE": str(team.passwords)}
    start = time.perf_counter()
    subprocess.run(
        [workbench(), "join", team.url("sam"), "--as", "sam"],
        cwd=root,
        env=env,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


_PARTS = {"pull": _pulled, "post": _posted, "seen": _seen, "on_screen": shown_rows, "join": _joined}

if __name__ == "__main__":
    _listen(Path(sys.argv[1]))
