"""The parity map was reviewed for this release, and not too long ago."""

from workbench.model.fields import DurationText, Shape
from workbench.model.kinds import RequirementKind


class ParityReviewedConfig(Shape, frozen=True, kw_only=True):
    """The parity map was reviewed for this release, and not too long ago."""

    within: DurationText = "90d"
    """How old the review may be."""


KIND = RequirementKind(
    name="parity_reviewed",
    about="the parity map was reviewed",
    config=ParityReviewedConfig,
    shorthand="within",
)
