"""Every key of every screen, list, form and dialog: what docs/keys.md and ``workbench keys`` say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from textual.binding import Binding

from workbench.tui.actions import Action, keys_of
from workbench.tui.first import BrokenScreen, NoProjectScreen
from workbench.tui.keyboard import Keyboard
from workbench.tui.keys import LABELS, spoken
from workbench.tui.registry import EVERYWHERE, screens
from workbench.tui.screens.choosing import ChoosePanel
from workbench.tui.screens.columns_panel import ColumnsPanel
from workbench.tui.screens.commanding import CommandPanel
from workbench.tui.screens.find_panel import FindPanel
from workbench.tui.screens.importing import ImportPanel
from workbench.tui.screens.kept_panel import KeptPanel
from workbench.tui.screens.people import PeoplePanel
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.screens.reviewing import ReviewPanel
from workbench.tui.screens.signing import SigningForm
from workbench.tui.screens.sitting import SittingPanel
from workbench.tui.screens.views_panel import ViewsPanel
from workbench.tui.widgets.asked import WordsLine
from workbench.tui.widgets.conflict import Conflict
from workbench.tui.widgets.dialog import Confirm, MessagePanel
from workbench.tui.widgets.fields import Choice
from workbench.tui.widgets.fold_sheet import FoldSheet
from workbench.tui.widgets.form import FormScreen
from workbench.tui.widgets.help_panel import HelpPanel
from workbench.tui.widgets.progress import ProgressPanel
from workbench.tui.widgets.prose import Scroller
from workbench.tui.widgets.small import TooSmall
from workbench.tui.widgets.stamp import StampLine
from workbench.tui.widgets.table import CellTable


class KeyRow(msgspec.Struct, frozen=True):
    """A key on a screen: ``action`` is the registry's id, ``label`` what the key means."""

    screen: str
    key: str
    action: str
    label: str
    help: str = ""


def key_rows(keyboard: Keyboard) -> list[KeyRow]:
    """Every key of every screen, list, form and dialog; imports them all."""
    rows = [row for action in EVERYWHERE for row in _of_action("everywhere", action, keyboard)]
    rows += [
        KeyRow("everywhere", keyboard.spoken(key), id, LABELS[key], help) for key, id, help in _OF_THE_APP
    ]
    for name, screen in screens().items():
        rows += [row for action in screen.ACTIONS.own for row in _of_action(name, action, keyboard)]
        moves = [binding for binding in _bindings(screen) if not binding.action.startswith("do(")]
        rows += [row for binding in moves for row in _of_binding(name, binding, keyboard)]
    for name, widget in WIDGETS.items():
        rows += [row for binding in _bindings(widget) for row in _of_binding(name, binding, keyboard)]
    return list(dict.fromkeys(rows))


# What is no screen of a mode, by the name that the docs give it.
WIDGETS: dict[str, type] = {
    "a table": CellTable,
    "columns of a table": ColumnsPanel,
    "views of a table": ViewsPanel,
    "a text": Scroller,
    "a form": FormScreen,
    "a choice": Choice,
    "signing": SigningForm,
    "the parts of a sheet": FoldSheet,
    "a question": Confirm,
    "a message": MessagePanel,
    "a text to read": ReadingPanel,
    "the help": HelpPanel,
    "a fetch": ProgressPanel,
    "two versions": Conflict,
    "reviewing the map": ReviewPanel,
    "an import": ImportPanel,
    "finding": FindPanel,
    "who you are": PeoplePanel,
    "versions of two desks": ChoosePanel,
    "what was kept": KeptPanel,
    "the command line": CommandPanel,
    "this sitting": SittingPanel,
    "writing a timeline": StampLine,
    "words of an answer": WordsLine,
    "a window that is too small": TooSmall,
    "no project here": NoProjectScreen,
    "files with mistakes": BrokenScreen,
}
_OF_THE_APP = (
    ("escape", "back", "go back one level"),
    ("ctrl+p", "find", "find any command or record: type a few letters of its name"),
    ("ctrl+q", "quit", "quit, also from a form; asks first if you filled something in"),
)


def _of_action(screen: str, action: Action, keyboard: Keyboard) -> Iterator[KeyRow]:
    for key in keys_of(action.key):
        yield KeyRow(screen, keyboard.spoken(key), action.id, action.label, action.help)


def _of_binding(screen: str, binding: Binding, keyboard: Keyboard) -> Iterator[KeyRow]:
    for key in binding.key.split(","):
        shown = keyboard.spoken(key) if binding.id else spoken(key)
        yield KeyRow(screen, shown, binding.action, binding.description, binding.tooltip)


def _bindings(widget: type) -> Iterable[Binding]:
    """The keys of a widget and of our classes that it is made of."""
    for each in widget.__mro__:
        if each.__module__.startswith("workbench."):
            yield from (one for one in each.__dict__.get("BINDINGS", ()) if isinstance(one, Binding))
