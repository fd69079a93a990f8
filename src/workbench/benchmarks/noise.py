"""How far production differs from itself: pairs of its own measurements, taken as staging and production are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.windows import window_of
from workbench.statistics.noise import noise_floor

_APART = 2  # windows that may lie between two that are compared: what lies further apart has other load


class Noise:
    """The differences between two windows of production in a row, worked out once however often a build was measured.

    ``measured`` gives what counts of production, oldest first; it is asked only where noise matters.  ``number``
    gives a measurement in the benchmark's unit.
    """

    def __init__(
        self, measured: Callable[[], Sequence[Measurement]], number: Callable[[Measurement], Decimal | None]
    ) -> None:
        self._measured = measured
        self._number = number

    def floor(self, until: datetime) -> float | None:
        """The difference that two windows in a row, measured up to a moment, stay below 95 times in 100.

        ``None`` where there are fewer than 20 pairs: of the same length, sharing no time, and one soon after the
        other.
        """
        moments, differences = self._differences
        return noise_floor(differences[: bisect_right(moments, until)])

    @cached_property
    def _differences(self) -> tuple[Sequence[datetime], Sequence[float]]:
        """Since when each difference was known, and the differences, without sign."""
        found = list(self._in_a_row())
        return [moment for moment, _ in found], [difference for _, difference in found]

    def _in_a_row(self) -> Iterable[tuple[datetime, float]]:
        windows = ((item, window_of(item)) for item in self._measured())
        for (one, first), (other, second) in pairwise(windows):
            if one.environment != other.environment or not _follows(first, second):
                continue
            number, next_number = self._number(one), self._number(other)
            if number is not None and next_number is not None:
                yield other.measured_at, abs(float(next_number - number))


def _follows(first: tuple[datetime, datetime], second: tuple[datetime, datetime]) -> bool:
    """Whether a window is as long as the one before, shares no time with it, and comes soon after it."""
    (begins, ends), (next_begins, next_ends) = first, second
    length = ends - begins
    if not length or next_ends - next_begins != length:
        return False
    return ends <= next_begins <= ends + _APART * length
