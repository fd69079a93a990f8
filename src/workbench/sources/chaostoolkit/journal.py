"""A journal of Chaos Toolkit, and whether its experiment was passed.

``status`` and the exit code say less than they seem to: an action that failed, and a steady state that did not hold
beforehand, both end as ``completed`` with exit code 0.
"""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.model.text import safe_text


class Described(msgspec.Struct, frozen=True):
    """What an activity is."""

    name: str
    type: str


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """One activity that was carried out."""

    activity: Described
    status: str
    tolerance_met: bool | None = None

    @property
    def worked(self) -> bool:
        """Whether it did what it should."""
        return self.status == "succeeded" and self.tolerance_met is not False


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of the steady state."""

    steady_state_met: bool | None
    probes: list[Activity]

    @property
    def held(self) -> bool:
        """Whether it was looked at, and held."""
        return self.steady_state_met is True and bool(self.probes)


class States(msgspec.Struct, frozen=True, kw_only=True):
    """The steady state before and after the method."""

    before: State | None = None
    after: State | None = None


class Experiment(msgspec.Struct, frozen=True, kw_only=True):
    """What was to be tried; ``dry`` where nothing was to be done."""

    title: str
    tags: list[str] | None = None
    dry: Any = None


class Journal(msgspec.Struct, frozen=True, kw_only=True):
    """One run of an experiment."""

    version: str = msgspec.field(name="chaoslib-version")
    experiment: Experiment
    start: str
    status: str
    steady_states: States
    run: list[Activity]
    rollbacks: list[Activity]
    deviated: bool | None = None
    end: str | None = None

    @property
    def tried(self) -> bool:
        """Whether something was put under a fault: a system that worked, by an action that worked."""
        before = self.steady_states.before
        acted = any(one.activity.type == "action" and one.status == "succeeded" for one in self.run)
        return not self.experiment.dry and acted and (before is None or before.held)


def why_not_passed(journal: Journal) -> str:
    """In words why an experiment was not passed; "" where it was."""
    states, run = journal.steady_states, journal.run
    failed = next((one for one in run if not one.worked), None)
    left = next((one for one in journal.rollbacks if not one.worked), None)
    if journal.experiment.dry:
        return "it was a dry run: nothing was done"
    if journal.status != "completed" or journal.end is None:
        return f"it did not end: {safe_text(journal.status, 40)}"
    if states.before is not None and not states.before.held:
        return "the steady state did not hold beforehand, so nothing was tried"
    if failed is not None:
        return f"its {safe_text(failed.activity.type, 20)} “{safe_text(failed.activity.name, 60)}” {safe_text(_end_of(failed), 40)}"
    if not any(one.activity.type == "action" for one in run):
        return "it has no action, so nothing was put under a fault"
    if journal.deviated is not False:
        return (
            "it deviated: the steady state did not hold afterwards"
            if journal.deviated
            else "it does not say whether it deviated"
        )
    if states.after is None or not states.after.held:
        return (
            "nobody looked whether the steady state held afterwards"
            if states.after is None
            else "the steady state did not hold afterwards"
        )
    if left is not None:
        return f"its rollback “{safe_text(left.activity.name, 60)}” {safe_text(_end_of(left), 40)}: is the fault still there?"
    return ""


def _end_of(activity: Activity) -> str:
    return activity.status if activity.status != "succeeded" else "was not within its tolerance"
