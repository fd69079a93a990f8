"""Drills and gamedays as commands: the clock is what they are about, so every moment is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from workbench.drills.model import Drill, Gameday
from workbench.record import EntryView
from workbench.usecases.scripting.model import Act, Line
from workbench.usecases.scripting.telling import Telling, before_of, command, command_on, said, value_of

_STAMPS: Mapping[str, str] = {"detected": "noticed", "mitigated": "mitigated"}


def drills(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A drill began, a step of it was answered, its clock was stamped, it ended."""
    for entry in entries:
        before, after = before_of(entry, Drill), value_of(entry, Drill)
        if before is None:
            yield _began(telling, after)
        elif entry.verb == "answered":
            yield from _answered(telling, before, after)
        elif entry.verb in _STAMPS:
            moment = after.detected_at if entry.verb == "detected" else after.mitigated_at
            yield command("drill", _STAMPS[entry.verb], _which(telling, after, moment))
        else:
            yield _ended(telling, after)


def _began(telling: Telling, value: Drill) -> Line:
    gameday = telling.ever("gameday", value.gameday) if value.gameday else {}
    incident = telling.ever("incident", value.incident) if value.incident else {}
    people = [word for person in value.people for word in ("--with", person)]
    named = said(
        environment=value.environment,
        fault=value.fault,
        gameday=gameday.get("title"),
        incident=incident.get("title"),
        at=telling.when(value.started_at, end=False),
    )
    return command_on("drill start", [value.runbook], named, people, telling.of_release(value.release))


def _answered(telling: Telling, before: Drill, after: Drill) -> Iterator[Line]:
    for one in after.steps:
        if one not in before.steps:
            flags = said(**{one.state.value: True}, note=one.note)
            yield command("drill", "step", str(one.step + 1), flags, _which(telling, after, one.at))


def _ended(telling: Telling, value: Drill) -> Line:
    # Where steps and times decide, saying the same again changes nothing.
    result = {value.result.value: True}
    return command("drill", "end", said(**result, note=value.words), _which(telling, value, value.ended_at))


def _which(telling: Telling, value: Drill, moment: datetime | None) -> tuple[str, ...]:
    return said(at=telling.when(moment, end=False), drill=value.runbook)


def gamedays(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A gameday was planned, moved, or told of."""
    for entry in entries:
        before, after = before_of(entry, Gameday), value_of(entry, Gameday)
        if before is None:
            people = [word for person in after.people for word in ("--with", person)]
            told = said(at=telling.when(after.at, end=False), note=after.words)
            yield command_on("gameday new", [after.title], told, people)
        else:
            at = telling.when(after.at, end=False) if after.at != before.at else None
            note = after.words if after.words != before.words else None
            yield command_on("gameday edit", [before.title], said(at=at, note=note))
