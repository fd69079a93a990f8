"""Two samples, or two shares of counts, compared: how much worse the value is than its baseline, and how sure that is.

Everything is turned so that more is worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, inf, isfinite, log, log1p
from statistics import fmean
from typing import NamedTuple

from workbench.criteria.clause import Inputs
from workbench.criteria.figures import Figures
from workbench.statistics import means, proportions
from workbench.statistics.effects import cliffs_delta
from workbench.statistics.percentiles import percentiles
from workbench.statistics.ranks import CONFIDENCE, mann_whitney, shift

WRONG = (1 - CONFIDENCE) / 2  # how often such an interval lies wholly beyond the tolerance by chance
_SLACK = 1e-12  # what binary rounding may add to the end of an interval
_ALL = 700.0  # the logarithm of more times than any float is smaller than another
_MOST_NEEDED = 1_000_000  # samples; more than that are not asked for
_FENCE = 3.0  # ranges between the quartiles, beyond which a sample lies far out


class Compared(NamedTuple):
    """How much worse the value is: the best guess, and the interval from ``low`` to ``high``.

    ``tolerance`` is how much worse it may be.  With ``ratio`` all are logarithms of ratios.
    ``size`` is how many samples the smaller side has.  ``by_means``: it is the difference of the means.
    """

    estimate: float
    low: float
    high: float
    tolerance: float
    ratio: bool
    size: int
    by_means: bool = False

    @property
    def within(self) -> bool:
        """Whether all of the interval is tolerated."""
        return self.high <= self.tolerance + _SLACK

    @property
    def beyond(self) -> bool:
        """Whether none of it is."""
        return self.low > self.tolerance + _SLACK

    @property
    def needed(self) -> int:
        """About how many more samples each side needs for an interval on one side of the tolerance.

        An interval is as wide as 1 / √n; one that is infinite needs a few samples first.
        """
        gap = abs(self.tolerance - self.estimate)
        if not isfinite(self.high - self.low):
            return max(1, 5 - self.size)
        reach = self.high - self.estimate if self.estimate <= self.tolerance else self.estimate - self.low
        if gap * 1000 <= reach:
            return _MOST_NEEDED
        return max(1, ceil(self.size * (reach / gap) ** 2) - self.size)


def worse(inputs: Inputs, share: float) -> Compared:
    """The samples of both sides compared; ``share`` of the baseline is how much worse the value may be."""
    samples, baseline = inputs.samples, inputs.baseline_samples
    ratio = min(samples) > 0 and min(baseline) > 0
    if ratio:
        samples, baseline = [log(each) for each in samples], [log(each) for each in baseline]
    found = shift(samples, baseline)
    by_means = found.low == found.high and _unseen(inputs)
    if by_means:
        ratio, baseline = False, inputs.baseline_samples
        found = means.difference(inputs.samples, baseline)
        tolerance = share * abs(fmean(baseline))
    else:
        tolerance = _log_tolerance(inputs, share) if ratio else share * abs(percentiles(baseline, (50,))[0])
    size = min(len(samples), len(baseline))
    if inputs.better == "higher":
        return Compared(-found.estimate, -found.high, -found.low, tolerance, ratio, size, by_means)
    return Compared(found.estimate, found.low, found.high, tolerance, ratio, size, by_means)


def _unseen(inputs: Inputs) -> bool:
    """Whether more samples are worse than chance explains, where most are equal and the shift is therefore none."""
    samples, baseline = inputs.samples, inputs.baseline_samples
    if min(samples) == max(samples) and min(baseline) == max(baseline):
        return False
    test = mann_whitney(samples, baseline)
    larger = test.statistic > len(samples) * len(baseline) / 2
    return test.p < 2 * WRONG and larger == (inputs.better != "higher")


def _log_tolerance(inputs: Inputs, share: float) -> float:
    """The logarithm of how many times as large, or as small, a value may be."""
    if inputs.better == "higher":
        return -log1p(-share) if share < 1 else _ALL
    return log1p(share)


def worse_share(inputs: Inputs, share: float) -> Compared:
    """The same of two shares whose counts are known."""
    part, whole, base_part, base_whole = _counts(inputs)
    low, high = proportions.difference(part, whole, base_part, base_whole, CONFIDENCE)
    gap, tolerance = part / whole - base_part / base_whole, share * base_part / base_whole
    size = min(whole, base_whole)
    if inputs.better == "higher":
        return Compared(-gap, -high, -low, tolerance, False, size)
    return Compared(gap, low, high, tolerance, False, size)


def figures(inputs: Inputs, found: Compared) -> Figures:
    """What is told of a comparison of samples: Mann and Whitney's test, Cliff's delta, and the interval of the shift."""
    n, m = len(inputs.samples), len(inputs.baseline_samples)
    test = mann_whitney(inputs.samples, inputs.baseline_samples)
    return Figures(
        form="two_sample",
        statistic=test.statistic,
        p=test.p,
        effect=cliffs_delta(test.statistic, n, m),
        interval=_turned(found, inputs),
        ratio=found.ratio,
        points=found.size,
        chance=WRONG,
        basis=f"{n:,} samples against {m:,}",
    )


def share_figures(inputs: Inputs, found: Compared) -> Figures:
    """What is told of a comparison of shares: the difference, its interval, and Fisher's exact test for it."""
    part, whole, base_part, base_whole = _counts(inputs)
    if inputs.better == "higher":
        part, base_part = whole - part, base_whole - base_part
    unit = float(inputs.unit.factor)
    low, high = _turned(found, inputs)
    return Figures(
        form="two_sample",
        statistic=(-found.estimate if inputs.better == "higher" else found.estimate) / unit,
        p=proportions.larger(part, whole, base_part, base_whole),
        interval=(low / unit, high / unit),
        points=found.size,
        chance=WRONG,
        basis=f"{whole:,} against {base_whole:,} counted",
    )


