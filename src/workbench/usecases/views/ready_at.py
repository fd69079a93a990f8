"""GT-15: when a release can be ready at the earliest, from what clears by itself, and its long pole."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.gates.model import Part
from workbench.gates.turn import CANNOT_TELL, Move
from workbench.model.times import moment_text, relative_text, zone_of
from workbench.usecases.reporting.judgement import Judgement


class ReadyAt(msgspec.Struct, frozen=True):
    """When a release can be ready at the earliest.

    ``at`` is when the last of what clears by itself has cleared, and ``long_pole`` the key of that
    part: nothing where nothing has to be waited for.  How long people take is not known: ``people``
    counts the parts that wait for them.  ``lines`` say it.
    """

    at: datetime | None = None
    long_pole: str = ""
    people: int = 0
    lines: tuple[str, ...] = ()


def ready_at(found: Judgement) -> ReadyAt:
    """When this release can be ready at the earliest."""
    open_ = [part for _, part in found.open_parts()]
    clock = [(part.turn.until, part) for part in open_ if part.turn and part.turn.until]
    people = sum(_waits_for_people(part) for part in open_)
    if not clock:
        return ReadyAt(people=people)
    at, pole = max(clock, key=lambda pair: pair[0])
    zone = zone_of(found.timezone)
    when = f"{moment_text(at, zone)}, {relative_text(at, found.made_at)}"
    lines = [f"ready {when} at the earliest: {pole.title}, {pole.why}"]
    if people:
        lines.append(f"plus whatever time people need for {people} more")
    return ReadyAt(at, pole.key, people, tuple(lines))


def _waits_for_people(part: Part) -> bool:
    turn = part.turn or CANNOT_TELL
    return not part.folded and turn.move is not Move.CLOCK
