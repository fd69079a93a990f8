"""All events of a stretch of time, from every subject, each with what it changes about readiness."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo

import msgspec

from workbench.gates.facts import Facts
from workbench.gates.model import Part
from workbench.model.dates import day_of
from workbench.model.times import day_text
from workbench.usecases.calendar import environments, incidents, people, releases, reviews, routines
from workbench.usecases.calendar.ahead import Ahead, Turned
from workbench.usecases.calendar.event import INSTANT, Asked, Event, What, turns_on
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation

Teller = Callable[[Asked], Iterable[Event]]
# Who tells what: a subject that is added is a line here.
TELLERS: tuple[Teller, ...] = (
    releases.tell_releases,
    releases.tell_exceptions,
    releases.tell_promises,
    releases.tell_sign_off,
    releases.tell_break_glass,
    releases.tell_predictions,
    reviews.tell_decisions,
    reviews.tell_benchmark_reviews,
    reviews.tell_values,
    environments.tell_refreshes,
    environments.tell_ends_of_life,
    environments.tell_occupancies,
    environments.tell_change_freezes,
    incidents.tell_actions,
    incidents.tell_drills,
    routines.tell_routines,
    people.tell_delegations,
    people.tell_absences,
)


def collect(
    context: Context, begins: datetime, ends: datetime, evaluation: Evaluation | None, ahead: Ahead | None
) -> tuple[Event, ...]:
    """The events between two moments, in order, and what is overdue; ``ahead`` says what each changes."""
    facts = _facts(context, evaluation) if evaluation else None
    asked = Asked(context=context, evaluation=evaluation, facts=facts)
    told = [_on_its_day(one, context.zone) for teller in TELLERS for one in teller(asked)]
    if ahead is not None:
        told = _with_effects(told, ahead, context.zone)
    found = [one for one in told if one.overdue or _within(one, begins, ends)]
    return tuple(sorted(found, key=lambda one: (one.at, one.what, one.title, one.key)))


def _facts(context: Context, evaluation: Evaluation) -> Facts:
    """The same release at the same moment, of which more can be asked than it was judged from."""
    held, replayed = evaluation.held, context.demonstration is not None
    definitions = evaluation.facts.definitions
    return Facts(context.record, definitions, held, now=context.now, demonstration=replayed)


def _within(one: Event, begins: datetime, ends: datetime) -> bool:
    return one.at < ends and (one.until or one.at) >= begins


def _on_its_day(one: Event, zone: tzinfo) -> Event:
    return msgspec.structs.replace(one, day=day_of(one.at, zone).isoformat())


def _with_effects(told: Sequence[Event], ahead: Ahead, zone: tzinfo) -> list[Event]:
    """The events with what the gates say of them; what no subject tells is an event of its own."""
    days = {turned.day.isoformat(): turned for turned in ahead.days}
    named: set[tuple[str, str]] = set()
    found: list[Event] = []
    for one in told:
        day = turns_on(one.at, zone)
        turned = days.get(day)
        part = next((part for part in turned.blocks if part.key == one.part), None) if turned else None
        if part is None:
            found.append(one)
            continue
        named.add((day, part.key))
        later = "" if one.day == day else f"from {day_text(one.at + INSTANT, zone)}: "
        found.append(msgspec.structs.replace(one, effect=f"{later}{_blocked(part)}", blocks=True))
    for turned in ahead.days:
        day = turned.day.isoformat()
        found += [_of_gate(turned, part, zone) for part in turned.blocks if (day, part.key) not in named]
        found += [_cleared(turned, part, zone) for part in turned.clears]
    return found


def _blocked(part: Part) -> str:
    return f"{part.title} blocks: {part.why}"


def _of_gate(turned: Turned, part: Part, zone: tzinfo) -> Event:
    """A line of a gate that turns, and of which no subject has told."""
    return Event(
        key=f"gate/{part.key}/{turned.day.isoformat()}",
        at=turned.at,
        day=turned.day.isoformat(),
        what=What.GATE,
        title=f"{part.title} is no longer met",
        ref=part.about,
        effect=_blocked(part),
        blocks=True,
        part=part.key,
    )


def _cleared(turned: Turned, part: Part, zone: tzinfo) -> Event:
    at = part.turn.until if part.turn and part.turn.until else turned.at
    return Event(
        key=f"clears/{part.key}/{turned.day.isoformat()}",
        at=at,
        day=day_of(at, zone).isoformat(),
        what=What.GATE,
        title=f"{part.title} clears",
        ref=part.about,
        effect=f"no longer blocks: {part.why}",
        part=part.key,
    )
