"""BM-7: the samples of both environments, counted in the same buckets, and how far they lie over each other."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import msgspec

from workbench.benchmarks.charted import Histograms
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.samples import histogram, samples
from workbench.model.histograms import Histogram
from workbench.model.quantity import Unit, find_unit, rescale_all
from workbench.record import Record
from workbench.statistics.overlap import overlap, own_overlap
from workbench.statistics.percentiles import percentiles

BUCKETS = 20
_USUAL, _FAR = 98, 2.0  # what lies twice as far as that percentile would leave no room for the rest
_RANKS = (50.0, 95.0, 99.0)


def side_by_side(
    record: Record, staging: Measurement, production: Measurement, unit: Unit
) -> Histograms | None:
    """Both sides' samples or histograms in ``unit``; ``None`` where one of the two has neither.

    Histograms that servers counted keep their buckets: of two with different ones the bounds that both
    have, and single samples are counted in the buckets of the other side.  Raises ``RecordError`` for
    samples that are damaged.
    """
    sides = [_Side.of(record, one, unit) for one in (staging, production)]
    if not all(side.total for side in sides):
        return None
    edges = _edges(*sides)
    counts = [side.counts(edges) for side in sides]
    if not all(map(sum, counts)):
        return None
    own, other = (side.percentiles() for side in sides)
    return Histograms(
        unit=unit.symbol,
        edges=edges,
        staging=counts[0],
        production=counts[1],
        staging_p50=own[0],
        staging_p95=own[1],
        staging_p99=own[2],
        production_p50=other[0],
        production_p95=other[1],
        production_p99=other[2],
        overlap=overlap(*counts),
        own_overlap=own_overlap(*counts),
        basis=" and ".join(dict.fromkeys(side.basis for side in sides)),
        **_names(staging, production),
    )


def _names(staging: Measurement, production: Measurement) -> dict[str, str]:
    """What the sides are called: by their environments, or the baseline where both are of one."""
    own, other = staging.environment or "staging", production.environment or "production"
    return {"own": own, "other": other if other != own else "baseline"}


class _Side(msgspec.Struct, frozen=True):
    """What one side has: samples, or a histogram in their place."""

    numbers: Sequence[float]
    buckets: Histogram | None
    basis: str

    @staticmethod
    def of(record: Record, measurement: Measurement, unit: Unit) -> _Side:
        own = find_unit(measurement.unit)
        found = histogram(record, measurement)
        if found is not None:
            bounds = tuple(rescale_all(found.bounds, own, unit))
            return _Side((), Histogram(bounds, found.counts), measurement.basis)
        # A course without samples is one number for each step: averages.
        basis = measurement.basis or "averaged"
        return _Side(rescale_all(samples(record, measurement), own, unit), None, basis)

    @property
    def total(self) -> float:
        return self.buckets.total if self.buckets else len(self.numbers)

    def counts(self, edges: tuple[float, ...]) -> tuple[int, ...]:
        """How many there are above each edge and up to the next; the first and the last take what lies outside."""
        if self.buckets is None:
            import numpy

            places = numpy.searchsorted(edges[1:-1], self.numbers, side="left")
            return tuple(int(count) for count in numpy.bincount(places, minlength=len(edges) - 1))
        found, place = [0.0] * (len(edges) - 1), 0
        for bound, count in zip((*self.buckets.bounds, edges[-1]), self.buckets.counts, strict=True):
            while place < len(found) - 1 and edges[place + 1] < bound:
                place += 1
            found[place] += count
        return tuple(map(round, found))

    def above(self, bound: float) -> bool:
        """Whether some lie above a bound."""
        if self.buckets is None:
            return any(number > bound for number in self.numbers)
        tops = (*self.buckets.bounds, inf)
        return any(top > bound and count for top, count in zip(tops, self.buckets.counts, strict=True))

    def percentiles(self) -> tuple[float, ...]:
        if self.buckets is None:
            return percentiles(self.numbers, _RANKS)
        return tuple(self.buckets.quantile(rank / 100) or 0.0 for rank in _RANKS)


def _edges(one: _Side, other: _Side) -> tuple[float, ...]:
    bucketed = [side.buckets for side in (one, other) if side.buckets is not None]
    if not bucketed:
        return _equal_widths(one.numbers, other.numbers)
    shared = sorted(set.intersection(*(set(buckets.bounds) for buckets in bucketed)))
    bounds = tuple(shared) or bucketed[0].bounds[-1:]
    lowest = min(0.0, *bounds)
    if lowest == bounds[0]:
        lowest -= bounds[-1] - bounds[0] or 1.0
    above = any(side.above(bounds[-1]) for side in (one, other))
    return (lowest, *bounds, *((2 * bounds[-1] - lowest,) if above else ()))


def _equal_widths(one: Sequence[float], other: Sequence[float]) -> tuple[float, ...]:
    """Buckets of the same width from the least to the largest; the last is wider where a few lie far out."""
    import numpy

    both = numpy.concatenate([numpy.asarray(one, dtype=float), numpy.asarray(other, dtype=float)])
    low, top = float(both.min()), float(both.max())
    usual = float(numpy.percentile(both, _USUAL))
    high = usual if low < usual and top - low > _FAR * (usual - low) else top
    width = (high - low) / BUCKETS or max(abs(high), 1.0) / BUCKETS
    edges = [low + width * place for place in range(BUCKETS)]
    edges.append(high if high > edges[-1] else low + width * BUCKETS)
    return (*edges, top) if top > edges[-1] else tuple(edges)
