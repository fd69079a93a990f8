"""Today is in none of the project's change-freeze dates."""

from workbench.model.fields import Shape
from workbench.model.kinds import RequirementKind


class OutsideChangeFreezeConfig(Shape, frozen=True, kw_only=True):
    """Today is in none of the project's change-freeze dates."""


KIND = RequirementKind(
    name="outside_change_freeze",
    about="today is no change-freeze day",
    config=OutsideChangeFreezeConfig,
)
