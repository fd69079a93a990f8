"""The parity map as a table that a team keeps elsewhere too: how its rows meet the record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.errors import UsageError
from workbench.model.noun_fields import Field
from workbench.model.tables import Known, match_name
from workbench.model.text import safe_text
from workbench.parity.decisions import Decision
from workbench.parity.fields import FIELDS
from workbench.parity.model import (
    Difference,
    all_differences,
    checked,
    decided_now,
    edited,
    lacking,
    new_difference,
    short_id,
)
from workbench.parity.rating import rated
from workbench.record import Change, Record, Stored

# What a row of a matrix of all parameters says of one that is the same on both sides.
_SAYS_WHERE = {"title", "staging", "production", "category", "region", "owner"}


class DifferenceTable:
    """Differences are found by title and region, whatever their case and spaces."""

    kind = "differences"
    about = "the parity map"
    noun = "difference"
    begins_from = "parity"
    # The words of a severity that could not be read stand in its own column.
    fields: tuple[Field, ...] = tuple(field for field in FIELDS if field.name != "severity_written")
    needed: tuple[str, ...] = ("title",)
    never_changed: tuple[str, ...] = ("title", "region")
    chosen = ""
    renamed = True
    title = "title"
    written: Mapping[str, str] = {"severity": "severity_written"}
    empty: Any = Difference(title="")

    def known(self, record: Record, titles: Collection[str] | None = None) -> Known:
        """What is on the map, by name; the titles lead to the names."""
        if titles is not None:
            return self._known_as(record, titles)
        found = Known()
        where = "coalesce(json_extract(value, '$.region'), '')"
        for ident, title, region in record.query(f"SELECT id, title, {where} FROM e_difference"):
            found.add(name_of(title, region), ident, match_name(title))
        return found

    def _known_as(self, record: Record, titles: Collection[str]) -> Known:
        """The same of what is called so: of all others nothing but the title is read."""
        found, called = Known(), set(map(match_name, titles))
        for ident, title in record.query("SELECT id, title FROM e_difference"):
            if (other := match_name(title)) in called and (stored := record.get("difference", ident)):
                found.add(name_of(title, stored.decode(Difference).region), ident, other)
        return found

    def name(self, said: Mapping[str, Any], known: Known) -> str:
        """What a row is found by; a row that says no region is the only one with its title."""
        title = said["title"]
        if region := said.get("region"):
            return name_of(title, region)
        name = match_name(title)
        if name in known.ids:
            return name
        names = known.others.get(name, ())
        if len(names) > 1:
            regions = ", ".join(f"“{safe_text(other.partition(_BETWEEN)[2], 40)}”" for other in names)
            raise UsageError(
                f"“{safe_text(title, 60)}” is on the map for {len(names)} regions: {regions}",
                hint="say which in a column for the region",
            )
        return names[0] if names else name

    def own_name(self, said: Mapping[str, Any], known: Known) -> str:
        """Title and region together."""
        return name_of(said["title"], said.get("region", ""))

    def instead_of_name(self, said: Mapping[str, Any]) -> str:
        """What a row without a title is called by: its values, what can happen, or whatever it says."""
        sides = [f"{said[side]} in {side}" for side in ("staging", "production") if said.get(side)]
        words = ", ".join(sides) or said.get("impact", "") or _all_that(said)
        return " ".join(words.split())[:200]

    def instead(self, unread: Mapping[str, str]) -> tuple[dict[str, Any], str]:
        """Where a cell cannot be read nothing is decided; a severity that cannot be read is high."""
        undecided = {"decision": Decision.UNDECIDED}
        if "severity" not in unread:
            return undecided, "imported as undecided"
        written = " ".join(unread["severity"].split())[:200]
        high = {"severity": Severity.HIGH, "severity_written": written}
        return {**undecided, **high}, "imported as high and undecided"

    def impossible(self, said: Mapping[str, Any], before: Difference) -> str:
        """Why what a row decides cannot be; "" where it can."""
        if said.get("decision", Decision.UNDECIDED) is Decision.UNDECIDED:
            return ""
        try:
            checked(msgspec.structs.replace(before, **said))
        except UsageError as error:
            return error.what
        return ""

    def lacking(self, said: Mapping[str, Any], now: datetime) -> Mapping[str, UsageError]:
        """PM-3: what a decision needs, and that it does not end before it begins."""
        return lacking(Difference(**said), now)

    def decided(self, said: Mapping[str, Any], by: str, at: datetime) -> dict[str, Any]:
        """Who decided, and when."""
        if said.get("decision", Decision.UNDECIDED) is Decision.UNDECIDED:
            return {}
        return {"decided_by": by, "decided_at": at}

    def says_no_difference(self, said: Mapping[str, Any]) -> bool:
        """Whether a row of a matrix of all parameters has the same value on both sides."""
        same = said.get("staging") and said.get("staging") == said.get("production")
        return bool(same) and said.keys() <= _SAYS_WHERE

    def added(self, record: Record, said: Mapping[str, Any], name: str, now: datetime, ident: str) -> Change:
        """The change that a new row makes."""
        value = Difference(**said)
        follows = rated(value.frequency, value.harm) if "severity" not in said else None
        return new_difference(
            value if follows is None else msgspec.structs.replace(value, severity=follows), now, ident
        )

    def edited(self, stored: Stored, value: Difference, changes: Mapping[str, Any]) -> Change:
        """The change that a row makes of what is there.

        A row that decides otherwise decides on what it says; who decided is not told by a file.
        """
        forgotten = {"decided_by": None, "decided_at": None, "statement": ""} if "decision" in changes else {}
        said = msgspec.structs.replace(value, **{**forgotten, **changes})
        return edited(stored, decided_now(said) if "decision" in changes else said)

    def everything(self, record: Record) -> list[tuple[Stored, Any]]:
        """Everything, in an order that only what is said decides."""
        return sorted(all_differences(record), key=lambda pair: (pair[1].title.casefold(), pair[0].id))


_BETWEEN = "\n"  # no name that is matched holds one


def name_of(title: str, region: str) -> str:
    """What two differences have in common that are meant to be the same one."""
    name = match_name(title)
    where = match_name(region) if region else ""
    return f"{name}{_BETWEEN}{where}" if where else name


def require_new_name(record: Record, title: str, region: str) -> None:
    """``UsageError`` where a difference with this title and region is on the map already."""
    name, title = name_of(title, region), match_name(title)
    for ident, other in record.query("SELECT id, title FROM e_difference"):
        if match_name(other) != title:
            continue
        found = record.get("difference", ident)
        if found is not None and name_of(other, found.decode(Difference).region) == name:
            raise UsageError(
                f"“{safe_text(other, 60)}” is on the map already ({short_id(ident)})",
                hint="edit that one, or give this one another title or region",
            )


def _all_that(said: Mapping[str, Any]) -> str:
    """What else a row without a title says, in words; "" where it says nothing."""
    words = {name: value.value if isinstance(value, Enum) else value for name, value in said.items()}
    told = [f"{name} {word}" for name, word in words.items() if word and isinstance(word, str)]
    return f"without a title: {', '.join(told)}" if told else ""


TABLE = DifferenceTable()
