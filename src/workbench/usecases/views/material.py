"""What the record holds about one benchmark, read in one go."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import msgspec

from workbench.benchmarks import measurements, samples
from workbench.benchmarks.measurements import Invalidation, Measurement
from workbench.gates.disturbances import Disturbances
from workbench.model.quantity import find_unit, from_float, show, show_in
from workbench.releases import model as releases
from workbench.statistics.percentiles import percentiles
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Fact

Points = tuple[tuple[float, float], ...]
MOST_POINTS = 600
MOST_SAMPLES = 200  # that are shown one by one


Measured = tuple[Measurement, Invalidation | None]


class Material(msgspec.Struct, frozen=True):
    """Measurements, newest first, with their invalidations; candidates' names by id; and courses.

    ``course_of`` is the candidate that the course of staging was fetched for, where it has one of its own;
    ``disturbed`` says of doubtful measurements why, by their ref.
    """

    history: tuple[Measured, ...]
    candidates: dict[str, str]
    staging: Points
    production: Points
    course_of: str | None = None
    disturbed: Mapping[str, str] = {}


def read_measurements(context: Context, subject: str, limit: int = 200) -> tuple[Measured, ...]:
    """The measurements of a benchmark or a test source, newest first, and what was said against each."""
    return tuple(measurements.history(context.record, subject, limit=limit))


def read_material(context: Context, subject: str) -> Material:
    """Everything kept about a benchmark or a test source."""
    history = read_measurements(context, subject)
    valid = [item for item, gone in history if gone is None and _in_unit(context, subject, item)]
    values = [item for item in valid if item.role == "value"]
    return Material(
        history,
        releases.candidate_names(context.record),
        _course(context, values),
        _course(context, [item for item in valid if item.role == "baseline"]),
        next((item.candidate for item in values if item.trend), None),
        _disturbed(context, history),
    )


def _disturbed(context: Context, history: Sequence[Measured]) -> dict[str, str]:
    known = Disturbances.in_record(context.record, context.definitions.project)
    told = ((item.ref, "; ".join(known.told(item))) for item, _ in history)
    return {ref: words for ref, words in told if words}


def _in_unit(context: Context, subject: str, item: Measurement) -> bool:
    """Whether a measurement is in the unit that its benchmark has now: others would draw another picture."""
    benchmark = context.definitions.benchmark(subject)
    return benchmark is None or item.unit == find_unit(benchmark.measure.unit).symbol


def _course(context: Context, items: list[Measurement]) -> Points:
    """The latest measurement's own course; without one, the measurements themselves."""
    with_trend = next((item for item in items if item.trend), None)
    if with_trend is not None and with_trend.trend is not None:
        blob = context.record.blob(with_trend.trend)
        points = points_in(blob.data) if blob is not None else ()
        if points:
            return points
    numbers = [(item.measured_at.timestamp(), item.value) for item in items if item.state == "ok"]
    return tuple((at, float(value)) for at, value in reversed(numbers) if value is not None)


def points_in(data: bytes) -> Points:
    """Pairs of Unix seconds and value; what is not finite is left out, what is too much thinned."""
    whole = len(data) // 16 * 16
    pairs = [
        (at, value)
        for at, value in struct.iter_unpack("<dd", data[:whole])
        if abs(at) < 1e12 and abs(value) < 1e300  # also false for NaN
    ]
    step = -(-len(pairs) // MOST_POINTS) or 1
    thinned = pairs[::step]
    if pairs and thinned[-1] != pairs[-1]:
        thinned.append(pairs[-1])
    return tuple(thinned)


def read_samples(context: Context, item: Measurement) -> list[Fact]:
    """What the samples behind a measurement are, and the first of them; nothing where it has none.

    ``RecordError`` where they are damaged.
    """
    unit = find_unit(item.unit)

    def say(number: float) -> str:
        return show_in(number, unit)

    if (counted := samples.histogram(context.record, item)) is not None:
        bounds = [f"up to {say(bound)}" for bound in counted.bounds] + [f"above {say(counted.bounds[-1])}"]
        told = [Fact(name, f"{count:,.0f}") for name, count in zip(bounds, counted.counts, strict=True)]
        return [Fact("Kind", "counts of a histogram's buckets"), *told]
    numbers = samples.samples(context.record, item) if item.data is not None else ()
    if not len(numbers):
        return _not_here(context, item.data)
    kind = {"averaged": "averages, one for each slice of time"}.get(item.basis, "single observations")
    facts = [Fact("Kind", kind), Fact("Count", f"{len(numbers):,}")]
    ranks = (50, 95, 99)
    found = zip(ranks, percentiles(numbers, ranks), strict=True)
    facts += [Fact(f"p{rank}", say(value)) for rank, value in found]
    facts += [Fact("Least", say(min(numbers))), Fact("Greatest", say(max(numbers)))]
    first = ", ".join(show(from_float(number))[0] for number in numbers[:MOST_SAMPLES])
    rest = f" … and {len(numbers) - MOST_SAMPLES:,} more" if len(numbers) > MOST_SAMPLES else ""
    return [*facts, Fact("As measured", first + rest)]


def _not_here(context: Context, digest: str | None) -> list[Fact]:
    """Where samples are that stayed elsewhere."""
    blob = context.record.blob(digest) if digest is not None else None
    if blob is None or not blob.absent:
        return []
    from workbench.usecases.sharing.evidence import where_it_is  # few samples stayed elsewhere

    return [Fact("Not here", where_it_is(context, blob.digest))]
