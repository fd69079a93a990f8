"""Service-level objectives are kept over their windows (GT-3)."""

from collections.abc import Iterable

from workbench.definitions.objectives import KIND as OBJECTIVE
from workbench.definitions.shapes import Benchmark, Project
from workbench.model.fields import Key, Shape
from workbench.model.kinds import Doubt, RequirementKind


class ObjectiveHeldConfig(Shape, frozen=True, kw_only=True):
    """Every matching objective is kept over its window, whether its benchmark is blocking or not."""

    objective: Key | None = None
    """Only this one."""
    flow: Key | None = None
    """Only those about this flow."""


def fits(asks: ObjectiveHeldConfig, benchmark: Benchmark) -> bool:
    """Whether a benchmark is an objective that is asked for."""
    return (
        benchmark.kind == OBJECTIVE
        and asks.objective in (None, benchmark.key)
        and asks.flow in (None, benchmark.flow)
    )


def doubts(asks: ObjectiveHeldConfig, project: Project) -> Iterable[Doubt]:
    """Without an objective nothing is kept."""
    if not any(fits(asks, benchmark) for benchmark in project.benchmarks):
        what = "no objective matches" if asks != ObjectiveHeldConfig() else "there is no objective"
        yield Doubt("", f"{what}, so the gate can never pass", "list one under objectives:")


KIND = RequirementKind(
    name="objective_held",
    about="service-level objectives are kept over their windows",
    config=ObjectiveHeldConfig,
    shorthand="objective",
    refers={"objective": "benchmark"},
    doubts=doubts,
)
