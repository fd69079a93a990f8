"""Two people share at the same instant: one of them puts the record there, and the other one joins it or is told why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from unittest.mock import patch

import pytest
from tests import building as build
from tests.sharing.team import Team
from tests.usecases.two_desks import copy_project

from workbench.mailbox.server import Server
from workbench.model.errors import NotAllowed, WorkbenchError
from workbench.usecases import safekeeping, soundness
from workbench.usecases.context import Context
from workbench.usecases.sharing.shared import shared_of
from workbench.usecases.sharing.sharing import share


def after(method: str, act: Callable[[], object]) -> Any:
    """``act`` is done as soon as ``method`` of a server was called for the first time: what it answered is old by then."""
    real, acts = getattr(Server, method), [act]

    def answered(server: Server, *said: Any) -> Any:
        found = real(server, *said)
        if acts:
            acts.pop()()
        return found

    return patch.object(Server, method, answered)


def second_desk(team: Team, kim: Context) -> Path:
    """Sam's desk, with the same record, which came by file; Sam is in the group of keepers, too."""
    team.add_role("sam", group="keeper")
    root = team.folder / "sam"
    copy_project(team.folder / "kim", root)
    kim.record.backup(root / ".workbench" / "record.db")
    with build.opened(root, "sam") as sam:
        sam.record.begin_desk("sam works on another machine", sam.author(), sam.clock)
        soundness.note_end(sam)
    return root


def tables(team: Team) -> None:
    """The tables are there already."""
    with build.shop(team.folder / "other") as other:
        share(other, team.url("kim"), beside=True)


@pytest.mark.parametrize("looked", ["version", "records"])
def test_the_same_role_at_two_desks_shares_one_record_and_both_have_it(team: Team, looked: str) -> None:
    with build.shop(team.folder / "kim") as kim, build.opened(second_desk(team, kim), "sam") as sam:
        with after(looked, lambda: share(kim, team.url("kim"))):
            done = share(sam, team.url("kim"))
        assert done.found
        assert done.made == (looked == "records")
        assert done.synced.is_whole


@pytest.mark.parametrize("looked", ["version", "records"])
def test_another_role_is_told_that_it_is_there_and_who_lets_it_in(team: Team, looked: str) -> None:
    if looked == "records":
        tables(team)
    with build.shop(team.folder / "kim") as kim, build.opened(second_desk(team, kim), "sam") as sam:
        with (
            after(looked, lambda: share(kim, team.url("kim"), beside=True)),
            pytest.raises(NotAllowed, match="is on the server already, and lets the role") as refused,
        ):
            share(sam, team.url("sam"))
        assert f"workbench member add {team.role('sam')}" in str(refused.value.hint)
        assert shared_of(sam.record) is None
        assert safekeeping.verify(sam).ok


def test_somebody_who_may_keep_records_is_no_member_of_one_that_was_shared_long_before(team: Team) -> None:
    with build.shop(team.folder / "kim") as kim, build.opened(second_desk(team, kim), "sam") as sam:
        share(kim, team.url("kim"))
        with pytest.raises(NotAllowed, match="is on the server already"):
            share(sam, team.url("sam"))


def test_two_records_of_one_project_are_not_put_beside_each_other_unseen(team: Team) -> None:
    tables(team)
    with (
        build.shop(team.folder / "kim") as kim,
        build.shop(team.folder / "sam") as sam,
        after("records", lambda: share(kim, team.url("kim"), beside=True)),
        pytest.raises(NotAllowed, match="another record of the project"),
    ):
        share(sam, team.url("kim"))


def test_truly_at_once_one_record_is_there_and_no_other_answer_comes(team: Team) -> None:
    with build.shop(team.folder / "kim") as kim:
        second_desk(team, kim)
    begin, answers = Barrier(2), dict[str, object]()

    def one(person: str) -> None:
        with build.opened(team.folder / person, person) as context:
            begin.wait(30)
            try:
                answers[person] = share(context, team.url("kim")).synced.is_whole
            except WorkbenchError as error:
                answers[person] = error

    both = [Thread(target=one, args=[person]) for person in ("kim", "sam")]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert answers == {"kim": True, "sam": True}
    assert len(team.connect("kim").records()) == 1
