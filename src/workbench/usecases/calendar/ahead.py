"""What the gates of a release will say on the days to come, if nothing happens but that time passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo

import msgspec

from workbench.gates import evaluate as gate_room
from workbench.gates.break_glass import overdue_parts
from workbench.gates.evaluate import kind_of
from workbench.gates.facts import Facts
from workbench.gates.model import Origin, Part, State, Weight
from workbench.model.dates import day_of
from workbench.releases.model import Outcome
from workbench.usecases.calendar.event import INSTANT
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.turning import moments

MOST_DAYS = 60  # on so many days at most gates are judged ahead


class Turned(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which something turns: the lines of gates that block from then on, and those that have cleared.

    ``at`` is the moment that it was judged at, ``open`` every line that is not met at the end of that day.
    """

    day: date
    at: datetime
    blocks: tuple[Part, ...]
    clears: tuple[Part, ...]
    open: tuple[Part, ...]

    @property
    def stops(self) -> bool:
        """Whether anything blocks then that is more than work to be done."""
        return any(part.weight is Weight.BLOCKS for part in self.open)


class Ahead(msgspec.Struct, frozen=True, kw_only=True):
    """``open`` is what is not met now, ``days`` when that changes, the earliest first; ``until`` how far was looked."""

    open: tuple[Part, ...]
    days: tuple[Turned, ...]
    until: datetime


def look_ahead(context: Context, evaluation: Evaluation, ends: datetime) -> Ahead:
    """The days up to ``ends`` on which lines of a release's gates turn by themselves.

    What was measured counts as it does now: it is measured again by then, and nobody knows what it will say.
    What is not met now stays so, unless it clears by the clock.
    """
    open_ = _unmet(evaluation)
    days = _days(evaluation, ends, context.zone)
    pinned = _pinned(evaluation)
    found: list[Turned] = []
    until = ends
    for day, at in sorted(days.items()):
        if len(found) == MOST_DAYS:
            until = at
            break
        then = _judged(context, evaluation, at, pinned)
        before = {part.key: part for part in (found[-1].open if found else open_.values())}
        stays = {key: part for key, part in before.items() if key in then or not _cleared(part, at)}
        blocks = tuple(part for key, part in then.items() if key not in before)
        found.append(
            Turned(
                day=day,
                at=at,
                blocks=blocks,
                clears=tuple(part for key, part in before.items() if key not in stays),
                open=(*(then.get(key, part) for key, part in stays.items()), *blocks),
            )
        )
    changed = tuple(one for one in found if one.blocks or one.clears)
    return Ahead(open=tuple(open_.values()), days=changed, until=until)


def _unmet(evaluation: Evaluation) -> dict[str, Part]:
    """What is not met now, by key; signatures are given when everything else is met."""
    parts = (part for _, part in evaluation.open_parts())
    return {part.key: part for part in parts if part.weight is not Weight.TO_SIGN}


def _cleared(part: Part, at: datetime) -> bool:
    """Whether it is one that clears by the clock, and has by then."""
    return part.turn is not None and part.turn.until is not None and part.turn.until <= at


def _days(evaluation: Evaluation, ends: datetime, zone: tzinfo) -> Mapping[date, datetime]:
    """The days on which anything turns, each with the last moment at which anything does."""
    found: dict[date, datetime] = {}
    if evaluation.held.release.outcome is not Outcome.OPEN:
        return found
    for moment in moments(evaluation):
        at = moment + INSTANT  # what ends with a day has ended on the next one
        if evaluation.now < at < ends:
            day = day_of(at, zone)
            found[day] = max(at, found.get(day, at))
    return found


def _pinned(evaluation: Evaluation) -> dict[str, tuple[str, ...]]:
    """Everything that was measured, as if sign-off were opened on it."""
    pinned: dict[str, tuple[str, ...]] = {}
    for gate in evaluation.facts.project.gates:
        for kind, asks in map(kind_of, gate.requires):
            found = kind.pins(asks, evaluation.facts)
            pinned |= {key: tuple(refs) for key, refs in found.items()}
    return pinned


def _judged(
    context: Context, evaluation: Evaluation, at: datetime, pinned: Mapping[str, tuple[str, ...]]
) -> dict[str, Part]:
    """Every line that is not met at a moment to come, by key."""
    facts = Facts(
        context.record,
        evaluation.facts.definitions,
        evaluation.held,
        now=at,
        demonstration=context.demonstration is not None,
        pinned=pinned,
    )
    return {part.key: part for part in _open(facts)}


def _open(facts: Facts) -> Iterator[Part]:
    """What the gates ask for and is not met, and a review of break-glass that is overdue, which holds every gate."""
    yield from overdue_parts(facts)
    for gate in gate_room.evaluate(facts.project.gates, facts):
        for requirement in gate.requirements:
            if requirement.origin is not Origin.EARLIER:
                yield from (part for part in requirement.parts if part.state is State.NOT_MET)
