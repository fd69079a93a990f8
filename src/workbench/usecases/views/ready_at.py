"""GT-15: when a release can be ready at the earliest, from what clears by itself, and its long pole."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from workbench.gates.model import Part
from workbench.gates.turn import CANNOT_TELL, Move
from workbench.model.times import moment_text, relative_text, zone_of
from workbench.model.working_hours import Hours
from workbench.usecases.answer_times import AnswerTimes, Typical
from workbench.usecases.reporting.judgement import Judgement


class ReadyAt(msgspec.Struct, frozen=True):
    """When a release can be ready at the earliest.

    ``at`` is when the last of what clears by itself has cleared, and ``long_pole`` the key of that
    part: nothing where nothing has to be waited for.  ``people`` counts the parts that wait for people.
    ``signed_at`` is when the missing signatures can be expected after that, from how long answers took
    until now and when those who can sign work; nothing where that is not known.  ``lines`` say it.
    """

    at: datetime | None = None
    signed_at: datetime | None = None
    long_pole: str = ""
    people: int = 0
    lines: tuple[str, ...] = ()


def ready_at(found: Judgement, times: AnswerTimes | None = None) -> ReadyAt:
    """When this release can be ready at the earliest; ``times`` is how long people took to answer until now."""
    open_ = [part for _, part in found.open_parts()]
    clock = [(part.turn.until, part) for part in open_ if part.turn and part.turn.until]
    people = sum(_waits_for_people(part) for part in open_)
    zone = zone_of(found.timezone)
    lines, at, pole_key = [], None, ""
    if clock:
        at, pole = max(clock, key=lambda pair: pair[0])
        pole_key = pole.key
        when = f"{moment_text(at, zone)}, {relative_text(at, found.made_at)}"
        lines.append(f"ready {when} at the earliest: {pole.title}, {pole.why}")
        if people:
            lines.append(f"plus whatever time people need for {people} more")
    signed_at, slowest = _signed_at(found, times, max(found.made_at, at) if at else found.made_at)
    if signed_at is not None:
        lines.append(f"signed {moment_text(signed_at, zone)} at the earliest: {slowest}")
    elif slowest:
        lines.append(slowest)
    return ReadyAt(at, signed_at, pole_key, people, tuple(lines))


def _signed_at(found: Judgement, times: AnswerTimes | None, start: datetime) -> tuple[datetime | None, str]:
    """When the last of the missing signatures can be expected, and the slowest of them in words.

    Gates are signed one after the other, and the roles of one at the same time.
    """
    if times is None or not times.answers:
        return None, ""
    slowest, longest = "", timedelta()
    at = start
    for gate in found.gates:
        ends = []
        for role in gate.roles:
            if not role.missing:
                continue
            expected = sorted(
                (
                    (times.hours[key].after(at, _needed(typical, times.hours[key])), typical.words)
                    for key in role.can
                    if key in times.hours and (typical := times.of(key, role.role)) is not None
                ),
                key=lambda pair: pair[0],
            )
            if len(expected) < role.missing:
                return None, f"how long {role.role.replace('-', ' ')} takes to answer is not known yet"
            ends.append(expected[role.missing - 1])
        if ends:
            end, words = max(ends, key=lambda pair: pair[0])
            if end - at >= longest:
                slowest, longest = words, end - at
            at = end
    return (at, slowest) if slowest else (None, "")


def _needed(typical: Typical, hours: Hours) -> timedelta:
    days = typical.decided if typical.decided is not None else typical.first
    return days * hours.day


def _waits_for_people(part: Part) -> bool:
    turn = part.turn or CANNOT_TELL
    return not part.folded and turn.move is not Move.CLOCK
