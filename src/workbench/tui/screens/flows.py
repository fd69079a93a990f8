"""The flow inventory: what carries the business, how far it is under watch, what is not covered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.widget import Widget

from workbench.definitions.shapes import Mark as Place
from workbench.flows.model import STAGES, Flow, next_stage
from workbench.model.errors import WorkbenchError
from workbench.tui.actions import Action
from workbench.tui.screens import flow_forms
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.detail import Detail, Split, Summary, pieces
from workbench.tui.screens.flow_rows import COLUMNS, SORTABLE, read_rows
from workbench.tui.screens.parity import sort_by_next
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.importing import Kind
from workbench.usecases.views.flows import Inventory, about, facts, summary
from workbench.usecases.views.people import named

EMPTY = "The flows that carry your business belong here. a lists one, i imports a table."


class FlowsScreen(WorkScreen):
    """The inventory as a table with the flow under the cursor in detail."""

    MODE: ClassVar[str] = "flows"
    OWN = (
        Action("add_flow", "a", "add", "list a flow", 8),
        Action("edit_flow", "enter", "edit", "edit the fields of the flow", 7),
        Action("promote", "b", "promote", "take the flow one adoption stage further", 6),
        Action("tier_question", "t", "tier", "answer three questions that suggest a tier", 4),
        Action("import_flows", "i", "import", "take flows in from a CSV file", 3),
        Action("sort_flows", "", "sort", "sort by the next column"),
        Action("filter_flows", "slash", "filter", "show only flows with certain words", does="filter_lines"),
    )
    _asked: object = None
    _wanted: str | None = None
    _detailed: str | None = None
    _inventory = Inventory()

    def body(self) -> Iterable[Widget]:
        yield Summary()
        yield Split(RecordTable(COLUMNS, empty=""), beside=False)

    @property
    def table(self) -> RecordTable:
        """The inventory."""
        return self.query_one(RecordTable)

    def flow(self) -> Flow | None:
        """The flow under the cursor."""
        return self._inventory.flows.get(self.table.cursor_key or "")

    # --- showing -------------------------------------------------------------------------

    def fill(self) -> None:
        if self._asked is not self.view:
            self._asked = self.view
            self._read()

    @work(group="rows", exclusive=True)
    async def _read(self) -> None:
        try:
            found, rows = await self.work.desk.call(read_rows, self.evaluation, self.who)
        except WorkbenchError as error:
            self._asked = None
            self.work.tell(error)
            return
        self._inventory = found
        self.query_one(Summary).show(pieces(summary(found)))
        self.table.set_empty(EMPTY)
        self.table.set_rows(rows)
        if self._wanted is not None:
            self.stand_on(self._wanted)
            self._wanted = None  # what is not there now has gone
        self._show_detail(self.table.cursor_key)
        self.refresh_hints()

    def row_changed(self, key: str | None) -> None:
        self._show_detail(key)

    def _show_detail(self, key: str | None) -> None:
        flow = self._inventory.flows.get(key or "")
        pane = self.query_one(Detail)
        if flow is None:
            pane.clear()
        else:
            said = pairs(facts(flow, self._inventory.gaps[flow.key], self.evaluation, self.zone()))
            pane.show(flow.name, about(flow, self.who), said, same=key == self._detailed)
        self._detailed = key

    def who(self, key: str) -> str:
        """A person by name, or "you"."""
        return named(self.view.definitions, key, self.view.person)

    def stand_on(self, row: str) -> None:
        """Put the cursor on a flow, now or as soon as it has been read."""
        table = self.table
        if row not in table.keys and table.filter_text:
            table.set_filter("")
        self._wanted = None if table.move_to(row) else row
        if self.app.screen is self:
            table.focus()

    def place(self) -> Place | None:
        """The flow's first benchmark."""
        flow, definitions = self.flow(), self.view.definitions
        own = (b for b in definitions.project.benchmarks if flow is not None and b.flow == flow.key)
        first = next(own, None)
        return definitions.mark("benchmark", first.key) if first else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """The inventory can be kept before there is any."""
        return False

    def obstacle(self, id: str) -> str | None:
        flow = self.flow()
        if id in ("promote", "tier_question", "edit_flow") and flow is None:
            return "choose a flow first" if self.table.filter_text else "the inventory is empty"
        if id == "promote" and flow is not None and flow.stage is STAGES[-1]:
            return f"{flow.name} is {flow.stage.value} already"
        return None

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: edit the flow."""
        await flow_forms.open_edit(self, event.key)

    def do_add_flow(self) -> None:
        """A new row."""
        flow_forms.open_add(self)

    async def do_edit_flow(self) -> None:
        """The fields of the row."""
        if (key := self.table.cursor_key) is not None:
            await flow_forms.open_edit(self, key)

    async def do_promote(self) -> None:
        """One adoption stage further."""
        flow = self.flow()
        if flow is not None:
            done = f"{flow.name} is {next_stage(flow).value} now; u takes that back"
            await self.act(done, flow_forms.promote, flow.key)

    def do_tier_question(self) -> None:
        """Three questions, one tier."""
        flow = self.flow()
        if flow is not None:
            flow_forms.open_tier_question(self, flow)

    def do_import_flows(self) -> None:
        """From the team's table."""
        from workbench.tui.screens.importing import open_import

        open_import(self, Kind.FLOWS)

    def do_sort_flows(self) -> None:
        """By the next column; after the last one, by tier again."""
        sort_by_next(self.table, SORTABLE)

    def clear_marks(self) -> None:
        """Take the marks off the rows."""
        self.table.clear_marks()

    async def key_escape(self) -> None:
        """From the detail to the table, then back."""
        if self.table.has_focus:
            await super().key_escape()
        else:
            self.table.focus()
