"""Drills as both front ends show them: the clock, the targets, each step and how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from workbench.drills import model as drills
from workbench.drills.model import Drill, DrillResult, Gameday, StepState, moment_of, taken_by, took, within
from workbench.drills.standing import clock, failure
from workbench.incidents.model import Incident
from workbench.model.times import clock_text, parse_duration
from workbench.record import Stored
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.people import named

_RESULTS: Mapping[DrillResult, tuple[Mark, str]] = {
    DrillResult.RUNNING: (Mark.UNDER_WAY, "running"),
    DrillResult.WORKED: (Mark.DONE, "worked"),
    DrillResult.FAILED: (Mark.WARNS, "failed"),
    DrillResult.STOPPED: (Mark.NOT_APPLICABLE, "stopped"),
}
_STEPS: Mapping[StepState, Mark] = {
    StepState.DONE: Mark.DONE,
    StepState.FAILED: Mark.WARNS,
    StepState.SKIPPED: Mark.NOT_APPLICABLE,
}
SAID = {"detected": "Noticed", "mitigated": "Mitigated"}


class StepLine(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a drill: ``took`` is how long it took, with its target where it has one."""

    number: int
    do: str
    expect: str
    mark: Mark
    state: str
    took: str = ""
    late: bool = False
    note: str = ""
    by: str = ""


class DrillPage(msgspec.Struct, frozen=True, kw_only=True):
    """A drill in words; the clock is what :func:`clock_fact` makes of ``began`` and a moment."""

    id: str
    value: Drill
    steps: tuple[StepLine, ...]
    about: tuple[Fact, ...]
    began: str

    @property
    def result(self) -> str:
        return _RESULTS[self.value.result][1]

    @property
    def mark(self) -> Mark:
        return _RESULTS[self.value.result][0]


class DrillLine(msgspec.Struct, frozen=True, kw_only=True):
    """A drill in a line of a list."""

    id: str
    value: Drill
    title: str
    mark: Mark
    result: str
    when: str
    took: str
    noticed: str
    mitigated: str
    steps: str


def read_drills(context: Context, runbook: str = "") -> list[DrillLine]:
    """Drills, the latest first: all of them, or those of a runbook."""
    found = drills.drills_of(context.record, runbook) if runbook else drills.all_drills(context.record)
    return [_line(context, stored, value) for stored, value in found]


def _line(context: Context, stored: Stored, value: Drill) -> DrillLine:
    mark, result = _RESULTS[value.result]
    if value.result is DrillResult.FAILED:
        result = f"failed: {failure(value)}" if failure(value) != "it failed" else "failed"
    asked = len(value.asked)
    return DrillLine(
        id=stored.id,
        value=value,
        title=value.title,
        mark=mark,
        result=result,
        when=clock_text(value.started_at, context.now, context.zone),
        took=clock(length_of(value, context.now)),
        noticed=_time(value, "detected"),
        mitigated=_time(value, "mitigated"),
        steps=f"{len(value.steps)} of {asked}" if asked else "",
    )


def _time(value: Drill, what: str) -> str:
    length, late = took(value, what), within(value, what) is False
    if length is None:
        return "not in time" if late else ""
    return clock(length) + (" late" if late else "")


def length_of(value: Drill, now: datetime) -> timedelta:
    """How long a drill took, or has been running at ``now``."""
    return (value.ended_at or max(now, value.started_at)) - value.started_at


def clock_fact(value: Drill, now: datetime, began: str) -> Fact:
    """The clock of a drill: ``12:07 since today 14:05``."""
    shown = clock(length_of(value, now))
    return Fact("Clock" if value.running else "Took", f"{shown} since {began}" if value.running else shown)


def target_fact(value: Drill, what: str, now: datetime) -> Fact:
    """Whether it was ``detected`` or ``mitigated``, against its target."""
    length = took(value, what)
    asks: str = value.detect_within if what == "detected" else value.mitigate_within
    label = SAID[what]
    if not asks:
        said = f"after {clock(length)}" if length is not None else "not yet" if value.running else "not said"
        return Fact(label, said, Mark.DONE if length is not None else None)
    target = parse_duration(asks)
    if length is not None:
        late = length - target
        over = f", {clock(late)} later than the target {asks}" if late > timedelta() else f", target {asks}"
        return Fact(label, f"after {clock(length)}{over}", Mark.WARNS if late > timedelta() else Mark.DONE)
    if not value.running:
        return Fact(label, f"not said; the target was {asks}", Mark.WARNS)
    left = target - length_of(value, now)
    if left >= timedelta():
        return Fact(label, f"not yet: {clock(left)} left of {asks}", Mark.OPEN)
    return Fact(label, f"not yet: {clock(-left)} over the target {asks}", Mark.WARNS)


