"""PP-4, BM-12: the data looks like production's: row counts, null shares, ranges, lengths, keys, values."""

from collections.abc import Iterable
from typing import Any

from msgspec import field

from workbench.model.kinds import Doubt, ProbeKind, later
from workbench.probes.databases import REFERS, Databases, source_doubts
from workbench.probes.figures import share_of


class DataProfileConfig(Databases, frozen=True, kw_only=True):
    """Figures about the tables of two databases."""

    tables: list[str] = field(default_factory=list)
    """Which tables are looked at, ``*`` allowed; all unless said."""
    within: str = "10%"
    """How far counts and ranges may be apart."""
    personal: list[str] = field(default_factory=list)
    """Columns of which no range is asked, such as ``customers.born``; those named like one are known."""
    values: list[str] = field(default_factory=list)
    """Columns with few values, such as ``orders.status``, of which the share of each is compared."""
    rows: list[str] = field(default_factory=list)
    """Tables that are to hold the same rows: compared by checksums of segments."""
    figures: bool = True
    """Whether figures are compared; ``false`` where only the rows are to be the same."""

    def __post_init__(self) -> None:
        share_of(self.within)


def doubts(config: DataProfileConfig, project: Any) -> Iterable[Doubt]:
    """Whether something is compared, and columns name their tables."""
    yield from source_doubts(config, project)
    if not config.figures and not config.rows:
        yield Doubt(
            "figures", "without figures and rows nothing is compared", "name tables under rows:", error=True
        )
    for column in config.values:
        if "." not in column.strip("."):
            yield Doubt("values", f"“{column}” names no table", "write table.column", error=True)


KIND = ProbeKind(
    name="data_profile",
    about="row counts, null shares, ranges, lengths, keys and shares of values in two databases",
    config=DataProfileConfig,
    load=later("workbench.probes.kinds.data_profile.look:DataProfile"),
    category="data",
    refers=REFERS,
    doubts=doubts,
)
