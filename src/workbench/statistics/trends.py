"""Whether values rise or fall one after the other, or only as chance would have it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from math import factorial, sqrt
from statistics import median
from typing import NamedTuple

from workbench.statistics.distributions import normal_tail

FEWEST = 5  # of fewer values no order is rarer than 1 in 20
_EXACT = 40  # up to so many values without ties the distribution is counted out


class Trend(NamedTuple):
    """``slope`` is the usual step from one value to the next, ``p`` how often chance alone makes such an order."""

    slope: float
    p: float


def trend(values: Sequence[float]) -> Trend:
    """The trend of values in their order; ``ValueError`` for fewer than two.

    The test is Mann's, "Nonparametric tests against trend", Econometrica 13 (1945), two-sided, with the
    correction for ties of Kendall, "Rank Correlation Methods" (1975).  The slope is the median of all
    pairs', Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63 (1968).
    """
    n = len(values)
    if n < 2:
        raise ValueError("a trend needs two values or more")
    pairs = list(combinations(range(n), 2))
    slope = median((values[j] - values[i]) / (j - i) for i, j in pairs)
    score = sum((values[j] > values[i]) - (values[j] < values[i]) for i, j in pairs)
    if n <= _EXACT and len(set(values)) == n:
        return Trend(slope, _exact(n, abs(score)))
    return Trend(slope, _asymptotic(values, abs(score)))


def _exact(n: int, score: int) -> float:
    """How many of all orders have a score at least so far from 0, as a share."""
    most = n * (n - 1) // 2
    inverted = (most - score) // 2  # so many pairs are the other way round
    return min(1.0, 2 * sum(_inversions(n)[: inverted + 1]) / factorial(n))


@lru_cache(maxsize=_EXACT)
def _inversions(n: int) -> tuple[int, ...]:
    """How many orders of ``n`` things have 0, 1, 2, … pairs the other way round."""
    counts = [1]
    for size in range(2, n + 1):
        longer = [0] * (len(counts) + size - 1)
        for place, count in enumerate(counts):
            for more in range(size):
                longer[place + more] += count
        counts = longer
    return tuple(counts)


def _asymptotic(values: Sequence[float], score: int) -> float:
    """By the normal distribution, with continuity and ties corrected; 1 where all values are equal."""
    n = len(values)
    tied = (values.count(value) for value in set(values))
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in tied)) / 18
    if variance <= 0 or score == 0:
        return 1.0
    return min(1.0, 2 * normal_tail((score - 1) / sqrt(variance)))
