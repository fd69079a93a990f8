"""PP-8, BM-1: the same queries give the same answers as in production."""

from collections.abc import Iterable
from typing import Any

from msgspec import field

from workbench.model.kinds import Doubt, ProbeKind, later
from workbench.probes.databases import REFERS, Databases, source_doubts
from workbench.probes.queries import Files, doubts_of


class SameQueriesConfig(Databases, frozen=True, kw_only=True):
    """The answers of some queries."""

    queries: dict[str, str] = field(default_factory=dict)
    """The queries by name."""
    files: Files = field(default_factory=list)
    """Files with a query each, such as ``queries/*.sql``."""
    ordered: list[str] = field(default_factory=list)
    """Queries of which the order of the rows counts."""
    show: bool = False
    """Texts in the answers hold nothing personal and may be seen; otherwise they are fingerprints."""


def doubts(config: SameQueriesConfig, project: Any) -> Iterable[Doubt]:
    """Whether there is something to ask, and whether what is ordered is asked."""
    yield from source_doubts(config, project)
    yield from doubts_of(config.queries, config.files)
    for name in config.ordered:
        if name not in config.queries and not config.files:
            yield Doubt("ordered", f"there is no query “{name}”", error=True)


KIND = ProbeKind(
    name="same_queries",
    about="whether the same queries give the same answers in two databases",
    config=SameQueriesConfig,
    load=later("workbench.probes.kinds.same_queries.look:SameQueries"),
    category="data",
    refers=REFERS,
    doubts=doubts,
)
