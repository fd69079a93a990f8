"""What is done again and again was done in time."""

from collections.abc import Iterable

from msgspec import field

from workbench.definitions.routine_defaults import routines_of
from workbench.definitions.routines import Routine
from workbench.definitions.shapes import Project
from workbench.model.fields import Key, Shape
from workbench.model.kinds import Doubt, RequirementKind


class RoutinesDoneConfig(Shape, frozen=True, kw_only=True):
    """No routine is overdue."""

    only: list[Key] = field(default_factory=list)
    """Only these routines; all of the project unless said."""


def fits(asks: RoutinesDoneConfig, routine: Routine) -> bool:
    """Whether a routine is asked for."""
    return not asks.only or routine.key in asks.only


def doubts(asks: RoutinesDoneConfig, project: Project) -> Iterable[Doubt]:
    """A routine that is named has to be one of the project, and one at least has to fall due."""
    known = {routine.key for routine in routines_of(project)}
    for key in asks.only:
        if key not in known:
            yield Doubt("only", f"there is no routine {key}, so the gate can never pass")
    if not known:
        yield Doubt("", "every routine is left out, so the gate can never pass")


KIND = RequirementKind(
    name="routines_done",
    about="no routine is overdue",
    config=RoutinesDoneConfig,
    doubts=doubts,
)
