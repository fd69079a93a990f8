"""No more than so many issues of each severity are open in the issue tracker."""

from msgspec import field

from workbench.gates.kinds.findings import NONE_SEVERE, AtMost, Most, Sources, require_sources
from workbench.model.fields import DurationText, Shape
from workbench.model.kinds import RequirementKind


class IssuesConfig(Shape, frozen=True, kw_only=True):
    """No more than so many issues of each severity are open in the issue tracker."""

    source: Sources
    """The source of the issues, or a list of them: each has to keep the limits."""
    at_most: AtMost = field(default_factory=lambda: NONE_SEVERE)
    """How many may be open, by severity; no critical and no high one unless said."""
    without_severity: Most | None = None
    """How many may be open that have no severity; any number unless said, and then they are a risk."""
    max_age: DurationText = "24h"
    """How old the answer of the tracker may be."""

    def __post_init__(self) -> None:
        require_sources(self.source)


KIND = RequirementKind(
    name="issues",
    about="no more than so many issues of a severity are open",
    config=IssuesConfig,
    shorthand="source",
    refers={"source": "issues"},
)
