"""So many flows are listed, and every core flow has an owner."""

from typing import Annotated

from msgspec import Meta

from workbench.model.fields import Shape
from workbench.model.kinds import RequirementKind


class InventoryConfig(Shape, frozen=True, kw_only=True):
    """So many flows are listed, and every core flow has an owner."""

    flows: Annotated[int, Meta(ge=1)] = 1
    """How many flows have to be listed at least."""
    core: Annotated[int, Meta(ge=0)] = 0
    """How many of them have to be core flows at least."""


KIND = RequirementKind(
    name="inventory",
    about="the flow inventory is filled",
    config=InventoryConfig,
)
