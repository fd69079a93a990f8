"""One incident while it happens: what one has to know, and the timeline that people write together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

import msgspec
from textual import work
from textual.events import Resize
from textual.widget import Widget

from workbench.model.errors import WorkbenchError
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import BESIDE, Detail, Split
from workbench.tui.screens.incident_acts import INCIDENT, OnIncident
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import TableScreen
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.prose import Block, Gap, Page, Pair, Title, pairs
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.ruled import Ruled
from workbench.tui.widgets.stamp import StampLine
from workbench.usecases.context import Context
from workbench.usecases.views.checklists import mark_of
from workbench.usecases.views.incidents import IncidentPage, StampedLine, read_page

COLUMNS = (
    Column("clock", "Time", width=5, frozen=True),
    Column("by", "Who", least=4, most=14),
    Column("words", "What", flex=4, least=30, most=200),
    Column("later", "", most=22, align="right", drop=1, hides=True),
)
TALL = 34


class IncidentScreen(OnIncident, TableScreen):
    """The page of an incident; it follows what others write at the same time."""

    MODE: ClassVar[str] = "incident"
    OWN = (
        Action(
            "add_line", "a", "write down what happens; a time before it says that it happened earlier", 10
        ),
        *INCIDENT,
        FIND,
        *TABLE,
    )
    DEFAULT_CSS = """
    IncidentScreen > Page { height: auto; max-height: 40%; margin-bottom: 1; }
    """
    COLUMNS = COLUMNS
    EMPTY = "Nothing is written down yet. a to begin: what is seen, since when."
    BESIDE = True
    _page: IncidentPage | None = None
    _gone = False
    _reads_on = False

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    def body(self) -> Iterable[Widget]:
        yield Ruled()
        yield Page(columns=True)
        yield Split(self.make_table(), beside=True)
        yield StampLine()

    def incident_id(self) -> str | None:
        return self.key

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Item]:
        first = self._page is None
        page = await self.work.desk.call(read_page, self.key)
        self._page, self._gone = page, page is None
        if page is None:
            self._leave_if_gone()
            return []
        keys = self.table.keys
        self._reads_on = first or not keys or self.table.cursor_key == keys[-1]
        self._show_facts()
        return timeline_items(page.lines)

    def follow(self) -> None:
        """Whoever stands on the last line reads on as others write."""
        if self.is_mounted and self._reads_on:
            self._reads_on = False
            self.table.action_last()
        super().follow()

    def _show_facts(self) -> None:
        page = self._page
        if page is None or not self.is_mounted:
            return
        roomy = self.size.height >= TALL and self.size.width < BESIDE
        self.query_one(Ruled).show(page.title, page.meta)
        self.query(Page).first().show([*pairs(page.facts), *(pairs(page.aside) if roomy else [])])

    def show_detail(self, key: str | None) -> None:
        """Beside the timeline stands the incident, whatever line the cursor is on."""
        pane, page = self.query_one(Detail), self._page
        if page is None or self.size.width < BESIDE:
            pane.clear()
            return
        pane.show("", "", beside(page), same=True)

    def on_resize(self, event: Resize) -> None:
        """More of it where there is room."""
        if self.is_mounted and self._page is not None:
            self._show_facts()
            self.call_after_refresh(self.show_detail, None)

    def on_screen_resume(self) -> None:
        """Back from a form; the incident may have left the record meanwhile."""
        super().on_screen_resume()
        self._leave_if_gone()

    def _leave_if_gone(self) -> None:
        if self._gone and self.app.screen is self:
            self.dismiss()

    def stand_on(self, row: str) -> None:
        """Another incident is asked for while this page is open, or a line of this one."""
        if row in self.table.keys or row == self._wanted or "/" in row:
            super().stand_on(row)
        elif row != self.key:
            self.key, self._page, self._asked, self._held = row, None, None, None
            self.fill()

    # --- the timeline --------------------------------------------------------------------

    async def do_add_line(self) -> None:
        """Take the moment, then the words."""
        await self._begin()

    async def _begin(self) -> None:
        now = await self.work.desk.call(lambda context: context.now)
        self.query_one(StampLine).open(now, self.zone())
        self.refresh_hints()

    async def on_stamp_line_begun(self, event: StampLine.Begun) -> None:
        """The next line has its own moment."""
        await self._begin()

    def on_stamp_line_closed(self, event: StampLine.Closed) -> None:
        """Back to the timeline."""
        self.table.focus()
        self.refresh_hints()

    @work(group="stamp")
    async def on_stamp_line_stamped(self, event: StampLine.Stamped) -> None:
        """Save it; what cannot be saved stays in the line."""
        line = self.query_one(StampLine)
        try:
            await self.submit(_note, self.key, event.words, event.at)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        line.clear()
        self.table.action_last()

    def unsaved_edits(self) -> list[str]:
        """What stands in the line and was not stamped."""
        line = next(iter(self.query(StampLine)), None)
        return [f"timeline: {line.typed}"] if line is not None and line.typed else []

    # --- acting --------------------------------------------------------------------------

    def hints(self) -> list[Hint]:
        """While one types, what the line does; else the next thing to do is filled."""
        found = super().hints()
        first = self.next_id()
        return [msgspec.structs.replace(hint, filled=hint.id == first) for hint in found]

    def next_id(self) -> str:
        """The action that comes next."""
        return "add_line"

    def refresh_hints(self) -> None:
        line = next(iter(self.query(StampLine)), None)
        if line is not None and line.is_open:
            said = [
                Hint("stamp", "enter", "write it down", filled=True),
                Hint("close", "esc", "back to the timeline"),
            ]
            self.query_one(FooterLine).show(said)
            return
        super().refresh_hints()

    async def leave(self) -> None:
        """Back to the list; where one came from another screen, back there."""
        came_from = self.came_from
        self.dismiss()
        if came_from:
            await self.work.switch_mode(came_from)


def _note(context: Context, id: str, words: str, at: datetime) -> None:
    """Write the line; a clock that was set back since it was begun makes nothing happen later than now."""
    from workbench.usecases.incidents import find_incident, note

    note(context, *find_incident(context, id), words, at=at if at < context.now else None)


def timeline_items(lines: Sequence[StampedLine]) -> list[Item]:
    """The rows of a timeline, under their days where there are several."""
    days = dict.fromkeys(line.day for line in lines)
    items: list[Item] = []
    day = ""
    for line in lines:
        if len(days) > 1 and line.day != day:
            day = line.day
            items.append(Heading(day))
        items.append(_row(line))
    return items


def _row(line: StampedLine) -> Row:
    cells = (
        Cell(line.clock, Role.MUTED),
        Cell(line.by, Role.MUTED),
        Cell(line.words, Role.STRONG if line.told else Role.TEXT),
        Cell(line.later, Role.MUTED),
    )
    return Row(line.id, cells, line.mark)


def beside(page: IncidentPage) -> list[Block]:
    """The checklist item by item, then what the incident touches and what is left to do of it."""
    blocks: list[Block] = []
    if page.checklist is not None:
        blocks.append(Title(f"{page.checklist.title} · {page.checklist.how_far}"))
        blocks += [Pair("", view.item.title, mark_of(view.state)) for view in page.checklist.views]
        blocks.append(Gap())
    return [*blocks, *pairs(page.aside)]
