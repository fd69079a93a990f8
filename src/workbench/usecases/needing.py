"""Is staging needed for a change: what the record knows of the release in hand, and what a person says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.environments.needed import NOBODY, Known, Needed, needed
from workbench.model.changes import change_title
from workbench.releases.model import Release
from workbench.usecases.context import Context

if TYPE_CHECKING:  # judging costs 28 ms before it begins
    from workbench.usecases.evaluate import Evaluation

# Which kinds of change answer a question with yes.
_BY_CHANGE: Mapping[str, tuple[str, ...]] = {
    "schema": ("CH-2",),
    "api": ("CH-1",),
    "regulated": ("CH-6", "CH-9"),
    "scale": ("CH-7", "CH-10", "CH-11"),
    "risky": ("CH-3", "CH-8"),
    "rehearse": ("CH-8",),
    "flagged": ("CH-4",),
}
# Of these a list of the kinds of change that leaves them out says no.
_WHOLLY = frozenset({"schema", "api"})


def is_needed(context: Context, evaluation: Evaluation | None, said: Mapping[str, bool | None]) -> Needed:
    """The conclusion for the release in hand; what is ``said`` counts before what the record knows."""
    known = _from_record(evaluation) if evaluation is not None else {}
    told = {key: Known(answer, "said") for key, answer in said.items() if answer is not None}
    return needed({**known, **told})


def _from_record(evaluation: Evaluation) -> dict[str, Known]:
    release = evaluation.held.release
    known = {key: _by_change(release, key) for key in _BY_CHANGE}
    known["irreversible"] = _irreversible(release)
    known["tests"] = _tests(evaluation)
    return {key: one for key, one in known.items() if one.answer is not None}


def _by_change(release: Release, key: str) -> Known:
    found = [kind for kind in release.changes if kind in _BY_CHANGE[key]]
    if found:
        kinds = ", ".join(change_title(kind) for kind in found)
        return Known(True, f"release {release.version}: {kinds}")
    if release.changes and key in _WHOLLY:
        return Known(False, f"release {release.version} names its kinds of change, and not this one")
    return NOBODY


def _irreversible(release: Release) -> Known:
    version = release.version
    if release.cannot_be_undone:
        steps = "; ".join(release.cannot_be_undone)
        return Known(True, f"release {version} says what cannot be undone: {steps}")
    if release.rollback_plan:
        return Known(False, f"release {version} has a rollback plan, and names nothing that cannot be undone")
    return NOBODY


def _tests(evaluation: Evaluation) -> Known:
    runs = evaluation.tests
    if not runs:
        return NOBODY
    red = [source for source, run in runs.items() if run.value != 1]
    if red:
        return Known(False, f"tests: {', '.join(red)} not green")
    return Known(True, f"tests: {', '.join(runs)} green for this candidate")
