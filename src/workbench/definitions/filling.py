"""What a benchmark leaves out and its built-in kind says: filled in once, when the files are read.

What depends on the tier of its flow, its rules, is filled in later (:mod:`workbench.definitions.defaults`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from workbench.definitions.project import RECORD
from workbench.definitions.shapes import NOT_ASKED, Benchmark, Better, Dimension, Measure, Project
from workbench.model.kinds import BenchmarkKind, Kinds


def kind_of(benchmark: Benchmark, kinds: Kinds) -> BenchmarkKind | None:
    """The built-in kind that a benchmark names, if there is such a kind."""
    found: Any = kinds.get("benchmarks", {}).get(benchmark.kind) if benchmark.kind else None
    return found if isinstance(found, BenchmarkKind) else None


def filled(project: Project, kinds: Kinds) -> Project:
    """The project with every benchmark's title, measure, unit and so on, as far as its kind says them."""
    hidden = any(one.key == RECORD.key and one.kind != RECORD.kind for one in project.sources)
    benchmarks = [_filled(benchmark, kinds, hidden) for benchmark in project.benchmarks]
    return msgspec.structs.replace(project, benchmarks=benchmarks)


def _filled(benchmark: Benchmark, kinds: Kinds, hidden: bool) -> Benchmark:
    """``hidden``: a source of the project has the record's name."""
    kind = kind_of(benchmark, kinds)
    if kind is None or benchmark.key is None:
        return benchmark
    about = benchmark.flow or benchmark.environment or benchmark.key
    said: Mapping[str, Any] = {
        "title": kind.title_of(about, benchmark.step or "one step"),
        "dimension": Dimension(kind.dimension) if kind.dimension else None,
        "better": Better(kind.better),
        "baseline": kind.baseline,
        "review": kind.review,
        "carry": kind.carry,
    }
    left_out = {name: value for name, value in said.items() if not getattr(benchmark, name)}
    figure = "" if hidden else kind.figure
    measure = _measure(benchmark.measure, figure, kind.unit, kinds)
    return msgspec.structs.replace(benchmark, measure=measure, **left_out)


def _measure(measure: Measure, figure: str, unit: str, kinds: Kinds) -> Measure:
    if measure is None or (measure is NOT_ASKED and not figure):
        return measure
    if figure and (measure is NOT_ASKED or measure.source == RECORD.key):
        shape: Any = getattr(kinds["sources"][RECORD.kind], "measure", None)
        ask: Any = measure.ask or shape()
        if not ask.figure:
            ask = msgspec.structs.replace(ask, figure=figure)
        measure = msgspec.structs.replace(measure, source=RECORD.key, ask=ask)
    return msgspec.structs.replace(measure, unit=measure.unit or unit)
