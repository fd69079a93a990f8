"""No difference of a severity, or a higher one, is undecided."""

from workbench.definitions.shapes import Severity
from workbench.model.fields import Shape
from workbench.model.kinds import RequirementKind


class DifferencesDecidedConfig(Shape, frozen=True, kw_only=True):
    """No difference of this severity or a higher one is undecided."""

    at_least: Severity = Severity.HIGH
    """The lowest severity that has to be decided."""


KIND = RequirementKind(
    name="differences_decided",
    about="no high-severity difference is undecided",
    config=DifferencesDecidedConfig,
    shorthand="at_least",
)
