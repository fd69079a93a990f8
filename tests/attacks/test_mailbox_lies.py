"""Attacks by what a server, or a writer with every right, puts into a mailbox: dates, numbers and sizes that no honest desk sends.

A real PostgreSQL; what a server whose tables were rewritten does beyond that stands in ``test_server.py``.
"""

from __future__ import annotations

import zlib

import msgspec
import psycopg
import pytest
from tests import building as build
from tests.real.conftest import postgresql  # noqa: F401  (a fixture)
from tests.real.postgresql import OWNER
from tests.sharing.conftest import team  # noqa: F401  (a fixture)
from tests.sharing.team import PASSWORD, Team, sync_all

from workbench.mailbox import asking
from workbench.mailbox.addresses import read_address
from workbench.mailbox.mail import SCHEMA, Head, Lies, Seen, read_mail
from workbench.mailbox.server import connect
from workbench.model.canonical import encode
from workbench.model.errors import NotAllowed
from workbench.usecases.context import Context
from workbench.usecases.sharing import noted, receiving, trusting
from workbench.usecases.sharing import syncing as synchronising
from workbench.usecases.sharing.shared import require_shared
from workbench.usecases.sharing.syncing import sync


class Desks(msgspec.Struct):
    team: Team
    kim: Context
    sam: Context

    def as_owner(self, sql: str, *values: object) -> None:
        """The owner of the database runs a statement for which no trigger is asked."""
        url = self.team.server.url(self.team.database, user=OWNER)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(sql, values)

    def as_sam(self, sql: str, *values: object) -> None:
        """Sam, who may write, runs a statement by hand."""
        url = self.team.server.url(self.team.database, user=self.team.role("sam"), password=PASSWORD)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql, values)


@pytest.fixture
def desks(team: Team) -> Desks:  # noqa: F811
    """Kim's desk and sam's, which hold the same, and of which each left a head."""
    kim = team.first_desk()
    sam = team.join("sam")
    for desk, title in ((kim, "cache size"), (sam, "queue depth")):
        build.add_difference(desk, title, staging="1", production="2", flows=("checkout",))
        sync_all(desk)
    sync_all(sam, kim)
    return Desks(team, kim, sam)


def held(desk: Context, of: Context) -> int:
    """How many entries of a desk another one holds."""
    return {known.desk: known.desk_seq for known in desk.record.frontier()}[of.record.info.desk]


def test_the_server_dates_packs_and_heads_beyond_every_calendar(desks: Desks) -> None:
    """The owner dates a pack, or a head, to infinity, before Christ, or before computers had clocks.

    A date is read as the nearest one that can be kept: every desk receives all the same, and verify tells what was changed.
    """
    days = ("infinity", "-infinity", "0044-03-15 BC", "0001-01-01", "1969-07-20", "294000-01-01")
    for number, day in enumerate(days):
        build.add_difference(desks.kim, f"number {number}", staging="1", production="2", flows=("checkout",))
        sync(desks.kim)
        desks.as_owner(
            "UPDATE workbench.pack SET sent_at = %s WHERE number = (SELECT max(number) FROM workbench.pack)",
            day,
        )
        desks.as_owner("UPDATE workbench.head SET sent_at = %s", day)
        assert sync(desks.sam).unsent is None
        assert held(desks.sam, desks.kim) == held(desks.kim, desks.kim)
    robin = desks.team.join("robin")
    assert held(robin, desks.kim) == held(desks.kim, desks.kim)
    found = trusting.judge(desks.kim, ask=True)
    assert found is not None and "is dated 9999-12-30" in found.problem


def test_the_server_speaks_of_dates_in_another_form(desks: Desks) -> None:
    """The server, or its administrator's taste, writes dates as 29.11.2026, which the driver cannot read.

    Each connection asks for the one form that is read.
    """
    desks.as_owner(f"ALTER DATABASE {desks.team.database} SET datestyle = 'German, DMY'")
    with connect(read_address(require_shared(desks.kim).url)) as server, server.told() as connection:
        row = connection.execute("SELECT timestamptz '2026-11-29 08:00:00+00'").fetchone()
    assert row[0].isoformat() == "2026-11-29T08:00:00+00:00"


def test_a_head_of_the_future_hides_all_later_ones(desks: Desks) -> None:
    """The server dates a head to the year 9000, so that desks ask for no earlier one ever again.

    No date after the server's own clock is noted, and one that was noted has all heads asked for again.
    """
    desks.as_owner("UPDATE workbench.head SET sent_at = '9000-01-01'")
    sync(desks.sam)
    until = noted.heads_until(desks.sam, require_shared(desks.sam))
    assert until is None or until.year < 9000
    far = build.NOW.replace(year=9000)
    with connect(read_address(require_shared(desks.sam).url)) as server:
        record = desks.sam.record.info.record_id
        again, whole = (asking.heads(server, record, since) for since in (far, None))
    assert again and [head.note for head in again] == [head.note for head in whole]


