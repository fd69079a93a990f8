"""Joining a record that is shared: what is laid, what is connected, what is refused, and what is kept."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from urllib.parse import quote as quote_url

import msgspec
import pytest
from tests import building as build
from tests.sharing.team import Team, sync_all
from tests.usecases.two_desks import copy_project, send

from workbench.mailbox.errors import NoSharedRecord, ServerRefuses
from workbench.model.errors import NotAllowed, RecordError, UsageError
from workbench.parity import model as parity
from workbench.record import Record
from workbench.usecases import nouns, soundness
from workbench.usecases.context import Context
from workbench.usecases.project import Options
from workbench.usecases.sharing import beginning, joining
from workbench.usecases.sharing.evidence import bring
from workbench.usecases.sharing.joining import Joined, join
from workbench.usecases.sharing.shared import shared_of
from workbench.usecases.sharing.sharing import share
from workbench.usecases.sharing.standing import read_standing
from workbench.usecases.sharing.synced import Obstacle
from workbench.usecases.sharing.syncing import sync


def joined(team: Team, person: str, root: Path, **said: object) -> Joined:
    as_person = person if person != "ci" else None
    return join(Options(project=root, as_person=as_person), team.url(person), **said)  # type: ignore[arg-type]


def clone(team: Team, person: str, name: str = "") -> Path:
    """A checkout of the project, without a record, for a person whom the server lets in."""
    root = team.folder / (name or person)
    copy_project(team.folder / "kim", root)
    return root


def copied(team: Team, kim: Context) -> Path:
    """Sam's checkout with a copy of kim's record as it was before it was shared."""
    root = clone(team, "sam")
    kim.record.backup(file_of(root))
    with Record.open(file_of(root), nouns.NOUNS) as record:
        record.keep_note("shared", "")
    return root


def file_of(root: Path) -> Path:
    return root / ".workbench" / "record.db"


def entries(context: Context) -> set[bytes]:
    return {digest for (digest,) in context.record.query("SELECT digest FROM ledger")}


def titles(context: Context) -> set[str]:
    return {stored.decode(parity.Difference).title for stored in context.record.all("difference")}


def test_a_clone_becomes_a_desk_of_its_own_with_all_that_was_shared(team: Team) -> None:
    kim = team.first_desk()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    sync(kim)
    team.admit("sam")
    done = joined(team, "sam", clone(team, "sam"))
    assert (done.laid, done.sends, done.synced.unsent, done.desks) == (True, True, None, 2)
    assert done.synced.sent == 1  # that the desk began
    with build.opened(team.folder / "sam", "sam") as sam:
        assert sam.record.info.desk == done.desk != kim.record.info.desk
        assert entries(sam) == entries(kim) | {bytes.fromhex(sam.record.head.digest)} | entries(
            sam
        ) - entries(kim)
        assert len(entries(sam) - entries(kim)) == 1
        assert sam.record.verify().ok
        soundness.check_end(sam)
        build.add_difference(sam, "queue depth", staging="1", production="9")
        assert sam.record.info.desk == done.desk, "a desk that joined goes on as the desk that it is"


def test_an_empty_folder_gets_the_record_and_is_told_that_the_files_are_elsewhere(team: Team) -> None:
    team.first_desk()
    team.admit("sam")
    root = team.folder / "empty"
    root.mkdir()
    done = joined(team, "sam", root)
    assert done.laid
    assert not done.has_files
    assert file_of(root).exists()
    assert (root / ".workbench" / ".gitignore").read_text() == "*\n"


def test_of_several_records_in_a_database_one_is_named(team: Team) -> None:
    team.first_desk()
    text = build.SHOP.replace("project: shop", "project: cart")
    assert text != build.SHOP
    with build.shop(team.folder / "cart", text) as cart:
        share(cart, team.url("kim"))
        record = cart.record.info.record_id
    team.admit("sam")
    root = team.folder / "empty"
    root.mkdir()
    with pytest.raises(UsageError, match="holds 2 records") as refused:
        joined(team, "sam", root)
    assert "cart" in str(refused.value.hint)
    with pytest.raises(UsageError, match="names no record"):
        joined(team, "sam", root, named="carts")
    assert not file_of(root).exists()
    assert joined(team, "sam", root, named=record[-12:]).project == "cart"


def test_the_record_of_another_project_is_refused_in_a_checkout(team: Team) -> None:
    team.first_desk()
    team.admit("sam")
    root = build.write(team.folder / "other", build.SHOP.replace("project: shop", "project: cart"))
    for said in ({}, {"named": "shop"}):
        with pytest.raises(UsageError, match="is of the project “shop”, and this is “cart”"):
            joined(team, "sam", root, **said)
    assert not file_of(root).exists()


def test_another_record_that_is_here_is_never_joined_nor_replaced(team: Team) -> None:
    team.first_desk()
    team.admit("sam")
    with build.shop(team.folder / "sam") as sam:
        before = entries(sam)
    for said in ({}, {"again": True}):
        with pytest.raises(NotAllowed, match="begun apart"):
            joined(team, "sam", team.folder / "sam", **said)
    with build.opened(team.folder / "sam", "sam") as sam:
        assert entries(sam) == before
        assert shared_of(sam.record) is None


def test_who_joins_an_empty_database_is_not_told_to_share(team: Team) -> None:
    team.add_role("sam", group="signer")
    with pytest.raises(NoSharedRecord) as told:
        join(Options(project=team.folder), team.url("sam"))
    assert told.value.hint == (
        "check the database in the address; whoever has the record puts it there: workbench share URL at their desk"
    )


@pytest.mark.parametrize("made", ["CREATE TABLE workbench.about (name text)", "SELECT 1"])
def test_a_schema_of_that_name_that_another_program_made_is_told_as_such(team: Team, made: str) -> None:
    """To who shares and to who joins, and nothing is made in it."""
    team.add_role("sam", group="signer")
    team.execute(f"CREATE SCHEMA workbench; GRANT USAGE ON SCHEMA workbench TO PUBLIC; {made}")
    for act in (
        lambda: join(Options(project=team.folder), team.url("sam")),
        team.first_desk,
    ):
        with pytest.raises(ServerRefuses, match="another program made it") as told:
            act()
        assert told.value.hint == "use another database: check the end of the address"


def test_a_role_that_is_no_member_is_shown_nothing_and_told_whom_to_ask(team: Team) -> None:
    team.first_desk()
    team.add_role("sam", group="writer")
    with pytest.raises(UsageError, match=f"shows the role {team.role('sam')} no record") as refused:
        joined(team, "sam", clone(team, "sam"))
    assert "member add" in str(refused.value.hint)


def test_the_name_of_a_role_is_never_code_in_the_command_that_is_printed(team: Team, tmp_path: Path) -> None:
    odd = "o'brien; touch x"
    team.first_desk()
    team.execute(
        f"""CREATE ROLE "{odd}" LOGIN PASSWORD 'only-for-tests'; GRANT workbench_writer TO "{odd}";"""
    )
    with team.passwords.open("a") as file:
        file.write(f"*:*:*:{odd}:only-for-tests\n")
    address = f"postgresql://{quote_url(odd)}@127.0.0.1:{team.server.port}/{team.database}"
    try:
        with pytest.raises(UsageError, match="shows the role") as refused:
            join(Options(project=tmp_path / "empty", as_person="sam"), address)
    finally:
        team.execute(f'DROP ROLE "{odd}"')
    command = str(refused.value.hint).partition("workbench member add ")[2].partition(" --right")[0]
    assert shlex.split(command) == [odd]


def test_the_same_record_that_came_by_file_is_joined_and_both_have_what_either_had(team: Team) -> None:
    kim = team.first_desk()
    team.admit("sam")
    root = copied(team, kim)
    with build.opened(root, "sam") as sam:
        sam.record.begin_desk("sam works on another machine", sam.author(), sam.clock)
        soundness.note_end(sam)
        build.add_difference(sam, "queue depth", staging="1", production="9")
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    sync(kim)
    done = joined(team, "sam", root)
    assert (done.laid, done.already, done.synced.new_desk) == (False, False, "")
    sync(kim)
    with build.opened(root, "sam") as sam:
        assert entries(sam) == entries(kim)
        assert titles(sam) == titles(kim) == {"cache size", "queue depth"}
        assert sam.record.verify().ok


def test_joined_twice_is_said_and_exchanges_what_is_new(team: Team) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    sam.record.close()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    sync(kim)
    done = joined(team, "sam", team.folder / "sam")
    assert (done.laid, done.already, done.synced.received) == (False, True, 1)


def test_a_desk_whose_entries_others_sent_goes_on_as_a_new_one(team: Team) -> None:
    """Kim brought sam's pack to the server before sam could join: the server cannot know that the desk is his."""
    kim = team.first_desk()
    team.admit("sam")
    root = copied(team, kim)
    with build.opened(root, "sam") as sam:
        old = sam.record.begin_desk("sam works on another machine", sam.author(), sam.clock)
        soundness.note_end(sam)
        build.add_difference(sam, "queue depth", staging="1", production="9")
        send(sam, kim)
        build.add_difference(sam, "not sent by kim", staging="1", production="3")
    sync(kim)
    done = joined(team, "sam", root)
    assert done.synced.new_desk == done.desk
    assert done.desk != old
    sync(kim)
    with build.opened(root, "sam") as sam:
        assert titles(sam) == titles(kim) == {"queue depth", "not sent by kim"}
        assert entries(sam) == entries(kim)