def _counts(inputs: Inputs) -> tuple[int, int, int, int]:
    """Parts and wholes of both sides."""
    factor = float(inputs.unit.factor)
    assert inputs.value is not None and inputs.baseline is not None
    assert inputs.count and inputs.baseline_count
    part, base_part = (
        min(whole, max(0, round(float(share) * factor * whole)))
        for share, whole in ((inputs.value, inputs.count), (inputs.baseline, inputs.baseline_count))
    )
    return part, inputs.count, base_part, inputs.baseline_count


def _turned(found: Compared, inputs: Inputs) -> tuple[float, float]:
    """The interval of the value less its baseline, or of their ratio."""
    low, high = (-found.high, -found.low) if inputs.better == "higher" else (found.low, found.high)
    return (_ratio(low), _ratio(high)) if found.ratio else (low, high)


def _ratio(logarithm: float) -> float:
    return exp(logarithm) if logarithm < _ALL else inf


FAR = ((95, 99), (5, 1))  # percentiles at the bad end, where lower is better and where higher is


class Tail(NamedTuple):
    """How many samples lie more than the tolerance beyond a bound, how many of the baseline's beyond it, and Fisher's p."""

    name: str
    beyond: int
    base_beyond: int
    p: float


def tails(inputs: Inputs, share: float) -> list[Tail]:
    """Whether more samples lie far out than the baseline's, where ranks are blind.

    The bounds are the baseline's p95 and p99, and the fence beyond which a sample is an outlier (Tukey,
    "Exploratory Data Analysis", 1977: three ranges between the quartiles away from the nearer one).  Where half
    of the baseline's samples are equal there is no such range.  If higher is better, the bounds are p5 and p1.
    """
    own, base = _scaled(inputs, inputs.samples), _scaled(inputs, inputs.baseline_samples)
    first, third, p95, p99 = percentiles(base, (25, 75, 95, 99))
    far, furthest = FAR[inputs.better == "higher"]
    bounds = {f"p{far}": p95, f"p{furthest}": p99}
    if third > first:
        bounds = {"outliers": third + _FENCE * (third - first), **bounds}
    found = []
    for name, bound in bounds.items():
        tolerated = bound + share * abs(bound)
        beyond, base_beyond = sum(each > tolerated for each in own), sum(each > bound for each in base)
        if beyond > base_beyond * len(own) / len(base):
            p = proportions.larger(beyond, len(own), base_beyond, len(base))
            found.append(Tail(name, beyond, base_beyond, p))
    return found


def _scaled(inputs: Inputs, samples: Sequence[float]) -> list[float]:
    """Samples turned so that more is worse."""
    return [-each for each in samples] if inputs.better == "higher" else list(samples)
