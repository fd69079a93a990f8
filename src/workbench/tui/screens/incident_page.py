"""One incident while it happens: what one has to know, and the timeline that people write together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

import msgspec
from textual import work
from textual.events import Resize
from textual.widget import Widget

from workbench.incidents.model import IncidentState
from workbench.model.errors import WorkbenchError
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import BESIDE, Detail, Split
from workbench.tui.screens.incident_acts import EDIT, INCIDENT, OnIncident
from workbench.tui.screens.table_keys import MARKING, TABLE
from workbench.tui.screens.table_screen import TableScreen
from workbench.tui.theme import Role, role_of
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.prose import Block, Gap, Page, Paragraph, pairs
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.ruled import Ruled
from workbench.tui.widgets.stamp import StampLine
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.context import Context
from workbench.usecases.stamps import read_line
from workbench.usecases.views.checklists import mark_of, waits_for_people
from workbench.usecases.views.incident_page import IncidentPage, StampedLine, read_page

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
    ROWS_OF = ("timeline_line",)
    OWN = (
        Action(
            "add_line", "a", "write down what happens; a time before it says that it happened earlier", 10
        ),
        Action("walk_incident", "enter", "go through its checklist", 9, own_label="checklist"),
        *INCIDENT,
        Action(
            "correct_line",
            "e",
            "correct the line under the cursor; its earlier version stays in the history",
            4,
        ),
        Action("inspect", "i", "all that is known of the incident; e edits it there", 3),
        Action("edit_known", "", EDIT, does="edit_incident", own_label="edit the incident"),
        MARKING[0],
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

    def marked_lines(self) -> tuple[str, ...]:
        return self.table.marked

    def is_frozen(self) -> bool:
        return self._page is not None and self._page.around.freeze is not None

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
        listed = page.checklist
        pane.show(listed.title if listed else "", listed.how_far if listed else "", beside(page), same=True)

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

    def do_add_line(self) -> None:
        """Take the moment, then the words."""
        self.query_one(StampLine).open()
        self.refresh_hints()

    async def on_stamp_line_begun(self, event: StampLine.Begun) -> None:
        """A line was begun: what time is it?"""
        now = await self.work.desk.call(lambda context: context.now)
        self.query_one(StampLine).begin(now, self.zone())

    def on_stamp_line_closed(self, event: StampLine.Closed) -> None:
        """Back to the timeline."""
        self.table.focus()
        self.refresh_hints()

    @work(group="stamp")
    async def on_stamp_line_stamped(self, event: StampLine.Stamped) -> None:
        """Save it; what cannot be saved stays in the line."""
        line = self.query_one(StampLine)
        try:
            await self.submit(_note, self.key, event.text, event.begun)
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
        """What matters as the incident stands; the next thing to do is filled."""
        first = next_id(self._page) if self._page is not None else ""
        passed = _not_now(self._page) if self._page is not None else ()
        found = [hint for hint in super().hints() if hint.id not in passed]
        return [msgspec.structs.replace(hint, filled=hint.id == first) for hint in found]

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

    def obstacle(self, id: str) -> str | None:
        if id == "correct_line" and self.table.cursor_key is None:
            return "there is no line yet"
        if id == "walk_incident" and self._page is None:
            return "the incident is being read"
        return super().obstacle(id)

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the checklist."""
        self.call_later(self.action_do, "walk_incident")

    def do_walk_incident(self) -> None:
        """Item by item, from the first that waits for people."""
        from workbench.tui.screens.incident_walk import IncidentWalkScreen

        self.app.push_screen(IncidentWalkScreen(self.key))

    async def do_correct_line(self) -> None:
        """Other words, another time."""
        from workbench.tui.screens.incident_forms import open_correct

        if (line := self.table.cursor_key) is not None:
            await open_correct(self, self.key, line)

    def do_inspect(self) -> None:
        """Everything, to read; and from there into the form."""
        from workbench.tui.screens.reading import ReadingPanel

        page = self._page
        if page is None:
            return
        blocks = [Paragraph(page.meta, Role.MUTED), Gap(), *pairs(page.facts), *beside(page)]
        edit = self.keyboard.key("e")
        panel = ReadingPanel(
            page.title, [*blocks, Gap(), Paragraph(f"{edit} edits it")], acts={edit: "edit_known"}
        )
        self.app.push_screen(panel, self._act_named)

    async def _act_named(self, id: str | None) -> None:
        if id is not None:
            await self.action_do(id)

    async def key_escape(self) -> None:
        """From the line back to the timeline; then back to where one came from."""
        line = self.query_one(StampLine)
        if line.is_open:
            line.action_close()
        else:
            await super().key_escape()

    async def leave(self) -> None:
        """Back to the list; where one came from another screen, back there."""
        came_from = self.came_from
        self.dismiss()
        if came_from:
            await self.work.switch_mode(came_from)


def _note(context: Context, id: str, text: str, begun: datetime | None) -> None:
    """Write the line; a clock that was set back since it was begun makes nothing happen later than now."""
    from workbench.usecases.incidents import find_incident, note

    said = read_line(text, begun or context.now, context.zone)
    at = said.at or begun
    note(context, *find_incident(context, id), said.words, at=at if at and at < context.now else None)


def next_id(page: IncidentPage) -> str:
    """The action that comes next: to write it down, to answer its list, to close it, to review it, to lift its freeze."""
    around, state = page.around, page.incident.state
    left = page.checklist is not None and any(map(waits_for_people, page.checklist.views))
    if state is IncidentState.OPEN:
        return "add_line"
    if state is IncidentState.MITIGATED and left:
        return "walk_incident"
    if around.review is None and page.incident.counts:
        return "review_incident"
    if around.freeze is not None:
        return "lift_freeze"
    return "mark_incident" if page.incident.open else ""


def _not_now(page: IncidentPage) -> tuple[str, ...]:
    """What the footer leaves out as the incident stands."""
    early = ("review_incident",) if page.incident.state is IncidentState.OPEN else ()
    calm = ("lift_freeze",) if page.around.freeze is None else ()
    over = () if page.incident.open else ("tell_people", "add_line")
    return (*early, *calm, *over)


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
        for view in page.checklist.views:
            mark = mark_of(view.state)
            blocks.append(Paragraph(f"{mark.symbol} {view.item.title}", role_of(mark)))
        blocks.append(Gap())
    return [*blocks, *pairs(page.aside)]
