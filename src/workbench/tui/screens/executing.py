"""``S`` on an incident: a runbook is executed in earnest, against its clock."""

from __future__ import annotations

from workbench.incidents.model import Incident
from workbench.record import Stored
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.incident_forms import open_executed
from workbench.tui.screens.runbook_page import RunbookScreen
from workbench.usecases import drills
from workbench.usecases.context import Context
from workbench.usecases.drills import Begin
from workbench.usecases.views.walks import read_walk


async def execute(screen: WorkScreen, stored: Stored, incident: Incident) -> None:
    """Its runbook begins in earnest, or is shown where it runs already; where it names none, one is chosen."""
    key = incident.runbook
    if screen.view.definitions.runbook(key) is None:
        open_executed(screen, stored.id, lambda chosen: screen.app.push_screen(RunbookScreen(chosen)))
        return
    walk = await screen.work.desk.call(read_walk, key)
    running = walk is not None and walk.running is not None
    done = "" if running else "the clock runs · y answers a step · M says when it was mitigated"
    if running or await screen.act(done, _execute, key, stored.id):
        screen.app.push_screen(RunbookScreen(key))


def _execute(context: Context, key: str, incident: str) -> None:
    drills.start_drill(context, Begin(runbook=key, incident=incident))
