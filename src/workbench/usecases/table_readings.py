"""How a team's table is read: which column says what, and what its words mean, as somebody said once.

It stands in the record, so that whoever imports a table with the same columns reads it in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from workbench.record import EntityKind


class TableReading(msgspec.Struct, frozen=True, kw_only=True):
    """How tables of a ``kind`` with certain columns are read.

    ``columns`` are field → column.  ``words`` are field → what a cell says, as
    :func:`word_of` writes it → what that means, as an export writes it.
    """

    kind: str
    file: str = ""
    columns: Mapping[str, str] = {}
    words: Mapping[str, Mapping[str, str]] = {}


ENTITIES = (
    EntityKind(
        "table_reading",
        TableReading,
        thing="how to read",
        title=lambda id, value, titles: str(value.get("file", "")),
    ),
)
