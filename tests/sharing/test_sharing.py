"""Putting a record on a server: what is made there, what is refused, and what happens when it is done again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.sharing.team import Team, sync_all
from tests.usecases.two_desks import copy_project, send

from workbench.model.errors import NotAllowed, RecordError, UsageError
from workbench.record import Record
from workbench.usecases import handing_over, nouns, soundness
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options
from workbench.usecases.sharing import sharing
from workbench.usecases.sharing.joining import join
from workbench.usecases.sharing.shared import shared_of
from workbench.usecases.sharing.sharing import share
from workbench.usecases.sharing.standing import read_standing
from workbench.usecases.sharing.synced import Ended
from workbench.usecases.sharing.syncing import sync


def entries(context: Context) -> set[bytes]:
    return {digest for (digest,) in context.record.query("SELECT digest FROM ledger")}


def test_sharing_makes_the_tables_and_sends_all_and_again_says_so(team: Team) -> None:
    with build.shop(team.folder / "kim") as kim:
        done = share(kim, team.url("kim"))
        assert (done.made, done.found, done.already) == (True, False, False)
        assert done.synced.sent == kim.record.head.seq
        again = share(kim, team.url("kim"))
        assert (again.made, again.already, again.synced.sent) == (False, True, 0)
        assert kim.record.verify().ok


@pytest.mark.parametrize("at", ["_begun", "connect_record"])
def test_sharing_that_was_interrupted_goes_on_when_it_is_done_again(
    team: Team, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    def end(*said: object) -> None:
        raise KeyboardInterrupt

    with build.shop(team.folder / "kim") as kim:
        with monkeypatch.context() as patched:
            patched.setattr(sharing, at, end)
            with pytest.raises(Ended, match="it was ended"):
                share(kim, team.url("kim"))
        done = share(kim, team.url("kim"))
        assert done.synced.sent == kim.record.head.seq
        assert done.synced.is_whole


def test_a_record_that_is_there_already_is_joined_by_whoever_shares_it_again(team: Team) -> None:
    kim = team.first_desk()
    team.admit("sam")
    root = team.folder / "sam"
    copy_project(team.folder / "kim", root)
    kim.record.backup(root / ".workbench" / "record.db")
    with Record.open(root / ".workbench" / "record.db", nouns.NOUNS) as record:
        record.keep_note("shared", "")
    with build.opened(root, "sam") as sam:
        sam.record.begin_desk("sam works on another machine", sam.author(), sam.clock)
        soundness.note_end(sam)
        done = share(sam, team.url("sam"))
        assert (done.found, done.already, done.synced.sent) == (True, False, 1)
        sync_all(kim, sam)
        assert entries(kim) == entries(sam)


def test_what_two_desks_exchanged_by_file_is_shared_whole(team: Team) -> None:
    """Kim holds sam's entries from packs; sam has no role on the server yet."""
    with build.shop(team.folder / "kim") as kim:
        root = team.folder / "sam"
        copy_project(team.folder / "kim", root)
        kim.record.backup(root / ".workbench" / "record.db")
        with build.opened(root, "sam") as sam:
            sam.record.begin_desk("sam works on another machine", sam.author(), sam.clock)
            soundness.note_end(sam)
            build.add_difference(sam, "queue depth", staging="1", production="9")
            send(sam, kim)
        done = share(kim, team.url("kim"))
        assert done.synced.sent == kim.record.head.seq
        team.admit("robin")
        third = team.folder / "robin"
        copy_project(team.folder / "kim", third)
        join(Options(project=third, as_person="robin"), team.url("robin"))
        with build.opened(third, "robin") as robin:
            assert entries(kim) <= entries(robin)
            assert not robin.record.aside()


def test_what_several_people_signed_on_one_desk_before_it_was_shared_is_shared_with_it(team: Team) -> None:
    with build.shop(team.folder / "kim") as kim:
        build.clear(kim)
        build.sign(kim, "benchmarks", "robin")
        build.sign(kim, "go", "sam")
        done = share(kim, team.url("kim"))
        assert done.synced.is_whole
        assert done.synced.sent == kim.record.head.seq
        team.admit("robin")
        root = team.folder / "robin"
        copy_project(team.folder / "kim", root)
        joined = join(Options(project=root, as_person="robin"), team.url("robin"))
        assert not joined.synced.refused
        with build.opened(root, "robin") as robin:
            assert build.states(evaluate(robin)) == build.states(evaluate(kim))


def test_another_record_of_the_same_project_is_told_before_it_is_shared_beside(team: Team) -> None:
    team.first_desk()
    with build.shop(team.folder / "again") as second:
        with pytest.raises(NotAllowed, match="another record of the project “shop”"):
            share(second, team.url("kim"))
        assert shared_of(second.record) is None
        done = share(second, team.url("kim"), beside=True)
        assert not done.found


def test_a_record_that_is_shared_elsewhere_is_moved_and_not_shared_twice(team: Team) -> None:
    kim = team.first_desk()
    team.server.execute("postgres", f"CREATE DATABASE {team.database}_2 OWNER {team.role('kim')}")
    with pytest.raises(NotAllowed, match="shared already") as refused:
        share(kim, f"{team.url('kim')}_2")
    assert "--move" in str(refused.value.hint)


def test_a_record_that_was_handed_over_is_shared_by_whoever_took_it(team: Team, tmp_path: Path) -> None:
    with build.shop(team.folder / "kim") as kim:
        handing_over.hand_over(kim, "sam", tmp_path / "shop.handover")
        with pytest.raises(NotAllowed, match="handed over to sam"):
            share(kim, team.url("kim"))
        assert shared_of(kim.record) is None


def test_a_demonstration_is_shared_only_on_purpose(team: Team) -> None:
    with build.shop(team.folder / "kim", now=build.NOW) as plain:
        kim = msgspec.structs.replace(plain, demonstration=build.NOW)
        with pytest.raises(NotAllowed, match="demonstration"):
            share(kim, team.url("kim"))
        assert share(kim, team.url("kim"), demonstration=True).synced.sent


def test_a_damaged_record_is_not_shared(team: Team) -> None:
    with build.shop(team.folder / "kim") as kim:
        kim.record._connection.execute("DELETE FROM e_release")
        with pytest.raises(RecordError, match="not intact"):
            share(kim, team.url("kim"))
        assert shared_of(kim.record) is None


# --- how it stands ------------------------------------------------------------------------------


def test_how_a_desk_stands_is_told_without_the_server(team: Team) -> None:
    kim = team.first_desk()
    assert read_standing(kim).unsent == 0
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    team.execute(f"ALTER ROLE {team.role('kim')} NOLOGIN")
    found = read_standing(build.later(kim, days=1))
    assert found.unsent == 1
    assert found.shared.url == team.url("kim")
    assert found.at is not None
    team.execute(f"ALTER ROLE {team.role('kim')} LOGIN")
    sync(kim)
    assert read_standing(kim).unsent == 0


def test_what_is_not_known_of_the_server_is_said_to_be_unknown(team: Team, data_folder: Path) -> None:
    kim = team.first_desk()
    for path in (data_folder / "mailboxes").glob("*.json"):
        path.write_text("{}")
    assert read_standing(kim).unsent is None


def test_a_record_that_is_not_shared_says_how_it_would_be(tmp_path: Path) -> None:
    with (
        build.shop(tmp_path / "kim") as kim,
        pytest.raises(UsageError, match="not shared") as refused,
    ):
        read_standing(build.at(kim, build.NOW + timedelta(days=1)))
    assert "workbench share URL" in str(refused.value.hint)
