"""The server is gone, full, read-only, late or put back: nothing is lost, nothing is sent twice, and it is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import msgspec
import psycopg
import pytest
from tests import building as build
from tests.real.conftest import wait_until
from tests.real.postgresql import OWNER, OWNER_PASSWORD, program
from tests.sharing.servers import BadDays, CutLine, kill
from tests.sharing.team import Team, sync_all

from workbench.mailbox.errors import ServerUnavailable
from workbench.usecases.context import Context
from workbench.usecases.sharing import reconnecting
from workbench.usecases.sharing.shared import log_of, note_of, require_shared
from workbench.usecases.sharing.synced import Obstacle
from workbench.usecases.sharing.syncing import Steps, sync


def titles(context: Context) -> set[str]:
    return {title for (title,) in context.record.query("SELECT title FROM e_difference")}


def digests(context: Context) -> set[bytes]:
    return {digest for (digest,) in context.record.query("SELECT digest FROM ledger")}


def server_of(team: Team) -> BadDays:
    return cast(BadDays, team.server)


def two(team: Team) -> tuple[Context, Context]:
    """Kim's desk and sam's, which hold the same."""
    kim = team.first_desk()
    sam = team.join("sam")
    sync(kim)
    assert digests(kim) == digests(sam)
    return kim, sam


def all_is_well(*desks: Context) -> None:
    """They hold the same entries, each is sound, and a further sync has nothing to do."""
    for desk in desks:
        done = sync(desk)
        assert (done.sent, done.received, done.unsent) == (0, 0, None)
        assert desk.record.verify().problem is None
        assert not desk.record.aside()
    assert len({frozenset(digests(desk)) for desk in desks}) == 1


def packs(team: Team) -> list[tuple[str, int, int]]:
    """Writer, first and last of every pack on the server."""
    url = team.server.url(team.database, user=OWNER)
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute("SELECT writer, first, last FROM workbench.pack ORDER BY number").fetchall()


def nothing_was_sent_twice(team: Team) -> None:
    reached: dict[str, int] = {}
    for writer, first, last in packs(team):
        assert first == reached.get(writer, 0) + 1
        reached[writer] = last


@contextmanager
def while_sending(team: Team, then: Callable[[int], None]) -> Iterator[None]:
    """In the middle of a push, once the server works on the pack, something happens to the process that does."""
    url = team.server.url(team.database, user=OWNER)
    holder = psycopg.connect(url)
    holder.execute("SELECT FROM workbench.ending FOR UPDATE")

    def watch() -> None:
        with psycopg.connect(team.server.url("postgres", user=OWNER), autocommit=True) as connection:
            found: list[int] = []

            def waits() -> bool:
                rows = connection.execute(
                    "SELECT pid FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock' "
                    "AND query LIKE 'INSERT INTO workbench.pack%%'",
                    (team.database,),
                ).fetchall()
                found[:] = [pid for (pid,) in rows]
                return bool(found)

            wait_until(waits, "the push")
        then(found[0])

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        watcher.join(60)
        holder.close()


# --- gone -----------------------------------------------------------------------------------


def terminate(team: Team) -> Callable[[int], None]:
    def happens(pid: int) -> None:
        team.server.execute("postgres", f"SELECT pg_terminate_backend({pid})")

    return happens


def kill_9(team: Team) -> Callable[[int], None]:
    return kill


def power_off(team: Team) -> Callable[[int], None]:
    return lambda _: server_of(team).halt("immediate")


@pytest.mark.parametrize("happens", [terminate, kill_9, power_off])
def test_a_server_that_is_gone_in_the_middle_of_a_push_gets_the_rest_when_it_is_back(
    shaky: Team, happens: Callable[[Team], Callable[[int], None]]
) -> None:
    kim, sam = two(shaky)
    for number in range(3):
        build.add_difference(kim, f"number {number}")
    build.add_difference(sam, "from sam")
    sync(sam)
    with while_sending(shaky, happens(shaky)):
        done = sync(kim)
    assert done.unsent is not None and done.unsent.why is Obstacle.LOST
    assert done.unsent.entries == 3 and done.sent == 0
    assert "from sam" in titles(kim), "what had come before it was gone stays"
    if happens is power_off:
        with pytest.raises(ServerUnavailable):
            sync(kim)
        server_of(shaky).go_on()
    wait_until(lambda: _answers(shaky), "the server")
    assert sync(kim).sent == 3
    sync(sam)
    all_is_well(kim, sam)
    nothing_was_sent_twice(shaky)


def _answers(team: Team) -> bool:
    try:
        with psycopg.connect(team.server.url("postgres", user=OWNER), autocommit=True):
            return True
    except psycopg.OperationalError:
        return False


@pytest.mark.parametrize(("when", "kept"), [("before", False), ("after", True)])
def test_a_pack_whose_answer_never_came_is_asked_for_and_never_sent_twice(
    shaky: Team, when: str, kept: bool
) -> None:
    kim, sam = two(shaky)
    build.add_difference(kim, "was it kept")
    shared = require_shared(kim)
    with CutLine(shaky.server.port, when) as line:
        by_line = shared.url.replace(f":{shaky.server.port}/", f":{line.port}/")
        kim.record.keep_note(*note_of(msgspec.structs.replace(shared, url=by_line)))
        done = sync(kim)
        assert line.cut
    assert done.unsent is not None and done.unsent.why is Obstacle.LOST and done.sent == 0
    now = require_shared(kim)
    kim.record.keep_note(*note_of(msgspec.structs.replace(now, url=shared.url)))
    assert (len([one for one in packs(shaky) if one[0] == kim.record.info.desk]) == 2) is kept
    assert sync(kim).sent == (0 if kept else 1)
    assert sync(sam).received == 1
    all_is_well(kim, sam)
    nothing_was_sent_twice(shaky)


def test_a_desk_that_is_ended_between_two_packs_goes_on_where_it_was(shaky: Team) -> None:
    """Whoever leaves the app does not wait: what was received stays, and is not received again."""
    kim, sam = two(shaky)
    for number in range(5):
        build.add_difference(kim, f"number {number}")
        sync(kim)
    looked = iter(range(100))
    done = sync(sam, Steps(entries=1, stop=lambda: next(looked) == 1))
    assert done.unsent is not None and done.unsent.why is Obstacle.STOPPED
    assert done.received == 2
    assert sync(sam).received == 3
    sync_all(kim, sam)
    all_is_well(kim, sam)


# --- it takes nothing -----------------------------------------------------------------------


@contextmanager
def a_small_disk(team: Team) -> Iterator[None]:
    """What desks send comes onto a disk of 3 MB: a file system in memory, with a tablespace on it."""
    folder = Path(tempfile.mkdtemp(prefix="workbench-small-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("only root can mount a small disk")
    shutil.chown(folder, "postgres", "postgres")
    name = f"small_{team.suffix}"
    team.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
    team.execute(f"ALTER TABLE workbench.pack SET TABLESPACE {name}")
    try:
        yield
    finally:
        team.execute("ALTER TABLE workbench.pack SET TABLESPACE pg_default")
        team.execute("CHECKPOINT")
        team.execute(f"DROP TABLESPACE {name}")
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def test_a_server_that_is_full_is_told_and_gets_the_rest_once_there_is_room(shaky: Team) -> None:
    kim, sam = two(shaky)
    build.add_difference(sam, "from sam")
    with a_small_disk(shaky):
        sync(sam)
        for number in range(120):
            build.add_difference(kim, f"number {number}", impact=os.urandom(50_000).hex())
        for _ in range(2):
            done = sync(kim)
            assert done.unsent is not None and done.unsent.why is Obstacle.FULL
            assert "No space left on device" in done.unsent.said
            assert not done.needs_a_person
        assert "from sam" in titles(kim), "receiving goes on"
        there = sum(last for writer, _, last in packs(shaky)[-1:] if writer == kim.record.info.desk)
        assert done.unsent.entries == kim.record.frontier()[0].desk_seq - there > 0
    assert sync(kim).sent == done.unsent.entries
    sync(sam)
    all_is_well(kim, sam)
    nothing_was_sent_twice(shaky)


def test_a_full_server_without_any_other_way_to_fill_one(shaky: Team) -> None:
    """The same where nobody can mount a disk: the server says what it says when its disk is full."""
    kim, _ = two(shaky)
    shaky.execute(
        "CREATE FUNCTION public.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
        "'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;"
        "CREATE TRIGGER full_disk BEFORE INSERT ON workbench.pack FOR EACH ROW EXECUTE FUNCTION public.full()"
    )
    shaky.execute("GRANT USAGE ON SCHEMA public TO PUBLIC; GRANT EXECUTE ON FUNCTION public.full TO PUBLIC")
    build.add_difference(kim, "no room")
    done = sync(kim)
    assert done.unsent is not None and done.unsent.why is Obstacle.FULL and done.unsent.entries == 1
    shaky.execute("DROP TRIGGER full_disk ON workbench.pack")
    assert sync(kim).sent == 1


def test_a_server_that_only_reads_is_read_and_sent_to_later(shaky: Team) -> None:
    kim, sam = two(shaky)
    build.add_difference(sam, "from sam")
    build.add_difference(kim, "from kim")
    sync(sam)
    shaky.execute(f"ALTER DATABASE {shaky.database} SET default_transaction_read_only = on")
    done = sync(kim)
    assert done.unsent is not None and done.unsent.why is Obstacle.READ_ONLY and done.unsent.entries == 1
    assert "from sam" in titles(kim)
    assert not done.faults and not done.needs_a_person
    with psycopg.connect(shaky.server.url("postgres", user=OWNER), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {shaky.database} RESET default_transaction_read_only".encode())
    sync_all(kim, sam)
    all_is_well(kim, sam)


# --- it is not as it was --------------------------------------------------------------------


def test_a_replica_that_lags_is_read_no_further_and_is_no_fault(shaky: Team) -> None:
    kim, sam = two(shaky)
    server = server_of(shaky)
    with server.replica() as replica:
        replica.has_caught_up()
        replica.stand_still()
        build.add_difference(kim, "after it stood still")
        sync_all(kim, sam)
        build.add_difference(kim, "waits")
        replica.take_its_place(promoted=False)
        done = sync(kim)
        assert done.unsent is not None and done.unsent.why is Obstacle.LAGS
        assert not done.faults and not done.needs_a_person and done.sent == 0
        replica.gives_it_back()
    assert sync(kim).sent == 1
    sync_all(kim, sam)
    all_is_well(kim, sam)


def lose_what_came_since(server: BadDays, then: Callable[[], None]) -> None:
    """A replica that lags takes the server's place for good."""
    with server.replica() as replica:
        replica.has_caught_up()
        replica.stand_still()
        then()
        replica.take_its_place()
        # For the tests that come after, the files are those of the replica from now on.
        server.becomes(replica)


