"""A desk that was copied, cloned or put back: two copies never both write as the same desk."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests import building as build
from tests.sharing.team import Team, connect_as, sync_all
from tests.sharing.test_bad_days import all_is_well, digests, nothing_was_sent_twice, packs, titles, two

from workbench.record import desks, heads
from workbench.usecases.context import Context
from workbench.usecases.sharing.synced import Obstacle
from workbench.usecases.sharing.syncing import sync


def image_of(context: Context, name: str) -> Path:
    """The folder of a desk as an image of the disk has it."""
    there = context.root.with_name(name)
    shutil.copytree(context.root, there, ignore=shutil.ignore_patterns("record.db*"))
    copy = there / ".workbench" / "record.db"
    copy.unlink(missing_ok=True)
    context.record.backup(copy)
    return there


class Machine:
    """Another machine: what is done there has a user data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"

    def __call__(self, do: Callable[..., Any], *args: Any, **said: Any) -> Any:
        with patch.dict(os.environ, {"WORKBENCH_DATA": str(self._data)}):
            return do(*args, **said)


@contextmanager
def cloned(image: Path, person: str) -> Iterator[tuple[Context, Machine]]:
    """The same machine once more, from an image of its disk: nothing in the file says that it was copied."""
    path, there = image / ".workbench" / "record.db", Machine(image)
    with closing(sqlite3.connect(path)) as file:
        desks.note_home(file, path)
        file.commit()
    with build.opened(image, person) as context:
        there(heads.remember, image / "data", context.record)
        yield context, there


def test_a_desk_that_was_cloned_with_its_identity_is_found_and_nothing_is_sent_in_its_name(
    team: Team,
) -> None:
    kim, sam = two(team)
    image = image_of(sam, "clone")
    with cloned(image, "sam") as (clone, there):
        assert clone.record.info.desk == sam.record.info.desk
        build.add_difference(sam, "sam's own")
        there(build.add_difference, clone, "the clone's own")
        assert sync(sam).sent == 1
        before = packs(team)
        for _ in range(2):
            done = there(sync, clone)
            assert done.unsent is not None and done.unsent.why is Obstacle.TWO_COPIES
            assert done.unsent.entries >= 1 and done.sent == 0 and done.needs_a_person
        assert packs(team) == before
        assert "the clone's own" in titles(clone), "what was written there is not lost"
        assert "sam's own" not in titles(clone)
    sync(kim)
    assert titles(kim) == titles(sam)
    all_is_well(kim, sam)


def test_a_clone_that_had_written_nothing_yet_goes_on_as_a_desk_of_its_own(team: Team) -> None:
    kim, sam = two(team)
    image = image_of(sam, "clone")
    with cloned(image, "sam") as (clone, there):
        build.add_difference(sam, "sam's own")
        sync(sam)
        done = there(sync, clone)
        assert done.new_desk and done.needs_a_person and done.unsent is None
        assert clone.record.info.desk == done.new_desk != sam.record.info.desk
        assert "sam's own" in titles(clone)
        there(build.add_difference, clone, "the clone's own")
        assert there(sync, clone).sent == 1
        sync_all(kim, sam)
        there(all_is_well, kim, sam, clone)
    nothing_was_sent_twice(team)


def test_a_folder_that_was_simply_copied_goes_on_as_a_desk_of_its_own(team: Team) -> None:
    kim, sam = two(team)
    image = image_of(sam, "copy")
    build.add_difference(sam, "sam's own")
    sync(sam)
    there = Machine(image)
    with build.opened(image, "sam") as copy:
        there(build.add_difference, copy, "the copy's own")
        assert copy.record.info.desk != sam.record.info.desk
        assert there(sync, copy).sent == 2  # what begins the desk, and the difference
        sync_all(kim, sam)
        assert "the copy's own" in titles(sam)
        assert digests(copy) == digests(sam) or there(sync, copy).received
        assert digests(copy) == digests(sam)
    nothing_was_sent_twice(team)


def test_an_older_copy_of_the_file_that_was_put_back_receives_what_it_had_written_and_begins_anew(
    team: Team,
) -> None:
    kim, sam = two(team)
    image = image_of(sam, "yesterday")
    build.add_difference(sam, "written after the copy was made")
    sync(sam)
    with cloned(image, "sam") as (older, there):  # the file lies where it lay; the log beside it knows more
        done = there(sync, older)
        assert done.new_desk and done.unsent is None
        assert titles(older) == titles(sam)
        there(build.add_difference, older, "written since")
        there(sync, older)
        sync(kim)
        assert "written since" in titles(kim)
        there(all_is_well, older)
        assert {one.follows.desk for one in kim.record.desks_seen() if one.id == done.new_desk and one.follows} == {
            sam.record.info.desk
        }  # fmt: skip
    nothing_was_sent_twice(team)


def test_what_an_older_copy_had_not_sent_yet_is_sent_by_it(team: Team) -> None:
    kim, sam = two(team)
    build.add_difference(sam, "written off-line, and in the copy")
    with cloned(image_of(sam, "yesterday"), "sam") as (older, there):
        assert there(sync, older).sent == 1
        sync(kim)
        assert "written off-line, and in the copy" in titles(kim)
        assert sync(sam).sent == 0
        there(all_is_well, older)
        all_is_well(kim, sam)
    nothing_was_sent_twice(team)


def test_two_processes_that_sync_one_record_at_once_send_and_receive_everything_once(team: Team) -> None:
    kim, sam = two(team)
    for number in range(30):
        build.add_difference(kim, f"kim's {number}")
        build.add_difference(sam, f"sam's {number}")
    sync(sam)
    command = [sys.executable, "-m", "workbench", "sync", "--project", str(kim.root), "--as", "kim", "--json"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    told = [(one.communicate(timeout=120), one.returncode) for one in running]
    assert all(code == 0 for _, code in told), told
    assert {f"{who}'s {number}" for who in ("kim", "sam") for number in range(30)} <= titles(kim)
    sync(sam)
    all_is_well(kim, sam)
    nothing_was_sent_twice(team)


def test_a_desk_that_two_roles_claim_goes_on_as_a_new_one(team: Team) -> None:
    """Somebody takes a colleague's folder and connects with a role of their own."""
    kim, sam = two(team)
    team.admit("jo")
    with cloned(image_of(sam, "taken over"), "jo") as (taken, there):
        connect_as(team, taken, "jo")
        done = there(sync, taken)
        assert done.new_desk and done.unsent is None
        there(build.add_difference, taken, "jo's")
        assert there(sync, taken).sent == 1
        sync_all(kim, sam)
        assert digests(kim) == digests(taken)
    nothing_was_sent_twice(team)
