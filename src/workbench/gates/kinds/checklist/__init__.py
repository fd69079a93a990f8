"""Every item of a checklist is done or not applicable."""

from workbench.model.fields import Key, Shape
from workbench.model.kinds import RequirementKind


class ChecklistConfig(Shape, frozen=True, kw_only=True):
    """Every item of a checklist is done or not applicable."""

    checklist: Key
    """The checklist."""


KIND = RequirementKind(
    name="checklist",
    about="a checklist is complete",
    config=ChecklistConfig,
    shorthand="checklist",
    refers={"checklist": "checklist"},
)
