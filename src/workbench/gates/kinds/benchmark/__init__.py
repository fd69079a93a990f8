"""One benchmark passes, whether it is blocking elsewhere or not."""

from workbench.model.fields import Key, Shape
from workbench.model.kinds import RequirementKind


class BenchmarkConfig(Shape, frozen=True, kw_only=True):
    """One benchmark passes, whether it is blocking elsewhere or not."""

    benchmark: Key
    """The benchmark that has to pass, also one that is advisory."""


KIND = RequirementKind(
    name="benchmark",
    about="one benchmark passes, whatever its mode",
    config=BenchmarkConfig,
    shorthand="benchmark",
    refers={"benchmark": "benchmark"},
)
