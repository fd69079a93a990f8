"""What a sync cannot send or note is told: two lines of a desk, a desk of another role, two processes of one desk.

A real PostgreSQL.  Kim keeps the shared record, and sam has joined.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests import building as build
from tests.sharing.malice import Malice
from tests.sharing.team import Team, connect_as, sync_all
from tests.sharing.test_bad_days import titles, two
from tests.sharing.test_copies_of_a_desk import cloned, image_of
from tests.usecases.two_desks import copy_project, send

from workbench.mailbox.errors import DoesNotFollow
from workbench.mailbox.server import Server
from workbench.usecases import soundness
from workbench.usecases.sharing import noted, receiving
from workbench.usecases.sharing.shared import Shared, note_of, require_shared
from workbench.usecases.sharing.synced import Obstacle
from workbench.usecases.sharing.syncing import sync


def test_what_follows_another_entry_than_the_server_holds_is_not_sent_and_told(team: Team) -> None:
    """A desk that only hands over files was cloned, and two desks were handed different lines of it."""
    kim, sam = two(team)
    root = team.folder / "robin"
    copy_project(team.folder / "kim", root)
    kim.record.backup(root / ".workbench" / "record.db")
    with build.opened(root, "robin") as robin:
        robin.record.keep_note("shared", "")
        robin.record.begin_desk("robin works without the server", robin.author(), robin.clock)
        soundness.note_end(robin)
        image = image_of(robin, "clone")
        with cloned(image, "robin") as (clone, there):
            build.add_difference(robin, "robin's own")
            for title in ("the clone's own", "and one more"):
                there(build.add_difference, clone, title)
            send(robin, kim)
            there(send, clone, sam)
    sync(kim)
    done = sync(sam)
    assert done.unsent is not None and done.unsent.why is Obstacle.TWO_LINES and done.unsent.entries == 1
    assert done.needs_a_person
    sent = [(row.first, row.last) for row in Malice(team).rows() if row.writer == done.unsent.desk]
    assert sent == [(1, 2)], "nobody would take in what follows another entry"
    assert not sync(kim).refused


def test_a_desk_that_is_overtaken_each_time_says_that_not_all_is_sent(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim, sam = two(team)
    build.add_difference(sam, "cache size")

    def overtaken(*args: object) -> None:
        raise DoesNotFollow("the entries do not follow entry 7 of that desk")

    with monkeypatch.context() as patched:
        patched.setattr(Server, "post", overtaken)
        done = sync(sam)
    assert done.unsent is not None and done.unsent.why is Obstacle.BUSY and done.unsent.entries == 1
    assert not done.is_whole
    sync_all(sam, kim)
    assert "cache size" in titles(kim)


def test_a_place_in_one_mailbox_is_never_noted_of_another(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record is moved in another terminal while the app is receiving."""
    kim, sam = two(team)
    build.add_difference(kim, "cache size")
    sync(kim)
    fresh = Shared(url=team.url("sam"), mailbox="another-mailbox", role=team.role("sam"))
    real = receiving.open_pack

    def moved(*args: Any) -> Any:
        sam.record.keep_note(*note_of(fresh))
        return real(*args)

    with monkeypatch.context() as patched:
        patched.setattr(receiving, "open_pack", moved)
        sync(sam)
    assert require_shared(sam) == fresh
    assert "cache size" in titles(sam)


def test_a_fault_that_one_process_notes_is_not_lost_to_another_one_of_the_same_desk(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app's worker and a sync in a terminal keep their notes in one file."""
    kim, sam = two(team)
    shared = require_shared(sam)
    build.add_difference(kim, "cache size")
    sync(kim)
    real = noted.quick_past_of

    def meanwhile(*args: Any) -> Any:
        monkeypatch.setattr(noted, "quick_past_of", real)
        with build.opened(team.folder / "sam", "sam") as other:
            noted.note_fault(other, shared, noted.Trouble.ORDER, 3, "pack 3 is not what it was")
        return real(*args)

    monkeypatch.setattr(noted, "quick_past_of", meanwhile)
    sync(sam)
    assert [one.said for one in noted.read_notes(sam, shared).faults] == ["pack 3 is not what it was"]


def test_entries_of_this_file_that_another_role_would_have_to_send_are_told(team: Team) -> None:
    """Sam's role was replaced by another one while something still waited to be sent."""
    kim, sam = two(team)
    build.add_difference(sam, "cache size")
    team.admit("robin")
    connect_as(team, sam, "robin")
    done = sync(sam)
    assert done.new_desk
    for _ in range(2):
        assert done.unsent is not None and done.unsent.why is Obstacle.OTHER_ROLE
        assert done.unsent.entries == 1 and done.needs_a_person
        done = sync(sam)
    connect_as(team, sam, "sam")
    assert sync(sam).unsent is None
    sync(kim)
    assert "cache size" in titles(kim)
