"""What is wrong with a benchmark that asks the record for a figure."""

from __future__ import annotations

from workbench.definitions.filling import kind_of
from workbench.definitions.project import RECORD
from workbench.definitions.shapes import Benchmark
from workbench.definitions.telling import Tell
from workbench.model.kinds import BenchmarkKind, Kinds
from workbench.model.quantity import find_unit


def check_figure(benchmark: Benchmark, kinds: Kinds, tell: Tell) -> None:
    """Tell what can be proved: a figure of another kind, in a unit that it never has, or of its own samples."""
    measure = benchmark.measure
    if measure is None or measure.ask is None or measure.source != RECORD.key:
        return
    figure = getattr(measure.ask, "figure", "")
    known = [one for one in kinds.get("benchmarks", {}).values() if isinstance(one, BenchmarkKind)]
    answers = next((one for one in known if figure and one.figure == figure), None)
    if answers is None:
        return  # told by the source
    named = kind_of(benchmark, kinds)
    if named is not None and named.figure not in ("", figure):
        what = f"the kind {named.name} is answered by the figure {named.figure}, not by {figure}"
        tell("measure.figure", what, "remove one of the two")
        return
    if benchmark.key is not None and getattr(measure.ask, "of", None) == benchmark.key:
        tell("measure.of", "it would be compared with its own samples", "name the benchmark that has samples")
    if (
        named is None
        and answers.of == "flow"
        and benchmark.flow is None
        and benchmark.environment is not None
    ):
        tell("environment", f"the figure {figure} is about a flow", "write flow: in place of environment:")
    if measure.unit is None:
        return
    given, asked = find_unit(answers.unit), find_unit(measure.unit)
    if given.kind != asked.kind:
        what = f"the figure {figure} is in {_called(given.symbol)}, not in {_called(asked.symbol)}"
        tell(
            "measure.unit" if measure.unit else "measure",
            what,
            f"write unit: {answers.unit}" if answers.unit else "leave the unit out",
        )


def _called(symbol: str) -> str:
    return symbol or "counts (no unit)"
