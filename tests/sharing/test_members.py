"""Who is let in to a shared record, tried with roles on a real server."""

from __future__ import annotations

import pytest
from tests import building as build
from tests.cli.conftest import Type, type_in  # noqa: F401  (a fixture)
from tests.sharing.team import Team

from workbench.mailbox.errors import ServerRefuses
from workbench.model.errors import NotAllowed, UsageError, WorkbenchError
from workbench.usecases.context import Context
from workbench.usecases.sharing import members, trusting
from workbench.usecases.sharing.members import Member
from workbench.usecases.sharing.syncing import sync
from workbench.usecases.views.sharing import members as views


@pytest.fixture
def kim(team: Team) -> Context:
    return team.first_desk()


def member(context: Context, role: str) -> Member | None:
    return next((one for one in members.read_members(context) if one.role == role), None)


def test_whoever_shares_keeps_the_record_and_signs_for_themselves(team: Team, kim: Context) -> None:
    (first,) = members.read_members(kim)
    assert (first.role, first.may, first.persons, first.lacks) == (
        team.role("kim"), ("signer", "keeper"), (kim.author().actor,), (),
    )  # fmt: skip
    assert first.desks == 1


def test_a_role_is_let_in_with_its_group(team: Team, kim: Context) -> None:
    role = team.add_role("sam")
    done = members.add(kim, role, "signer", "sam")
    assert (done.changed, done.lacks) == (True, ())
    assert views.admitted_words(done) == f"the role {role} may sign for sam now"
    again = members.add(kim, role, "signer", "sam")
    assert not again.changed
    found = member(kim, role)
    assert found is not None and (found.may, found.persons) == (("signer",), ("sam",))


def test_a_reader_becomes_a_writer_and_a_keeper(team: Team, kim: Context) -> None:
    role = team.add_role("sam")
    for may in ("reader", "writer", "keeper"):
        assert members.add(kim, role, may).lacks == ()
        found = member(kim, role)
        assert found is not None and found.may == (may,)
    with team.connect("sam") as server:
        assert server.rights(kim.record.info.record_id).keeps


def test_a_role_that_does_not_exist_is_entered_and_what_is_missing_is_said(team: Team, kim: Context) -> None:
    role = team.role("nobody")
    done = members.add(kim, role, "writer")
    assert done.lacks == (f'CREATE ROLE "{role}" LOGIN;', f'GRANT workbench_writer TO "{role}";')
    assert views.admitted_words(done) == f"the role {role} is entered as writer; that does not count yet"
    (advice,) = views.advice(done)
    assert advice.startswith("the server's administrator runs: CREATE ROLE")
    found = member(kim, role)
    assert found is not None and found.may == () and found.lacks == done.lacks
    (line,) = views.member_lines([found])
    assert line.may == "nothing yet"
    for statement in done.lacks:
        team.server.execute("postgres", statement)
    found = member(kim, role)
    assert found is not None and (found.may, found.lacks) == (("writer",), ())


def test_a_keeper_who_may_not_give_the_group_is_told_what_to_have_run(team: Team, kim: Context) -> None:
    sam = team.add_role("sam")
    members.add(kim, sam, "keeper")
    ada = team.add_role("ada")
    with team.connect("kim") as giver:  # from PostgreSQL 16 on, who gave a right has to take it away
        giver.connection.execute(f"REVOKE ADMIN OPTION FOR workbench_keeper FROM {sam}")
    with team.connect("sam") as server:
        from workbench.mailbox import members as at_server

        assert at_server.let_into_group(server, ada, "writer")
        assert not at_server.let_into_group(server, ada, "keeper")


