"""Counts by buckets: what is left of samples that nobody kept."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from math import isfinite

import msgspec


class Histogram(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many observations fell into each bucket.

    ``bounds`` are the finite upper bounds in growing order, in a measurement's unit; ``counts`` has
    one number for each and a last one for what lay above them all.  Raises ``ValueError`` for what
    is no histogram.
    """

    bounds: tuple[float, ...]
    counts: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.bounds or len(self.counts) != len(self.bounds) + 1:
            raise ValueError("a histogram has one count for each bound, and one above them")
        if not all(map(isfinite, (*self.bounds, *self.counts))) or min(self.counts) < 0:
            raise ValueError("the bounds and counts of a histogram are finite, and no count is negative")
        if any(low >= high for low, high in pairwise(self.bounds)):
            raise ValueError("the bounds of a histogram grow")

    @property
    def total(self) -> float:
        """How many observations there are."""
        return sum(self.counts)

    @property
    def edges(self) -> tuple[float, ...]:
        """The lower bound of the first bucket and all upper ones: the first begins at 0 where it can."""
        first = self.bounds[0]
        return (0.0 if first > 0 else first, *self.bounds)

    def quantile(self, q: float) -> float | None:
        """The ``q``-quantile (0 to 1) by linear interpolation within its bucket.

        What lies in the last bucket is the highest finite bound, and what lies in a first one whose
        bound is not above 0 is that bound, as the documentation of PromQL's ``histogram_quantile`` has it.  ``None`` of no observations.
        """
        if not 0 <= q <= 1:
            raise ValueError(f"a quantile lies between 0 and 1, not at {q}")
        if not self.total:
            return None
        rank, below = q * self.total, 0.0
        for place, bound in enumerate(self.bounds):
            inside = self.counts[place]
            if below + inside >= rank and inside:
                low = self.edges[place]
                return bound if place == 0 and bound <= 0 else low + (bound - low) * (rank - below) / inside
            below += inside
        return self.bounds[-1]

    def bucket_of(self, value: float) -> tuple[float, float | None]:
        """The bounds of the bucket that a value falls into; the last one has no upper bound."""
        place = bisect_left(self.bounds, value)
        low = self.edges[place] if place < len(self.bounds) else self.bounds[-1]
        return low, self.bounds[place] if place < len(self.bounds) else None

    @staticmethod
    def of_cumulative(pairs: Sequence[tuple[float, float]]) -> Histogram:
        """From cumulative buckets: (upper bound, observations up to it), the last bound infinite.

        Counts that fall, as scrapes at slightly different moments make them, are raised to the one
        before, as ``histogram_quantile`` does.
        """
        ordered = sorted(pairs)
        bounds = tuple(bound for bound, _ in ordered if isfinite(bound))
        if len(bounds) == len(ordered):
            raise ValueError("the buckets have none up to +Inf")
        counts, below = [], 0.0
        for _, up_to in ordered:
            counts.append(max(0.0, up_to - below))
            below = max(below, up_to)
        return Histogram(bounds, tuple(counts))
