"""ctrl+c while something is sent or received: it ends at once, says what was done and what was not, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from tests import building as build
from tests.cli.conftest import Type, type_in  # noqa: F401  (a fixture)
from tests.real.conftest import wait_until
from tests.sharing.cable import cable_to
from tests.sharing.team import Team
from tests.sharing.test_bad_days import all_is_well, digests, two
from tests.sharing.test_evidence import attach, data_of
from tests.usecases.two_desks import copy_project

from workbench.record.large import LARGE
from workbench.usecases.context import Context
from workbench.usecases.project import Options
from workbench.usecases.sharing import evidence
from workbench.usecases.sharing.going import Going
from workbench.usecases.sharing.joining import join
from workbench.usecases.sharing.leaving import leave
from workbench.usecases.sharing.receiving import Steps
from workbench.usecases.sharing.shared import shared_of
from workbench.usecases.sharing.sharing import share
from workbench.usecases.sharing.synced import Ended, Obstacle
from workbench.usecases.sharing.syncing import sync
from workbench.usecases.views.sharing.sync import exit_code, synced_lines

EXECUTE = psycopg.Connection.execute


@contextmanager
def ended_at(number: int) -> Iterator[list[str]]:
    """ctrl+c comes while the server is asked for the ``number``th time, before the answer is there."""
    asked: list[str] = []

    def execute(self: Any, query: Any, *args: Any, **named: Any) -> Any:
        asked.append(str(query))
        found = EXECUTE(self, query, *args, **named)
        if len(asked) == number:
            raise KeyboardInterrupt
        return found

    with patch.object(psycopg.Connection, "execute", execute):
        yield asked


def test_whenever_it_is_ended_the_next_sync_has_the_rest(team: Team) -> None:
    kim, sam = two(team)
    number = 1
    while True:
        build.add_difference(kim, f"kim {number}")
        build.add_difference(sam, f"sam {number}")
        sync(sam)
        with ended_at(number) as asked:
            done = sync(kim)
        if len(asked) < number:
            break
        assert done.unsent is not None and done.unsent.why is Obstacle.STOPPED, asked
        assert exit_code(done) == 130
        sync(kim)
        sync(sam)
        all_is_well(kim, sam)
        number += 1
    assert number > 4, "the session, how it is there, packs to receive, a pack to send"


def test_what_was_received_and_sent_by_then_is_counted(team: Team) -> None:
    kim, sam = two(team)
    for number in range(3):
        build.add_difference(sam, f"sam {number}")
        sync(sam)
    build.add_difference(kim, "kim")
    before = len(digests(kim))

    def told(going: Going) -> None:
        if (going.what, going.done) == ("received", 2):
            raise KeyboardInterrupt

    done = sync(kim, Steps(entries=1, told=told))
    assert len(digests(kim)) - before == done.received == 2
    lines = list(synced_lines(done))
    assert lines[0] == "sent 0 entries, received 2"
    assert lines[1] == (
        "stopped: it was stopped before all was sent and received (1 pack not received yet); 1 entry of this desk waits here"
    )
    assert (sync(kim).received, sync(sam).received) == (1, 1)


def test_how_far_it_is_is_told_with_what_is_received_and_sent(team: Team) -> None:
    kim, sam = two(team)
    for number in range(2):
        build.add_difference(sam, f"sam {number}")
        sync(sam)
    build.add_difference(kim, "kim")
    told: list[Going] = []
    sync(kim, Steps(entries=1, told=told.append))
    assert told == [
        Going("received", 1, 2, "packs"),
        Going("received", 2, 2, "packs"),
        Going("sent", 1, 1, "entries"),
    ]


def test_a_pack_that_is_being_sent_is_counted_before_it_ends(team: Team) -> None:
    """The first ctrl+c waits for the answer, so that what is said to be sent is what is there."""
    kim, sam = two(team)
    build.add_difference(kim, "one")

    @contextmanager
    def whole() -> Iterator[None]:
        yield
        raise KeyboardInterrupt

    done = sync(kim, Steps(whole=whole))
    assert done.sent == 1 and done.unsent is not None and done.unsent.why is Obstacle.STOPPED
    assert sync(sam).received == 1


def test_joining_that_is_ended_leaves_nothing_behind(team: Team) -> None:
    kim = team.first_desk()
    team.admit("sam")
    root = team.folder / "sam"
    copy_project(kim.root, root)
    before = sorted(path.name for path in root.rglob("*"))

    def told(going: Going) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Ended, match="nothing was changed here"):
        join(Options(project=root, as_person="sam"), team.url("sam"), steps=Steps(told=told))
    left = sorted(path.name for path in root.rglob("*") if path.name != ".gitignore")
    assert [name for name in left if name not in before] in ([], [".workbench"])
    assert join(Options(project=root, as_person="sam"), team.url("sam")).laid


def test_sharing_that_is_ended_goes_on_with_the_same_command(team: Team) -> None:
    with build.shop(team.folder / "kim") as kim:
        number = 1
        while True:
            with ended_at(number) as asked:
                try:
                    done = share(kim, team.url("kim"))
                except Ended as error:
                    assert "it was ended" in error.what and error.exit_code == 130
                    continue_with = shared_of(kim.record)
                    assert (continue_with is None) == ("nothing was sent" in error.what)
                else:
                    if len(asked) < number:
                        break
                    assert done.synced.unsent is not None
            number += 1
        assert number > 3
        assert sync(kim).is_whole and kim.record.verify().problem is None
    sam = team.join("sam")
    assert sam.record.verify().problem is None


def test_leaving_that_is_ended_does_not_leave(team: Team) -> None:
    kim, sam = two(team)
    build.add_difference(sam, "from sam")
    with ended_at(4), pytest.raises(Ended, match="has not left"):
        leave(sam)
    assert shared_of(sam.record) is not None
    sync(sam)
    sync(kim)
    all_is_well(kim, sam)


def test_evidence_that_came_by_then_is_kept_and_told(team: Team, tmp_path: Path) -> None:
    kim, sam = two(team)
    build.add_difference(kim, "cache size")
    held = [attach(kim, tmp_path, data_of(LARGE + 1, seed=seed), f"{seed}.bin") for seed in (1, 2, 3)]
    sync(kim)
    sync(sam)
    pieces = set[str]()

    def told(digest: str, done: int, size: int, note: str) -> None:
        pieces.add(digest)
        if len(pieces) == 3:
            raise KeyboardInterrupt

    found = evidence.bring_all(sam, told)
    assert len(found.came) == 2 and list(found.missing.values()) == [evidence.STOPPED]
    assert {one for one in held if sam.record.blob(one).data} == set(found.came)  # type: ignore[union-attr]
    assert len(evidence.bring_all(sam).came) == 1


def _started(team: Team, desk: Context, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "workbench", *words, "--project", str(desk.root), "--as", "sam"]
    return subprocess.Popen(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)
    )


@pytest.mark.parametrize("json", [False, True])
def test_a_server_that_hangs_is_left_with_one_ctrl_c(team: Team, json: bool) -> None:
    """The command as it is typed, with a real signal, while it waits for an answer that does not come."""
    _, sam = two(team)
    build.add_difference(sam, "from sam")
    with cable_to(team.server.port) as cable:
        cable.joins(sam)
        cable.hold()
        with _started(team, sam, "sync", *(["--json"] if json else [])) as process:
            wait_until(lambda: bool(cable._ends), "the command has connected")
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err + out
    if json:
        assert '"why":"stopped"' in out.replace(" ", "") and not err
    else:
        assert out.splitlines()[:2] == [
            "nothing new was received",
            "stopped: it was stopped before all was sent and received",
        ]
        assert err == "next: workbench sync\n"


def test_a_pipe_sees_no_progress(team: Team, type_in: Type) -> None:  # noqa: F811
    _, sam = two(team)
    build.add_difference(sam, "from sam")
    with patch("workbench.cli.transferring.AFTER", 0.0):
        said = type_in("sync", "--project", sam.root, "--as", "sam")
    assert said.err == "" and said.out == "sent 1 entry, received 0\n"
