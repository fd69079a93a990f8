"""PP-3: the schema is that of production: tables, columns, indexes, constraints, grants, migrations."""

from msgspec import field

from workbench.model.kinds import ProbeKind, later
from workbench.probes.databases import REFERS, Databases, source_doubts


class SchemaConfig(Databases, frozen=True, kw_only=True):
    """The schemas of two databases."""

    schemas: list[str] = field(default_factory=list)
    """Which schemas are compared; all but the system's own unless said."""
    tables: list[str] = field(default_factory=list)
    """Which tables and views are compared, ``*`` allowed; all unless said."""
    grants: bool = True
    """Whether it counts who may do what."""
    migrations: str | None = None
    """The table that lists the migrations that were run; the usual ones are found."""


KIND = ProbeKind(
    name="schema",
    about="tables, columns, types, defaults, indexes, constraints, grants and migrations of two databases",
    config=SchemaConfig,
    load=later("workbench.probes.kinds.schema.look:Schema"),
    category="data",
    deployed=True,
    refers=REFERS,
    doubts=source_doubts,
)
