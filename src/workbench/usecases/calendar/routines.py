"""When routines fall due, each once: the next time."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.usecases import routines
from workbench.usecases.calendar.event import Asked, Event, What


def tell_routines(asked: Asked) -> Iterator[Event]:
    """Each routine at the last instant at which doing it is in time."""
    for due in routines.read_dues(asked.context):
        routine = due.routine
        if due.due_at is not None:
            yield Event(
                key=f"routine/{routine.key}",
                at=due.due_at,
                what=What.ROUTINE,
                title=f"the routine “{routine.title}” is due",
                ref=f"routine/{routine.key}",
                owner=routine.role or "",
                part=f"routine/{routine.key}",
                overdue=due.overdue,
            )
