"""What may happen to a drill, and what came of it: each act is one change of the record."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.definitions.runbooks import Runbook
from workbench.drills.model import (
    Drill,
    DrillResult,
    Gameday,
    StepAsked,
    StepDone,
    StepState,
    moment_of,
    text_of,
    within,
)
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.reasons import readable_reason
from workbench.model.times import to_text
from workbench.record import Change, Stored

NOTICED, MITIGATED = "detected", "mitigated"


def begun(runbook: Runbook, *, by: str, at: datetime) -> Drill:
    """A drill of a runbook as it stands, with the steps and targets that count for it."""
    return Drill(
        runbook=runbook.key,
        text=text_of(runbook),
        title=runbook.title,
        purpose=runbook.for_.value,
        asked=tuple(
            StepAsked(do=step.do, expect=step.expect, target=step.target or "") for step in runbook.steps
        ),
        detect_within=runbook.detect_within or "",
        mitigate_within=runbook.mitigate_within or "",
        started_at=at,
        by=by,
    )


def started(ident: str, value: Drill) -> Change:
    """The change that begins a drill."""
    return Change("drill", ident, "started", value)


def answered(
    stored: Stored, value: Drill, step: int, state: StepState, *, by: str, at: datetime, note: str = ""
) -> Change:
    """The change that says what came of a step, counted from 0; the latest word on a step counts.

    ``UsageError`` for a step that there is not, and for one that failed or was skipped without a word on it.
    """
    _require_running(value)
    if not value.asked:
        raise UsageError(
            f"the steps of “{value.title}” stand elsewhere, so a drill of it has none",
            hint="say at its end what came of it: workbench drill end --worked or --failed",
        )
    if not 0 <= step < len(value.asked):
        raise UsageError(f"“{value.title}” has {len(value.asked)} steps, and no step {step + 1}")
    if state is not StepState.DONE and not note.strip():
        why = "what happened" if state is StepState.FAILED else "why"
        raise UsageError(f"a step that was {state.value} needs a note: {why}?")
    _require_within(value, at)
    said = StepDone(step=step, state=state, at=at, by=by, note=note.strip())
    others = tuple(one for one in value.steps if one.step != step)
    steps = tuple(sorted((*others, said), key=lambda one: one.step))
    return Change("drill", stored.id, "answered", msgspec.structs.replace(value, steps=steps), stored.base)


def stamped(stored: Stored, value: Drill, what: str, at: datetime) -> Change:
    """The change that says when it was ``detected`` or ``mitigated``."""
    _require_running(value)
    _require_within(value, at)
    value = msgspec.structs.replace(value, **{f"{what}_at": at})
    if value.detected_at and value.mitigated_at and value.mitigated_at < value.detected_at:
        raise UsageError(
            "it cannot be mitigated before anybody noticed",
            hint=f"noticed at {to_text(value.detected_at)}, mitigated at {to_text(value.mitigated_at)}",
        )
    return Change("drill", stored.id, what, value, stored.base)


def ended(stored: Stored, value: Drill, wanted: DrillResult | None, words: str, at: datetime) -> Change:
    """The change that ends a drill.

    It worked where no step failed, at least one was done, and the targets were met; of a runbook without
    steps a person says it (``wanted``).  ``UsageError`` while something is not answered, unless it is stopped.
    """
    _require_running(value)
    last = max((at_ for at_ in (value.detected_at, value.mitigated_at) if at_), default=value.started_at)
    if at < max([last, *(one.at for one in value.steps)]):
        raise UsageError("a drill cannot end before the last thing that happened in it")
    if wanted is DrillResult.STOPPED:
        words = readable_reason(words, "stopping a drill")
        result = DrillResult.STOPPED
    else:
        result = _result(value, wanted)
        if wanted is DrillResult.FAILED and not words.strip() and not _failed_itself(value):
            raise UsageError("say what failed", hint="--note TEXT")
    value = msgspec.structs.replace(value, result=result, words=words.strip(), ended_at=at)
    verb = "stopped" if result is DrillResult.STOPPED else "ended"
    return Change("drill", stored.id, verb, value, stored.base, words.strip() or None)


def _late(value: Drill) -> bool:
    return any(within(value, what) is False for what in (NOTICED, MITIGATED) if moment_of(value, what))


def _failed_itself(value: Drill) -> bool:
    """Whether steps or times say that it failed, so that nobody has to."""
    return bool(value.failed_steps) or _late(value)


def _result(value: Drill, wanted: DrillResult | None) -> DrillResult:
    left = value.next_step
    if left is not None:
        raise UsageError(
            f"nobody said what came of step {left + 1}: {value.asked[left].do}",
            hint=f"workbench drill step {left + 1} --done, or end it with --stopped --note WHY",
        )
    if wanted is DrillResult.FAILED or value.failed_steps:
        return _agreed(wanted, DrillResult.FAILED, value)
    if not value.asked and wanted is None:
        raise UsageError("did it work? Its steps stand elsewhere", hint="--worked or --failed")
    if value.asked and not any(one.state is StepState.DONE for one in value.steps):
        raise UsageError("every step was skipped, so nothing was drilled", hint="--stopped --note WHY")
    for what, asks in ((NOTICED, value.detect_within), (MITIGATED, value.mitigate_within)):
        if asks and moment_of(value, what) is None:
            said = "noticed" if what == NOTICED else what
            raise UsageError(
                f"when was it {said}? The target is {asks}, and without a time nobody can say that it was met",
                hint=f"workbench drill {said} --at TIME, or end it with --failed or --stopped",
            )
    return _agreed(wanted, DrillResult.FAILED if _late(value) else DrillResult.WORKED, value)


def _agreed(wanted: DrillResult | None, found: DrillResult, value: Drill) -> DrillResult:
    if wanted is DrillResult.WORKED and found is not DrillResult.WORKED:
        failed = ", ".join(str(step + 1) for step in value.failed_steps)
        why = f"step {failed} failed" if failed else "it was later than its target"
        raise NotAllowed(f"this drill did not work: {why}", hint="leave out --worked")
    return found


def _require_running(value: Drill) -> None:
    if not value.running:
        raise NotAllowed(
            f"the drill of “{value.title}” has ended: {value.result.value}",
            hint=f"workbench drill start {value.runbook} begins another",
        )


def _require_within(value: Drill, at: datetime) -> None:
    if at < value.started_at:
        raise UsageError(f"the drill began after that, at {to_text(value.started_at)}")


def gameday_planned(ident: str, value: Gameday) -> Change:
    """The change that plans a gameday."""
    if not value.title.strip():
        raise UsageError("a gameday needs a title", hint="for example: The payment gateway goes away")
    return Change("gameday", ident, "planned", value)


def gameday_edited(stored: Stored, value: Gameday) -> Change:
    """The change that moves a gameday, or says what came of it."""
    return Change("gameday", stored.id, "edited", value, stored.base)
