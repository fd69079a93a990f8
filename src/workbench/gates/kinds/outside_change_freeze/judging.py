"""Today is in none of the project's change-freeze dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from workbench.definitions.shapes import FreezeWindow
from workbench.gates.bound import Bound
from workbench.gates.facts import Facts
from workbench.gates.kind import Kind
from workbench.gates.kinds.outside_change_freeze import KIND as ASKED
from workbench.gates.kinds.outside_change_freeze import OutsideChangeFreezeConfig
from workbench.gates.model import Part, State
from workbench.gates.turn import Move, Turn
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
            bound=Bound(stands=f"frozen from {window.first} to {window.last}") if window else None,
            turn=Turn(Move.CLOCK, until=_end(window, facts)) if window else None,
        )

    def moments(self, asks: OutsideChangeFreezeConfig, facts: Facts) -> Iterable[datetime]:
        for window in facts.project.change_freezes:
            yield datetime.combine(date.fromisoformat(window.first), time(), facts.zone)
            yield _end(window, facts)

    def only_time(self, asks: OutsideChangeFreezeConfig, facts: Facts) -> bool:
        return True


def _end(window: FreezeWindow, facts: Facts) -> datetime:
    """The midnight after which no change freeze holds: windows that touch are one."""
    last = date.fromisoformat(window.last)
    for each in sorted(facts.project.change_freezes, key=lambda item: item.first):
        if date.fromisoformat(each.first) <= last + timedelta(days=1):
            last = max(last, date.fromisoformat(each.last))
    return datetime.combine(last + timedelta(days=1), time(), facts.zone)


def _inside(window: FreezeWindow, facts: Facts) -> bool:
    zone = facts.zone
    today = facts.now.astimezone(zone).date()
    return date.fromisoformat(window.first) <= today <= date.fromisoformat(window.last)


KIND = OutsideChangeFreeze()
