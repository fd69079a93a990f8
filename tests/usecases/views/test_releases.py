"""In what state each release is."""

from __future__ import annotations

import pytest

from workbench.releases.model import Release, ReleaseState
from workbench.usecases import releasing
from workbench.usecases.context import Context
from workbench.usecases.views import releases as views
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.releases import read_releases


def test_open_releases_are_judged(shop: Context) -> None:
    (newest,) = read_releases(shop)
    assert (newest.held.title, newest.state, newest.mark) == (
        "2.14.0 rc2",
        ReleaseState.IN_GATES,
        Mark.UNDER_WAY,
    )
    assert newest.open_words.startswith(f"{newest.blocks} block, ") and newest.blocks
    assert newest.candidate_words == "rc2 a1b2c3d"


def test_a_planned_release_has_no_candidate_yet(small: Context) -> None:
    releasing.plan(small, Release(version="3.0.0"))
    assert [(line.held.release.version, line.state.value) for line in read_releases(small)] == [
        ("3.0.0", "planned"),
        ("2.0.0", "in gates"),
    ]
    assert not read_releases(small)[0].candidate_words


def test_only_so_many_open_releases_are_judged(small: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        releasing.plan(small, Release(version=f"3.{number}.0"))
    monkeypatch.setattr(views, "MOST_JUDGED", 2)
    assert [bool(line.blocks) for line in read_releases(small)] == [True, True, False, False]
