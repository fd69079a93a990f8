"""Control charts of single values: where the next value is expected from the points before it.

Every chart is one idea with other numbers: the newest points, weighted, must not lie further from
the mean of the points before than a multiple of their deviation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from math import asin, inf, pi, sqrt
from typing import NamedTuple

from workbench.statistics.distributions import t_quantile, t_tail

RATE = (
    0.0027  # of false alarms that three sigma stand for; a prediction chart keeps it at any number of points
)
SPAN = 5  # newest points of a moving average
LAMBDA = 0.2  # weight of the newest point of an EWMA chart; its width is three sigma, too
_OF_RANGE = 1.128  # the mean moving range of two points, in standard deviations
_XMR = 2.660  # three of them, in mean moving ranges
_ENOUGH = 1e-12  # weight of a point that no longer counts


class Course:
    """The points of a chart, added one by one; what limits rest on is kept as they come.

    Mean and sum of squares are updated as by Welford, "Note on a method for calculating corrected
    sums of squares and products", Technometrics 4 (1962).
    """

    def __init__(self, points: Iterable[float] = ()) -> None:
        self.points: list[float] = []
        self.mean = 0.0
        self._squares = self._ranges = self._products = 0.0
        for point in points:
            self.add(point)

    def __len__(self) -> int:
        return len(self.points)

    def add(self, point: float) -> None:
        """One more point, the newest."""
        points = self.points
        if points:
            self._ranges += abs(point - points[-1])
            self._products += (point - points[0]) * (points[-1] - points[0])
        points.append(point)
        above = point - self.mean
        self.mean += above / len(points)
        self._squares += above * (point - self.mean)

    @property
    def deviation(self) -> float:
        """The sample standard deviation, with n - 1; infinite for fewer than two points."""
        return sqrt(self._squares / (len(self.points) - 1)) if len(self.points) > 1 else inf

    @property
    def moving_range(self) -> float:
        """The mean distance of one point from the next; infinite for fewer than two points."""
        return self._ranges / (len(self.points) - 1) if len(self.points) > 1 else inf

    @property
    def correlation(self) -> float:
        """How much a point says of the next one, -1 to 1: the lag-1 autocorrelation; 0 where all are equal.

        Box, Jenkins, Reinsel and Ljung, "Time Series Analysis", 5th edition (2015), section 2.1.
        """
        if self._squares <= 0:
            return 0.0
        points, n = self.points, len(self.points)
        mean = self.mean - points[0]  # sums are kept from the first point on, where little is lost
        ends = 2 * n * mean - (points[-1] - points[0])
        return (self._products - mean * ends + (n - 1) * mean * mean) / self._squares

    @property
    def correlated(self) -> bool:
        """Whether the correlation is beyond what independent points show in about 1 case of 40: 2/√n."""
        return len(self.points) > 2 and self.correlation > 2 / sqrt(len(self.points))


class Chart(NamedTuple):
    """A chart.  ``multiple`` is its reach for so many points, in deviations.

    ``weights`` are those of the newest points, newest first, for so many earlier points; what lacks
    to 1 lies on the centre.  ``by_ranges``: the deviation is taken from the moving ranges.
    """

    about: str
    multiple: Callable[[int], float]
    weights: Callable[[int], Sequence[float]] = lambda n: (1.0,)
    by_ranges: bool = False


class Band(NamedTuple):
    """What a chart allows: ``centre`` ± ``reach`` for its weighted number, ``lower`` to ``upper`` for the next value."""

    centre: float
    reach: float
    lower: float
    upper: float


@lru_cache(maxsize=1024)
def _ewma(n: int) -> tuple[float, ...]:
    weights: list[float] = []
    weight = LAMBDA
    while len(weights) <= n and weight > _ENOUGH:
        weights.append(weight)
        weight *= 1 - LAMBDA
    return tuple(weights)


CHARTS: dict[str, Chart] = {
    # Shewhart, "Economic Control of Quality of Manufactured Product" (1931).
    "mean_3s": Chart("mean ± 3 s", lambda n: 3.0),
    # Wheeler, "Understanding Variation" (1993): individual values and moving ranges.
    "xmr": Chart("mean ± 2.66 mean moving ranges", lambda n: _XMR * _OF_RANGE, by_ranges=True),
    # Hahn and Meeker, "Statistical Intervals" (1991), section 4.7: the interval of one future value.
    "prediction": Chart(
        "mean ± t·s·√(1 + 1/n)",
        lambda n: t_quantile(1 - RATE / 2, n - 1) * sqrt(1 + 1 / n) if n > 1 else inf,
    ),
    # Montgomery, "Introduction to Statistical Quality Control", 7th edition (2013), section 9.3.
    "moving_average": Chart(
        f"the mean of the newest {SPAN}, mean ± 3 s/√{SPAN}",
        lambda n: 3 / sqrt(SPAN),
        lambda n: (1 / SPAN,) * SPAN,
    ),
    # Roberts, "Control Chart Tests Based on Geometric Moving Averages", Technometrics 1 (1959).
    "ewma": Chart(
        f"weighted by {LAMBDA}, mean ± 3 s·√(λ/(2 − λ))", lambda n: 3 * sqrt(LAMBDA / (2 - LAMBDA)), _ewma
    ),
}


def deviation(name: str, course: Course) -> float:
    """The deviation that a chart goes by."""
    return course.moving_range / _OF_RANGE if CHARTS[name].by_ranges else course.deviation


def reach_of(name: str, course: Course) -> float:
    """How far from the mean the charted number may lie after the points of ``course``, two or more of them."""
    return CHARTS[name].multiple(len(course.points)) * deviation(name, course)


def band(name: str, course: Course) -> Band:
    """What the chart of that name allows after the points of ``course``, two or more of them."""
    chart, n = CHARTS[name], len(course)
    centre, reach = course.mean, reach_of(name, course)
    weights = chart.weights(n)
    if weights == (1.0,):
        return Band(centre, reach, centre - reach, centre + reach)
    newest, *older = weights
    kept = sum(
        weight * (point - centre) for weight, point in zip(older, reversed(course.points), strict=False)
    )
    return Band(centre, reach, centre + (-reach - kept) / newest, centre + (reach - kept) / newest)


def charted(name: str, course: Course, value: float) -> float:
    """The number that a chart shows for ``value``: itself, or the mean of the newest."""
    weights = CHARTS[name].weights(len(course))
    newest = (value, *reversed(course.points[1 - len(weights) or len(course) :]))
    return course.mean + sum(w * (point - course.mean) for w, point in zip(weights, newest, strict=False))


@lru_cache(maxsize=4096)
def false_alarms(name: str, n: int) -> float:
    """How often one value of a process in control lies outside the limits from ``n`` independent points.

    Exact for normal points where the newest one alone counts; where limits come from moving ranges
    or several points count, Student's distribution with the degrees of freedom of their variance
    is close (Cryer and Ryan, "The estimation of sigma for an X chart", Journal of Quality
    Technology 22, 1990).
    """
    if n < 2:
        return 0.0
    chart = CHARTS[name]
    weights = list(chart.weights(n))[: n + 1]
    total = sum(weights)
    older = weights[1:] + [0.0] * (n + 1 - len(weights))
    spread = sqrt(weights[0] ** 2 + sum((weight - total / n) ** 2 for weight in older))
    freedom, too_small = (_freedom_of_ranges(n)) if chart.by_ranges else (n - 1.0, 1.0)
    return 2 * t_tail(chart.multiple(n) / too_small / spread, freedom)


def _freedom_of_ranges(n: int) -> tuple[float, float]:
    """The degrees of freedom of a deviation from ``n - 1`` moving ranges, and the mean of such a one."""
    variance, shared = 2 - 4 / pi, 4 / pi * (sqrt(0.75) + 0.5 * asin(0.5) - 1)
    relative = ((n - 1) * variance + 2 * (n - 2) * shared) / (n - 1) ** 2 * pi / 4
    return 0.5 / relative + 0.25, 1 / sqrt(1 + relative)
