"""Since when a measured value is as it is: within what is allowed, above it, or below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from statistics import median

import msgspec

from workbench.model.times import clock_text
from workbench.usecases.views.material import Points

# On the way from one level to another a course passes through others: so short a stay is no state of its own.
_PASSING = 0.02
_WITHIN, _ABOVE, _BELOW = "within", "above", "below"


class Bounds(msgspec.Struct, frozen=True):
    """What is allowed; ``None`` is no bound on that side."""

    low: float | None
    high: float | None

    def place(self, value: float) -> str:
        """Where a value lies."""
        if self.high is not None and value > self.high:
            return _ABOVE
        return _BELOW if self.low is not None and value < self.low else _WITHIN


class Stretch(msgspec.Struct, frozen=True):
    """A time in which a value stayed within, above or below what is allowed, and its usual level there."""

    place: str
    since: float
    level: float


def stretches(points: Points, bounds: Bounds) -> list[Stretch]:
    """The course in stretches, oldest first; what it only passed through is left out."""
    least = max(1, round(len(points) * _PASSING))
    found: list[Stretch] = []
    runs = [(place, list(run)) for place, run in groupby(points, key=lambda point: bounds.place(point[1]))]
    for number, (place, run) in enumerate(runs):
        if len(run) < least and 0 < number < len(runs) - 1:
            continue
        if found and found[-1].place == place:
            continue  # it went on after a short way out
        found.append(Stretch(place, run[0][0], median(value for _, value in run)))
    return found


def since_words(
    points: Points,
    bounds: Bounds,
    value: float,
    say: Callable[[float], str],
    *,
    now: datetime,
    zone: tzinfo = UTC,
) -> str:
    """``since yesterday 18:20; before that 0.29 s, also outside``; "" where nothing is known of it.

    ``value`` is what is judged: a course that ends elsewhere tells nothing about it.
    """
    if len(points) < 2 or (bounds.low is None and bounds.high is None):
        return ""
    found = stretches(points, bounds)
    if not found or found[-1].place != bounds.place(value):
        return ""
    last = found[-1]
    when = clock_text(datetime.fromtimestamp(last.since, UTC), now, zone)
    if len(found) == 1:
        return f"since {when} at least"
    return f"since {when}; before that {say(found[-2].level)}, {_before(found)}"


def _before(found: Sequence[Stretch]) -> str:
    last, before = found[-1], found[-2]
    if before.place == _WITHIN:
        return "within what is allowed"
    return "also outside" if last.place != _WITHIN else "outside"
