"""``share --check``: what is wrong with a server is found by asking it, and never mended on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests import building as build
from tests.sharing.team import Team

from workbench.mailbox.looking import KEPT
from workbench.model.times import Clock
from workbench.usecases.context import Context
from workbench.usecases.doctoring import Check
from workbench.usecases.sharing import checking
from workbench.usecases.sharing.checking import Found, check
from workbench.usecases.sharing.syncing import sync
from workbench.usecases.views.sharing.check import lines


def now() -> datetime:
    return datetime.now(UTC)


def at_real_time(context: Context, ahead: timedelta = timedelta(0)) -> Context:
    """The desk with this machine's clock, or one that is wrong by so much."""
    return msgspec.structs.replace(context, clock=Clock(real=lambda: now() + ahead))


@pytest.fixture
def kim(team: Team) -> Context:
    context = team.first_desk()
    build.add_difference(context, "cache size", staging="1", production="2", flows=("checkout",))
    sync(context)
    return context


def line(found: Found, what: str) -> Check:
    (one,) = [one for one in found.checks if one.what == what]
    return one


def test_a_server_as_it_should_be(team: Team, kim: Context) -> None:
    found = check(at_real_time(kim))
    assert {one.what: one.state for one in found.checks if one.state != "ok"} == {
        "role": "warn"
    }  # kim made the tables
    assert line(found, "server").why.startswith("PostgreSQL ")
    assert line(found, "TLS").why == "none: the server is on this machine"
    assert line(found, "to send").why == "nothing: the server holds all that is here"
    assert found.looked.content.entries == kim.record.head.seq
    assert [one.refused for one in found.looked.attempts if one.table == "pack"] == [True, True, True]


def test_what_a_role_may_is_asked_of_the_engine(team: Team, kim: Context) -> None:
    sam = team.join("sam")
    role = line(check(at_real_time(sam)), "role")
    assert role.state == "ok"
    assert role.why == f"{team.role('sam')}: signer, writer; signs for sam"
    team.execute(
        f"REVOKE workbench_signer FROM {team.role('sam')}; GRANT workbench_reader TO {team.role('sam')}"
    )
    role = line(check(at_real_time(sam)), "role")
    assert role.state == "warn" and "not in that group of the database" in role.why
    assert role.fix.startswith("the administrator runs: GRANT workbench_")


def test_a_role_that_is_no_member_any_more_is_not_said_to_see_the_record(team: Team, kim: Context) -> None:
    sam = team.join("sam")
    team.execute(f"DELETE FROM workbench.member WHERE role = '{team.role('sam')}'")
    role = line(check(at_real_time(sam)), "role")
    assert role.state == "fail" and "no member of this record" in role.why
    assert f"workbench member add {team.role('sam')} --right" in role.fix


@pytest.mark.parametrize(
    ("ahead", "state"), ((timedelta(0), "ok"), (timedelta(minutes=3), "warn"), (timedelta(hours=-2), "warn"))
)
def test_the_clock_of_the_server_beside_that_of_the_desk(kim: Context, ahead: timedelta, state: str) -> None:
    found = check(at_real_time(kim, ahead))
    clock = line(found, "clock")
    assert clock.state == state
    if state == "warn":
        assert ("behind" if ahead > timedelta(0) else "ahead of") in clock.why


def test_what_waits_is_counted(team: Team, kim: Context) -> None:
    build.add_difference(kim, "queue depth", staging="1", production="2", flows=("checkout",))
    waits = line(check(at_real_time(kim)), "to send")
    assert (waits.state, waits.why, waits.fix) == ("warn", "1 entry", "workbench sync")


def test_rights_that_were_given_away_are_found_by_trying_and_rolled_back(team: Team, kim: Context) -> None:
    sam = team.join("sam")
    before = snapshot(team)
    triggers = "".join(f"ALTER TABLE workbench.{table} DISABLE TRIGGER USER;" for table in KEPT)
    team.execute(
        f"{triggers} GRANT SELECT, UPDATE, DELETE, TRUNCATE ON workbench.pack TO workbench_reader;"
        "CREATE POLICY all_may ON workbench.pack USING (true)"
    )
    found = check(at_real_time(sam))
    wrong = line(found, "append only")
    assert wrong.state == "fail" and found.state == "fail"
    assert "change pack, delete pack, empty pack" in wrong.why
    assert snapshot(team) == before


def snapshot(team: Team) -> list[object]:
    """Every pack as the superuser sees it."""
    import psycopg
    from tests.real.postgresql import OWNER

    with psycopg.connect(team.server.url(team.database, user=OWNER)) as connection:
        return connection.execute("SELECT p FROM workbench.pack p ORDER BY number").fetchall()


@pytest.mark.parametrize(
    "script",
    (
        "ALTER TABLE workbench.pack DISABLE TRIGGER USER",
        "ALTER TABLE workbench.head DISABLE ROW LEVEL SECURITY",
    ),
)
def test_a_protection_that_was_switched_off_is_told(team: Team, kim: Context, script: str) -> None:
    sam = team.join("sam")
    team.execute(script)
    wrong = line(check(at_real_time(sam)), "append only")
    assert wrong.state == "fail" and "gone or switched off" in wrong.why


def test_a_server_that_takes_nothing_is_told(team: Team, kim: Context) -> None:
    team.execute(f"ALTER ROLE {team.role('kim')} SET default_transaction_read_only = on")
    server = line(check(at_real_time(kim)), "server")
    assert server.state == "fail" and "read only" in server.why


def test_desks_that_were_not_seen_for_long_are_named(team: Team, kim: Context) -> None:
    sam = team.join("sam")
    found = check(at_real_time(sam, timedelta(days=9)))
    desks = line(found, "desks")
    assert desks.state == "warn" and "nothing for more than 7 days from" in desks.why
    assert desks.fix.endswith("ask them to run workbench sync")


def test_versions_of_both_sides(kim: Context) -> None:
    found = check(at_real_time(kim))

    def versions(version: int, works_with: int) -> Check:
        other = msgspec.structs.replace(found, version=version, works_with=works_with)
        return next(one for one in checking.checks_of(other, kim.zone) if one.what == "versions")

    assert versions(found.own, found.own).state == "ok"
    assert (newer := versions(found.own + 1, found.own)).state == "warn" and "work together" in newer.why
    assert (
        apart := versions(found.own + 2, found.own + 1)
    ).state == "fail" and apart.fix == "update this workbench"
    assert (
        versions(found.own - 1, 1).fix
        == "whoever owns the tables brings them up to date: workbench share --upgrade"
    )


def test_no_tls_to_another_machine_is_wrong(kim: Context) -> None:
    found = msgspec.structs.replace(check(at_real_time(kim)), local=False)
    tls = next(one for one in checking.checks_of(found, kim.zone) if one.what == "TLS")
    assert tls.state == "fail" and "sslmode=verify-full" in tls.fix


def test_what_is_to_be_done_stands_below_its_line(kim: Context) -> None:
    found = check(at_real_time(kim, timedelta(minutes=3)))
    printed = list(lines(found))
    (at,) = [n for n, text in enumerate(printed) if text.startswith("▲ clock")]
    assert printed[at + 1].strip().startswith("set both by a time server")


def test_where_no_desk_is_registered_nothing_is_said_of_when_they_sent(team: Team, kim: Context) -> None:
    found = check(at_real_time(kim))
    none = msgspec.structs.replace(found, looked=msgspec.structs.replace(found.looked, desks=()))
    (desks,) = [one for one in checking.checks_of(none, kim.zone) if one.what == "desks"]
    assert desks.why == "0 desks"