def put_back_the_files(server: BadDays, then: Callable[[], None]) -> None:
    """The machine is set up again from yesterday's copy of its disk."""
    copy = server.copy_of_today()
    then()
    server.put_back(copy)


@pytest.mark.parametrize("happens", [lose_what_came_since, put_back_the_files])
def test_a_server_that_was_put_back_gets_again_what_it_lost_and_that_is_told_until_a_person_accepts_it(
    shaky: Team, happens: Callable[[BadDays, Callable[[], None]], None]
) -> None:
    kim, sam = two(shaky)

    def then() -> None:
        build.add_difference(kim, "kim's, lost there")
        build.add_difference(sam, "sam's, lost there")
        sync_all(kim, sam)
        all_is_well(kim, sam)

    happens(server_of(shaky), then)
    build.add_difference(kim, "kim's, written later")
    done = sync(kim)
    assert done.sent >= 2 and done.unsent is None
    assert done.needs_a_person and "is not on the server any more" in done.faults[0].replace("are", "is")
    mended = sync(sam)
    assert mended.faults and mended.sent >= 1 and mended.received == 1
    _they_hold_the_same(kim, sam)
    nothing_was_sent_twice(shaky)
    assert sync(kim).faults, "it is told until somebody has accepted it"
    reconnecting.reconnect(kim, "the server was put back from yesterday's copy")
    assert not sync(kim).faults
    log = log_of(kim, require_shared(kim))
    assert list(log.path.parent.glob(f"{log.path.stem}.before-*.log")), "what was seen before is kept"


