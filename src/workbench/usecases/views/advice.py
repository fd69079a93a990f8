"""What brings a benchmark further: one thing first, and what else can be done instead."""

from __future__ import annotations

from enum import Enum

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.gates.kinds.benchmarks.judging import clear
from workbench.gates.model import Part, State
from workbench.gates.overrides import ApprovedOverride
from workbench.model.steps import Job
from workbench.releases.model import Outcome
from workbench.usecases.evaluate import Evaluation


class Way(Enum):
    """Something that a person can do about a benchmark."""

    PROPOSE = "propose build"
    OVERRIDE = "override"
    INVALIDATE = "mark invalid"
    FETCH = "fetch"
    ENTER = "add"
    EDIT = "edit file"
    BLOCK = "make blocking"


class Advice(msgspec.Struct, frozen=True):
    """``first`` is what clears it; ``others`` may be done instead; ``note`` keeps from what cannot help."""

    first: Way | None
    others: tuple[Way, ...] = ()
    note: str = ""


NOTHING = Advice(None)
_WAYS = {
    Job.PROPOSE_CANDIDATE: Way.PROPOSE,
    Job.PROPOSE_BUILD: Way.PROPOSE,
    Job.FETCH: Way.FETCH,
    Job.ENTER_VALUE: Way.ENTER,
    Job.EDIT_DEFINITIONS: Way.EDIT,
    Job.OVERRIDE: Way.OVERRIDE,
}
SAME_BUILD = "Fetching again measures the same build."
NO_VALUE = "Change its rule or its query before a value can pass."


def advice(judged: Judged, override: ApprovedOverride | None, found: Evaluation) -> Advice:
    """What to do next about a benchmark of the release that is judged."""
    if found.held.release.outcome is not Outcome.OPEN or judged.verdict is Verdict.PASS:
        return NOTHING
    failed = judged.verdict in (Verdict.FAIL, Verdict.WARN)
    if override is not None and not judged.through:
        return Advice(None, (Way.PROPOSE,) if failed else (), f"Nothing to do while it is {override.done}.")
    if failed and (judged.through or not judged.blocking):
        ways = (Way.PROPOSE, Way.INVALIDATE) if judged.blocking else (Way.PROPOSE, Way.BLOCK)
        return Advice(None, ways, "It does not stop the release.")
    if failed:
        return Advice(Way.PROPOSE, (Way.OVERRIDE, Way.INVALIDATE), SAME_BUILD)
    if judged.through:
        return NOTHING
    way = _WAYS.get(clear(judged, found.facts).job, Way.EDIT)
    others = (Way.OVERRIDE,) if judged.blocking and way is not Way.OVERRIDE else ()
    return Advice(way, others, NO_VALUE if way is Way.EDIT else "")


def advice_on_tests(part: Part) -> Advice:
    """What to do next about a test run that a gate asks for."""
    if part.state is not State.NOT_MET or part.step is None:
        return NOTHING
    return Advice(_WAYS.get(part.step.job), (Way.OVERRIDE,))
