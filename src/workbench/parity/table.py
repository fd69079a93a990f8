"""The parity map as a table that a team keeps elsewhere too: how its rows meet the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.noun_fields import Field
from workbench.model.tables import Known, match_name
from workbench.parity.fields import FIELDS
from workbench.parity.model import Difference, all_differences, decided_now, edited, new_difference
from workbench.record import Change, Record, Stored


class DifferenceTable:
    """Differences are found by their title, whatever its case and spaces."""

    kind = "differences"
    about = "the parity map"
    noun = "difference"
    begins_from = "parity"
    fields: tuple[Field, ...] = FIELDS
    needed: tuple[str, ...] = ("title",)
    never_changed: tuple[str, ...] = ("title",)
    empty: Any = Difference(title="")

    def known(self, record: Record) -> Known:
        """What is on the map, by name."""
        found = Known()
        for ident, title in record.query("SELECT id, title FROM e_difference"):
            found.add(match_name(title), ident)
        return found

    def name(self, said: Mapping[str, Any], known: Known) -> str:
        """What a row is found by."""
        return match_name(said["title"])

    def added(self, record: Record, said: Mapping[str, Any], name: str, now: datetime, ident: str) -> Change:
        """The change that a new row makes."""
        return new_difference(Difference(**said), now, ident)

    def edited(self, stored: Stored, value: Difference, changes: Mapping[str, Any]) -> Change:
        """The change that a row makes of what is there.

        A row that decides otherwise decides on what it says; who decided is not told by a file.
        """
        forgotten = {"decided_by": None, "decided_at": None, "statement": ""} if "decision" in changes else {}
        said = msgspec.structs.replace(value, **{**forgotten, **changes})
        return edited(stored, decided_now(said) if "decision" in changes else said)

    def values(self, record: Record) -> list[Any]:
        """Everything, in an order that only what is said decides."""
        found = sorted(all_differences(record), key=lambda pair: (pair[1].title.casefold(), pair[0].id))
        return [difference for _, difference in found]


TABLE = DifferenceTable()
