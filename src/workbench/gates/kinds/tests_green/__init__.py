"""The test run of a source is green for exactly this commit."""

from workbench.model.fields import DurationText, Key, Shape
from workbench.model.kinds import RequirementKind


class TestsGreenConfig(Shape, frozen=True, kw_only=True):
    """The test run of a source is green for exactly this commit."""

    source: Key
    """The source whose test run counts."""
    max_age: DurationText | None = None
    """How old the run may be; any age unless said."""


KIND = RequirementKind(
    name="tests_green",
    about="tests are green for this commit",
    config=TestsGreenConfig,
    shorthand="source",
    refers={"source": "tests"},
)