def _they_hold_the_same(*desks: Context) -> None:
    for _ in range(2):
        for desk in desks:
            sync(desk)
    assert len({frozenset(digests(desk)) for desk in desks}) == 1
    for desk in desks:
        assert desk.record.verify().problem is None and not desk.record.aside()


def test_a_server_that_was_put_back_and_written_to_before_this_desk_came_is_read_from_where_both_agree(
    shaky: Team,
) -> None:
    """Sam comes first and finds that the end is gone; then kim finds other packs under the numbers that she knew."""
    kim, sam = two(shaky)
    copy = server_of(shaky).copy_of_today()
    for number in range(3):
        build.add_difference(kim, f"kim's {number}")
        sync(kim)
    server_of(shaky).put_back(copy)
    for number in range(4):
        build.add_difference(sam, f"sam's {number}")
        sync(sam)
    done = sync(kim)
    assert done.received == 4 and done.sent == 3 and len(done.faults) == 1
    assert "other packs than this desk has read" in done.faults[0]
    _they_hold_the_same(kim, sam)
    nothing_was_sent_twice(shaky)


def test_a_database_that_was_restored_from_a_dump_is_gone_on_with(shaky: Team) -> None:
    kim, sam = two(shaky)
    server, dump = server_of(shaky), Path(tempfile.mkdtemp()) / "dump"
    environment = os.environ | {"PGPASSWORD": OWNER_PASSWORD}
    where = ["--host=127.0.0.1", f"--port={server.port}", f"--username={OWNER}"]
    subprocess.run(
        [program("pg_dump"), *where, "--format=custom", f"--file={dump}", shaky.database],
        check=True, env=environment, capture_output=True,
    )  # fmt: skip
    build.add_difference(kim, "lost there")
    sync_all(kim, sam)
    with psycopg.connect(server.url("postgres", user=OWNER), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {shaky.database} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {shaky.database} OWNER {shaky.role('kim')}".encode())
    subprocess.run(
        [program("pg_restore"), *where, f"--dbname={shaky.database}", str(dump)],
        check=True, env=environment, capture_output=True,
    )  # fmt: skip
    build.add_difference(sam, "written later")
    done = sync(kim)
    assert done.faults and done.unsent is None and done.sent == 1
    assert not sync(sam).faults, (
        "kim sent the same pack again, to the letter: here the server is as it was seen"
    )
    _they_hold_the_same(kim, sam)
    nothing_was_sent_twice(shaky)
