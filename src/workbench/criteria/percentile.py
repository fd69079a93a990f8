"""Percentiles of samples."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite


def percentile(samples: Sequence[float], q: float) -> float:
    """The ``q``-th percentile (0 to 100) by linear interpolation between closest ranks.

    This is type 7 of Hyndman and Fan, "Sample quantiles in statistical packages", The
    American Statistician 50 (1996), and the default of R and numpy.  Raises ``ValueError``
    for no samples, for samples that are not finite, and for ``q`` outside 0 to 100.
    """
    if not 0 <= q <= 100:
        raise ValueError(f"a percentile lies between 0 and 100, not at {q}")
    if not samples:
        raise ValueError("no samples")
    if not all(map(isfinite, samples)):
        raise ValueError("the samples hold something that is not a finite number")
    ordered = sorted(samples)
    position = (len(ordered) - 1) * q / 100
    rank = floor(position)
    low = ordered[rank]
    high = ordered[min(rank + 1, len(ordered) - 1)]
    return float(low + (high - low) * (position - rank))
