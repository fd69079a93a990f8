"""A line to type in, and below it what has such a name, by kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from workbench.model.errors import WorkbenchError
from workbench.tui.binding import bind
from workbench.tui.theme import Role
from workbench.tui.undoing import acts_named
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.tui.working import Working
from workbench.usecases.context import Context
from workbench.usecases.finding import (
    BEGINS,
    IN_ENTRY,
    TITLES,
    Group,
    Sort,
    Thing,
    Things,
    in_order,
    read_things,
    search_entries,
    search_things,
)

EMPTY = "No name has these letters in this order."
LEAST = 3  # letters before the history is searched for them


class FindPanel(Panel[tuple[Thing, str] | None]):
    """A line to type in, and below it what fits, by kind; gives the chosen thing and what was typed."""

    DEFAULT_CSS = """
    FindPanel > .panel--box { width: 100; height: 90%; }
    FindPanel RecordTable { margin-top: 1; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "move(-1)", "to the line above", also=False),
        bind("down", "move(1)", "to the line below", also=False),
        bind("pageup", "page(-1)", "a window up"),
        bind("pagedown", "page(1)", "a window down"),
        bind("enter", "go", "go to what the line names, or do it", own_label="go"),
    ]

    def __init__(self, screen: Working, commands: Sequence[Thing]) -> None:
        super().__init__()
        self._screen = screen
        self._commands = Things(commands)
        self._listed = tuple(commands)
        self._found: dict[str, Thing] = {}
        self._text = ""
        self._searching = self._going = False

    def compose(self) -> ComposeResult:
        columns = (Column("title", flex=3, least=24, most=80), Column("about", flex=2, least=12, most=80))
        with PanelBox("Find"):
            yield TextInput(placeholder="a few letters of a command, a record, a person, a page of the guide")
            yield RecordTable(columns, titles=False, marks=False, empty="")
            yield FooterLine(
                [Hint("go", "enter", "go"), Hint("move(1)", "↓", "next"), Hint("back", "esc", "back")]
            )

    def on_mount(self) -> None:
        """Before anything is typed: what can be done here."""
        self._show(self._all_commands())
        self.query_one(TextInput).focus()
        self._name_acts()

    @work(group="naming")
    async def _name_acts(self) -> None:
        """Say of undo and redo which act they would take back, or put back."""
        named = await acts_named(self._screen)
        self._listed = tuple(each._replace(about=named.get(each.key, each.about)) for each in self._listed)
        self._commands = Things(self._listed)
        if not self._text:
            self._show(self._all_commands(), keep=True)

    def _all_commands(self) -> list[Group]:
        return [Group(Sort.COMMAND, self._listed, len(self._listed))]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what is typed now."""
        event.stop()
        self._text, self._searching, self._going = event.value.strip(), True, False
        self._search(self._text)

    @work(group="find", exclusive=True)
    async def _search(self, text: str) -> None:
        """The newest typing wins: what the desk still has to do for an older one it leaves."""
        if not text:
            self._show(self._all_commands())
            self._searching = False
            return

        def search(context: Context) -> list[Group]:
            if text != self._text:
                return []
            self._screen.work.things = things = read_things(context, self._screen.work.things)
            return search_things(context, things, text)

        def look_back(context: Context) -> list[Group]:
            return search_entries(context, text) if text == self._text else []

        found = self._commands.search(text)
        try:
            found = in_order([*found, *await self._screen.work.desk.call(search)])
            self._show(found)
            sure = bool(found) and found[0].rank < IN_ENTRY
            if len(text) >= LEAST and not (self._going and sure):
                entries = await self._screen.work.desk.call(look_back)
                self._show(in_order([*found, *entries]), keep=sure)
        except WorkbenchError as error:
            self._show(found)
            self.notify(error.what, severity="warning")
        self._searching = False
        if self._going and self._is_meant():
            self.action_go()
        self._going = False

    def _is_meant(self) -> bool:
        """Whether the first line may be gone to unseen: a command only where its name begins so."""
        thing = self._found.get(self.query_one(RecordTable).cursor_key or "")
        if thing is None or thing.sort is not Sort.COMMAND:
            return thing is not None
        return any(group.rank <= BEGINS for group in self._commands.search(self._text, most=1))

    def _show(self, groups: Sequence[Group], keep: bool = False) -> None:
        """Show these, from the first line unless ``keep`` says that they only became more."""
        if not self.is_attached:
            return
        items: list[Item] = []
        self._found = {}
        for group in groups:
            more = f"{len(group.things)} of {group.count:,}" if group.count > len(group.things) else ""
            items.append(Heading(TITLES[group.sort], more))
            for thing in group.things:
                key = f"{thing.sort}:{thing.key}"
                self._found[key] = thing
                items.append(Row(key, (Cell(thing.title), Cell(thing.about, Role.MUTED))))
        table = self.query_one(RecordTable)
        table.set_empty(EMPTY if self._text else "")
        table.set_rows(items)
        if not keep:
            table.action_first()

    def action_move(self, by: int) -> None:
        """To another line, while one goes on typing."""
        self.query_one(RecordTable).action_move(by)

    def action_page(self, by: int) -> None:
        """A window further."""
        self.query_one(RecordTable).action_page(by)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """``enter`` while typing."""
        event.stop()
        self.action_go()

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """A double click."""
        event.stop()
        self.action_go()

    def action_go(self) -> None:
        """Go to what is under the cursor; while it is still searched for, as soon as it is found."""
        if self._searching:
            self._going = True
            return
        thing = self._found.get(self.query_one(RecordTable).cursor_key or "")
        if thing is not None:
            self.dismiss((thing, self._text))
