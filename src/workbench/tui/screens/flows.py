"""The flow inventory: what carries the business, how far it is under watch, what is not covered."""

from __future__ import annotations

from typing import ClassVar

from workbench.definitions.shapes import Mark as Place
from workbench.flows.fields import FIELDS
from workbench.flows.model import STAGES, Flow
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens import flow_forms
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.flow_rows import COLUMNS, read_first, read_rows
from workbench.tui.screens.sheet_screen import SheetScreen
from workbench.tui.screens.table_keys import EDITING, TABLE
from workbench.tui.screens.table_screen import About
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.rows import Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.flows import Inventory, about, facts, summary

NOTHING = (
    "List your business-critical flows",
    "Benchmarks and differences refer to them; a tier says how critical each one is.",
)


class FlowsScreen(SheetScreen):
    """The inventory as a table with the flow under the cursor in detail."""

    MODE: ClassVar[str] = "flows"
    ROWS_OF = ("flow",)
    OWN = (
        Action("add_flow", "a", "add a flow in a new row", 8),
        Action("open_flow", "enter", "open the flow and its form", 6),
        Action("tier_question", "d", "answer questions that suggest a tier", 5),
        Action("promote", "M", "promote the flow to its next stage", 4),
        Action("import_flows", "I", "import flows from a table in a file", 3),
        *EDITING,
        FIND,
        *TABLE,
    )
    KIND = "flows"
    FIELDS = FIELDS
    DRAFT = "type a flow, or paste rows from a spreadsheet"
    COLUMNS = COLUMNS
    NOTHING = NOTHING
    FILLING = ("add_flow", "import_flows")
    SUMMED_UP = True
    _inventory = Inventory()

    def flow(self) -> Flow | None:
        """The flow under the cursor."""
        return self._inventory.flows.get(self.table.cursor_key or "")

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Row]:
        self._inventory, rows = await self.work.desk.call(read_rows, self.evaluation, self.who)
        return rows

    async def read_first(self, most: int) -> list[Row] | None:
        first = await self.work.desk.call(read_first, self.evaluation, self.who, most)
        if first is None:
            return None
        self._inventory, rows = first
        return rows

    def summary(self) -> list[Piece]:
        return pieces(summary(self._inventory))

    def about(self, key: str) -> About | None:
        flow = self._inventory.flows.get(key)
        if flow is None:
            return None
        said = pairs(facts(flow, self._inventory.gaps[flow.key], self.evaluation, self.zone()))
        return About(flow.name, about(flow, self.who), said)

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
        if id in ("promote", "tier_question", "open_flow") and flow is None:
            return "choose a flow first" if self.table.filter_text else "the inventory is empty"
        if id == "promote" and flow is not None and flow.stage is STAGES[-1]:
            return f"{flow.name} is {flow.stage.value} already"
        return None

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the page of the flow."""
        self._open(event.key)

    def _open(self, key: str) -> None:
        from workbench.tui.screens.flow_page import FlowScreen

        self.app.push_screen(FlowScreen(key))

    def do_add_flow(self) -> None:
        """A new row, typed in the table."""
        self.begin_row()

    def do_open_flow(self) -> None:
        """The page of the row."""
        if (key := self.table.cursor_key) is not None:
            self._open(key)

    async def do_promote(self) -> None:
        """One adoption stage further."""
        flow = self.flow()
        if flow is not None:
            await flow_forms.promote_on(self, flow)

    def do_tier_question(self) -> None:
        """Three questions, one tier."""
        flow = self.flow()
        if flow is not None:
            flow_forms.open_tier_question(self, flow)

    def do_import_flows(self) -> None:
        """From the team's table."""
        from workbench.tui.screens.importing import open_import

        open_import(self, "flows")
