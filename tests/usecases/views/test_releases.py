"""In what state each release is."""

from __future__ import annotations

from workbench.releases.model import ReleaseState
from workbench.usecases.context import Context
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
