"""Runs of the same thing in several settings, side by side: what a set of variants compares."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.definitions.shapes import Benchmark, Project, Variants

APART = "@"  # between a benchmark's key and the variant that was measured


def subject_of(benchmark: str, variant: str) -> str:
    """What a measurement of a benchmark in one variant is kept under: ``checkout-p95@m6.large``."""
    return f"{benchmark}{APART}{variant}"


def benchmark_in(subject: str) -> str:
    """The benchmark of a subject, whichever the variant."""
    return subject.partition(APART)[0]


def measured_in(variants: Variants) -> tuple[str, ...]:
    """The keys of the benchmarks of a set: those with its rules, then its cost."""
    return tuple(dict.fromkeys((*variants.benchmarks, *([variants.cost] if variants.cost else []))))


def set_of(project: Project, benchmark: str) -> Variants | None:
    """The set of variants that a benchmark belongs to; one benchmark belongs to one set."""
    return next((each for each in project.variants if benchmark in measured_in(each)), None)


def asks_for_variants(benchmark: Benchmark) -> bool:
    """Whether what is asked of the source depends on the variant: it says ``$variant``."""
    return any("$variant" in text or "${variant}" in text for text in _texts(benchmark.measure.ask))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield from (text for name in value.__struct_fields__ for text in _texts(getattr(value, name)))
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in _texts(each))
