"""``W``: the people of the project with their roles; the one that is chosen sits here from now on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.definitions.shapes import Person
from workbench.model.errors import WorkbenchError
from workbench.tui.binding import bind
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import RecordTable
from workbench.tui.working import Working

COLUMNS = (
    Column("who", least=12, most=30),
    Column("roles", flex=1, least=12, most=80),
    Column("here", width=8),
)


class PeoplePanel(Panel[str | None]):
    """The people of a project; gives the key of the chosen one."""

    DEFAULT_CSS = """
    PeoplePanel RecordTable { height: auto; max-height: 16; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "choose", "switch to this person", own_label="switch")
    ]

    def __init__(self, people: Sequence[Person], here: str) -> None:
        super().__init__()
        self._people, self._here = tuple(people), here

    def compose(self) -> ComposeResult:
        with PanelBox("Who are you?"):
            yield RecordTable(COLUMNS, titles=False, marks=False, empty="")
            yield FooterLine([Hint("choose", "enter", "switch", filled=True), Hint("back", "esc", "back")])

    def on_mount(self) -> None:
        """Begin at the person who sits here."""
        table = self.query_one(RecordTable)
        table.set_rows(self._row(person) for person in self._people)
        table.move_to(self._here)
        table.focus()

    def _row(self, person: Person) -> Row:
        roles = ", ".join(role.replace("-", " ") for role in person.roles) or "no role"
        here = "you" if person.key == self._here else ""
        return Row(person.key, (Cell(person.name), Cell(roles, Role.MUTED), Cell(here, Role.ACCENT)))

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter`` in the table, or a double click."""
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """The person under the cursor."""
        self.dismiss(self.query_one(RecordTable).cursor_key)


def choose_person(screen: Working) -> None:
    """Ask who sits here now; what one has edited and not saved has to be saved or given up first."""
    people, here = screen.view.definitions.project.people, screen.view.person
    if not people:
        screen.say("workbench.yaml names no people: there is nobody to switch to")
        return
    if edits := screen.work.unsaved_edits():
        screen.say(f"save your edits first (ctrl+s), or discard them (esc): {edits[0].strip()}")
        return

    async def chosen(key: str | None) -> None:
        if key is None or key == here:
            return
        try:
            screen.work.show(await screen.work.desk.become(key))
        except WorkbenchError as error:
            screen.work.tell(error)
            return
        person = next(person for person in people if person.key == key)
        roles = ", ".join(role.replace("-", " ") for role in person.roles) or "no role"
        screen.say(f"You are {person.name} now: {roles}")

    screen.app.push_screen(PeoplePanel(people, here), chosen)
