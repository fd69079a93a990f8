"""Every action that changes something names the command that does the same, and that command is there."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from tests.docs.test_commands_documented import ALL
from tests.tui.driving import driven, press, shown, web_shop

from workbench.tui.registry import screens
from workbench.tui.shapes import SHAPES
from workbench.usecases.team_tables import TABLES

# What one changes or fetches by a key; the others look, move, choose and copy.
CHANGING = {
    "add", "import", "remove", "decide", "override", "review", "sign", "ask", "done", "failed", "not applicable", "undo",
    "redo", "assign", "make blocking", "propose build", "mark as", "mark invalid", "freeze", "fetch", "write",
}  # fmt: skip
ACTIONS = {action.id: action for screen in screens().values() for action in screen.ACTIONS}


def command_of(shape: str) -> tuple[str, list[str]]:
    """The command that a shape names, and the words behind it."""
    words = shape.split()
    name = max((name for name in ALL if words[: len(name.split())] == name.split()), key=len, default="")
    return name, words[len(name.split()) :]


@pytest.mark.parametrize("id", SHAPES)
def test_a_shape_is_a_command_with_its_options(id: str) -> None:
    name, words = command_of(SHAPES[id])
    assert name, SHAPES[id]
    options = {flag: option for option in ALL[name].params for flag in (*option.opts, *option.secondary_opts)}
    places = [param for param in ALL[name].params if isinstance(param, click.Argument)]
    said = []
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            assert word.isupper() or word in TABLES, f"{word} stands for something that one has to say"
            said.append(word)
            continue
        option = options[word]
        if not (isinstance(option, click.Option) and option.is_flag):
            assert words and words.pop(0).isupper()
    most = len(said) if any(place.nargs < 0 for place in places) else len(places)
    assert sum(place.required for place in places) <= len(said) <= most


def test_what_changes_something_names_its_command() -> None:
    changing = {action.id for action in ACTIONS.values() if action.label in CHANGING}
    assert changing - set(SHAPES) == set()
    assert set(SHAPES) <= set(ACTIONS)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_the_help_shows_the_commands_and_goes_back(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "2", "question_mark")
        keys = shown(pilot)
        await press(pilot, "colon")
        assert "workbench parity decide REF --accept --reason TEXT --until TIME" in shown(pilot)
        assert "Everywhere" not in shown(pilot)
        await press(pilot, "colon")
        assert shown(pilot) == keys
