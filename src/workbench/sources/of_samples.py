"""One number made of many observations, with the observations behind it: what every kind of source that reads samples answers."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from workbench.model.errors import SourceError
from workbench.model.floats import to_bytes
from workbench.model.histograms import Histogram
from workbench.model.quantity import UNITS, find_unit, from_float, rescale_all
from workbench.sources.keeping import MOST_SAMPLES
from workbench.sources.reading import Found, Question, WrongQuestion, in_unit, missing
from workbench.sources.sample_statistic import Statistic, read_statistic


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with an answer: the moment that it stands for, what there is to say of it, and what is missing from it."""

    at: datetime
    facts: Mapping[str, str | int] = {}
    partial: str | None = None
    selection: str = ""


def of_samples(
    numbers: array[float], statistic: str, question: Question, told: Told, *, unit: str | None = None
) -> Found:
    """The statistic of samples in ``unit`` (that of the question where none is given), with the samples in the question's unit.

    ``WrongQuestion`` for a statistic that there is not, ``SourceError`` for a unit that does not fit.
    """
    made = statistic_of(statistic)
    if not numbers:
        return missing(question, "there are no samples")
    if len(numbers) > MOST_SAMPLES:
        raise SourceError(f"there are more than {MOST_SAMPLES:,} samples")
    own = question.unit if unit is None else unit
    try:
        number = from_float(float(made.of(numbers)))
    except (ValueError, OverflowError) as error:
        raise SourceError(f"{made.name} of the samples cannot be computed: {error}") from None
    value, shown = _in_unit(number, made, own, question)
    facts = _facts(made, told, own, "of samples, interpolated between ranks")
    kept = made.kind == "same"
    return Found(
        state="ok",
        measured_at=told.at,
        value=value,
        unit=shown,
        samples=len(numbers),
        partial=told.partial,
        facts=facts,
        data=to_bytes(array("d", rescale_all(numbers, find_unit(own), find_unit(shown)))) if kept else None,
        basis="raw" if kept else "",
    )


def of_histogram(
    histogram: Histogram,
    statistic: str,
    question: Question,
    told: Told,
    *,
    unit: str,
    exactly: Mapping[str, float] = {},
) -> Found:
    """The statistic of counts by buckets whose bounds are in ``unit``; ``exactly`` are those that the file states itself.

    A percentile is interpolated within its bucket.  ``WrongQuestion`` for what buckets do not tell.
    """
    made = statistic_of(statistic)
    total = round(histogram.total)
    if not total:
        return missing(question, "there are no samples")
    number = from_float(exactly[made.name] if made.name in exactly else _of_buckets(histogram, made))
    value, shown = _in_unit(number, made, unit, question)
    kept = made.kind == "same"
    bounds = rescale_all(histogram.bounds, find_unit(unit), find_unit(shown)) if kept else ()
    return Found(
        state="ok",
        measured_at=told.at,
        value=value,
        unit=shown,
        samples=total,
        partial=told.partial,
        facts=_facts(made, told, unit, "of a histogram, interpolated within its bucket"),
        data=msgspec.json.encode(Histogram(tuple(bounds), histogram.counts)) if kept else None,
        basis="buckets" if kept else "",
    )


def statistic_of(text: str) -> Statistic:
    """What a measure's ``statistic`` names; ``WrongQuestion`` where there is no such thing."""
    try:
        return read_statistic(text)
    except ValueError as error:
        raise WrongQuestion(str(error), field="statistic") from None


def in_window(
    numbers: array[float], times: array[float], question: Question, otherwise: datetime
) -> tuple[array[float], datetime]:
    """The samples of the window before the question's moment, and the moment that they stand for.

    ``times`` are in Unix seconds; without any all samples count, and ``otherwise`` stands.
    """
    if not times:
        return numbers, otherwise
    end = max(times)
    latest = datetime.fromtimestamp(end, UTC)
    if question.window is None or latest > question.at:  # what lies ahead is told as a mistake of a clock
        return numbers, latest
    start = question.at.timestamp() - question.window.total_seconds()
    inside = array("d", (number for number, at in zip(numbers, times, strict=True) if at > start))
    return inside, latest


def _in_unit(number: Decimal, made: Statistic, own: str, question: Question) -> tuple[Decimal, str]:
    if made.kind == "same":
        return in_unit(number, own, question.unit)
    return in_unit(number, UNITS["share"].symbol if made.kind == "share" else "", question.unit)


def _facts(made: Statistic, told: Told, unit: str, way: str) -> dict[str, str | int]:
    limit = made.kind == "share" and unit
    facts: dict[str, str | int] = {"statistic": f"{made.name} {unit}" if limit else made.name, **told.facts}
    if told.selection:
        facts["selection"] = told.selection
    if made.percentile is not None:
        facts["percentile"] = f"{made.name} {way}"
    return facts


def _of_buckets(histogram: Histogram, made: Statistic) -> float:
    if made.percentile is not None:
        found = histogram.quantile(made.percentile / 100)
        assert found is not None
        return found
    if made.kind == "count":
        return histogram.total
    if made.limit is not None:
        below = _share_below(histogram, made.limit)
        return 1 - below if made.name.startswith("share above") else below
    raise WrongQuestion(
        f"buckets do not tell the {made.name} of what was counted",
        field="statistic",
        hint="ask for a percentile, such as p95, a count, or a share",
    )


def _share_below(histogram: Histogram, limit: float) -> float:
    """By linear interpolation within the bucket that the limit lies in; what lies in the last one is above every bound."""
    place = bisect_left(histogram.bounds, limit)
    below = sum(histogram.counts[:place])
    if place < len(histogram.bounds):
        low, high = histogram.edges[place], histogram.bounds[place]
        if place > 0 or high > low:
            below += histogram.counts[place] * max(0.0, limit - low) / (high - low)
    return below / histogram.total