def test_evidence_that_others_had_not_got_comes_with_the_desk_that_has_it(team: Team) -> None:
    """Kim had sam's entries from a pack of which the evidence was lost on the way, and brought them to the server."""
    kim = team.first_desk()
    team.admit("sam")
    root = copied(team, kim)
    with build.opened(root, "sam") as sam:
        sam.record.begin_desk("sam works on another machine", sam.author(), sam.clock)
        soundness.note_end(sam)
        build.answer(sam, "rehearsed")
        (digest,) = {one for entry in sam.record.history() for one in entry.blobs if sam.record.blob(one)}
        pack = sam.record.pack()
        kim.record.take_in(msgspec.structs.replace(pack, blobs=()), author=kim.author(), clock=kim.clock)
        soundness.note_end(kim)
    assert digest in kim.record.absent()
    sync(kim)
    joined(team, "sam", root)
    assert bring(kim, [digest]).came == (digest,)


# --- once again ---------------------------------------------------------------------------------


def test_joining_again_keeps_the_old_file_and_brings_what_only_that_held(team: Team) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    build.add_difference(sam, "not sent yet", staging="1", production="9")
    old = sam.record.info.desk
    sam.record.close()
    done = joined(team, "sam", team.folder / "sam", again=True)
    assert (done.laid, done.only_there, done.aside) == (True, 1, 0)
    assert done.desk != old
    assert done.kept is not None
    with Record.open(done.kept, nouns.NOUNS, readonly=True) as before:
        assert before.info.desk == old
    sync(kim)
    assert titles(kim) == {"not sent yet"}


