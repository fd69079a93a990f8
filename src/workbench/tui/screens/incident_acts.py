"""What can be done to an incident, in the list and on its page."""

from __future__ import annotations

from typing import ClassVar

from workbench.incidents.model import Incident
from workbench.model.errors import WorkbenchError
from workbench.record import Stored
from workbench.tui.actions import Action
from workbench.tui.screens.base import WorkScreen
from workbench.usecases.views.incidents import subject_of

INCIDENT = (
    Action(
        "mark_incident",
        "M",
        "mark it as mitigated, closed, a mistake, part of another one",
        8,
    ),
    Action("lift_freeze", "Z", "lift its freeze; closing lifts nothing", 6),
    Action("tell_people", "T", "tell people: a text to paste, and whom it reached", 4),
    Action("review_incident", "r", "go through the questions of its review", 7),
    Action("execute_runbook", "S", "execute its runbook against the clock, or go to where it runs", 3),
)
EDIT = "edit what is known of it: commander, people, flows, times"
Found = tuple[Stored, Incident]


class OnIncident(WorkScreen):
    """A screen on which one incident is in hand."""

    MODE: ClassVar[str] = ""

    def incident_id(self) -> str | None:
        """The id of the incident in hand; screens say which."""
        raise NotImplementedError

    def marked_lines(self) -> tuple[str, ...]:
        """The lines of its timeline that are marked; none where there is no timeline."""
        return ()

    def is_frozen(self) -> bool:
        """Whether its own freeze is in force; screens say so."""
        raise NotImplementedError

    def needs_release(self, id: str) -> bool:
        """Things go wrong before there is any release."""
        return False

    def obstacle(self, id: str) -> str | None:
        wanted = {*(action.id for action in INCIDENT), "edit_incident", "edit_known"}
        if id in wanted and self.incident_id() is None:
            return "no incident yet"
        if id == "lift_freeze" and not self.is_frozen():
            return "this incident does not freeze promotion now"
        return super().obstacle(id)

    async def found(self) -> Found | None:
        """The incident in hand as the record has it now; what goes wrong is told."""
        from workbench.usecases.incidents import find_incident

        if (id := self.incident_id()) is None:
            return None
        try:
            return await self.work.desk.call(find_incident, id)
        except WorkbenchError as error:
            self.work.tell(error)
            return None

    # --- acting --------------------------------------------------------------------------

    async def do_mark_incident(self) -> None:
        """Mitigated, closed, a mistake, merged; or open again."""
        from workbench.tui.screens.incident_forms import open_mark

        if (found := await self.found()) is not None:
            open_mark(self, *found, lines=self.marked_lines())

    async def do_edit_incident(self) -> None:
        """All that is known of it."""
        from workbench.tui.screens.incident_forms import open_edit

        if (found := await self.found()) is not None:
            open_edit(self, *found)

    async def do_lift_freeze(self) -> None:
        """Its own freeze; those of other incidents stay."""
        from workbench.tui.screens.incident_forms import open_lift

        if (found := await self.found()) is not None:
            open_lift(self, *found)

    async def do_execute_runbook(self) -> None:
        """In earnest: what comes of each step stands with the incident."""
        from workbench.tui.screens.executing import execute

        if (found := await self.found()) is not None:
            await execute(self, *found)

    def do_review_incident(self) -> None:
        """Question by question."""
        from workbench.tui.screens.incident_review import ReviewScreen

        if (id := self.incident_id()) is not None:
            self.app.push_screen(ReviewScreen(subject_of(id)))

    async def do_tell_people(self) -> None:
        """A text that is ready to paste."""
        from workbench.tui.screens.incident_forms import open_tell

        if (id := self.incident_id()) is not None:
            await open_tell(self, id)