def test_a_writer_leaves_so_many_heads_that_nobody_sees_those_of_others(desks: Desks) -> None:
    """A writer leaves thousands of heads with the highest numbers there are, as large as they can be.

    Of each role the last fifty are asked for: those of everybody else stay among them.
    """
    info = desks.sam.record.info
    desks.as_sam(
        "INSERT INTO workbench.head (record, number, desk, note) SELECT %s, 9000000000000000000 + g, %s, repeat('x', 60000) "
        "FROM generate_series(1, 1200) g",
        info.record_id,
        info.desk,
    )
    with connect(read_address(require_shared(desks.kim).url)) as server:
        found = asking.heads(server, info.record_id)
    by = [head.role for head in found]
    assert by.count(desks.team.role("sam")) == asking.OF_A_ROLE
    assert desks.team.role("kim") in by


def _head(entries: int, blobs: int) -> Head:
    return Head(
        record="r", desk="d", writer="d", first=1, last=entries, follows="", tip="", signs=(), seen=Seen(),
        entries=entries, blobs=blobs,
    )  # fmt: skip


def test_a_few_kilobytes_unpack_to_millions_of_lines() -> None:
    """A writer sends 50 kB that unpack to sixteen million lines, each of which takes fifty bytes of memory.

    How many a pack may hold is bounded, and the lines are counted, before anything is made of them.
    """
    lines = 48 * 2**20 // 3 - 1000
    for head in (_head(1000, lines - 1000), _head(lines, 0), _head(1, 0), _head(10, 10)):
        first = encode({"schema": SCHEMA} | msgspec.to_builtins(head)) + b"\n"
        with pytest.raises(Lies, match=r"holds (more|another number)"):
            read_mail(zlib.compress(first + b"ab\n" * lines, 9))


def test_many_small_packs_unpack_to_more_than_a_machine_holds(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer sends hundreds of packs of a few kilobytes, of which each unpacks to tens of megabytes.

    What was unpacked is received before more of it is held than a fixed number of bytes, however few entries that are.
    """
    for number in range(4):
        build.add_difference(desks.kim, f"number {number}", staging="1", production="2", flows=("checkout",))
        sync(desks.kim)
    taken: list[int] = []
    real = type(desks.sam.record).take_in

    def counted(record: object, pack: receiving.Pack, **said: object) -> object:
        taken.append(len(pack.entries))
        return real(record, pack, **said)  # type: ignore[arg-type]

    monkeypatch.setattr(type(desks.sam.record), "take_in", counted)
    monkeypatch.setattr(receiving, "MOST_OPEN", 500)
    sync(desks.sam)
    assert taken == [1, 1, 1, 1]
    with connect(read_address(require_shared(desks.sam).url)) as server:
        record = desks.sam.record.info.record_id
        portions = list(receiving.portions_of(record, server.packs(record, 0), 1000))
    assert sum(len(portion.packs) for portion in portions) == len(server_packs(desks))
    assert len(portions) >= 4 and all(not pack.content for portion in portions for pack in portion.packs)


def server_packs(desks: Desks) -> list[int]:
    with connect(read_address(require_shared(desks.kim).url)) as server:
        return [number for number, _ in server.digests(desks.kim.record.info.record_id)]


def test_the_server_gives_a_pack_that_is_larger_than_any(desks: Desks) -> None:
    """The owner takes the rules of sizes away, and puts a gigabyte into a pack, or into the names beside it.

    No more is asked for than a pack can have: it is refused by name, and what others sent is received.
    """
    desks.as_owner(
        "ALTER TABLE workbench.pack DROP CONSTRAINT pack_content_check, DROP CONSTRAINT pack_signs_check"
    )
    build.add_difference(desks.kim, "large", staging="1", production="2", flows=("checkout",))
    sync(desks.kim)
    number = server_packs(desks)[-1]
    desks.as_owner(
        "UPDATE workbench.pack SET content = decode(repeat('ab', 16777217), 'hex'), "
        "signs = array_fill('x'::text, ARRAY[200000]) WHERE number = %s",
        number,
    )
    build.add_difference(desks.kim, "after it", staging="1", production="2", flows=("checkout",))
    with connect(read_address(require_shared(desks.sam).url)) as server:
        (pack,) = server.packs(desks.sam.record.info.record_id, number - 1)
    assert pack.content == b"" and pack.signs == []
    done = sync(desks.sam)
    assert [one.number for one in done.refused] == [number] and done.unsent is None


def test_the_server_says_that_it_holds_entries_of_a_desk_and_shows_none(desks: Desks) -> None:
    """The server claims later entries of a desk than it wrote, so that it begins anew with each sync, or sends nothing more.

    A desk begins anew only where the server shows such an entry, and at most three times with nothing written between.
    """
    desks_before = desks.sam.record.own_desks()
    for claimed in (7, 2**63 - 1):
        desks.as_owner(
            "UPDATE workbench.reached SET last = %s WHERE writer = %s", claimed, desks.sam.record.info.desk
        )
        with pytest.raises(NotAllowed, match="shows none after"):
            sync(desks.sam)
    assert desks.sam.record.own_desks() == desks_before
    reason = "the server holds later entries of this desk"
    for _ in range(3):
        synchronising._begin_desk(desks.sam, reason)
    with pytest.raises(NotAllowed, match="begin anew 3 times"):
        synchronising._begin_desk(desks.sam, reason)