def test_what_a_clone_wrote_under_numbers_that_are_taken_is_quarantined_for_a_person(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    copy = team.folder / "copy"
    copy_project(team.folder / "sam", copy)
    sam.record.backup(file_of(copy))
    here = os.environ["WORKBENCH_DATA"]
    monkeypatch.setenv("WORKBENCH_DATA", str(team.folder / "data of the clone"))
    with build.opened(copy, "sam") as other:
        other.record.settle_at(file_of(copy))  # a machine that was cloned with its disk
        soundness.note_end(other)
        build.add_difference(other, "of the clone", staging="1", production="8")
        build.add_difference(other, "of the clone, too", staging="1", production="7")
    monkeypatch.setenv("WORKBENCH_DATA", here)
    build.add_difference(sam, "of sam", staging="1", production="9")
    sync_all(sam, kim)
    monkeypatch.setenv("WORKBENCH_DATA", str(team.folder / "data of the clone"))
    done = joined(team, "sam", copy, again=True)
    assert (done.only_there, done.aside) == (2, 2)
    with build.opened(copy, "sam") as other:
        states = sorted(one.state for one in other.record.aside())
        assert states == ["quarantined", "waiting"]
        assert titles(other) == {"of sam"}
        assert other.record.verify().ok


def test_a_damaged_record_is_begun_again_with_what_can_be_read_of_it(team: Team) -> None:
    team.first_desk()
    sam = team.join("sam")
    build.add_difference(sam, "not sent yet", staging="1", production="9")
    sam.record.close()
    path = file_of(team.folder / "sam")
    with Record.open(path, nouns.NOUNS) as record:
        record._connection.execute("DELETE FROM e_flow")
        record._connection.execute("UPDATE meta SET value = 'nobody' WHERE key = 'desk'")
    with pytest.raises(RecordError):
        joined(team, "sam", team.folder / "sam")
    done = joined(team, "sam", team.folder / "sam", again=True)
    assert done.only_there == 1
    with build.opened(team.folder / "sam", "sam") as sam:
        assert titles(sam) == {"not sent yet"}
        assert sam.record.verify().ok


def test_where_there_is_nothing_to_begin_again_from_that_is_said(team: Team) -> None:
    team.first_desk()
    team.admit("sam")
    with pytest.raises(UsageError, match="no record here to begin again from"):
        joined(team, "sam", clone(team, "sam"), again=True)


# --- a role that only reads -------------------------------------------------------------------------


def test_a_role_that_only_reads_receives_all_and_sends_nothing(team: Team) -> None:
    kim = team.first_desk()
    team.admit("ci", "reader")
    done = joined(team, "ci", clone(team, "ci"))
    assert (done.sends, done.synced.sent, done.synced.unsent) == (False, 0, None)
    with build.opened(team.folder / "ci", "kim") as ci:
        assert read_standing(ci).unsent == 0, "a desk that only began has nothing to send"
        build.add_difference(ci, "stays here", staging="1", production="9")
        sync(ci)
        assert titles(ci) == {"stays here"}
        assert {gate.key for gate in ci.definitions.project.gates}
    sync(kim)
    assert titles(kim) == set()


# --- interrupted ------------------------------------------------------------------------------------


class Ended(BaseException):
    """The process is killed here."""


@pytest.mark.parametrize("at", ["first", "portion", "check", "place"])
def test_joining_that_is_interrupted_leaves_nothing_and_is_done_again(
    team: Team, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    team.first_desk()
    team.admit("sam")
    root = clone(team, "sam")
    names = {"first": "_first_entry", "portion": "_receive", "check": "_require_sound"}

    def end(*said: object) -> None:
        raise Ended

    with monkeypatch.context() as patched:
        if at == "place":
            patched.setattr("workbench.record.replacing.Place.make_room", end)
        else:
            patched.setattr(beginning, names[at], end)
        with pytest.raises(Ended):
            joined(team, "sam", root)
    assert list((root / ".workbench").glob("*.db*")) == []
    assert list((root / ".workbench").glob(".*.part*")) == []
    assert joined(team, "sam", root).laid


def test_where_the_server_goes_before_anything_was_sent_the_record_is_here_and_that_is_told(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = team.first_desk()
    team.admit("sam")
    root = clone(team, "sam")
    place = joining.restoring.note_end

    def cut(path: Path) -> None:
        place(path)
        team.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{team.role('sam')}'"
        )

    monkeypatch.setattr(joining.restoring, "note_end", cut)
    done = joined(team, "sam", root)
    assert done.laid
    assert done.synced.unsent is not None
    assert done.synced.unsent.why is Obstacle.LOST
    monkeypatch.setattr(joining.restoring, "note_end", place)
    with build.opened(root, "sam") as sam:
        assert sync(sam).sent == 1
    assert sync(kim).received == 1
