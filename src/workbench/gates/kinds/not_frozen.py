"""Nobody has frozen the project."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Asks, Kind
from workbench.gates.model import Part, State
from workbench.gates.needs import FREEZE
from workbench.model.steps import Job, Step


class NotFrozenConfig(Asks, frozen=True, kw_only=True):
    """Nobody has frozen the project."""


class NotFrozen(Kind[NotFrozenConfig]):
    name = "not_frozen"
    about = "the project is not frozen"
    config = NotFrozenConfig

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
        )


KIND = NotFrozen()
