"""The parity map was looked over for this release, and not too long ago."""

from workbench.model.fields import DurationText, Shape
from workbench.model.kinds import RequirementKind


class ParityReviewedConfig(Shape, frozen=True, kw_only=True):
    """The parity map was looked over for this release, and not too long ago."""

    within: DurationText = "90d"
    """How long ago the map may have been looked over."""


KIND = RequirementKind(
    name="parity_reviewed",
    about="the parity map was looked over",
    config=ParityReviewedConfig,
    shorthand="within",
)
