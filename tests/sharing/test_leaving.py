"""Leaving a shared record with one's copy, with the server and without it."""

from __future__ import annotations

from tests import building as build
from tests.sharing.team import Team

from workbench.usecases.project import Options
from workbench.usecases.sharing.joining import join
from workbench.usecases.sharing.leaving import leave
from workbench.usecases.sharing.shared import shared_of
from workbench.usecases.sharing.syncing import sync


def test_what_is_left_is_sent_and_the_server_knows_that_the_desk_left(team: Team) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    build.add_difference(sam, "queue depth", staging="1", production="9")
    done = leave(sam)
    assert (done.told, done.problem, done.unsent, done.synced.sent) == (True, "", 0, 1)
    assert shared_of(sam.record) is None
    assert sam.record.verify().ok
    left = team.connect("kim")
    with left.told() as connection:
        sql = "SELECT left_at IS NOT NULL FROM workbench.desk WHERE desk = %s"
        assert connection.execute(sql, (sam.record.info.desk,)).fetchone() == (True,)
    assert sync(kim).received >= 1


def test_a_desk_leaves_without_the_server_and_is_told_what_is_here_alone(team: Team) -> None:
    team.first_desk()
    sam = team.join("sam")
    build.add_difference(sam, "queue depth", staging="1", production="9")
    team.execute(f"ALTER ROLE {team.role('sam')} NOLOGIN")
    done = leave(sam)
    assert (done.told, done.unsent) == (False, 1)
    assert done.problem
    assert shared_of(sam.record) is None
    assert [s.verb for s in sam.record.all("difference")]


def test_who_left_joins_again_as_the_same_desk_and_sends_the_rest(team: Team) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    desk = sam.record.info.desk
    leave(sam)
    build.add_difference(sam, "queue depth", staging="1", production="9")
    sam.record.close()
    done = join(Options(project=team.folder / "sam", as_person="sam"), team.url("sam"))
    assert (done.laid, done.already, done.desk, done.synced.unsent) == (False, False, desk, None)
    assert done.synced.sent == 1
    assert sync(kim).received >= 1


def test_a_desk_whose_role_lost_its_rights_leaves_all_the_same(team: Team) -> None:
    team.first_desk()
    sam = team.join("sam")
    build.add_difference(sam, "queue depth", staging="1", production="9")
    team.execute(f"REVOKE workbench_signer FROM {team.role('sam')}")
    done = leave(sam)
    assert done.problem
    assert done.unsent in (1, None)
    assert shared_of(sam.record) is None
