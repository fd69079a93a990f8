"""Whether values lie more to one side: durations do, of which a few are long."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt


def skewness(values: Sequence[float]) -> float:
    """0 where values lie alike on both sides of their mean, above 0 where a few are large; 0 where all are equal.

    The moment coefficient g1: Joanes and Gill, "Comparing measures of sample skewness and kurtosis",
    The Statistician 47 (1998).
    """
    n = len(values)
    mean = sum(values) / n
    away = [value - mean for value in values]
    widest = max(map(abs, away))
    if widest <= 0:
        return 0.0
    scaled = [each / widest for each in away]  # cubes of what is measured may be larger than any float
    return float(sum(each**3 for each in scaled) / n / (sum(each**2 for each in scaled) / n) ** 1.5)


def skew_of_chance(n: int) -> float:
    """The skewness that so many normal values (3 or more) stay below 39 times in 40: two of its standard errors."""
    return 2 * sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)))
