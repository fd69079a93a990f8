"""PM-9: the order in which differences are worth closing, by stated criteria, with the reasoning in words.

First by how often the affected path runs times how badly it can fail, from 1 to 16; where nobody
has said both, the severity stands in for it.  Among equals the one that costs less to close comes
first, one whose cost nobody has said last; then the one that was found earlier, then by title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Protocol, TypeVar

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.quantity import show
from workbench.parity.rating import HARM_WORDS, MOST, STANDS_FOR, Frequency, Harm, points_of, rated

CRITERIA = (
    "how often the affected path runs times how badly it can fail (1 to 16; the severity stands in where"
    " nobody has said both); then what closing it costs, the cheaper first; then when it was found"
)
_AMOUNT = re.compile(
    r"(half an?|an?|one|two|three|four|[0-9]+(?:[.,][0-9]+)?)\s*-?\s*(hour|day|week|month)s?\b", re.I
)
_WORDS = {
    "half a": "0.5",
    "half an": "0.5",
    "a": "1",
    "an": "1",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
}
# Working days, as teams plan them.
_DAYS = {"hour": Decimal("0.125"), "day": Decimal(1), "week": Decimal(5), "month": Decimal(20)}


class Rated(Protocol):
    """What the priority of a difference follows from."""

    @property
    def title(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def frequency(self) -> Frequency: ...
    @property
    def harm(self) -> Harm: ...
    @property
    def closing_cost(self) -> str: ...
    @property
    def found_at(self) -> datetime | None: ...


R = TypeVar("R", bound=Rated)


class Priority(msgspec.Struct, frozen=True):
    """Where a difference stands: its place from 1, its points of 16, what closing costs in days, and why."""

    place: int
    points: int
    days: Decimal | None
    words: str


@lru_cache(maxsize=4096)  # a large map says the same of many
def working_days(cost: str) -> Decimal | None:
    """The working days that a cost names: ``2 days``, ``half a day``, ``2 weeks and 340 EUR``; ``None`` for none."""
    found = _AMOUNT.search(cost[:400])
    if found is None:
        return None
    number = " ".join(found[1].casefold().split())
    return Decimal(_WORDS.get(number, number).replace(",", ".")) * _DAYS[found[2].casefold()]


def points(value: Rated) -> int:
    """How much a difference weighs, from 1 to 16."""
    return points_of(value.frequency, value.harm) or STANDS_FOR[value.severity]


def order_of(value: Rated) -> tuple[int, Decimal, str, str, str]:
    """What sorts differences by priority, the first one first: the same for everybody."""
    days = working_days(value.closing_cost)
    found = value.found_at.isoformat() if value.found_at else "~"
    return (
        -points(value),
        Decimal("Infinity") if days is None else days,
        found,
        value.title.casefold(),
        value.region.casefold(),
    )


def ranked(values: Iterable[tuple[str, R]]) -> list[tuple[str, R, Priority]]:
    """Differences by id in the order of their priority, each with its place and why it stands there."""
    in_order = sorted(values, key=lambda pair: (order_of(pair[1]), pair[0]))
    return [
        (ident, value, Priority(place, points(value), working_days(value.closing_cost), reasoning(value)))
        for place, (ident, value) in enumerate(in_order, 1)
    ]


def reasoning(value: Rated) -> str:
    """Why a difference has its priority: ``12 of 16: runs daily × data or money is lost; closing it takes 2 working days``."""
    if points_of(value.frequency, value.harm) is None:
        weight = f"{value.severity.value} severity, {_lacking(value)} not said"
    else:
        weight = f"runs {value.frequency.value} × {HARM_WORDS[value.harm]}"
    days = working_days(value.closing_cost)
    cost = "cost of closing not said"
    if days is not None:
        cost = f"closing it takes {show(days)[0]} working {'day' if days == 1 else 'days'}"
    return f"{points(value)} of {MOST}: {weight}; {cost}"


def _lacking(value: Rated) -> str:
    often, badly = value.frequency is Frequency.UNKNOWN, value.harm is Harm.UNKNOWN
    if often and badly:
        return "how often and how badly"
    return "how often" if often else "how badly"


def contradiction(value: Rated) -> str:
    """What to say where the severity is not the one that follows from how often and how badly; else ""."""
    follows = rated(value.frequency, value.harm)
    if follows is None or follows is value.severity:
        return ""
    return f"how often × how badly says {follows.value}, the severity says {value.severity.value}"
