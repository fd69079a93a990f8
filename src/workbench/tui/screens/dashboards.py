"""Dashboards in the app: executive and on call as tables whose lines lead on, the stand-up as five lines to read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from threading import Thread
from typing import ClassVar

from textual import work
from textual.widget import Widget

from workbench.model.errors import WorkbenchError
from workbench.sources.reading import Alerts
from workbench.tui.actions import Action
from workbench.tui.registry import FIND, showing
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Gap, Page, Pair, Scroller
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.ruled import Ruled
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.alerts import AlertQuestion, alert_question, read_alerts
from workbench.usecases.views.dashboards.model import Dashboard, Line, Which
from workbench.usecases.views.dashboards.reading import read_dashboard

COLUMNS = (
    Column("title", "What", flex=1, least=20, most=50, frozen=True),
    Column("text", "How it stands", flex=3, least=30, most=200),
)
OPEN = Action("open_line", "enter", "go where the line comes from", 9, own_label="open")


class DashboardScreen(TableScreen):
    """A dashboard as a table: a section under each heading, and a line leads to what it is about."""

    WHICH: ClassVar[Which]
    COLUMNS = COLUMNS
    SUMMED_UP = True
    DEFAULT_CSS = """
    DashboardScreen Split.-below RecordTable { height: 1fr; max-height: 100%; }
    DashboardScreen Split.-below Detail { height: auto; max-height: 5; }
    """
    _found: Dashboard | None = None

    async def read(self) -> list[Item]:
        self._found = await self.work.desk.call(
            partial(read_dashboard, which=self.WHICH, alerts=self.alerts())
        )
        return list(_items(self._found))

    def alerts(self) -> Sequence[Alerts] | None:
        """What is known of alerts; ``None`` where nobody has asked."""
        return None

    def summary(self) -> list[Piece]:
        found = self._found
        if found is None:
            return []
        lines = [line for section in found.sections for line in section.lines]
        blocks, lacking = (
            sum(line.mark is Mark.BLOCKS for line in lines),
            sum(not line.known for line in lines),
        )
        told = [Piece(found.which.words, Role.STRONG)]
        told += [Piece(f"{blocks} to look at", Role.ERROR, bold=True)] if blocks else []
        told += [Piece(f"{lacking} not known", Role.MUTED)] if lacking else []
        return told

    def _at(self, key: str | None) -> Line | None:
        sections = self._found.sections if self._found else ()
        return next((line for section in sections for line in section.lines if line.key == key), None)

    def about(self, key: str) -> About | None:
        line = self._at(key)
        return About(line.title, "", [Pair("", line.text, line.mark)]) if line is not None else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """A dashboard says what is known, whether there is a release or not."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id == "open_line":
            line = self._at(self.table.cursor_key if self.is_mounted else None)
            return None if line is not None and _mode(line) else "this line leads nowhere"
        return super().obstacle(id)

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: where the line comes from."""
        await self.action_do("open_line")

    async def do_open_line(self) -> None:
        """The thing itself."""
        line = self._at(self.table.cursor_key)
        if line is not None and (mode := _mode(line)):
            await self.go(mode, line.ref.partition("/")[2] or None)


class ExecutiveScreen(DashboardScreen):
    """Readiness, deployments, objectives, findings, cost."""

    MODE: ClassVar[str] = "executive"
    WHICH = Which.EXECUTIVE
    OWN = (OPEN, FIND, *TABLE)


class OnCallScreen(DashboardScreen):
    """Incidents, alerts, deployments, failing checks, error rates; alerts are asked for once one comes here."""

    MODE: ClassVar[str] = "on_call"
    WHICH = Which.ON_CALL
    OWN = (OPEN, Action("ask_alerts", "f", "ask the sources for their alerts again", 8), FIND, *TABLE)
    _alerts: Sequence[Alerts] | None = None

    def alerts(self) -> Sequence[Alerts] | None:
        return self._alerts

    def fill(self) -> None:
        super().fill()
        if self._alerts is None:
            self.ask()

    def do_ask_alerts(self) -> None:
        """Ask again; what was known before stays until the answer is there."""
        self.ask()

    @work(group="alerts", exclusive=True)
    async def ask(self) -> None:
        """Ask beside the desk: a server that is slow keeps nobody from working."""
        try:
            question = await self.work.desk.call(alert_question)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self._alerts = await _beside(question)
        if self.is_mounted:
            await self.reread()


async def _beside(question: AlertQuestion) -> Sequence[Alerts]:
    """The answers, asked in a thread of their own; leaving the app does not wait for it."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Sequence[Alerts]] = loop.create_future()

    def tell(found: Sequence[Alerts]) -> None:
        if not answered.done():
            answered.set_result(found)

    def asking() -> None:
        found = read_alerts(question)
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, found)

    Thread(target=asking, name="alerts", daemon=True).start()
    return await answered


class StandUpScreen(WorkScreen):
    """Five lines to read aloud."""

    MODE: ClassVar[str] = "stand_up"
    OWN = ()
    AUTO_FOCUS = "Scroller"

    def body(self) -> Iterable[Widget]:
        yield Ruled()
        yield Scroller(Page())

    def fill(self) -> None:
        self._read()

    @work(group="stand-up", exclusive=True)
    async def _read(self) -> None:
        try:
            found = await self.work.desk.call(partial(read_dashboard, which=Which.STAND_UP))
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if self.is_mounted:
            self.query_one(Ruled).show("Stand-up", found.project)
            lines = [line for section in found.sections for line in section.lines]
            numbered = [Pair(str(number), line.text, line.mark) for number, line in enumerate(lines, 1)]
            blocks = [block for pair in numbered for block in (pair, Gap())]
            self.query_one(Page).show(blocks)

    async def up_to_date(self) -> None:
        """Wait until the lines are those of now."""
        await self.workers.wait_for_complete([each for each in self.workers if each.group == "stand-up"])


def _mode(line: Line) -> str:
    return showing(line.ref.partition("/")[0]) if line.ref else ""


def _items(found: Dashboard) -> Iterable[Item]:
    for section in found.sections:
        yield Heading(section.title, "" if section.lines else section.nothing, keep=True)
        for line in section.lines:
            tone = Role.TEXT if line.known else Role.MUTED
            yield Row(line.key, (Cell(line.title), Cell(line.text, tone)), line.mark)