@pytest.mark.parametrize(
    ("role", "may", "person", "says"),
    [
        ("sam", "signer", "", "a signer needs the person"),
        ("sam", "writer", "sam", "only a signer"),
        ("sam", "signer", "nobody-known", "there is no person"),
        ("", "reader", "", "no name of a role"),
        ("workbench_writer", "reader", "", "is a group"),
        ("a" * 64, "reader", "", "no name of a role"),
        ("sam\x1b[31m", "reader", "", "no name of a role"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_server_is_asked(
    role: str, may: str, person: str, says: str, kim: Context
) -> None:
    before = members.read_members(kim)
    with pytest.raises(UsageError, match=says) as caught:
        members.add(kim, role, may, person)
    assert caught.value.hint
    assert members.read_members(kim) == before


def test_an_odd_name_of_a_role_is_a_name_and_no_sql(team: Team, kim: Context) -> None:
    role = 'x"; DROP ROLE kim; --'
    done = members.add(kim, role, "reader")
    assert done.lacks[0] == 'CREATE ROLE "x""; DROP ROLE kim; --" LOGIN;'
    assert member(kim, role) is not None
    members.remove(kim, role)
    assert member(kim, role) is None


def test_who_is_removed_gets_nothing_more_at_once(team: Team, kim: Context) -> None:
    sam = team.join("sam")
    assert sync(sam).unsent is None
    done = members.remove(kim, team.role("sam"))
    assert "no member any more" in views.removed_words(done)
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    sync(kim)
    with pytest.raises(WorkbenchError, match="nothing of this record") as caught:
        sync(sam)
    assert "member list" in str(caught.value.hint)
    with pytest.raises(WorkbenchError, match="nothing of this record") as asked:
        trusting.judge(sam, ask=True)
    assert str(asked.value.hint) == str(caught.value.hint)


def test_whose_only_right_was_to_sign_is_no_member_afterwards_and_that_is_said(
    team: Team, kim: Context
) -> None:
    role = team.add_role("sam")
    members.add(kim, role, "signer", "sam")
    words = views.removed_words(members.remove(kim, role, "sam"))
    assert "is no member any more" in words and words.endswith("to sign for sam was its only right")
    assert member(kim, role) is None


def test_a_right_to_sign_is_taken_away_alone(team: Team, kim: Context) -> None:
    role = team.add_role("sam")
    members.add(kim, role, "writer")
    members.add(kim, role, "signer", "sam")
    assert views.removed_words(members.remove(kim, role, "sam")) == f"the role {role} no longer signs for sam"
    found = member(kim, role)
    assert found is not None and found.may == ("writer",)
    with pytest.raises(UsageError, match="no such right"):
        members.remove(kim, role, "sam")


def test_the_last_keeper_stays(team: Team, kim: Context) -> None:
    with pytest.raises(ServerRefuses, match="nobody else keeps this record") as caught:
        members.remove(kim, team.role("kim"))
    assert "member add" in str(caught.value.hint)


def test_who_keeps_nothing_lets_nobody_in(team: Team, kim: Context) -> None:
    sam = team.join("sam")
    with pytest.raises(NotAllowed, match="does not keep this record"):
        members.add(sam, team.role("kim"), "reader")
    assert len(members.read_members(sam)) == 2


def test_who_is_no_keeper_is_told_who_is_and_what_they_run(team: Team, kim: Context) -> None:
    sam = team.join("sam")
    with pytest.raises(NotAllowed, match=f"the role {team.role('sam')} does not keep this record") as told:
        members.add(sam, team.role("jo"), "signer", "jo")
    assert told.value.hint == (
        f"workbench member add {team.role('jo')} --right signer --person jo, run by a keeper of the record: {team.role('kim')}"
    )
    with pytest.raises(NotAllowed) as told:
        members.remove(sam, team.role("kim"))
    assert told.value.hint == (
        f"workbench member remove {team.role('kim')}, run by a keeper of the record: {team.role('kim')}"
    )
    assert "permission denied" not in str(told.value)


def test_who_acts_is_said_with_as_as_everywhere(team: Team, kim: Context, type_in: Type) -> None:  # noqa: F811
    role = team.add_role("sam")
    where = ("--project", kim.root, "--as", "kim")
    type_in("member", "add", role, "--right", "signer", "--person", "sam", *where)
    type_in("member", "list", *where)
    type_in("member", "remove", role, *where)
    type_in("exchange", *where)
