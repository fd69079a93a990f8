"""The flow inventory: what carries the business, how far it is under watch, what is not covered."""

from __future__ import annotations

from typing import ClassVar

from workbench.definitions.shapes import Mark as Place
from workbench.flows.model import STAGES, Flow
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens import flow_forms
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.flow_rows import COLUMNS, read_first, read_rows
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.rows import Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.flows import Inventory, about, facts, following_stage, summary

EMPTY = "The flows that carry your business belong here. a lists one, i imports a table."


class FlowsScreen(TableScreen):
    """The inventory as a table with the flow under the cursor in detail."""

    MODE: ClassVar[str] = "flows"
    OWN = (
        Action("add_flow", "a", "list a flow", 8),
        Action("edit_flow", "enter", "edit the fields of the flow", 7, own_label="edit"),
        Action("promote", "M", "take the flow one adoption stage further", 6),
        Action("tier_question", "d", "answer three questions that suggest a tier", 4),
        Action("import_flows", "I", "take flows in from a CSV file", 3),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    EMPTY = EMPTY
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
            done = f"{flow.name} is {following_stage(flow).value} now; u takes that back"
            await self.act(done, flow_forms.promote, flow.key)

    def do_tier_question(self) -> None:
        """Three questions, one tier."""
        flow = self.flow()
        if flow is not None:
            flow_forms.open_tier_question(self, flow)

    def do_import_flows(self) -> None:
        """From the team's table."""
        from workbench.tui.screens.importing import open_import

        open_import(self, "flows")
