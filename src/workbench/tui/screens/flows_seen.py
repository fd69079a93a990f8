"""The flows that traces show, to be put into the inventory one by one."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from workbench.model.errors import WorkbenchError
from workbench.model.text import number_of
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.screens.table_keys import MARKING, TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Pair, Paragraph
from workbench.tui.widgets.rows import Cell, Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.flows_from_traces import ProposedFlow, Standing, proposed, take
from workbench.usecases.looking_at_traces import Looked, look, traces_question

_MARKS = {Standing.NEW: Mark.WARNS, Standing.DIFFERS: Mark.WARNS, Standing.KNOWN: Mark.DONE}


class FlowsSeenScreen(TableScreen):
    """What the traces of the last day show, beside what the inventory says."""

    MODE: ClassVar[str] = "flows_seen"
    OWN = (
        Action("take_flow", "a", "put it into the inventory, or all marked ones", 9),
        Action("show_notes", "i", "what should be known of the traces", 3),
        Action("open_row", "enter", "its steps; of one in the inventory, its page", 4, own_label="open"),
        FIND,
        *MARKING,
        *TABLE,
    )
    COLUMNS = (
        Column("name", "Flow", flex=2, least=16, most=50, frozen=True),
        Column("ran", "Runs", flex=2, least=16, most=50),
        Column("steps", "Steps", least=5, most=6),
        Column("inventory", "In the inventory", flex=1, least=16, most=60),
    )
    SUMMED_UP = True
    _looked: Looked | None = None
    _why = ""
    _found: tuple[ProposedFlow, ...] = ()

    async def read(self) -> list[Item]:
        if (
            self._looked is None and not self._why
        ):  # servers are asked once; the inventory may change meanwhile
            try:
                question = await self.work.desk.call(traces_question)
                self._looked = await asyncio.to_thread(look, question)
            except WorkbenchError as error:
                self._why = error.what if error.hint is None else f"{error.what}: {error.hint}"
        if self._looked is None:
            return []
        self._found = tuple(await self.work.desk.call(proposed, self._looked))
        return [self._row(one) for one in self._found]

    @staticmethod
    def _row(one: ProposedFlow) -> Row:
        known = one.standing is Standing.KNOWN
        said = Cell(one.words, Role.MUTED if known else Role.TEXT)
        cells = (Cell(one.flow.name), Cell(one.runs), Cell(f"{len(one.flow.steps)}"), said)
        return Row(one.key, cells, _MARKS[one.standing], known)

    def summary(self) -> list[Piece]:
        if self._why:
            return [Piece("No traces were read", Role.STRONG)]
        if self._looked is None:
            return [Piece("Reading traces …", Role.MUTED)]
        if marked := len(self.table.marked):
            return [
                Piece(f"{marked} marked", Role.ACCENT, bold=True),
                Piece("a to put them into the inventory"),
            ]
        new = sum(one.standing is Standing.NEW for one in self._found)
        pieces = [
            Piece(f"{number_of(len(self._found), 'flow')} in the traces", Role.STRONG),
            Piece(f"{new} not in the inventory", Role.MUTED),
        ]
        if notes := self._notes():
            pieces.append(Piece(f"{number_of(len(notes), 'note')}: i", Role.WARNING, "show_notes"))
        return pieces

    def _notes(self) -> tuple[str, ...]:
        return (*self._looked.problems, *self._looked.found.notes) if self._looked else ()

    def empty_words(self) -> str:
        return self._why or "The traces of the last day show no flow."

    def about(self, key: str) -> About | None:
        one = self._one(key)
        if one is None:
            return None
        said = [Pair("" if number else "Steps", line) for number, line in enumerate(one.flow.steps)]
        known = one.standing is Standing.KNOWN
        said.append(Pair("Next", "enter to open it" if known else "a to put it into the inventory"))
        return About(one.flow.name, one.ran, said)

    def _one(self, key: str) -> ProposedFlow | None:
        return next((one for one in self._found if one.key == key), None)

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """The inventory can be kept before there is any."""
        return False

    def _picked(self) -> list[ProposedFlow]:
        keys = self.table.marked or filter(None, [self.table.cursor_key])
        return [one for key in keys if (one := self._one(key)) is not None]

    def obstacle(self, id: str) -> str | None:
        if id in ("take_flow", "open_row") and (not self.is_mounted or self.table.cursor_key is None):
            return "there is no flow here"
        if id == "show_notes" and not self._notes():
            return "there is nothing more to know of the traces"
        if id == "take_flow" and all(one.standing is Standing.KNOWN for one in self._picked()):
            return "it is in the inventory already"
        return None

    def do_show_notes(self) -> None:
        """What should be known of the traces."""
        notes = self._notes()
        self.app.push_screen(
            ReadingPanel("The traces", [Paragraph(note) for note in notes], copies="\n".join(notes))
        )

    async def do_take_flow(self) -> None:
        """Put it into the inventory, or all marked ones, in one act."""
        try:
            taken = await self.submit(take, self._picked())
        except WorkbenchError as error:
            self.work.tell(error)
            return
        count = number_of(len(taken.added) + len(taken.changed), "flow")
        self.say(f"{count} put into the inventory; 7 to give it a tier and an owner, u to undo")

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: its steps, or its page."""
        if self.obstacle("open_row") is None:
            await self.do_open_row()

    async def do_open_row(self) -> None:
        """Its page in the inventory; its steps where it is not there yet."""
        one = self._one(self.table.cursor_key or "")
        if one is None:
            return
        if one.standing is Standing.NEW:
            steps = [Paragraph(line) for line in one.flow.steps]
            self.app.push_screen(ReadingPanel(one.flow.name, steps, copies="\n".join(one.flow.steps)))
            return
        self.dismiss()
        await self.go("flows", one.key)

    async def leave(self) -> None:
        """Back to where one came from."""
        came_from = self.came_from
        self.dismiss()
        if came_from:
            await self.work.switch_mode(came_from)
