"""Every benchmark is reviewed as often as it says."""

from collections.abc import Iterable

from workbench.definitions.shapes import Benchmark, Dimension, Project
from workbench.model.fields import Key, Shape
from workbench.model.kinds import Doubt, RequirementKind


class ReviewsConfig(Shape, frozen=True, kw_only=True):
    """Every benchmark is reviewed as often as it says, and tiers and limits as a whole once a quarter."""

    flow: Key | None = None
    """Only those about this flow."""
    dimension: Dimension | None = None
    """Only those of this dimension."""
    tag: Key | None = None
    """Only those with this tag."""
    whole: bool = True
    """Whether tiers and limits as a whole have to be reviewed, too."""


def fits(asks: ReviewsConfig, benchmark: Benchmark) -> bool:
    """Whether a benchmark is asked for."""
    return (
        asks.flow in (None, benchmark.flow)
        and asks.dimension in (None, benchmark.dimension)
        and (asks.tag is None or asks.tag in benchmark.tags)
    )


def doubts(asks: ReviewsConfig, project: Project) -> Iterable[Doubt]:
    """Where no benchmark matches there is nothing to review."""
    if not any(fits(asks, benchmark) for benchmark in project.benchmarks):
        yield Doubt("", "no benchmark matches, so the gate can never pass")


KIND = RequirementKind(
    name="reviews_not_overdue",
    about="benchmarks are reviewed as often as they say",
    config=ReviewsConfig,
    doubts=doubts,
)
