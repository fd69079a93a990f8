"""The differences that hurt: in which incidents and failed tests each contributed, and what that cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from workbench.learning.figure import About, Figure, share
from workbench.learning.past import Lesson
from workbench.learning.reading import Reading, answered
from workbench.model.money import Money


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What things cost: hours and money, added up; ``silent`` are the ids of those of which nobody said."""

    hours: Decimal = Decimal(0)
    money: tuple[Money, ...] = ()
    silent: tuple[str, ...] = ()


class Hurt(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: ``share`` of all that was reviewed it contributed to; ``incidents`` in production and failed ``tests`` by id."""

    difference: str
    title: str
    incidents: tuple[str, ...]
    tests: tuple[str, ...]
    share: Figure
    spent: Spent


def hurting(past: Reading) -> tuple[Hurt, ...]:
    """Every difference that contributed to anything: the one in most incidents first, then the dearest.

    An incident to which several contributed counts for each of them, with all its hours.
    """
    pairs = past.lessons(staging=True)
    blamed = [(id, lesson) for id, lesson in pairs if lesson.contributed == "yes"]
    keys = dict.fromkeys(key for _, lesson in blamed for key in lesson.differences)
    found = [_hurt(past, key, blamed) for key in keys]
    return tuple(
        sorted(found, key=lambda one: (-len(one.incidents), -one.spent.hours, -len(one.tests), one.title))
    )


def _hurt(past: Reading, key: str, blamed: Sequence[tuple[str, Lesson]]) -> Hurt:
    title = dict(past.whole.differences).get(key) or key
    own = [(id, lesson) for id, lesson in blamed if key in lesson.differences]
    of, unknown = answered(past.lessons(staging=True), "contributed")
    about = About(
        f"difference/{key}",
        title,
        "incidents in production and failed tests to which this difference contributed",
        "incidents in production and failed tests whose review says whether a difference contributed",
        "lower",
    )
    incidents = {one.id for one in past.escaped}
    return Hurt(
        difference=key,
        title=title,
        incidents=tuple(id for id, _ in own if id in incidents),
        tests=tuple(id for id, _ in own if id not in incidents),
        share=share(
            about,
            tuple(id for id, _ in own),
            of,
            left=(past.not_reviewed(), unknown, *past.left_incidents),
            rests_on=len(past.ended),
        ),
        spent=spent(own),
    )


def spent(pairs: Iterable[tuple[str, Lesson]]) -> Spent:
    """The hours and the money of reviews, added up; amounts of one currency together."""
    hours, amounts, silent = Decimal(0), dict[str, Decimal](), []
    for id, lesson in pairs:
        if lesson.hours is None and lesson.cost is None:
            silent.append(id)
        hours += lesson.hours or Decimal(0)
        if lesson.cost is not None:
            amounts[lesson.cost.currency] = amounts.get(lesson.cost.currency, Decimal(0)) + lesson.cost.amount
    money = tuple(Money(amounts[currency], currency) for currency in sorted(amounts))
    return Spent(hours=hours, money=money, silent=tuple(silent))
