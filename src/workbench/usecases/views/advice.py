"""What brings a benchmark further: one thing first, and what else can be done instead."""

from __future__ import annotations

from enum import Enum

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.gates.kinds.benchmarks.judging import further
from workbench.gates.model import Part, State
from workbench.gates.overrides import ApprovedOverride
from workbench.model.steps import Job, Step
from workbench.releases.model import Outcome
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.clearing import command
from workbench.usecases.views.next_step import words_for


class Way(Enum):
    """Something that a person can do about a benchmark."""

    PROPOSE = "propose build"
    OVERRIDE = "override"
    INVALIDATE = "mark invalid"
    FETCH = "fetch"
    ENTER = "add"
    EDIT = "edit file"
    BLOCK = "make blocking"
    PROBE = "run probe"


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
    Job.PROBE: Way.PROBE,
    Job.MEND: Way.PROBE,
}
SAME_BUILD = "Fetching again measures the same build."
NO_VALUE = "Change what its file says before a value can pass."


def advice(judged: Judged, override: ApprovedOverride | None, found: Evaluation) -> Advice:
    """What to do next about a benchmark of the release that is judged."""
    if found.held.release.outcome is not Outcome.OPEN or judged.verdict is Verdict.PASS:
        return NOTHING
    failed = judged.verdict in (Verdict.FAIL, Verdict.WARN)
    step = further(judged, found.facts)
    way, note = _WAYS.get(step.job), _note(step)
    if override is not None and not judged.through:
        return Advice(None, _known(way) if failed else (), f"Nothing to do while it is {override.done}.")
    if failed and (judged.through or not judged.blocking):
        ways = (*_known(way), Way.INVALIDATE if judged.blocking else Way.BLOCK)
        said = "It does not stop the release."
        return Advice(None, ways, said if way is Way.PROPOSE else f"{said} {note}".strip())
    if judged.through:
        return NOTHING
    others = (Way.OVERRIDE, Way.INVALIDATE) if failed else (Way.OVERRIDE,) if judged.blocking else ()
    return Advice(way, tuple(other for other in others if other is not way), note)


def _known(way: Way | None) -> tuple[Way, ...]:
    return (way,) if way is not None else ()


def _note(step: Step) -> str:
    """What keeps from what cannot help; the command, where no key does it."""
    if step.job is Job.PROPOSE_BUILD:
        return SAME_BUILD
    if step.job is Job.EDIT_DEFINITIONS:
        return NO_VALUE
    if step.job is Job.MEND:
        return f"{words_for(step.job)}."
    return "" if step.job in _WAYS else f"{words_for(step.job)}: {command(step)}"


def advice_on_tests(part: Part) -> Advice:
    """What to do next about a test run that a gate asks for."""
    if part.state is not State.NOT_MET or part.step is None:
        return NOTHING
    return Advice(_WAYS.get(part.step.job), (Way.OVERRIDE,))
