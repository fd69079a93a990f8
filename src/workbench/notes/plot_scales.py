"""Where numbers and points lie in a drawing, and which round numbers stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import ceil, floor, isfinite, log10

import msgspec

from workbench.model.quantity import grouped

_LARGEST = 1e200  # what is larger is not drawn
_ROOM = 0.06  # beyond the smallest and the largest number, as a share of what lies between


def drawable(number: float) -> bool:
    """Whether a number can be drawn at all."""
    return isfinite(number) and abs(number) < _LARGEST


class Upwards(msgspec.Struct, frozen=True):
    """From a number to its height: ``top`` and ``bottom`` are where ``high`` and ``low`` lie."""

    low: float
    high: float
    top: float
    bottom: float
    log: bool = False

    def place(self, number: float) -> float:
        """How far down a number lies; one beyond the scale at its edge."""
        low, high, number = (self._of(each) for each in (self.low, self.high, number))
        share = (min(max(number, low), high) - low) / (high - low)
        return self.bottom - share * (self.bottom - self.top)

    def _of(self, number: float) -> float:
        return log10(max(number, self.low if number <= 0 else number)) if self.log else number

    def ticks(self, most: int = 6) -> list[tuple[float, str]]:
        """Round numbers on the scale, as numbers and as text."""
        if self.log and self.high / self.low >= 10:
            first, last = ceil(log10(self.low)), floor(log10(self.high))
            return [(10.0**power, _said(10.0**power)) for power in range(first, last + 1)]
        step = _round_step((self.high - self.low) / most)
        first = ceil(self.low / step)
        count = floor(self.high / step) - first + 1
        digits = max(0, -floor(log10(step)))
        return [(place * step, _with_digits(place * step, digits)) for place in range(first, first + count)]


def upwards(numbers: Sequence[float], top: float, bottom: float, *, log: bool) -> Upwards:
    """A scale that holds all numbers with a little room; by logarithms only where all are positive."""
    low, high = min(numbers), max(numbers)
    if log and low > 0:
        factor = (high / low) ** _ROOM if high > low else 1.1
        return Upwards(low / factor, high * factor, top, bottom, log=True)
    room = (high - low) * _ROOM or abs(high) * 0.1 or 1.0
    least = 0.0 if 0 <= low < room else low - room
    return Upwards(least, high + room, top, bottom)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, … times a power of ten that is no less."""
    size = 10.0 ** floor(log10(least))
    return next(size * factor for factor in (1, 2, 5, 10) if size * factor >= least * 0.999)


def _with_digits(number: float, digits: int) -> str:
    return grouped(f"{number:.{digits}f}" if digits <= 12 else f"{number:.3g}")


def _said(number: float) -> str:
    return grouped(f"{number:g}") if 1e-4 <= number < 1e6 else f"{number:g}"


class Across(msgspec.Struct, frozen=True):
    """From left to right: points one after the other at equal distances, moments between them."""

    times: Sequence[datetime]
    left: float
    right: float

    def place(self, number: int) -> float:
        """Where a point lies."""
        return self.left + (number + 0.5) * (self.right - self.left) / len(self.times)

    def at(self, moment: datetime) -> float | None:
        """Where a moment lies: as far between two points as it was between them; none before the first."""
        if moment < self.times[0]:
            return None
        for number, (one, other) in enumerate(zip(self.times, self.times[1:], strict=False)):
            if one <= moment < other:
                share = (moment - one).total_seconds() / (other - one).total_seconds()
                return self.place(number) + share * (self.place(number + 1) - self.place(number))
        return self.right
