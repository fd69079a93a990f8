"""Nobody has frozen the project."""

from workbench.model.fields import Shape
from workbench.model.kinds import RequirementKind


class NotFrozenConfig(Shape, frozen=True, kw_only=True):
    """Nobody has frozen the project."""


KIND = RequirementKind(
    name="not_frozen",
    about="the project is not frozen",
    config=NotFrozenConfig,
)
