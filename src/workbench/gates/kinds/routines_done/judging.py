"""What is done again and again was done in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Kind
from workbench.gates.kinds.routines_done import KIND as ASKED
from workbench.gates.kinds.routines_done import RoutinesDoneConfig, fits
from workbench.gates.model import Part, State, Weight
from workbench.gates.routines import DUES
from workbench.gates.turn import of_people
from workbench.model.dates import end_text
from workbench.model.steps import Job, Step
from workbench.model.text import number_of
from workbench.model.times import day_text
from workbench.routines.due import Due


class RoutinesDone(Kind[RoutinesDoneConfig]):
    """A routine that is not due yet holds nothing up; one that is overdue does until somebody has done it."""

    asked = ASKED
    lists = True

    def needs(self, asks: RoutinesDoneConfig) -> Iterable[Need[Any]]:
        return (DUES,)

    def title(self, asks: RoutinesDoneConfig, facts: Facts) -> str:
        return "Routines done"

    def parts(self, asks: RoutinesDoneConfig, facts: Facts) -> Iterable[Part]:
        dues = facts(DUES)
        asked = [due for due in dues.values() if fits(asks, due.routine)]
        for due in asked:
            if due.overdue:
                yield _overdue(due, facts)
        for key in asks.only:
            if key not in dues:
                yield Part(
                    key=f"routine/{key}",
                    title=key,
                    state=State.NOT_MET,
                    why="there is no routine of this key",
                    about="routine",
                    step=Step(Job.CHECK_FILES),
                )
        if in_time := sum(not due.overdue for due in asked):
            yield Part(
                key="routines/in-time",
                title="",
                state=State.MET,
                why=f"{number_of(in_time, 'routine')} not overdue",
                about="routine",
            )

    def nothing(self, asks: RoutinesDoneConfig, facts: Facts) -> str:
        return "every routine is left out"

    def only_time(self, asks: RoutinesDoneConfig, facts: Facts) -> bool:
        dues = facts(DUES)
        known = all(key in dues for key in asks.only)
        return known and any(due.overdue for due in dues.values() if fits(asks, due.routine))

    def moments(self, asks: RoutinesDoneConfig, facts: Facts) -> Iterable[datetime]:
        return (
            due.due_at for due in facts(DUES).values() if due.due_at is not None and fits(asks, due.routine)
        )


def _overdue(due: Due, facts: Facts) -> Part:
    routine = due.routine
    theirs = (person.key for person in facts.project.people if routine.role in person.roles)
    return Part(
        key=f"routine/{routine.key}",
        title=routine.title,
        state=State.NOT_MET,
        why=overdue_words(due, facts),
        about=f"routine/{routine.key}",
        step=Step(Job.DO_ROUTINE, routine.key),
        weight=Weight.TO_DO,
        turn=of_people(tuple(theirs)),
    )


def overdue_words(due: Due, facts: Facts) -> str:
    """Since when it is overdue, and when it was done last."""
    assert due.due_at is not None
    last = f"last done by {due.last.by} on {day_text(due.last.at, facts.zone)}" if due.last else "never done"
    return f"overdue: was due by {end_text(due.due_at, facts.zone)}, {last}"


KIND = RoutinesDone()
