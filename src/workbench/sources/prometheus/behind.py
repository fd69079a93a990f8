"""What stands behind a value of Prometheus: one number for each slice of time, or a histogram."""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from math import isfinite

import msgspec

from workbench.model.canonical import decimal_text
from workbench.model.errors import SourceError
from workbench.model.floats import to_bytes
from workbench.model.histograms import Histogram
from workbench.model.quantity import find_unit
from workbench.model.times import duration_text, parse_duration
from workbench.sources.prometheus.answer import MOST_SAMPLES, Decoded
from workbench.sources.prometheus.native import Native, histogram_of
from workbench.sources.prometheus.units import unit_of, without_comments
from workbench.sources.reading import Basis, Question

_QUANTILE = re.compile(r"\bhistogram_quantile\s*\(\s*([0-9]*\.?[0-9]+)\s*,")
_ASK = (
    "ask for sum by (le) (increase(…_bucket[$window])), or for a native histogram: sum(increase(…[$window]))"
)
_FEWEST, _MOST = 2, 100_000  # slices of a window


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept with a value; ``samples`` is how many observations or slices there are."""

    data: bytes
    basis: Basis
    samples: int
    facts: Mapping[str, str | int] = {}


def slice_of(text: str, question: Question) -> timedelta:
    """The length of a slice; ``SourceError`` where the window holds no two of them."""
    length = parse_duration(text)
    if question.window is None:
        raise SourceError("slices need a window", hint="give the measure a window, for example window: 1h")
    if not _FEWEST <= question.window / length <= _MOST:
        raise SourceError(
            f"a window of {duration_text(question.window)} has no usable number of slices of {text}",
            hint=f"from {_FEWEST} to {_MOST:,} slices fit into a window",
        )
    return timedelta(seconds=max(1, round(length.total_seconds())))


def of_slices(points: array[float], expected: int) -> Behind:
    """The samples of a range (t, value, t, value, …); a slice without a number is no sample."""
    numbers = points[1::2]
    count = len(numbers)
    facts = {"slices": f"{count} of {expected} slices had data"} if count < expected else {}
    return Behind(data=to_bytes(numbers), basis="averaged", samples=count, facts=facts)


def of_buckets(answer: Decoded, query: str, unit: str) -> Behind:
    """The histogram of an answer with one series for each bucket, its bounds in ``unit``."""
    if answer.kind != "vector":
        raise SourceError("the histogram query gives no buckets", hint=_ASK)
    native = [sample.native for sample in answer.samples if sample.native is not None]
    if len(native) == answer.total == 1:
        return _of_native(native[0], _factor(query, unit))
    if native:
        raise SourceError(
            f"the histogram query gives {answer.total:,} native histograms",
            hint="put them together: sum(increase(…[$window]))",
        )
    if answer.total > MOST_SAMPLES:
        raise SourceError(
            f"the histogram query gives {answer.total:,} series: sum by (le) leaves the buckets"
        )
    if not answer.samples:
        raise SourceError("the histogram query gives no series")
    pairs = []
    for sample in answer.samples:
        bound, count = _float(sample.labels.get("le", "")), _float(sample.text)
        if "vmrange" in sample.labels:
            raise SourceError(
                "the histogram query gives buckets of VictoriaMetrics' own form",
                hint="write sum by (le) (prometheus_buckets(increase(…_bucket[$window])))",
            )
        if set(sample.labels) != {"le"} or bound is None or count is None or not isfinite(count):
            raise SourceError(
                "the histogram query gives something else than one number for each bucket",
                hint=_ASK,
            )
        pairs.append((bound * _factor(query, unit), count))
    try:
        histogram = Histogram.of_cumulative(pairs)
    except ValueError as error:
        raise SourceError(f"the histogram query gives no histogram: {error}") from None
    total = round(histogram.total)
    return Behind(data=msgspec.json.encode(histogram), basis="buckets", samples=total)


def _of_native(native: Native, factor: float) -> Behind:
    """The buckets of a native histogram."""
    try:
        histogram, outside = histogram_of(native, factor)
    except ValueError as error:
        raise SourceError(f"the histogram query gives no usable histogram: {error}") from None
    facts = (
        {"histogram": f"{outside:g} observations were no number and lie in no bucket"}
        if outside > 0.5
        else {}
    )
    samples = round(histogram.total)
    return Behind(data=msgspec.json.encode(histogram), basis="buckets", samples=samples, facts=facts)


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _factor(query: str, unit: str) -> float:
    """By what the bounds are multiplied to be in ``unit``, as far as the metric's name proves its own."""
    proved, wanted = unit_of(f"histogram_quantile(0.5, {query})"), find_unit(unit)
    if proved is None or proved.kind != wanted.kind:
        return 1.0
    return float(Decimal(proved.factor) / wanted.factor)


def percentile_in(query: str) -> str:
    """Which percentile a query asks for and how that is computed, in words; "" for another query."""
    found = _QUANTILE.search(without_comments(query))
    if found is None:
        return ""
    rank = decimal_text((Decimal(found[1]) * 100).normalize())
    return f"p{rank} of a histogram, as the server computes it"
