"""How the widgets look; ``--snapshot-update`` after looking at what changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.tui.gallery import Gallery

from workbench.tui.terminal import Terminal

SCREENS = {
    "home": [],
    "filter": ["p", "slash", "o", "r", "d"],
    "marked": ["p", "space", "space"],
    "detail": ["d"],
    "form": ["a", "ctrl+s"],
    "sign": ["s", "2", "enter"],
    "fetch": ["f"],
    "error": ["x"],
    "conflict": ["c"],
    "help": ["question_mark"],
}


@pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=["80x24", "160x50"])
@pytest.mark.parametrize("screen", SCREENS)
def test_dark(snap_compare: Callable[..., bool], screen: str, size: tuple[int, int]) -> None:
    assert snap_compare(Gallery(), press=SCREENS[screen], terminal_size=size)


@pytest.mark.parametrize("screen", ["home", "form"])
@pytest.mark.parametrize("theme", ["workbench-light", "workbench-ansi"])
def test_other_themes(snap_compare: Callable[..., bool], screen: str, theme: str) -> None:
    terminal = Terminal(theme, True if theme.endswith("ansi") else None, False)
    assert snap_compare(Gallery(terminal), press=SCREENS[screen], terminal_size=(80, 24))
