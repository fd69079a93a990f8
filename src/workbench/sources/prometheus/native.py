"""Native histograms, whose buckets come with both of their bounds, and custom ones in the same form."""

from __future__ import annotations

from math import inf, isfinite

import msgspec

from workbench.model.histograms import Histogram


class Native(msgspec.Struct, frozen=True):
    """A native histogram as the API writes it: numbers as texts, a bucket as (rule, from, to, count).

    The rule says which bounds belong to a bucket, which makes no difference to counts.
    """

    count: str
    sum: str = ""
    buckets: list[tuple[int, str, str, str]] = []


def histogram_of(native: Native, factor: float = 1.0) -> tuple[Histogram, float]:
    """The histogram with its bounds times ``factor``, and how many observations lie in no bucket (they were NaN).

    Stretches between buckets, where nothing was observed, become buckets with a count of 0.  ``ValueError``
    for what is no histogram.
    """
    buckets = sorted((float(low), float(high), float(count)) for _, low, high, count in native.buckets)
    if not buckets:
        raise ValueError("it holds no observation")
    bounds: list[float] = []
    counts: list[float] = []
    above = 0.0
    for low, high, count in buckets:
        if not low < high or (bounds and low < bounds[-1] * (1 - 1e-9)):
            raise ValueError("its buckets overlap")
        if low > (bounds[-1] if bounds else -inf):
            bounds.append(low)
            counts.append(0.0)
        if isfinite(high):
            bounds.append(high)
            counts.append(count)
        else:
            above += count
    inside = sum(counts) + above
    histogram = Histogram(tuple(bound * factor for bound in bounds), (*counts, above))
    return histogram, float(native.count) - inside
