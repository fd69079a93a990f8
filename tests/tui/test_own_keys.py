"""A person's own keys: read from their file, checked, and used by keys, footer, help and docs alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import DARK, press, settle, shown, web_shop

from workbench.model.errors import DefinitionError, UsageError
from workbench.tui.app import WorkbenchApp
from workbench.tui.desk import Desk
from workbench.tui.key_list import key_rows
from workbench.tui.keyboard import Keyboard, keyboard_of
from workbench.tui.screens.walking import WalkingScreen
from workbench.usecases.own_keys import keys_file, read_own_keys
from workbench.usecases.project import Options


def keyboard(folder: Path, text: str) -> Keyboard:
    file = folder / "keys.yaml"
    file.write_text(text, encoding="utf-8")
    return keyboard_of(read_own_keys(file))


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(DefinitionError) as found:
        keyboard(folder, text)
    return [f"{problem.line} {problem.what}" for problem in found.value.problems]


def test_without_a_file_the_keys_are_the_standard_ones(tmp_path: Path) -> None:
    assert keyboard_of(read_own_keys(tmp_path / "keys.yaml")) == Keyboard()


def test_a_meaning_goes_to_another_key_and_two_can_change_places(tmp_path: Path) -> None:
    own = keyboard(tmp_path, "decide: r\nreview: d\nNext blocker: ctrl+n\nhelp: F1\nfilter: '%'\n")
    assert [own.spoken(key) for key in ("d", "r", "right_square_bracket", "question_mark", "slash", "a")] == [
        "r",
        "d",
        "ctrl+n",
        "F1",
        "%",
        "a",
    ]


def test_what_cannot_be_is_told_with_its_line(tmp_path: Path) -> None:
    text = "decide: s\nlook over: k\nback: b\nsign: ctrl+i\nreview: enter\noverride: two words\n"
    assert mistakes(tmp_path, text) == [
        "1 s means “sign” already",
        "2 no key means “look over”",
        "3 “back” stays on its key",
        "4 ctrl+i is not a key that reaches the app",
        "5 enter always means “open”",
        "6 two words is not a key that reaches the app",
    ]


def test_two_meanings_on_one_new_key_clash(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "decide: '%'\nsign: '%'\n") == ["2 % means “decide” already"]


@pytest.mark.parametrize("text", ["- decide\n", "decide:\n", "decide: [a, b]\n", "decide: 'a\n"])
def test_a_file_that_is_no_list_of_keys_is_told(tmp_path: Path, text: str) -> None:
    assert mistakes(tmp_path, text)


def test_the_file_is_named_in_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKBENCH_KEYS", "keys.yaml")
    with pytest.raises(UsageError, match="not a full path"):
        keys_file()
    monkeypatch.setenv("WORKBENCH_KEYS", str(tmp_path / "mine.yaml"))
    assert keys_file() == tmp_path / "mine.yaml"


def test_keys_with_a_number_are_named_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "keys.yaml").write_text("help: f1\ninspect: F6\n", encoding="utf-8")
    keyboard = keyboard_of(read_own_keys(tmp_path / "keys.yaml"))
    assert [keyboard.spoken(key) for key in ("question_mark", "i", "f2")] == ["F1", "F6", "F2"]


def test_the_list_of_keys_has_them(tmp_path: Path) -> None:
    rows = key_rows(keyboard(tmp_path, "decide: L\n"))
    assert {row.key for row in rows if row.label == "decide"} == {"L"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_own_keys_work_and_footer_and_help_name_them(tmp_path: Path, shop: Path) -> None:
    own = keyboard(tmp_path, "Checklists: L\nhelp: F1\n")
    desk = Desk(Options(project=shop))
    try:
        app = WorkbenchApp(desk, desk.start().result(), DARK, own, ["read me"])
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert "read me" in shown(pilot)
            await press(pilot, "4")
            assert "F1 help" in shown(pilot)
            await press(pilot, "L", "enter")
            assert isinstance(app.screen, WalkingScreen)
            await press(pilot, "f1")
            assert "Keys in walking a checklist" in shown(pilot)
    finally:
        desk.close()
