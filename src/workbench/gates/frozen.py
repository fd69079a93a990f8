"""GT-8: the freezes that hold a gate, a line each: the project's own, and one for each incident in staging."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.gates.facts import Facts
from workbench.gates.model import Part, State
from workbench.gates.needs import FREEZES
from workbench.gates.turn import of_people
from workbench.model.steps import Job, Step

TITLE = "Not frozen"
OF_PROJECT = "project"  # names the freeze that belongs to no incident, where several hold
KEY = "freeze"


def frozen_parts(facts: Facts) -> Iterator[Part]:
    """A line for each freeze in force."""
    held = facts(FREEZES)
    keys: set[str] = set()
    for ident, freeze in held.items():
        key = KEY if not freeze.incident and KEY not in keys else f"{KEY}/{freeze.incident or ident}"
        keys.add(key)
        ref = freeze.incident or (OF_PROJECT if len(held) > 1 else "")
        yield Part(
            key=key,
            title=TITLE,
            state=State.NOT_MET,
            why=f"frozen by {freeze.by}: {freeze.reason}",
            about=KEY,
            step=Step(Job.LIFT_FREEZE, ref),
            # Who froze it knows when it is over; where that was a machine, anybody may.
            turn=of_people(tuple(one.key for one in facts.project.people if one.key == freeze.by)),
        )
