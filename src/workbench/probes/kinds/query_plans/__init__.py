"""PP-5, BM-8: the database answers the core queries in the same way as in production."""

from collections.abc import Iterable
from typing import Any

from msgspec import field

from workbench.model.kinds import Doubt, ProbeKind, later
from workbench.probes.databases import REFERS, Databases, source_doubts
from workbench.probes.queries import Files, doubts_of


class QueryPlansConfig(Databases, frozen=True, kw_only=True):
    """The plans of some queries."""

    queries: dict[str, str] = field(default_factory=dict)
    """The queries by name; they are planned and not carried out."""
    files: Files = field(default_factory=list)
    """Files with a query each, such as ``queries/*.sql``."""


def doubts(config: QueryPlansConfig, project: Any) -> Iterable[Doubt]:
    """Whether there is something to ask."""
    yield from source_doubts(config, project)
    yield from doubts_of(config.queries, config.files)


KIND = ProbeKind(
    name="query_plans",
    about="how two databases would answer the same queries: their plans",
    config=QueryPlansConfig,
    load=later("workbench.probes.kinds.query_plans.look:QueryPlans"),
    category="data",
    refers=REFERS,
    doubts=doubts,
)
