"""Production in several regions: a benchmark that is judged in each is one benchmark for each.

Pooled percentiles of several regions are those of none: a slow region drowns in a fast one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from workbench.definitions.environments import Environment, EnvironmentKind
from workbench.definitions.shapes import Benchmark, Project
from workbench.model.keys import slug


def regions_of(project: Project) -> list[Environment]:
    """The environments of production that say which region they are."""
    return [
        one
        for one in project.environments
        if one.kind is EnvironmentKind.PRODUCTION and one.region and one.key is not None
    ]


def can_be_split(benchmark: Benchmark, regions: Sequence[Environment]) -> bool:
    """Whether a benchmark asks to be judged in each region, and can be: it is compared with production."""
    read = benchmark.key is not None and benchmark.measure is not None and benchmark.title is not None
    return read and benchmark.each_region and benchmark.baseline in (None, "production") and bool(regions)


def key_in(benchmark: str, region: str) -> str:
    """The key of a benchmark in one region: ``checkout-p95.eu-west``."""
    return f"{benchmark}.{slug(region)}"


def split(project: Project) -> Project:
    """The project with one benchmark for each region in place of those that ask for it."""
    regions = regions_of(project)
    if not any(can_be_split(benchmark, regions) for benchmark in project.benchmarks):
        return project
    made = [each for benchmark in project.benchmarks for each in _in_each(benchmark, regions, project)]
    return msgspec.structs.replace(project, benchmarks=made)


def _in_each(benchmark: Benchmark, regions: Sequence[Environment], project: Project) -> Iterator[Benchmark]:
    if not can_be_split(benchmark, regions):
        yield benchmark
        return
    for place in regions:
        assert place.region is not None
        measure = benchmark.measure
        own = _staging_in(place.region, project)
        if own is not None and benchmark.environment is None and measure.environment is None:
            measure = msgspec.structs.replace(measure, environment=own)
        yield msgspec.structs.replace(
            benchmark,
            key=key_in(benchmark.key, place.region),
            title=f"{benchmark.title} ({place.region})",
            baseline=place.key,
            measure=measure,
        )


def _staging_in(region: str, project: Project) -> str | None:
    """The staging of a region, where it has one of its own."""
    return next(
        (
            one.key
            for one in project.environments
            if one.kind is EnvironmentKind.STAGING and one.region == region
        ),
        None,
    )
