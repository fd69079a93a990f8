"""PP-9, BM-11: staging's data is not older than it may be."""

from collections.abc import Iterable
from typing import Any

from msgspec import field

from workbench.model.fields import DurationText, Key, Shape
from workbench.model.kinds import Doubt, ProbeKind, later
from workbench.probes.databases import REFERS, source_doubts
from workbench.probes.queries import changing


class FreshnessConfig(Shape, frozen=True, kw_only=True):
    """How old the data of a database may be."""

    staging: Key
    """The source that holds staging's database."""
    production: Key | None = None
    """The source that holds production's: then staging's data is compared with production's newest, else with now."""
    columns: list[str] = field(default_factory=list)
    """Columns that say when a row came, such as ``orders.placed``."""
    queries: dict[str, str] = field(default_factory=dict)
    """Queries by name, each of which gives the newest moment."""
    within: DurationText = "24h"
    """How old the newest row may be: the service level of staging's data."""


def doubts(config: FreshnessConfig, project: Any) -> Iterable[Doubt]:
    """Whether there is something to ask."""
    yield from source_doubts(config, project)
    if not config.columns and not config.queries:
        yield Doubt("columns", "it names no column and no query", "such as orders.placed", error=True)
    for column in config.columns:
        if "." not in column.strip("."):
            yield Doubt("columns", f"“{column}” names no table", "write table.column", error=True)
    yield from changing(config.queries)


KIND = ProbeKind(
    name="freshness",
    about="how old the newest data of staging is",
    config=FreshnessConfig,
    load=later("workbench.probes.kinds.freshness.look:Freshness"),
    category="data",
    refers=REFERS,
    doubts=doubts,
)
