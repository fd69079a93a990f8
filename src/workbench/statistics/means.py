"""Two samples compared by their means: for those of which so many values are equal that ranks tell no distance."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt

from workbench.statistics.distributions import t_quantile
from workbench.statistics.ranks import CONFIDENCE, Shift


def difference(samples: Sequence[float], baseline: Sequence[float], confidence: float = CONFIDENCE) -> Shift:
    """By how much the mean of the first sample is larger, with an interval that holds the truth so often.

    Welch, "The generalization of 'Student's' problem when several different population variances are
    involved", Biometrika 34 (1947).  Both samples hold two finite numbers at least.
    """
    (mean, own), (base, other) = _mean_and_variance(samples), _mean_and_variance(baseline)
    gap, variance = mean - base, own + other
    if variance <= 0:
        return Shift(gap, gap, gap)
    freedom = 1 / ((own / variance) ** 2 / (len(samples) - 1) + (other / variance) ** 2 / (len(baseline) - 1))
    reach = t_quantile((1 + confidence) / 2, freedom) * sqrt(variance)
    return Shift(gap, gap - reach, gap + reach)


def _mean_and_variance(values: Sequence[float]) -> tuple[float, float]:
    """The mean, and the variance of that mean."""
    n = len(values)
    mean = fsum(values) / n
    return mean, fsum((value - mean) ** 2 for value in values) / (n - 1) / n
