"""JSON Schema of everything that people write: definition files, and tables of a noun."""

from __future__ import annotations

from typing import Any

from workbench.definitions.schemas import What
from workbench.definitions.schemas import schema as schema_of
from workbench.model.noun_fields import table_schema
from workbench.usecases.project import kinds
from workbench.usecases.team_tables import TABLES

FILES: tuple[What, ...] = ("project", "part", "checklist")
WHAT = (*FILES, *TABLES)


def schema(what: str) -> dict[str, Any]:
    """The schema of one of :data:`WHAT`."""
    for file in FILES:
        if file == what:
            return schema_of(kinds(), file)
    table = TABLES[what]
    return table_schema(table.fields, f"{what.capitalize()} of the release workbench", table.needed)
