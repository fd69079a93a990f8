"""Shares of a count: what they may really be, and whether one is larger than another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import comb, exp, lgamma, sqrt

from workbench.statistics.distributions import normal_quantile

_FEW = 60  # up to so many things in all, the sums of whole numbers are exact


def wilson(part: int, whole: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a share, 0 to 1, from ``part`` of ``whole`` things (1 or more).

    Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927); it never leaves 0 to 1, and none of 10 is not sure to
    be none.
    """
    z = normal_quantile((1 + confidence) / 2)
    share, extra = part / whole, z * z / whole
    centre = (share + extra / 2) / (1 + extra)
    reach = z / (1 + extra) * sqrt(share * (1 - share) / whole + extra / (4 * whole))
    return (0.0 if part == 0 else centre - reach), (1.0 if part == whole else centre + reach)


def difference(
    part: int, whole: int, base_part: int, base_whole: int, confidence: float = 0.98
) -> tuple[float, float]:
    """The interval of how much larger the first share is than the second, -1 to 1.

    Newcombe, "Interval estimation for the difference between independent proportions: comparison of
    eleven methods", Statistics in Medicine 17 (1998), method 10: from both shares' Wilson intervals.
    """
    share, base = part / whole, base_part / base_whole
    low, high = wilson(part, whole, confidence)
    base_low, base_high = wilson(base_part, base_whole, confidence)
    gap = share - base
    return gap - sqrt((share - low) ** 2 + (base_high - base) ** 2), gap + sqrt(
        (high - share) ** 2 + (base - base_low) ** 2
    )


def larger(part: int, whole: int, base_part: int, base_whole: int) -> float:
    """How likely ``part`` of ``whole`` or more is, if the share is the same as ``base_part`` of ``base_whole``.

    Fisher's exact test, one-sided: "The Design of Experiments" (1935), chapter 2.
    """
    both, found = whole + base_whole, part + base_part
    most = min(whole, found)
    if both <= _FEW:
        ways = sum(comb(whole, k) * comb(base_whole, found - k) for k in range(part, most + 1))
        return ways / comb(both, found)
    total = _log_comb(both, found)
    terms = (
        _log_comb(whole, k) + _log_comb(base_whole, found - k) - total
        for k in range(max(part, found - base_whole), most + 1)
    )
    return min(1.0, sum(map(exp, terms)))


def _log_comb(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


class Shares:
    """A chart of shares of counts: ``parts`` of ``wholes``, the oldest first, two of them or more.

    Laney, "Improved control charts for attributes", Quality Engineering 14 (2002), p′: the deviation
    that so many things make by chance, times how much shares vary beyond it.  ``centre`` is the share
    of all together, ``scores`` the distances of the shares from it in sigma.
    """

    def __init__(self, parts: Sequence[float], wholes: Sequence[int]) -> None:
        self.centre = sum(parts) / sum(wholes)
        self._chance = sqrt(self.centre * (1 - self.centre)) if 0 < self.centre < 1 else 0.0
        pairs = zip(parts, wholes, strict=True)
        away = [(part / whole - self.centre) * sqrt(whole) for part, whole in pairs]
        ranges = [abs(later - earlier) for earlier, later in pairwise(away)]
        spread = sum(ranges) / len(ranges) / 1.128
        self.beyond = spread / self._chance if self._chance else 0.0
        self.scores = [each / spread if spread else 0.0 for each in away]

    def reach(self, whole: int) -> float:
        """Three sigma for a share of so many things."""
        return 3 * self._chance / sqrt(whole) * self.beyond


class GrowingShares:
    """The same chart while its points come in one by one.

    Whether a value lies inside is mostly told from a bound of the moving ranges, without a look at all
    points: their sum is convex in the centre, and falls no faster than ``_slope``.
    """

    def __init__(self) -> None:
        self._parts: list[float] = []
        self._wholes: list[int] = []
        self._all_parts, self._all_wholes = 0.0, 0
        self._centre = self._ranges = self._slope = 0.0  # the sum of ranges at a centre of some time ago

    def add(self, part: float, whole: int) -> None:
        """One more point, the newest."""
        if self._parts:
            before, root_before = self._parts[-1] / self._wholes[-1], sqrt(self._wholes[-1])
            root = sqrt(whole)
            step, apart = part / whole * root - before * root_before, root - root_before
            self._ranges += abs(step - self._centre * apart)
            self._slope += abs(apart)
        self._parts.append(part)
        self._wholes.append(whole)
        self._all_parts += part
        self._all_wholes += whole

    def clearly_inside(self, part: float, whole: int) -> bool:
        """Whether a value lies inside for sure; where not, :meth:`drawn` tells."""
        centre = self._all_parts / self._all_wholes
        least = self._ranges - abs(centre - self._centre) * self._slope
        if least <= 0 or not 0 < centre < 1:
            return False
        reach = 3 * least / (len(self._parts) - 1) / 1.128 / sqrt(whole)
        return abs(part / whole - centre) < reach * 0.999999

    def drawn(self) -> Shares:
        """The chart of all points; from here on its centre is the one that is reckoned from."""
        found = Shares(self._parts, self._wholes)
        self._centre = found.centre
        away = [
            (part / whole - found.centre) * sqrt(whole)
            for part, whole in zip(self._parts, self._wholes, strict=True)
        ]
        self._ranges = sum(abs(later - earlier) for earlier, later in pairwise(away))
        return found
