"""docs/keys.md names every key of every screen, with the words of the app, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.widgets import Input

from workbench.tui.actions import spoken
from workbench.tui.app import WorkbenchApp
from workbench.tui.registry import EVERYWHERE, TABS, screens
from workbench.tui.screens.importing import ImportPanel
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.screens.signing import SigningForm
from workbench.tui.screens.walking import WalkingScreen
from workbench.tui.widgets.dialog import Confirm, Conflict, HelpPanel, MessagePanel, ProgressPanel
from workbench.tui.widgets.fields import Choice
from workbench.tui.widgets.form import FormScreen
from workbench.tui.widgets.panel import Panel
from workbench.tui.widgets.prose import Scroller
from workbench.tui.widgets.table import RecordTable

PAGE = (Path(__file__).parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
SECTIONS = {tab.id: tab.title for tab in TABS} | {
    below.id: below.title.capitalize() for tab in TABS for below in tab.below
}
SCREENS = screens()
# Not actions of the registry: the palette is Textual's, esc is every screen's.
OF_THE_APP = {"esc", "ctrl+p", "ctrl+q"}
# While words are typed into a list's filter, the table takes the keys itself.
OF_A_FILTER = {"/", "enter", "backspace", "ctrl+u", "esc", "tab", "shift+tab"}


def section(title: str) -> str:
    found = re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^## |^### |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/keys.md has no section “{title}”"
    return found[1]


def rows(text: str) -> list[list[str]]:
    lines = [line.strip("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split(" | ")] for line in lines[2:]]


def keys_in(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text))


def table(title: str) -> dict[str, str]:
    """What a section's table says of each key."""
    return {key: said for keys, said, *_ in rows(section(title)) for key in keys_in(keys)}


def keys_of(*widgets: type) -> set[str]:
    """The keys that widgets bind themselves, as people read them."""
    bound = (binding for widget in widgets for binding in _bindings(widget))
    return {spoken(key) for binding in bound for key in binding.key.split(",")}


def _bindings(widget: type) -> Iterable[Binding]:
    return (each for each in widget.__dict__.get("BINDINGS", ()) if isinstance(each, Binding))


@pytest.mark.parametrize("mode", SECTIONS)
def test_the_keys_of_a_screen_are_those_of_the_app_in_its_words(mode: str) -> None:
    own = {action.spoken: action.help for action in SCREENS[mode].ACTIONS.own if action.key}
    said = table(SECTIONS[mode])
    assert set(said) == set(own)
    assert [(key, said[key]) for key in own if not said[key].startswith(own[key])] == []


def test_the_keys_of_every_screen() -> None:
    own = {action.spoken: action.help for action in EVERYWHERE if action.key}
    said = table("Everywhere")
    assert set(said) == set(own) | OF_THE_APP
    assert [(key, said[key]) for key in own if not said[key].startswith(own[key])] == []
    assert WorkbenchApp.COMMAND_PALETTE_BINDING in said


def test_every_screen_of_the_registry_has_a_section() -> None:
    assert set(SCREENS) == set(SECTIONS)


def test_what_has_no_key_is_told() -> None:
    keyless = {action.id for screen in SCREENS.values() for action in screen.ACTIONS if not action.key}
    assert keyless == {"sort_flows", "switch_colours"}
    assert "`ctrl+p` has it" in section("Flows")
    assert "`ctrl+p` has them" in section("Everywhere")


def test_lists_and_texts() -> None:
    own = keys_of(RecordTable, Scroller)
    assert set(table("Lists and texts")) == own | OF_A_FILTER


def test_walking_has_no_key_beside_the_registry_but_the_one_that_is_told() -> None:
    own = keys_of(WalkingScreen) - {action.spoken for action in WalkingScreen.ACTIONS}
    assert own == {"←"}
    assert "←" in table(SECTIONS["walking"])["shift+tab"]


def test_forms() -> None:
    text = section("Forms")
    own = keys_of(FormScreen, Choice, Panel)
    assert set(table("Forms")) == own | {"tab", "shift+tab"}
    typed = keys_in(text.rpartition("In a line of text")[2])
    assert typed <= keys_of(Input)


def test_signing() -> None:
    assert set(table("Signing")) == keys_of(SigningForm)


PANELS = {
    "a question": Confirm,
    "a message": MessagePanel,
    "a text to read": ReadingPanel,
    "the help": HelpPanel,
    "measuring": ProgressPanel,
    "somebody else was faster": Conflict,
    "an import": ImportPanel,
}


@pytest.mark.parametrize("where", PANELS)
def test_questions_and_messages(where: str) -> None:
    found = [row for row in rows(section("Questions and messages")) if row[0].partition(",")[0] == where]
    said = {key for row in found for key in keys_in(row[1])}
    own = keys_of(PANELS[where], Panel)
    assert said == (own - {"enter"} if where == "a question" else own)  # enter is for a word to type
