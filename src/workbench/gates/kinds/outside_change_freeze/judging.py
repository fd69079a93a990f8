"""Today is in none of the project's change-freeze dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workbench.definitions.shapes import FreezeWindow
from workbench.gates.facts import Facts
from workbench.gates.kind import Kind
from workbench.gates.kinds.outside_change_freeze import KIND as ASKED
from workbench.gates.kinds.outside_change_freeze import OutsideChangeFreezeConfig
from workbench.gates.model import Part, State
from workbench.model.steps import Job, Step


class OutsideChangeFreeze(Kind[OutsideChangeFreezeConfig]):
    asked = ASKED

    def title(self, asks: OutsideChangeFreezeConfig, facts: Facts) -> str:
        return "Outside change-freeze dates"

    def parts(self, asks: OutsideChangeFreezeConfig, facts: Facts) -> Iterable[Part]:
        key = "change-freeze"
        window = next((w for w in facts.project.change_freezes if _inside(w, facts)), None)
        yield Part(
            key=key,
            title=self.title(asks, facts),
            state=State.NOT_MET if window else State.MET,
            why=f"change freeze until {window.last}: {window.reason}" if window else "no change freeze today",
            about=key,
            # Nothing ends a change freeze but its last day, or somebody who answers for it.
            step=Step(Job.OVERRIDE, key) if window else None,
        )

    def only_time(self, asks: OutsideChangeFreezeConfig, facts: Facts) -> bool:
        return True


def _inside(window: FreezeWindow, facts: Facts) -> bool:
    zone = facts.zone
    today = facts.now.astimezone(zone).date()
    return date.fromisoformat(window.first) <= today <= date.fromisoformat(window.last)


KIND = OutsideChangeFreeze()
