"""Today is in none of the project's change-freeze dates."""

from collections.abc import Iterable

from workbench.definitions.shapes import Project
from workbench.model.fields import Shape
from workbench.model.kinds import Doubt, RequirementKind


class OutsideChangeFreezeConfig(Shape, frozen=True, kw_only=True):
    """Today is in none of the project's change-freeze dates."""


def doubts(asks: OutsideChangeFreezeConfig, project: Project) -> Iterable[Doubt]:
    """Without any dates no day is one of a change freeze."""
    if not project.change_freezes:
        yield Doubt(
            "", "there are no change_freezes, so this can never fail", "list their days under change_freezes:"
        )


KIND = RequirementKind(
    name="outside_change_freeze",
    about="today is no change-freeze day",
    config=OutsideChangeFreezeConfig,
    doubts=doubts,
)
