"""Moving a shared record to another server, and following."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import pytest
from tests import building as build
from tests.sharing.team import Team
from tests.usecases.two_desks import copy_project

from workbench.mailbox.addresses import read_address
from workbench.mailbox.closing import Member
from workbench.mailbox.server import Server, SharedRecord, connect, make_tables
from workbench.model.errors import NotAllowed, RecordUnavailable, UsageError
from workbench.parity import model as parity
from workbench.usecases.context import Context
from workbench.usecases.project import Options
from workbench.usecases.sharing import joining, moving
from workbench.usecases.sharing.moving import move
from workbench.usecases.sharing.shared import Shared, require_shared
from workbench.usecases.sharing.syncing import sync


def entries(context: Context) -> set[bytes]:
    return {digest for (digest,) in context.record.query("SELECT digest FROM ledger")}


def titles(context: Context) -> set[str]:
    return {stored.decode(parity.Difference).title for stored in context.record.all("difference")}


@pytest.fixture
def other(team: Team) -> str:
    """What stands behind an address to name the other server: a second database."""
    team.server.execute("postgres", f"CREATE DATABASE {team.database}_2 OWNER {team.role('kim')}")
    return "_2"


def admit(team: Team, other: str, *people: str) -> None:
    """Lets people in at the other server, as its keeper is told to."""
    with connect(read_address(team.url("kim") + other)) as server:
        for record in server.records():
            for person in people:
                server.add_member(record.record, team.role(person))
                server.add_member(record.record, team.role(person), person)


def test_a_record_moves_with_all_of_it_and_the_others_follow(team: Team, other: str) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    build.add_difference(sam, "sent before", staging="1", production="9")
    sync(sam)
    build.add_difference(sam, "not sent yet", staging="1", production="8")
    done = move(kim, team.url("kim") + other)
    assert (done.closed, done.to_admit) == (
        True,
        (Member(team.role("sam"), "writer", ""), Member(team.role("sam"), "signer", "sam")),
    )
    assert done.sent == kim.record.head.seq
    assert require_shared(kim.record and kim).url == team.url("kim") + other
    admit(team, other, "sam")
    followed = move(sam, team.url("sam") + other)
    assert (followed.closed, followed.sent) == (False, 1)
    sync(kim)
    assert titles(kim) == titles(sam) == {"sent before", "not sent yet"}
    assert entries(kim) == entries(sam)
    for desk in (kim, sam):
        assert desk.record.verify().ok


def test_what_is_sent_while_a_record_moves_is_not_lost(
    team: Team, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    close = moving.close_mailbox

    def meanwhile(*said: str) -> str:
        build.add_difference(sam, "sent meanwhile", staging="1", production="9")
        assert sync(sam).sent == 1
        return close(*said)

    monkeypatch.setattr(moving, "close_mailbox", meanwhile)
    move(kim, team.url("kim") + other)
    assert titles(kim) == {"sent meanwhile"}
    with connect(read_address(team.url("kim") + other)) as server:
        reach = server.reach(kim.record.info.record_id)
        assert reach[sam.record.info.desk].last == 2


def test_nothing_is_sent_to_a_mailbox_that_was_closed_and_the_desk_is_told_where_to(
    team: Team, other: str
) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    move(kim, team.url("kim") + other)
    build.add_difference(sam, "too late for the old one", staging="1", production="9")
    done = sync(sam)
    assert done.sent == 0
    assert done.unsent is not None
    assert team.database + other in done.unsent.said


@pytest.mark.parametrize("at", ["close_mailbox", "receive", "_switch", "_carry_evidence"])
def test_moving_that_was_interrupted_goes_on_when_it_is_done_again(
    team: Team, other: str, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    kim = team.first_desk()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))

    def end(*said: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(moving, at, end)
        with pytest.raises(KeyboardInterrupt):
            move(kim, team.url("kim") + other)
    move(kim, team.url("kim") + other)
    assert require_shared(kim).url == team.url("kim") + other
    assert sync(kim).sent == 0
    with connect(read_address(team.url("kim") + other)) as server:
        reach = server.reach(kim.record.info.record_id)
        assert sum(one.last for one in reach.values()) == kim.record.head.seq


def test_two_keepers_who_move_it_at_the_same_moment_go_on_in_one_mailbox(team: Team, other: str) -> None:
    """Whoever looked a moment earlier goes on with what the other one began."""
    kim = team.first_desk()
    root = team.folder / "second"
    copy_project(kim.root, root)
    joining.join(Options(project=root, as_person="kim"), team.url("kim"))
    build.add_difference(kim, "from the first desk")
    with build.opened(root) as second:
        new = team.url("kim") + other
        with connect(read_address(new)) as server:
            make_tables(server)
        at_the_server = patch.object(moving, "_look", looking_late(lambda: move(second, new)))
        with at_the_server:
            done = move(kim, new)
        sync(second)
        assert require_shared(kim).mailbox == require_shared(second).mailbox
        assert entries(kim) == entries(second) and done.synced.is_whole
    with connect(read_address(new)) as server:
        assert len(server.records()) == 1


def looking_late(act: Callable[[], object]) -> Callable[..., object]:
    """``act`` is done once it was looked what is there: what it answered is old by then."""
    real, acts = Server.records, [act]

    def look(context: Context, new: Server, shared: Shared) -> object:
        def answered(server: Server) -> list[SharedRecord]:
            found = real(server)
            if acts:
                acts.pop()()
            return found

        with patch.object(Server, "records", answered):
            return original(context, new, shared)

    original = moving._look
    return look


def test_only_a_keeper_moves_a_record(team: Team, other: str) -> None:
    team.first_desk()
    sam = team.join("sam")
    team.server.execute("postgres", f"GRANT ALL ON DATABASE {team.database}{other} TO {team.role('sam')}")
    with pytest.raises(NotAllowed, match="a keeper does"):
        move(sam, team.url("sam") + other)
    assert require_shared(sam).url == team.url("sam")


def test_the_place_where_it_is_already_is_refused(team: Team) -> None:
    kim = team.first_desk()
    with pytest.raises(UsageError, match="shared now"):
        move(kim, team.url("kim"))


def test_a_server_that_cannot_be_reached_any_more_is_left_and_not_moved_from(team: Team, other: str) -> None:
    kim = team.first_desk()
    url = require_shared(kim).url
    team.server.execute("postgres", f"DROP DATABASE {team.database} WITH (FORCE)")
    with pytest.raises(RecordUnavailable, match="cannot be reached") as refused:
        move(kim, team.url("kim") + other)
    assert "--leave" in str(refused.value.hint)
    assert require_shared(kim).url == url


def test_a_desk_follows_although_the_old_server_is_gone(team: Team, other: str) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    build.add_difference(sam, "not sent yet", staging="1", production="8")
    move(kim, team.url("kim") + other)
    admit(team, other, "sam")
    team.server.execute("postgres", f"DROP DATABASE {team.database} WITH (FORCE)")
    done = move(sam, team.url("sam") + other)
    assert done.unreached
    sync(kim)
    assert titles(kim) == {"not sent yet"}
