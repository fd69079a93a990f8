"""Nobody has frozen the project."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Kind
from workbench.gates.kinds.not_frozen import KIND as ASKED
from workbench.gates.kinds.not_frozen import NotFrozenConfig
from workbench.gates.model import Part, State
from workbench.gates.needs import FREEZE
from workbench.gates.turn import of_people
from workbench.model.steps import Job, Step


class NotFrozen(Kind[NotFrozenConfig]):
    asked = ASKED

    def needs(self, asks: NotFrozenConfig) -> Iterable[Need[Any]]:
        return (FREEZE,)

    def title(self, asks: NotFrozenConfig, facts: Facts) -> str:
        return "Not frozen"

    def parts(self, asks: NotFrozenConfig, facts: Facts) -> Iterable[Part]:
        frozen = facts(FREEZE)
        yield Part(
            key="freeze",
            title=self.title(asks, facts),
            state=State.NOT_MET if frozen else State.MET,
            why=f"frozen by {frozen.by}: {frozen.reason}" if frozen else "not frozen",
            about="freeze",
            step=Step(Job.LIFT_FREEZE) if frozen else None,
            # Who froze it knows when it is over; where that was a machine, anybody may.
            turn=of_people(tuple(person.key for person in facts.project.people if person.key == frozen.by))
            if frozen
            else None,
        )


KIND = NotFrozen()
