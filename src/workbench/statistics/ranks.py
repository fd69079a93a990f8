"""Two samples compared by ranks: is one larger than the other, and by how much.

Nothing is assumed of their distribution but that one is the other, shifted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import floor, inf, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.statistics.distributions import normal_quantile, normal_tail

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONFIDENCE = 0.98  # of the interval of a shift: each side is wrong once in a hundred times
_FEW = 10_000  # pairs that are quicker sorted than numpy is imported
_LISTED = 1 << 18  # pairs that are listed once so few are left between the bounds


class Compared(NamedTuple):
    """Mann and Whitney's test: in how many pairs the first sample is larger, ties half; and its p, two-sided."""

    statistic: float
    p: float


class Shift(NamedTuple):
    """How much larger the first sample is: the median of all differences, and its interval."""

    estimate: float
    low: float
    high: float


def mann_whitney(samples: Sequence[float], baseline: Sequence[float]) -> Compared:
    """Whether values of one sample tend to be larger than those of the other.

    Mann and Whitney, "On a test of whether one of two random variables is stochastically larger
    than the other", Annals of Mathematical Statistics 18 (1947); the normal approximation with
    corrections for ties and continuity, as in Hollander, Wolfe and Chicken, "Nonparametric
    Statistical Methods", 3rd edition (2014), section 4.1.  ``p`` is 1 where all values are equal.
    Both samples hold one finite number at least.
    """
    n, m = len(samples), len(baseline)
    larger, ties = _ranked(samples, baseline) if n * m <= _FEW else _ranked_many(samples, baseline)
    pairs, both = n * m, n + m
    variance = pairs / 12 * (both + 1 - ties / (both * (both - 1)))
    if variance <= 0:
        return Compared(larger, 1.0)
    away = max(abs(larger - pairs / 2) - 0.5, -0.5)
    return Compared(larger, min(1.0, 2 * normal_tail(away / sqrt(variance))))


