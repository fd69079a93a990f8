"""Guide: the pages about staging; each is read with what the record of this project shows of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.events import Resize
from textual.widget import Widget

from workbench.tui.actions import Action
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.detail import BESIDE, Detail, Split
from workbench.tui.screens.guide import blocks_of, open_about, shown_of
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.prose import Gap
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases import guide


class GuideScreen(WorkScreen):
    """What staging is about, page by page."""

    MODE: ClassVar[str] = "guide"
    OWN = (
        Action("open_page", "enter", "read the page, and what the record shows of it", 9, own_label="read"),
    )

    def body(self) -> Iterable[Widget]:
        yield Split(
            RecordTable(
                (Column("title", flex=1, least=24, most=60),),
                titles=False,
                empty="The pages of the guide are not part of this installation.",
            )
        )

    def fill(self) -> None:
        rows = [Row(page.name, (Cell(page.title),)) for page in guide.pages()]
        self.query_one(RecordTable).set_rows(rows)
        self._follow()

    def needs_release(self, id: str) -> bool:
        return False

    def row_changed(self, key: str | None) -> None:
        self._follow()

    def on_resize(self, event: Resize) -> None:
        """The page beside the list where there is room."""
        self.call_after_refresh(self._follow)

    def _page(self) -> guide.Page | None:
        key = self.query_one(RecordTable).cursor_key if self.is_mounted else None
        return next((page for page in guide.pages() if page.name == key), None)

    @work(group="page", exclusive=True)
    async def _follow(self) -> None:
        if not self.is_mounted:
            return
        page = self._page()
        if page is None or self.size.width < BESIDE:
            self.query_one(Detail).clear()
            return
        shown = await shown_of(self, page.name)
        if self.is_mounted:
            self.query_one(Detail).show(page.title, page.name, [*shown[1:], Gap(), *blocks_of(page.text)])

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the page in full."""
        await self.do_open_page()

    async def do_open_page(self) -> None:
        """The page in full."""
        page = self._page()
        if page is not None:
            await open_about(self, page.name)
