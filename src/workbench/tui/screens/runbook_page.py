"""One runbook on a page: its steps to read, and, while it is drilled, to answer under a running clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.events import Resize
from textual.timer import Timer
from textual.widget import Widget

from workbench.definitions.shapes import Mark as Place
from workbench.drills.model import StepState
from workbench.tui.actions import Action
from workbench.tui.screens import drilling
from workbench.tui.screens.detail import Split
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.prose import Page, pairs
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.ruled import Ruled
from workbench.usecases.views.drills import StepLine
from workbench.usecases.views.walks import Walk, facts, headline, read_walk, step_facts

COLUMNS = (
    Column("do", "Step", flex=3, least=28, most=90, frozen=True),
    Column("took", "Took", least=8, most=16),
    Column("said", "What came of it", flex=2, least=16, most=60),
)
_ON_STEPS = ("step_done", "step_failed", "step_skipped")
_SECOND = 1.0


class RunbookScreen(TableScreen):
    """The steps of a runbook; the clock above them is made of what the record holds, whoever began it."""

    MODE: ClassVar[str] = "runbook"
    OWN = (
        Action("start_drill", "S", "begin a drill: its clock runs from then on", 10),
        Action("step_done", "y", "the step went as the runbook says", 9),
        Action("step_failed", "F", "the step failed, with a note on what happened", 8),
        Action("step_skipped", "K", "the step is left out, with a note why", 7),
        Action("mark_drill", "M", "mark the drill: noticed, mitigated, ended or stopped", 9),
        *TABLE,
    )
    COLUMNS = COLUMNS
    EMPTY = "Its steps stand elsewhere: E opens the file that names the link"
    DEFAULT_CSS = """
    RunbookScreen > Page { height: auto; max-height: 45%; margin-bottom: 1; }
    """
    _walk: Walk | None = None
    _ticking: Timer | None = None

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    def body(self) -> Iterable[Widget]:
        yield Ruled()
        yield Page(columns=True)
        yield Split(self.make_table())

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Row]:
        first = self._walk is None
        self._walk = await self.work.desk.call(read_walk, self.key)
        if self._walk is None:  # the file lists it no more
            self.dismiss()
            return []
        if first and (number := self._walk.next_step) is not None:
            self.wait_for(str(number))
        self.call_after_refresh(self._show_clock)
        return [_row(step) for step in self._walk.steps]

    def on_mount(self) -> None:
        """The clock moves each second; nothing is read for it."""
        self._ticking = self.set_interval(_SECOND, self._tick)

    def on_resize(self, event: Resize) -> None:
        """The facts in as many columns as there is room for."""
        self._show_clock()

    def _tick(self) -> None:
        if self._walk is not None and self._walk.running and self.is_current:
            self._show_clock()

    def _show_clock(self) -> None:
        walk = self._walk
        if walk is None or not self.is_mounted:
            return
        now = walk.now()
        self.query_one(Ruled).show(walk.title, headline(walk, now))
        self.query(Page).first().show(pairs(facts(walk, now)))

    def step(self) -> StepLine | None:
        """The step under the cursor."""
        key = self.table.cursor_key if self.is_mounted else None
        return next((one for one in self._walk.steps if str(one.number) == key), None) if self._walk else None

    def about(self, key: str) -> About | None:
        step = next((one for one in self._walk.steps if str(one.number) == key), None) if self._walk else None
        return About(f"{step.number}. {step.do}", "", pairs(step_facts(step))) if step else None

    def place(self) -> Place | None:
        """Where the runbook is defined: the step under the cursor."""
        step = self.step()
        below = f"steps.{step.number - 1}" if step else None
        return self.view.definitions.mark("runbook", self.key, below)

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """A drill needs no release."""
        return False

    def obstacle(self, id: str) -> str | None:
        running = self._walk.running if self._walk else None
        if id == "start_drill" and running is not None:
            return "a drill of it is running"
        if id in (*_ON_STEPS, "mark_drill") and running is None:
            return "no drill of it is running: S begins one"
        if id in _ON_STEPS and self.step() is None:
            return "its steps stand elsewhere"
        return None

    def do_start_drill(self) -> None:
        """Begin."""
        if self._walk is not None:
            drilling.open_start(self, self._walk, self._to_next)

    async def do_step_done(self) -> None:
        """Answered; on to the next one."""
        if (step := self.step()) is not None:
            done = f"step {step.number} done · u undo"
            if await self.act(done, drilling.answer, self.key, step.number - 1, StepState.DONE, ""):
                await self.up_to_date()
                self._to_next()

    def do_step_failed(self) -> None:
        """What happened?"""
        self._ask_note(StepState.FAILED)

    def do_step_skipped(self) -> None:
        """Why?"""
        self._ask_note(StepState.SKIPPED)

    def _ask_note(self, state: StepState) -> None:
        step = self.step()
        if step is not None and self._walk is not None:
            drilling.open_note(self, self._walk, step, state, self._to_next)

    def do_mark_drill(self) -> None:
        """Noticed, mitigated, ended, stopped."""
        if self._walk is not None:
            drilling.open_mark(self, self._walk)

    async def leave(self) -> None:
        """Back to the list, or the incident; where one came from another screen, back there."""
        came_from = self.came_from
        self.dismiss()
        if came_from:
            await self.work.switch_mode(came_from)

    def _to_next(self) -> None:
        """The cursor stands on the step to answer next."""
        if self._walk is not None and (number := self._walk.next_step) is not None:
            self.stand_on(str(number))


def _row(step: StepLine) -> Row:
    tone = Role.WARNING if step.mark is Mark.WARNS else Role.MUTED
    said = step.note or step.state
    waits = step.mark is Mark.UNDER_WAY
    return Row(
        str(step.number),
        (
            Cell(f"{step.number}. {step.do}", Role.STRONG if waits else Role.TEXT),
            Cell(step.took, Role.WARNING if step.late else Role.MUTED),
            Cell(said, tone),
        ),
        step.mark,
    )
