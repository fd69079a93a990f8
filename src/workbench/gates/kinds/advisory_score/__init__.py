"""The advisory benchmarks together reach a score."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, field

from workbench.definitions.shapes import Dimension, Mode, Project, Tier
from workbench.gates.kinds.benchmarks import BenchmarksConfig, fits, meant
from workbench.model.fields import Key, Shape
from workbench.model.kinds import Doubt, RequirementKind

Points = Annotated[int, Meta(ge=0, le=100)]


class AdvisoryScoreConfig(Shape, frozen=True, kw_only=True):
    """The advisory benchmarks together reach a score: a pass counts 1, a warning a half, all else nothing."""

    pass_: Points = field(default=90, name="pass")
    """The score, of 100, from which it is met."""
    warn: Points = 75
    """The score from which it only warns."""
    weights: dict[Tier, Points] = field(default_factory=dict)
    """How much a benchmark of a flow of this tier counts; 1 unless said."""
    flow: Key | None = None
    """Only benchmarks about this flow."""
    tier: Tier | None = None
    """Only benchmarks about flows of this tier."""
    dimension: Dimension | None = None
    """Only benchmarks of this dimension."""
    tag: Key | None = None
    """Only benchmarks with this tag."""


def chosen(asks: AdvisoryScoreConfig) -> BenchmarksConfig:
    """Which benchmarks it is about, as the requirement ``benchmarks`` says it."""
    return BenchmarksConfig(flow=asks.flow, tier=asks.tier, dimension=asks.dimension, tag=asks.tag)


def doubts(asks: AdvisoryScoreConfig, project: Project) -> Iterable[Doubt]:
    """A score without any benchmark is never met; limits in the wrong order never warn."""
    if asks.warn > asks.pass_:
        yield Doubt("warn", f"it can never warn: {asks.warn} is above pass, {asks.pass_}", "give a lower one")
    elif asks.warn == asks.pass_ and asks.pass_:
        yield Doubt("warn", f"it can never warn: warn and pass are both {asks.warn}", "give a lower one")
    if asks.pass_ == 0:
        yield Doubt("pass", "every score is at least 0, so this can never fail", "give a higher one")
    if all(asks.weights.get(tier, 1) == 0 for tier in ([asks.tier] if asks.tier else Tier)):
        what = "weights leave out every benchmark that it is about, so nothing is ever scored"
        yield Doubt("weights", what, "give at least one tier a weight", error=True)
    found = [benchmark for benchmark in project.benchmarks if fits(chosen(asks), benchmark)]
    if not found:
        said = meant(chosen(asks), project)
        yield Doubt(said.field, f"{said.what}, so the gate can never pass", said.hint)
    elif all(benchmark.mode is Mode.BLOCKING for benchmark in found):
        yield Doubt("", "every matching benchmark is blocking, so there is nothing to score")


KIND = RequirementKind(
    name="advisory_score",
    about="the advisory benchmarks together reach a score",
    config=AdvisoryScoreConfig,
    shorthand="pass",
    doubts=doubts,
)
