"""The normal and Student's distribution: what lies beyond a value, and which value lies so far out."""

from __future__ import annotations

from functools import lru_cache
from math import erfc, exp, isinf, lgamma, log, pi, sqrt

_STEPS = 200  # of the continued fraction; it needs a dozen or two
_TINY = 1e-300


def normal_tail(z: float) -> float:
    """The share of a normal distribution above ``z`` standard deviations."""
    return 0.5 * erfc(z / sqrt(2))


@lru_cache(maxsize=64)
def normal_quantile(share: float) -> float:
    """The value, in standard deviations, below which that share (between 0 and 1) of a normal distribution lies."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(share)


@lru_cache(maxsize=4096)
def t_tail(t: float, freedom: float) -> float:
    """The share of Student's distribution above ``t``, with ``freedom`` degrees of freedom (above 0)."""
    if isinf(t):
        return 0.0 if t > 0 else 1.0
    beyond = 0.5 * incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))
    return beyond if t >= 0 else 1 - beyond


@lru_cache(maxsize=4096)
def t_quantile(share: float, freedom: float) -> float:
    """The value below which that share (between 0 and 1) of Student's distribution lies.

    Newton's method from the normal quantile outwards: on that side the distribution is convex, so
    that no step goes too far.
    """
    if share == 0.5:
        return 0.0
    if share < 0.5:
        return -t_quantile(1 - share, freedom)
    beyond, found = 1 - share, normal_quantile(share)
    scale = lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - 0.5 * log(freedom * pi)
    for _ in range(_STEPS):
        density = exp(scale - (freedom + 1) / 2 * log(1 + found * found / freedom))
        step = (t_tail.__wrapped__(found, freedom) - beyond) / density
        found += step
        if abs(step) <= 1e-13 * found:
            break
    return found


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by Lentz's continued fraction.

    Press, Teukolsky, Vetterling and Flannery, "Numerical Recipes", 3rd edition (2007), section 6.4.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    return front * _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        before = value
        for term in (even, odd):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            value *= d * c
        if abs(value - before) <= 1e-16 * abs(value):
            break
    return value


def _away(number: float) -> float:
    """Never 0, by which is divided."""
    return number if abs(number) > _TINY else _TINY
