"""How far two histograms lie over each other."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sqrt


def overlap(counts: Sequence[float], others: Sequence[float]) -> float:
    """The share of two histograms on the same buckets that they have in common, 0 to 1.

    Weitzman, "Measures of overlap of income distributions of white and Negro families in the United
    States", US Bureau of the Census, technical paper 22 (1970).  Both hold something.
    """
    total, other = sum(counts), sum(others)
    return sum(min(one / total, two / other) for one, two in zip(counts, others, strict=True))


def own_overlap(counts: Sequence[float], others: Sequence[float]) -> float:
    """The overlap to be expected of two such histograms if both came from the same distribution (A/A).

    1 less half the sum of the differences that chance makes between two shares, each as far as a
    normal variable lies from 0 on average, by the shares of both histograms together.
    """
    total, other = sum(counts), sum(others)
    shares = ((one + two) / (total + other) for one, two in zip(counts, others, strict=True))
    spread = sqrt(2 / pi * (1 / total + 1 / other))
    return 1 - spread / 2 * sum(sqrt(share * (1 - share)) for share in shares)
