"""JSON Schema of everything that people write: definition files, and tables of a noun."""

from __future__ import annotations

from typing import Any

from workbench.definitions.schemas import What
from workbench.definitions.schemas import schema as schema_of
from workbench.flows import fields as flow_fields
from workbench.model.noun_fields import table_schema
from workbench.parity import fields as parity_fields
from workbench.usecases.project import kinds

FILES: tuple[What, ...] = ("project", "part", "checklist")
TABLES = {
    "flows": (flow_fields.FIELDS, "Flows of the release workbench", ("key", "name")),
    "differences": (parity_fields.FIELDS, "Differences of the release workbench", ("title",)),
}
WHAT = (*FILES, *TABLES)


def schema(what: str) -> dict[str, Any]:
    """The schema of one of :data:`WHAT`."""
    for file in FILES:
        if file == what:
            return schema_of(kinds(), file)
    return table_schema(*TABLES[what])