def shift(samples: Sequence[float], baseline: Sequence[float], confidence: float = CONFIDENCE) -> Shift:
    """By how much values of the first sample are larger, with an interval that holds the truth so often.

    Hodges and Lehmann, "Estimates of location based on rank tests", Annals of Mathematical
    Statistics 34 (1963); the interval ends at two of the ordered differences (the same book as
    above, section 4.3), which are found exactly, however many there are.  It is infinite where so
    few values allow none.
    """
    n, m = len(samples), len(baseline)
    pairs = n * m
    reach = normal_quantile((1 + confidence) / 2) * sqrt(pairs * (n + m + 1) / 12)
    outer = floor(pairs / 2 + 0.5 - reach)  # so many differences lie at the lower end or beyond it
    wanted = sorted(
        {(pairs + 1) // 2, pairs // 2 + 1} | ({outer, pairs + 1 - outer} if outer >= 1 else set())
    )
    find = _differences if pairs <= _FEW else _differences_of_many
    found = dict(zip(wanted, find(samples, baseline, wanted), strict=True))
    estimate = (found[(pairs + 1) // 2] + found[pairs // 2 + 1]) / 2
    return Shift(estimate, found.get(outer, -inf), found.get(pairs + 1 - outer, inf))


def _ranked(samples: Sequence[float], baseline: Sequence[float]) -> tuple[float, float]:
    """In how many pairs the sample is larger, ties half; and the sum of t³ - t over ties of t values."""
    larger = sum((one > other) + 0.5 * (one == other) for one in samples for other in baseline)
    return larger, sum(t**3 - t for t in Counter((*samples, *baseline)).values())


def _ranked_many(samples: Sequence[float], baseline: Sequence[float]) -> tuple[float, float]:
    import numpy

    ordered = numpy.sort(numpy.asarray(baseline, dtype=float))
    values = numpy.sort(numpy.asarray(samples, dtype=float))
    below, upto = (int(numpy.searchsorted(ordered, values, side).sum()) for side in ("left", "right"))
    counts = numpy.unique(numpy.concatenate((ordered, values)), return_counts=True)[1].astype(float)
    return (below + upto) / 2, float((counts**3 - counts).sum())


def _differences(samples: Sequence[float], baseline: Sequence[float], ranks: Sequence[int]) -> list[float]:
    """The differences of these ranks, counted from 1, among all pairs."""
    ordered = sorted(one - other for one in samples for other in baseline)
    return [ordered[rank - 1] for rank in ranks]


def _differences_of_many(
    samples: Sequence[float], baseline: Sequence[float], ranks: Sequence[int]
) -> list[float]:
    """The same for samples whose differences are too many to list."""
    import numpy

    # Values that occur several times are looked at once.
    tables = [
        numpy.unique(numpy.asarray(each, dtype=float), return_counts=True) for each in (samples, baseline)
    ]
    pairs = _Pairs(*tables[0], *tables[1])
    return [pairs.at(rank) for rank in ranks]


class _Pairs:
    """All differences of two sorted samples, of which any can be found without listing them.

    For a value between two bounds it is counted how many differences are not larger, which takes one
    walk through both samples; then a bound moves there, and on to the next difference that exists.
    """

    def __init__(
        self, values: NDArray[Any], times: NDArray[Any], others: NDArray[Any], other_times: NDArray[Any]
    ) -> None:
        import numpy

        self._np = numpy
        # A difference is not larger than t where the other is at least value - t: turned round, so that it grows.
        self._values, self._times = values, times
        self._others = others[::-1].copy()
        self._other_times = other_times[::-1].copy()
        self._before = numpy.concatenate(
            ([0], numpy.cumsum(self._other_times))
        )  # how many are before a place
        # Of each count: the last difference among so many, and the one that follows it.
        least, largest = float(values[0] - others[-1]), float(values[-1] - others[0])
        self._seen = [(0, -inf, least), (int(times.sum()) * int(self._before[-1]), largest, inf)]

    def at(self, rank: int) -> float:
        """The difference of that rank, counted from 1."""
        below, low, upto, high = self._bounds(rank)
        while low < high and upto - below > _LISTED:
            middle = low + (high - low) / 2
            ends = self._ends(middle if middle < high else low)
            count = int((self._times * self._before[ends]).sum())
            self._seen.append((count, self._last(ends), self._next(ends)))
            below, low, upto, high = self._bounds(rank)
        return low if low == high else self._listed(low, high, rank - below)

    def _bounds(self, rank: int) -> tuple[int, float, int, float]:
        """Between which differences that rank lies: how many are below the lower one, how many up to the higher."""
        below, low = max((count, following) for count, _, following in self._seen if count < rank)
        upto, high = min((count, last) for count, last, _ in self._seen if count >= rank)
        return below, low, upto, high

    def _ends(self, bound: float) -> NDArray[Any]:
        """For each value the place behind the last other from which it differs by ``bound`` or less."""
        np, others = self._np, self._others
        ends: NDArray[Any] = np.searchsorted(-others, bound - self._values, side="right")
        while True:  # what subtracting rounds must not put a pair on the wrong side
            at = np.minimum(ends, len(others) - 1)
            more = (ends < len(others)) & (self._values - others[at] <= bound)
            fewer = (ends > 0) & (self._values - others[ends - 1] > bound)
            if not (more.any() or fewer.any()):
                return ends
            ends = ends + more - fewer

    def _last(self, ends: NDArray[Any]) -> float:
        """The largest difference before those places."""
        some = ends > 0
        return float((self._values[some] - self._others[ends[some] - 1]).max())

    def _next(self, ends: NDArray[Any]) -> float:
        """The smallest difference from those places on."""
        some = ends < len(self._others)
        return float((self._values[some] - self._others[ends[some]]).min())

    def _listed(self, low: float, high: float, rank: int) -> float:
        """The difference of that rank among those from ``low`` to ``high``."""
        np = self._np
        first, last = self._ends(np.nextafter(low, -inf)), self._ends(high)
        widths = last - first
        rows = np.repeat(np.arange(len(widths)), widths)
        places = np.arange(len(rows)) - np.repeat(np.cumsum(widths) - widths, widths) + first[rows]
        found = self._values[rows] - self._others[places]
        order = np.argsort(found)
        times = np.cumsum((self._times[rows] * self._other_times[places])[order])
        return float(found[order][np.searchsorted(times, rank)])
