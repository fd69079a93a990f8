"""In what state each release is."""

from __future__ import annotations

import pytest

from workbench.gates.model import Weight
from workbench.releases.model import Release, ReleaseState
from workbench.usecases import releasing
from workbench.usecases.context import Context
from workbench.usecases.views import releases as views
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.releases import read_releases, state_mark


def test_open_releases_are_judged(shop: Context) -> None:
    (newest,) = read_releases(shop)
    assert (newest.held.title, newest.state, newest.mark) == (
        "2.14.0 rc2",
        ReleaseState.BLOCKED,
        Mark.BLOCKS,
    )
    assert newest.open_words.startswith(f"{newest.blocks} blockers, ") and newest.blocks
    assert newest.candidate_words == "rc2 a1b2c3d"


def test_a_planned_release_has_no_candidate_yet(small: Context) -> None:
    releasing.plan(small, Release(version="3.0.0"))
    assert [(line.held.release.version, line.state.value) for line in read_releases(small)] == [
        ("3.0.0", "planned"),
        ("2.0.0", "blocked"),
    ]
    assert not read_releases(small)[0].candidate_words


def test_every_release_with_a_candidate_is_judged_and_so_many_without_one(
    small: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        releasing.plan(small, Release(version=f"3.{number}.0"))
    monkeypatch.setattr(views, "MOST_PLANNED", 1)
    lines = read_releases(small)
    assert [(line.state.value, bool(line.blocks)) for line in lines] == [
        ("planned", True),
        ("planned", False),
        ("planned", False),
        ("blocked", True),
    ]


@pytest.mark.parametrize(
    ("state", "counts", "mark"),
    [
        (ReleaseState.BLOCKED, {Weight.BLOCKS: 1, Weight.TO_DO: 2}, Mark.BLOCKS),
        (ReleaseState.BLOCKED, {Weight.TO_DO: 2}, Mark.UNDER_WAY),
        (ReleaseState.BLOCKED, {}, Mark.BLOCKS),
        (ReleaseState.READY, {Weight.TO_SIGN: 3}, Mark.UNDER_WAY),
        (ReleaseState.READY, {}, Mark.DONE),
        (ReleaseState.SIGNED, {}, Mark.DONE),
        (ReleaseState.WATCHING, {Weight.BLOCKS: 1}, Mark.UNDER_WAY),
    ],
)
def test_only_what_blocks_has_the_mark_of_it(
    state: ReleaseState, counts: dict[Weight, int], mark: Mark
) -> None:
    assert state_mark(state, counts) is mark
