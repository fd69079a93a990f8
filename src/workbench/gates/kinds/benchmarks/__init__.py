"""Every blocking benchmark that fits is through."""

from workbench.definitions.shapes import Dimension, Tier
from workbench.model.fields import Key, Shape
from workbench.model.kinds import RequirementKind


class BenchmarksConfig(Shape, frozen=True, kw_only=True):
    """Every blocking benchmark that fits has to be through."""

    flow: Key | None = None
    """Only those about this flow."""
    tier: Tier | None = None
    """Only those about flows of this tier."""
    dimension: Dimension | None = None
    """Only those of this dimension."""
    tag: Key | None = None
    """Only those with this tag."""
    benchmark: Key | None = None
    """Only this one."""


KIND = RequirementKind(
    name="benchmarks",
    about="blocking benchmarks are through",
    config=BenchmarksConfig,
    refers={"benchmark": "benchmark"},
)
