"""One registry behind keys, footer, help and palette."""

from __future__ import annotations

from typing import ClassVar

import pytest
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

from workbench.tui.actions import Acting, Action, Actions
from workbench.tui.registry import screens
from workbench.tui.screens.base import WorkScreen
from workbench.tui.theme import register

ACTIONS = Actions(
    [
        Action("add", "a", "add a thing", 2),
        Action("next", "right_square_bracket", "to the next blocker", 1),
        Action("undo", "u", "undo one's last change", 1),
        Action("quiet", "", "write them to a file", own_label="export the notes"),
    ]
)


class ListScreen(Acting, Screen[None]):
    ACTIONS: ClassVar[Actions] = ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*ACTIONS.bindings()]

    def __init__(self) -> None:
        super().__init__()
        self.did: list[str] = []

    def why_not(self, action: Action) -> str | None:
        return "nothing to [undo]" if action.id == "undo" else None

    def do_add(self) -> None:
        self.did.append("add")

    async def do_next(self) -> None:
        self.did.append("next")

    def do_undo(self) -> None:
        self.did.append("undo")


class OneScreen(App[None]):
    def __init__(self) -> None:
        super().__init__()
        register(self, "workbench-dark")

    def on_mount(self) -> None:
        self.push_screen(ListScreen())


def test_a_clash_of_keys_is_an_error() -> None:
    first = Action("a", "x", "one")
    for other in (Action("b", "x", "two"), Action("a", "y", "two")):
        with pytest.raises(ValueError, match="a"):
            Actions([first, other])
        with pytest.raises(ValueError, match="a"):
            Actions([first], [other])


def test_a_screen_with_a_key_of_every_screen_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="loud and quit both want the key q"):

        class Loud(WorkScreen):
            MODE = "loud"
            OWN = (Action("loud", "q", "loud"),)


def test_one_key_is_given_once_on_every_screen_and_an_action_is_declared_once() -> None:
    declared: dict[str, Action] = {}
    for screen in screens().values():
        for action in screen.ACTIONS:
            known = declared.setdefault(action.id, action)
            assert (known.key, known.label) == (action.key, action.label)
            assert hasattr(screen, f"do_{action.does or action.id}"), f"{screen.__name__}: {action.id}"


def test_a_screen_is_found_by_the_id_that_it_has_in_the_list() -> None:
    assert {id: screen.MODE for id, screen in screens().items()} == {id: id for id in screens()}


@pytest.mark.parametrize("key", ["ctrl+i", "ctrl+4", "f7"])
def test_a_key_without_a_meaning_is_an_error(key: str) -> None:
    with pytest.raises(ValueError, match="has no meaning"):
        Action("a", key, "one")


@pytest.mark.parametrize("key", ["a", "ctrl+s"])
def test_a_key_has_no_second_meaning(key: str) -> None:
    with pytest.raises(ValueError, match="everywhere, and not explain"):
        Action("a", key, "one", own_label="explain")


@pytest.mark.parametrize("key", ["enter", "escape", ""])
def test_what_enter_and_esc_are_called_depends_on_the_place(key: str) -> None:
    assert Action("a", key, "one", own_label="switch to").label == "switch to"


@pytest.mark.parametrize("key", ["ctrl+p", "ctrl+q"])
def test_a_key_that_the_app_keeps_is_no_action_of_a_screen(key: str) -> None:
    with pytest.raises(ValueError, match="the app keeps"):
        Actions([Action("a", key, "one")])


@pytest.mark.parametrize("key", ["j", "pagedown"])
def test_a_key_that_moves_the_cursor_is_no_action(key: str) -> None:
    with pytest.raises(ValueError, match="moves the cursor"):
        Actions([Action("a", key, "one")])


async def test_keys_do_what_they_say_and_an_unavailable_one_says_why() -> None:
    app = OneScreen()
    async with app.run_test() as pilot:
        await pilot.press("a", "right_square_bracket", "u")
        screen = app.screen
        assert isinstance(screen, ListScreen)
        assert screen.did == ["add", "next"]
        assert [note.message for note in app._notifications] == ["u undo: nothing to [undo]"]


async def test_footer_and_help_come_from_the_same_place() -> None:
    app = OneScreen()
    async with app.run_test():
        screen = app.screen
        assert isinstance(screen, ListScreen)
        assert [(hint.key, hint.label, hint.reason) for hint in screen.hints()] == [
            ("a", "add", None),
            ("]", "next blocker", None),
            ("u", "undo", "nothing to [undo]"),
        ]
        assert [line.key for line in screen.key_lines()] == ["a", "]", "u"]
