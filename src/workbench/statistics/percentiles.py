"""Percentiles of samples."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite

_MANY = 10_000  # samples, from which on selecting with numpy is worth its import


def percentile(samples: Sequence[float], q: float) -> float:
    """The ``q``-th percentile (0 to 100) by linear interpolation between closest ranks.

    This is type 7 of Hyndman and Fan, "Sample quantiles in statistical packages", The
    American Statistician 50 (1996), and the default of R and numpy.  Raises ``ValueError``
    for no samples, for samples that are not finite, and for ``q`` outside 0 to 100.
    """
    return percentiles(samples, (q,))[0]


def percentiles(samples: Sequence[float], qs: Sequence[float]) -> tuple[float, ...]:
    """Several percentiles at once; see :func:`percentile`.  ``samples`` may be an array of numpy, too."""
    for q in qs:
        if not 0 <= q <= 100:
            raise ValueError(f"a percentile lies between 0 and 100, not at {q}")
    if not len(samples):
        raise ValueError("no samples")
    if len(samples) >= _MANY:
        return _of_many(samples, qs)
    if not all(map(isfinite, samples)):
        raise ValueError(_NOT_FINITE)
    ordered = sorted(samples)
    return tuple(_between(ordered, q) for q in qs)


_NOT_FINITE = "the samples hold something that is not a finite number"


def _between(ordered: Sequence[float], q: float) -> float:
    position = (len(ordered) - 1) * q / 100
    rank = floor(position)
    low = ordered[rank]
    high = ordered[min(rank + 1, len(ordered) - 1)]
    return float(low + (high - low) * (position - rank))


def _of_many(samples: Sequence[float], qs: Sequence[float]) -> tuple[float, ...]:
    import numpy

    values = numpy.asarray(samples, dtype=float)
    if not numpy.isfinite(values).all():
        raise ValueError(_NOT_FINITE)
    return tuple(map(float, numpy.percentile(values, qs)))
