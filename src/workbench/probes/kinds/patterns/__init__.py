"""BM-6: the patterns of production's data occur in staging."""

from typing import Annotated

from msgspec import Meta

from workbench.model.fields import Shape
from workbench.model.kinds import ProbeKind, later
from workbench.probes.databases import REFERS, Databases, source_doubts
from workbench.probes.figures import share_of


class Pattern(Shape, frozen=True, kw_only=True):
    """What tells the rows of a table apart."""

    table: str
    """The table, such as ``orders``."""
    of: str
    """An expression whose values are the patterns: ``country``, ``coupon IS NULL``, ``items > 20``."""

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.table}: {self.of}"


class PatternsConfig(Databases, frozen=True, kw_only=True):
    """Patterns of production's data."""

    patterns: Annotated[list[Pattern], Meta(min_length=1)]
    """Tables with an expression each."""
    at_least: str = "100%"
    """How much of production's rows have to have a pattern that occurs in staging."""

    def __post_init__(self) -> None:
        share_of(self.at_least)


KIND = ProbeKind(
    name="patterns",
    about="whether the patterns of production's data occur in staging",
    config=PatternsConfig,
    load=later("workbench.probes.kinds.patterns.look:Patterns"),
    category="data",
    refers=REFERS,
    doubts=source_doubts,
)
