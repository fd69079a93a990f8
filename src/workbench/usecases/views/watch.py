"""A release that went out and is watched: how long, what says to roll it back, and how that is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.gates.rollback import Criterion, CriterionState, criteria, is_watched
from workbench.model.errors import UsageError
from workbench.releases.model import WATCH, Held, Outcome, all_releases, find
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Mark

MARKS = {
    CriterionState.HOLDS: Mark.BLOCKS,
    CriterionState.DOES_NOT_HOLD: Mark.DONE,
    CriterionState.UNKNOWN: Mark.LEARNING,
}


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A release and its watching.

    ``criteria`` are evaluated from measurements; ``by_hand`` is what a person has to look at, which nobody
    evaluates.  ``plan`` is how to roll back, ``stays`` what that does not undo.
    """

    id: str
    version: str
    shipped_at: datetime
    until: datetime
    watching: bool
    criteria: tuple[Criterion, ...] = ()
    by_hand: tuple[str, ...] = ()
    look_at: tuple[str, ...] = ()
    target: str = ""
    plan: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()

    @property
    def holding(self) -> tuple[Criterion, ...]:
        """The criteria that hold now."""
        return tuple(one for one in self.criteria if one.state is CriterionState.HOLDS)

    @property
    def words(self) -> str:
        """How it stands, in a line."""
        if not self.watching:
            return "its time of watching is over"
        if self.holding:
            return f"{_count(self.holding)} for rolling back: {self.holding[0].title}"
        unknown = sum(one.state is CriterionState.UNKNOWN for one in self.criteria)
        if not self.criteria:
            return "no criterion for rolling back is measured: list benchmarks under rollback_when:"
        if unknown:
            return f"{unknown} of {_count(self.criteria)} cannot be told"
        return f"none of {_count(self.criteria)} for rolling back holds"


def read_watch(context: Context, version: str | None = None) -> Watched:
    """The watching of a release; without a version, of the one that went out last."""
    held = find(context.record, version) if version else next(iter(_shipped(context)), None)
    if held is None or held.release.outcome is not Outcome.SHIPPED or held.release.outcome_at is None:
        what = (
            f"{held.release.version} is not out in production" if held else "no release is out in production"
        )
        raise UsageError(f"{what}, so there is nothing to watch", hint="workbench release list")
    release, shipped = held.release, held.release.outcome_at
    return Watched(
        id=held.id,
        version=release.version,
        shipped_at=shipped,
        until=shipped + WATCH,
        watching=is_watched(held, context.now),
        criteria=criteria(
            context.record,
            context.definitions,
            held,
            context.now,
            demonstration=context.demonstration is not None,
        ),
        by_hand=release.rollback_triggers,
        look_at=release.watch,
        target=release.rollback_target or "",
        plan=release.rollback_plan,
        stays=release.cannot_be_undone,
    )


def all_watched(context: Context) -> list[Watched]:
    """Every release that is watched now, the one that went out last first."""
    found = [one for one in _shipped(context) if is_watched(one, context.now)]
    return [read_watch(context, one.release.version) for one in found]


def _shipped(context: Context) -> Sequence[Held]:
    out = [
        one
        for one in all_releases(context.record)
        if one.release.outcome is Outcome.SHIPPED and one.release.outcome_at
    ]
    return sorted(out, key=lambda one: one.release.outcome_at or context.now, reverse=True)


def _count(found: Sequence[Criterion]) -> str:
    return f"{len(found)} {'criterion' if len(found) == 1 else 'criteria'}"
