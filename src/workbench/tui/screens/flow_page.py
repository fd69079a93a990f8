"""One flow on a page of its own: every field, its benchmarks, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from workbench.flows.fields import FIELDS
from workbench.flows.model import STAGES
from workbench.tui.actions import Action
from workbench.tui.screens import flow_forms
from workbench.tui.screens.record_page import RecordPage, Shown, silent_blocks
from workbench.tui.widgets.prose import Block, pairs
from workbench.usecases.views.flows import FlowPage, about, facts, read_page


class FlowScreen(RecordPage):
    """A flow to read in full and to edit."""

    MODE: ClassVar[str] = "flow"
    ROWS_OF = ("flow",)
    OWN = (
        Action("edit_flow", "e", "edit all fields in a form", 8),
        Action("tier_question", "d", "answer questions that suggest a tier", 6),
        Action("promote", "M", "promote the flow to its next stage", 4),
    )
    _page: FlowPage | None = None

    async def read(self) -> Shown | None:
        self._page = page = await self.work.desk.call(read_page, self.key)
        if page is None:
            return None
        flow, zone = page.flow, self.zone()
        blocks: list[Block] = pairs([*facts(flow, page.gaps, self.evaluation, zone), *page.adoption])
        blocks += silent_blocks(FIELDS, flow, zone, ("core",))
        return Shown(flow.name, about(flow, self.who), blocks + self.past_blocks(page.past))

    def obstacle(self, id: str) -> str | None:
        if id == "promote" and self._page is not None and self._page.flow.stage is STAGES[-1]:
            return f"{self._page.flow.name} is {self._page.flow.stage.value} already"
        return None

    async def do_edit_flow(self) -> None:
        """All its fields."""
        await flow_forms.open_edit(self, self.key)

    def do_tier_question(self) -> None:
        """Three questions, one tier."""
        if self._page is not None:
            flow_forms.open_tier_question(self, self._page.flow)

    async def do_promote(self) -> None:
        """One adoption stage further."""
        if self._page is not None:
            await flow_forms.promote_on(self, self._page.flow)
