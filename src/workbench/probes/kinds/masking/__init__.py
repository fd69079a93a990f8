"""PP-4: what belongs to people in production is not in staging."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec import Meta, field

from workbench.model.kinds import Doubt, ProbeKind, later
from workbench.probes.databases import REFERS, Databases, source_doubts


class MaskingConfig(Databases, frozen=True, kw_only=True):
    """Columns of people, in two databases."""

    columns: Annotated[list[str], Meta(min_length=1)]
    """The columns that hold what belongs to people, such as ``customers.email``."""
    allowed_domains: list[str] = field(default_factory=list)
    """Mail domains that may occur in staging, beside ``example.com`` and others that are kept for examples."""


def doubts(config: MaskingConfig, project: Any) -> Iterable[Doubt]:
    """Whether each column names its table."""
    yield from source_doubts(config, project)
    for column in config.columns:
        if "." not in column.strip("."):
            yield Doubt("columns", f"“{column}” names no table", "write table.column", error=True)


KIND = ProbeKind(
    name="masking",
    about="whether personal data of production is in staging: equal values, real mail domains, card numbers",
    config=MaskingConfig,
    load=later("workbench.probes.kinds.masking.look:Masking"),
    category="security",
    refers=REFERS,
    doubts=doubts,
)
