"""One item of a checklist is done or not applicable."""

from workbench.model.fields import Key, Shape
from workbench.model.kinds import RequirementKind


class ItemConfig(Shape, frozen=True, kw_only=True):
    """One item of a checklist is done or not applicable."""

    checklist: Key
    """The checklist that the item is in."""
    item: Key
    """The item that has to be done or not applicable."""


KIND = RequirementKind(
    name="item",
    about="one item of a checklist is done",
    config=ItemConfig,
    refers={"checklist": "checklist", "item": "item of checklist"},
)
