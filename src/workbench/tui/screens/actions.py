"""Actions: what incidents left to do, whose it is, and by which day."""

from __future__ import annotations

from typing import ClassVar

from workbench.incidents.action_fields import FIELDS
from workbench.incidents.actions import Action as Owed
from workbench.model.noun_fields import field_of
from workbench.record import Stored
from workbench.tui.actions import Action
from workbench.tui.registry import FIND, showing
from workbench.tui.screens.action_forms import open_add, open_edit
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Pair
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases import actions
from workbench.usecases.context import Context
from workbench.usecases.views.actions import NO_DAY, NOBODY, Line, read_actions, told
from workbench.usecases.views.actions import lines as read_lines

COLUMNS = (
    Column("title", "Action", flex=3, least=24, most=90, frozen=True),
    Column("owner", "Owner", least=6, most=18),
    Column("due", "By", least=10, most=26),
    Column("after", "Came of", flex=2, least=12, most=60, drop=1),
)
OF_ONE = ("open_subject", "finish_action", "drop_action", "reopen_action", "edit_action")
DONE, DROPPED, REOPEN = "done", "dropped", "reopen"


class ActionsScreen(TableScreen):
    """What is to be done of all incidents: by its day, what is overdue first."""

    MODE: ClassVar[str] = "actions"
    ROWS_OF = ("action",)
    OWN = (
        Action("add_action", "a", "add an action of no incident; those of one are added in its review", 5),
        Action("open_subject", "enter", "open the incident that it came of", 6, own_label="incident"),
        Action("finish_action", "y", "say that it was done, and what shows it", 9),
        Action("drop_action", "x", "drop it: it will not be done, and why", 7),
        Action("reopen_action", "delete", "open it again, with a reason", 3),
        Action("edit_action", "e", "edit it: its owner, its day, its words", 8),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    NOTHING = (
        "No action is recorded",
        "The review of an incident ends with them: what is to be done, by whom, by which day.",
    )
    FILLING = ("add_action",)
    SUMMED_UP = True

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[str, Line] = {}
        self._found: dict[str, tuple[Stored, Owed]] = {}
        self._told: dict[str, list[tuple[str, str]]] = {}

    async def read(self) -> list[Item]:
        lines, found, said = await self.work.desk.call(_read)
        self._lines = {line.id: line for line in lines}
        self._found, self._told = found, said
        rows: list[Item] = []
        for title, open_ in (("Open", True), ("Ended", False)):
            of = [_row(line) for line in lines if self._found[line.id][1].open is open_]
            rows += [Heading(title), *of] if of else []
        return rows

    def summary(self) -> list[Piece]:
        open_ = [self._lines[id] for id, (_, value) in self._found.items() if value.open]
        late = sum(line.overdue for line in open_)
        lacking = sum(line.owner == NOBODY or line.due == NO_DAY for line in open_)
        pieces = [Piece(f"{len(open_)} open", Role.STRONG)]
        pieces += [Piece(f"{late} overdue", Role.WARNING)] if late else []
        pieces += [Piece(f"{lacking} without an owner or a day", Role.WARNING)] if lacking else []
        return pieces

    def about(self, key: str) -> About | None:
        line = self._lines.get(key)
        if line is None:
            return None
        said = [Pair(name.capitalize(), text) for name, text in self._told[key] if text and name != "what"]
        return About(line.title, line.state, said)

    # --- acting --------------------------------------------------------------------------

    def in_hand(self) -> tuple[Stored, Owed] | None:
        """The action under the cursor."""
        return self._found.get(self.table.cursor_key or "") if self.is_mounted else None

    def needs_release(self, id: str) -> bool:
        return False

    def obstacle(self, id: str) -> str | None:
        if id not in OF_ONE:
            return None
        found = self.in_hand()
        if found is None:
            return "there is no action here"
        if id in ("finish_action", "drop_action", "edit_action") and not found[1].open:
            return f"it is {found[1].state.value} already; delete opens it again"
        if id == "reopen_action" and found[1].open:
            return "it is open"
        if id == "open_subject" and not found[1].subject.startswith("incident/"):
            return "it came of no incident"
        return None

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: where it came from."""
        self.call_later(self.action_do, "open_subject")

    async def do_open_subject(self) -> None:
        """The page of the incident."""
        if (found := self.in_hand()) is not None:
            await self.go(showing("incident"), found[1].subject.partition("/")[2])

    def do_add_action(self) -> None:
        """One that came of no incident."""
        open_add(self, "")

    def do_edit_action(self) -> None:
        """Its owner, its day."""
        if (found := self.in_hand()) is not None:
            open_edit(self, *found)

    def do_finish_action(self) -> None:
        """Done; what shows it may be named."""
        link = Field("link", "Link", hint=field_of(FIELDS, "link").help)
        self._end("Done?", DONE, (Field("why", "What was done"), link), "done")

    def do_drop_action(self) -> None:
        """It will not be done."""
        self._end("Drop this action?", DROPPED, (Field("why", "Reason", required=True),), "drop")

    def do_reopen_action(self) -> None:
        """To be done after all."""
        self._end("Open it again?", REOPEN, (Field("why", "Reason", required=True),), "open again")

    def _end(self, title: str, end: str, fields: tuple[Field, ...], label: str) -> None:
        found = self.in_hand()
        if found is None:
            return
        stored, value = found

        async def submit(values: Values) -> None:
            await self.submit(_end, end, stored, value, values["why"], values.get("link", ""))
            self.say(f"{value.title}: {'open again' if end == REOPEN else end}")

        intro = [Pair("Action", value.title)]
        self.app.push_screen(FormScreen(title, fields, intro=intro, submit=submit, save_label=label))


def _read(
    context: Context,
) -> tuple[list[Line], dict[str, tuple[Stored, Owed]], dict[str, list[tuple[str, str]]]]:
    pairs = read_actions(context)
    found = {stored.id: (stored, value) for stored, value in pairs}
    return read_lines(context, pairs), found, {id: told(context, value) for id, (_, value) in found.items()}


def _end(context: Context, end: str, stored: Stored, value: Owed, why: str, link: str) -> None:
    if end == DONE:
        actions.finish_action(context, stored, value, why=why, link=link)
    elif end == DROPPED:
        actions.drop_action(context, stored, value, why)
    else:
        actions.reopen_action(context, stored, value, why)


def _row(line: Line) -> Row:
    late = Role.WARNING if line.overdue or line.due == NO_DAY else Role.TEXT
    cells = (
        Cell(line.title),
        Cell(line.owner, Role.WARNING if line.owner == NOBODY else Role.TEXT),
        Cell(line.due, late),
        Cell(line.after, Role.MUTED),
    )
    return Row(line.id, cells, line.mark, line.state != "open")
