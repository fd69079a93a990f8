"""What a role may do is taken away between two syncs: told in words, and nothing that was written here is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from tests import building as build
from tests.sharing.team import Team, sync_all
from tests.sharing.test_bad_days import all_is_well, digests, titles, two

from workbench.model.errors import NotAllowed, WorkbenchError
from workbench.record import Change
from workbench.signoff.delegations import Delegation
from workbench.usecases.context import Context, acting
from workbench.usecases.sharing.synced import Obstacle
from workbench.usecases.sharing.syncing import sync
from workbench.usecases.views.sharing import sync as views


def no_member(team: Team) -> None:
    team.execute(f"DELETE FROM workbench.member WHERE role = '{team.role('sam')}'")


def not_let_in(team: Team) -> None:
    team.execute(
        f"ALTER ROLE {team.role('sam')} NOLOGIN;"
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{team.role('sam')}'"
    )


def no_group(team: Team) -> None:
    team.execute(f"REVOKE workbench_signer FROM {team.role('sam')}")


@pytest.mark.parametrize("taken", [no_member, not_let_in, no_group])
def test_a_role_that_may_see_nothing_any_more_is_told_and_keeps_what_it_wrote(
    team: Team, taken: Callable[[Team], None]
) -> None:
    """It is not taken for a server that lost everything."""
    kim, sam = two(team)
    build.add_difference(sam, "waits")
    held = digests(sam)
    taken(team)
    with pytest.raises(WorkbenchError) as told:
        sync(sam)
    assert told.value.hint and "postgresql://" in (told.value.where or "")
    assert digests(sam) == held and "waits" in titles(sam)
    assert sam.record.verify().problem is None
    give_back(team)
    assert sync(sam).sent == 1
    assert not sync(sam).faults
    sync_all(kim, sam)
    all_is_well(kim, sam)


def give_back(team: Team) -> None:
    role = team.role("sam")
    team.execute(
        f"ALTER ROLE {role} LOGIN; GRANT workbench_signer TO {role};"
        f"INSERT INTO workbench.member (record, role, person, may) SELECT record, '{role}', 'sam', 'signer' "
        "FROM workbench.record ON CONFLICT DO NOTHING"
    )


def test_a_writer_that_may_only_read_now_receives_and_is_told_what_waits(team: Team) -> None:
    kim, sam = two(team)
    role = team.role("sam")
    team.execute(
        f"DELETE FROM workbench.member WHERE role = '{role}';"
        f"INSERT INTO workbench.member (record, role, may) SELECT record, '{role}', 'reader' FROM workbench.record"
    )
    build.add_difference(kim, "from kim")
    build.add_difference(sam, "waits")
    sync(kim)
    done = sync(sam)
    assert done.unsent is not None and done.unsent.why is Obstacle.READER and done.unsent.entries == 1
    assert "from kim" in titles(sam) and views.exit_code(done) == 1
    team.execute(f"DELETE FROM workbench.member WHERE role = '{role}'")
    give_back(team)
    sync_all(sam, kim)
    all_is_well(kim, sam)


def test_a_reader_who_writes_nothing_has_nothing_to_be_told(team: Team) -> None:
    """As a job in CI: it receives, and what begins its desk stays there."""
    kim = team.first_desk()
    team.admit("sam", "reader")
    role = team.role("sam")
    team.execute(
        f"DELETE FROM workbench.member WHERE role = '{role}';"
        f"INSERT INTO workbench.member (record, role, may) SELECT record, '{role}', 'reader' FROM workbench.record"
    )
    sam = team.take_up("sam")
    build.add_difference(kim, "from kim")
    sync(kim)
    done = sync(sam)
    assert (done.sent, done.unsent, views.exit_code(done)) == (0, None, 0)
    assert "from kim" in titles(sam)


def say(context: Context, actor: str, number: int) -> None:
    """A delegation in somebody's name, as ``--as`` makes one."""
    value = Delegation(
        person=actor, role="release-owner", to="jo", begins=context.now, until=context.now + timedelta(days=1),
        reason="on leave", at=context.now,
    )  # fmt: skip
    with acting(context) as said:
        author = msgspec.structs.replace(said["author"], actor=actor)
        change = Change("delegation", f"c{number}", "delegated", value, None)
        context.record.commit([change], author=author, clock=said["clock"])


def test_what_somebody_signed_for_whom_the_role_may_not_waits_and_all_before_it_is_sent(team: Team) -> None:
    kim, sam = two(team)
    build.add_difference(sam, "before")
    say(sam, "kim", 1)
    build.add_difference(sam, "after")
    done = sync(sam)
    assert done.sent == 1 and done.unsent is not None
    assert (done.unsent.why, done.unsent.person, done.unsent.entries) == (Obstacle.NOT_THIS_PERSON, "kim", 2)
    assert "is what kim signed, and the role may not sign for them" in views.obstacle(done.unsent)
    assert any("--person kim" in text for text in views.advice(done))
    sync(kim)
    assert "before" in titles(kim) and "after" not in titles(kim)
    role = team.role("sam")
    team.execute(
        f"INSERT INTO workbench.member (record, role, person, may) SELECT record, '{role}', 'kim', 'signer' FROM workbench.record"
    )
    assert sync(sam).sent == 2
    sync(kim)
    assert digests(kim) == digests(sam)


def test_a_role_that_was_never_a_member_is_told_whom_to_ask(team: Team) -> None:
    kim, sam = two(team)
    no_member(team)
    with pytest.raises(NotAllowed, match="nothing of this record"):
        sync(sam)
    assert sync(kim).unsent is None