def read_drill(context: Context, stored: Stored, value: Drill) -> DrillPage:
    """One drill in full."""
    return DrillPage(
        id=stored.id,
        value=value,
        steps=tuple(_step(context, value, number) for number in range(len(value.asked))),
        about=tuple(_about(context, value)),
        began=clock_text(value.started_at, context.now, context.zone),
    )


def _step(context: Context, value: Drill, number: int) -> StepLine:
    asked, said = value.asked[number], value.answered.get(number)
    if said is None:
        waits = value.running and number == value.next_step
        target = f"of {asked.target}" if asked.target else ""
        return StepLine(
            number=number + 1,
            do=asked.do,
            expect=asked.expect,
            mark=Mark.UNDER_WAY if waits else Mark.OPEN,
            state="next" if waits else "open",
            took=target,
        )
    length = taken_by(value, number)
    assert length is not None
    late = bool(asked.target) and length > parse_duration(asked.target)
    return StepLine(
        number=number + 1,
        do=asked.do,
        expect=asked.expect,
        mark=_STEPS[said.state],
        state=said.state.value,
        took=clock(length) + (f" of {asked.target}" if asked.target else ""),
        late=late,
        note=said.note,
        by=named(context.definitions, said.by),
    )


def _about(context: Context, value: Drill) -> list[Fact]:
    record, definitions = context.record, context.definitions
    gameday = record.get("gameday", value.gameday) if value.gameday else None
    incident = record.get("incident", value.incident) if value.incident else None
    release = record.get("release", value.release) if value.release else None
    people = [named(definitions, key) for key in dict.fromkeys((value.by, *value.people))]
    said = [
        Fact("Incident", incident.decode(Incident).title if incident else value.incident),
        Fact("Gameday", gameday.decode(Gameday).title if gameday else ""),
        Fact("Fault", value.fault),
        Fact("Environment", value.environment),
        Fact("People", ", ".join(people)),
        Fact("Release", str(release.decode(dict).get("version", "")) if release else ""),
        Fact("Comment", value.words),
    ]
    return [fact for fact in said if fact.text]


def document(stored: Stored, value: Drill, now: datetime) -> dict[str, Any]:
    """A drill as ``--json`` prints it: lengths in seconds, ``steps`` as the runbook had them with what came of each."""
    told = value.answered
    fields = msgspec.to_builtins(value, builtin_types=(datetime,))
    steps = [
        {
            "step": number + 1,
            "do": asked.do,
            "expect": asked.expect,
            "target": asked.target or None,
            "state": told[number].state.value if number in told else None,
            "at": told[number].at if number in told else None,
            "took_s": _seconds(taken_by(value, number)),
            "by": told[number].by if number in told else None,
            "note": told[number].note if number in told else "",
        }
        for number, asked in enumerate(value.asked)
    ]
    left_out = ("asked", "steps", "detect_within", "mitigate_within", "result")
    return {
        "id": stored.id,
        "base": stored.base,
        **{name: said for name, said in fields.items() if name not in left_out},
        "running": value.running,
        "result": value.result.value or None,
        "clock_s": _seconds(length_of(value, now)),
        "detected": _target(value, "detected", value.detect_within),
        "mitigated": _target(value, "mitigated", value.mitigate_within),
        "steps": steps,
    }


def _target(value: Drill, what: str, asks: str) -> dict[str, Any]:
    return {
        "at": moment_of(value, what),
        "took_s": _seconds(took(value, what)),
        "target_s": _seconds(parse_duration(asks)) if asks else None,
        "in_time": within(value, what),
    }


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None


def gameday_drills(context: Context, gameday: str) -> list[DrillLine]:
    """The drills of a gameday in the order in which they were run."""
    found = [
        (stored, value) for stored, value in drills.all_drills(context.record) if value.gameday == gameday
    ]
    return [_line(context, stored, value) for stored, value in reversed(found)]
