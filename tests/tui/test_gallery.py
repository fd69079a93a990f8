"""How the widgets look; ``--snapshot-update`` after looking at what changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.tui.gallery import Gallery
from tests.tui.pictures import SMALL, in_sizes

from workbench.tui.terminal import Terminal

SCREENS = {
    "home": [],
    "filter": ["p", "slash", "o", "r", "d"],
    "marked": ["p", "space", "space"],
    "detail": ["d"],
}
# In a large window they look the same.
DIALOGS = {
    "form": ["a", "ctrl+s"],
    "sign": ["s", "2", "enter"],
    "fetch": ["f"],
    "error": ["x"],
    "conflict": ["c"],
    "help": ["question_mark"],
}


@in_sizes(SCREENS, small=DIALOGS)
def test_dark(snap_compare: Callable[..., bool], keys: tuple[str, ...], size: tuple[int, int]) -> None:
    assert snap_compare(Gallery(), press=keys, terminal_size=size)


@pytest.mark.parametrize("screen", ["home", "form"])
@pytest.mark.parametrize("theme", ["workbench-light", "workbench-ansi"])
def test_other_themes(snap_compare: Callable[..., bool], screen: str, theme: str) -> None:
    terminal = Terminal(theme, True if theme.endswith("ansi") else None, False)
    assert snap_compare(Gallery(terminal), press=(SCREENS | DIALOGS)[screen], terminal_size=SMALL)
