"""Walking the checklist of an incident: what people answer, and what the record answers where one writes it down."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.worker import WorkerCancelled

from workbench.checklists.model import ItemView
from workbench.model.errors import WorkbenchError
from workbench.model.steps import Job
from workbench.tui.screens.walking import WalkingScreen
from workbench.usecases.answering import Walked
from workbench.usecases.context import Context
from workbench.usecases.incident_checklists import IncidentWalk, walk_of
from workbench.usecases.views.checklists import item_key, waits_for_people, waits_for_record
from workbench.usecases.views.incidents import subject_of


class IncidentWalkScreen(WalkingScreen):
    """The items of one incident; what another desk answers is seen at once."""

    MODE: ClassVar[str] = "incident_walk"
    OWN = WalkingScreen.OWN
    _walk: IncidentWalk | None = None
    _now: datetime | None = None
    _written = ""  # the item that one went to write something down for

    def __init__(self, incident: str, key: str = "") -> None:
        super().__init__(key)
        self.incident = incident

    def walked(self) -> Walked | None:
        return self._walk

    def needs_release(self, id: str) -> bool:
        """Things go wrong before there is any release."""
        return False

    def now(self) -> datetime:
        assert self._now is not None
        return self._now

    def fill(self) -> None:
        self._read_again()

    @work(group="walk", exclusive=True)
    async def _read_again(self) -> None:
        try:
            walk, self._now = await self.work.desk.call(_read, self.incident or "")
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if not self.is_mounted:
            return
        self._walk = walk
        if not self._key:
            self._key = self._first(walk)
        with self.telling():
            super().fill()
        self.refresh_hints()
        self._go_on()

    def _first(self, walk: IncidentWalk) -> str:
        """The first item that is open; else the first."""
        views = [view for items in walk.checklists.values() for view in items]
        return item_key(next(filter(self.is_open, views), views[0])) if views else ""

    def is_open(self, view: ItemView) -> bool:
        """Of an incident also what the record answers once one writes it down: it is written from here."""
        fact = view.fact
        to_write = fact is not None and fact.step is not None and waits_for_record(view)
        return to_write or waits_for_people(view)

    def _go_on(self) -> None:
        """On, where what the record answers was written down from here."""
        view = self.item()
        if self._written == self._key and view is not None and view.complete and self.app.screen is self:
            self._written = ""
            self.answered(view)

    def on_screen_resume(self) -> None:
        """Back from what was written down."""
        super().on_screen_resume()
        self._read_again()

    async def up_to_date(self) -> None:
        """A form leaves once the item is shown as it was answered."""
        with suppress(WorkerCancelled):  # something newer is being read
            await self._read_again().wait()

    async def go_to_source(self, view: ItemView) -> None:
        """Where one writes down what the record then answers."""
        self._written = item_key(view)
        job = view.fact.step.job if view.fact is not None and view.fact.step is not None else None
        if job is Job.TELL_PEOPLE:
            from workbench.tui.screens.incident_forms import open_tell

            await open_tell(self, self.incident or "")
        elif job is Job.EXECUTE_RUNBOOK:
            from workbench.tui.screens.executing import execute

            if self._walk is not None:
                await execute(self, self._walk.stored, self._walk.incident)
        elif job is Job.REVIEW_INCIDENT:
            from workbench.tui.screens.incident_review import ReviewScreen

            field = "cause" if view.item.automatic == "cause_reviewed" else ""
            self.app.push_screen(ReviewScreen(subject_of(self.incident or ""), field))
            if field:
                self.say("the full form asks for the cause: v")
        else:
            self.say("what answers it stands above")

    async def do_leave_walk(self) -> None:
        """Back to the incident."""
        if self.app.screen is self:
            self.dismiss()


def _read(context: Context, incident: str) -> tuple[IncidentWalk, datetime]:
    return walk_of(context, incident), context.now
