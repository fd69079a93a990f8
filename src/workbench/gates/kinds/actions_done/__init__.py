"""Nothing that incidents left to do is due."""

from workbench.model.fields import DurationText, Shape
from workbench.model.kinds import RequirementKind


class ActionsDoneConfig(Shape, frozen=True, kw_only=True):
    """Nothing that incidents left to do is due, and all of it has an owner and a day."""

    ahead: DurationText | None = None
    """How long before its day an action counts already; once its day has passed unless said."""


KIND = RequirementKind(
    name="actions_done",
    about="nothing that incidents left to do is due",
    config=ActionsDoneConfig,
    shorthand="ahead",
)
