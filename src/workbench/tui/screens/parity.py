"""The parity map: what staging is unlike production in, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.widget import Widget

from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import WorkbenchError
from workbench.releases.model import Outcome
from workbench.tui.actions import Action
from workbench.tui.screens import parity_forms
from workbench.tui.screens.base import NO_RELEASE, WorkScreen
from workbench.tui.screens.detail import Detail, Split, Summary, pieces
from workbench.tui.screens.parity_rows import COLUMNS, SORTABLE, read_rows
from workbench.tui.theme import Role
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Block, Paragraph, pairs
from workbench.tui.widgets.table import RecordTable
from workbench.usecases import mapping
from workbench.usecases.importing import Kind
from workbench.usecases.parity_map import ParityMap, read_detail
from workbench.usecases.views.parity import Standing, about, facts, standing, summary
from workbench.usecases.views.people import named

EMPTY = "What staging is unlike production in belongs here. a adds a difference, i imports a table."


class ParityScreen(WorkScreen):
    """The map as a table with the difference under the cursor in detail."""

    MODE: ClassVar[str] = "parity"
    OWN = (
        Action("add_difference", "a", "add", "put a difference on the map", 8),
        Action("edit_difference", "enter", "edit", "edit the fields of the line", 7),
        Action("decide", "d", "decide", "decide about the line, or about all marked ones", 9),
        Action("mark_difference", "space", "mark", "mark the line, to decide about several", 4),
        Action("reviewed", "r", "looked over", "say that the map was looked over for this release", 6),
        Action("remove_difference", "x", "gone", "take a difference off the map that exists no more"),
        Action("import_differences", "i", "import", "take differences in from a CSV file", 1),
        Action("filter_parity", "slash", "filter", "show only lines with certain words", does="filter_lines"),
        Action("sort_parity", "t", "sort", "sort by the next column"),
    )
    _asked: object = None
    _stand = Standing()
    _map: ParityMap | None = None
    _wanted: str | None = None
    _detailed: str | None = None

    def body(self) -> Iterable[Widget]:
        yield Summary()
        yield Split(RecordTable(COLUMNS, empty=""))

    @property
    def table(self) -> RecordTable:
        """The map."""
        return self.query_one(RecordTable)

    # --- showing -------------------------------------------------------------------------

    def fill(self) -> None:
        if self._asked is not self.view:
            self._asked = self.view
            self._read()

    @work(group="rows", exclusive=True)
    async def _read(self) -> None:
        stand = standing(self.evaluation)
        try:
            found, rows = await self.work.desk.call(read_rows, stand, self.zone())
        except WorkbenchError as error:
            self._asked = None
            self.work.tell(error)
            return
        self._map, self._stand = found, stand
        self.table.set_empty(EMPTY)
        self.table.set_rows(rows)
        self._sum_up()
        if self._wanted is not None:
            self.stand_on(self._wanted)
            self._wanted = None  # what is not there now has gone
        self._show_detail(self.table.cursor_key)
        self.refresh_hints()

    def _sum_up(self) -> None:
        if self._map is None:
            return
        said = pieces(summary(self._map, self._stand))
        if marked := len(self.table.marked):
            said = [Piece(f"{marked} marked", Role.ACCENT, bold=True), Piece("d decides about all of them")]
        self.query_one(Summary).show(said)

    def on_record_table_marked(self, event: RecordTable.Marked) -> None:
        """Marked rows are counted where the map is summed up."""
        self._sum_up()

    def row_changed(self, key: str | None) -> None:
        self._show_detail(key)

    def _show_detail(self, key: str | None) -> None:
        if key is None:
            self._detailed = None
            self.query_one(Detail).clear()
        else:
            self._read_detail(key)

    @work(group="detail", exclusive=True)
    async def _read_detail(self, key: str) -> None:
        try:
            found = await self.work.desk.call(read_detail, key)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if found is None:
            return
        value = found.difference
        said: list[Block] = [Paragraph(value.impact)] if value.impact else []
        said += pairs(facts(found, self._stand, self.zone(), self.who))
        self.query_one(Detail).show(value.title, about(found, self.who), said, same=key == self._detailed)
        self._detailed = key

    def who(self, key: str) -> str:
        """A person by name, or "you"."""
        return named(self.view.definitions, key, self.view.person)

    def stand_on(self, row: str) -> None:
        """Put the cursor on a difference, now or as soon as it has been read."""
        table = self.table
        if row not in table.keys and table.filter_text:
            table.set_filter("")
        self._wanted = None if table.move_to(row) else row
        if self.app.screen is self:
            table.focus()

    def place(self) -> Place | None:
        """The gate that asks for decisions."""
        definitions = self.view.definitions
        for gate in definitions.project.gates:
            if any(requirement.kind == "differences_decided" for requirement in gate.requires):
                return definitions.mark("gate", gate.key)
        return None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """The map can be kept before there is any."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id in ("decide", "edit_difference", "remove_difference", "mark_difference") and (
            self.table.cursor_key is None
        ):
            return "choose a difference first" if self.table.filter_text else "the map is empty"
        if id == "reviewed":
            found = self.evaluation
            if found is None:
                return NO_RELEASE
            if found.held.release.outcome is not Outcome.OPEN:
                return f"{found.held.release.version} is {found.held.release.outcome.value.replace('_', ' ')}"
        return None

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: edit the difference."""
        await parity_forms.open_edit(self, event.key)

    def do_add_difference(self) -> None:
        """A new row."""
        parity_forms.open_add(self)

    async def do_edit_difference(self) -> None:
        """The fields of the row."""
        if (key := self.table.cursor_key) is not None:
            await parity_forms.open_edit(self, key)

    async def do_decide(self) -> None:
        """One decision for the row, or for all marked ones."""
        key = self.table.cursor_key
        chosen = self.table.marked or ((key,) if key else ())
        await parity_forms.open_decide(self, chosen)

    async def do_remove_difference(self) -> None:
        """It exists no more."""
        if (key := self.table.cursor_key) is not None:
            await parity_forms.open_remove(self, key)

    async def do_reviewed(self) -> None:
        """Looked over, for the release in hand."""
        held = self.require().held
        await self.act(f"the map is looked over for {held.release.version}", mapping.look_over, held)

    def do_import_differences(self) -> None:
        """From the team's table."""
        from workbench.tui.screens.importing import open_import

        open_import(self, Kind.DIFFERENCES)

    def do_sort_parity(self) -> None:
        """By the next column; after the last one, what is most urgent first again."""
        sort_by_next(self.table, SORTABLE)

    def do_mark_difference(self) -> None:
        """Mark the row, to decide about several at once."""
        self.table.action_mark()

    def clear_marks(self) -> None:
        """Take the marks off the rows."""
        self.table.clear_marks()

    async def key_escape(self) -> None:
        """From the detail to the table, then marks off, then back."""
        if not self.table.has_focus:
            self.table.focus()
        elif self.table.marked:
            self.table.clear_marks()
        else:
            await super().key_escape()


def sort_by_next(table: RecordTable, columns: tuple[str, ...]) -> None:
    """Sort by the next of these columns; after the last one as the rows came."""
    now = table.sorted_by
    place = columns.index(now[0]) + 1 if now and now[0] in columns else 0
    table.sort_by(columns[place] if place < len(columns) else None)
