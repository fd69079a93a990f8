"""What falls due of incidents and of rehearsing for them: actions, gamedays, drills that no longer count."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.drills import model as drills
from workbench.drills.standing import state_of
from workbench.incidents.actions import owed
from workbench.usecases.calendar.event import Asked, Event, What


def tell_actions(asked: Asked) -> Iterator[Event]:
    """The days by which actions are to be done."""
    for row, action in owed(asked.context.record, only_open=True):
        if action.due is not None:
            yield Event(
                key=f"action/{row.id}",
                at=action.due,
                what=What.ACTION,
                title=f"the action “{action.title}” is due",
                ref=f"action/{row.id}",
                owner=action.owner or "",
                part=f"action/{row.id}",
                overdue=action.overdue(asked.now),
            )


def tell_drills(asked: Asked) -> Iterator[Event]:
    """Gamedays, and when the last drill of a runbook no longer counts."""
    record = asked.context.record
    for row, gameday in drills.all_gamedays(record):
        yield Event(
            key=f"gameday/{row.id}",
            at=gameday.at,
            what=What.DRILL,
            title=f"the gameday {gameday.title}",
            ref="runbook",
            owner=", ".join(gameday.people),
        )
    for runbook in asked.context.definitions.project.runbooks:
        held = [drill for _, drill in drills.drills_of(record, runbook.key)]
        state = state_of(runbook, held, asked.now, asked.zone)
        if state.until is not None:
            yield Event(
                key=f"runbook/{runbook.key}",
                at=state.until,
                what=What.DRILL,
                title=f"the last drill of {runbook.title or runbook.key} no longer counts",
                ref=f"runbook/{runbook.key}",
                owner=runbook.owner or "",
            )
