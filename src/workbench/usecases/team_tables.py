"""The tables that teams keep, and that the workbench takes in and gives back: one line each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Protocol

from workbench.flows import table as flow_table
from workbench.model.errors import UsageError
from workbench.model.noun_fields import Field
from workbench.model.tables import Known
from workbench.parity import table as parity_table
from workbench.record import Change, Record, Stored

NOT_JUDGED = "not judged yet"  # said on purpose of how bad something is: no mistake, and counts as high


class TeamTable(Protocol):
    """How the rows of one kind of table meet the record.

    ``kind`` is what people call it, ``about`` the same in a sentence, ``noun`` the entity that a row is, ``begins_from`` the field
    of ``start_from`` that names a file of it.  One of the columns ``needed`` must be there;
    ``never_changed`` are fields that a row is found by, however it writes them.  ``chosen`` is the
    field that holds a name somebody chose, ``title`` what people call the thing; a thing can be
    ``renamed`` in a row that was exported and tells by its mark which one it was.
    ``written`` leads from a field to the one that holds a cell's words where they could not be read.
    """

    kind: str
    about: str
    noun: str
    begins_from: str
    fields: tuple[Field, ...]
    needed: tuple[str, ...]
    never_changed: tuple[str, ...]
    chosen: str
    renamed: bool
    title: str
    written: Mapping[str, str]
    empty: Any

    def known(self, record: Record, titles: Collection[str] | None = None) -> Known:
        """What the record holds, by name; where ``titles`` are given, at least what is called so."""

    def name(self, said: Mapping[str, Any], known: Known) -> str:
        """What a row is found by; ``UsageError`` where it can have no name."""

    def own_name(self, said: Mapping[str, Any], known: Known) -> str:
        """What a thing is told apart by from all others; ``UsageError`` where it can have no such name."""

    def instead_of_name(self, said: Mapping[str, Any]) -> str:
        """What a row is called that says no name; "" where it cannot go in."""

    def instead(self, unread: Mapping[str, str]) -> tuple[dict[str, Any], str]:
        """What goes in for a row with cells that cannot be read (field → cell), and that in words."""

    def impossible(self, said: Mapping[str, Any], before: Any) -> str:
        """Why what a row decides cannot be, given what was there ``before``; "" where it can."""

    def lacking(self, said: Mapping[str, Any], now: datetime) -> Mapping[str, UsageError]:
        """What a new row still has to say to decide as it does, by field."""

    def decided(self, said: Mapping[str, Any], by: str, at: datetime) -> dict[str, Any]:
        """What is kept besides of a new row that decides: who decided it, and when."""

    def says_no_difference(self, said: Mapping[str, Any]) -> bool:
        """Whether a new row says that there is nothing to take in."""

    def added(self, record: Record, said: Mapping[str, Any], name: str, now: datetime, ident: str) -> Change:
        """The change that a new row makes; ``UsageError`` where it cannot go in."""

    def edited(self, stored: Stored, value: Any, changes: Mapping[str, Any]) -> Change:
        """The change that a row makes of what is there; ``UsageError`` where it cannot go in."""

    def everything(self, record: Record) -> list[tuple[Stored, Any]]:
        """Everything that the record holds, in the order of an export."""


TABLES: Mapping[str, TeamTable] = {table.kind: table for table in (flow_table.TABLE, parity_table.TABLE)}


def field_of(table: TeamTable, name: str) -> Field:
    """The field of that name; ``KeyError`` when there is none."""
    return next(field for field in table.fields if field.name == name)


def named(table: TeamTable, said: Mapping[str, Any]) -> str:
    """What a row calls its thing."""
    return next((said[name] for name in table.needed if said.get(name)), "")


def text_of(table: TeamTable, field: Field, value: Any, zone: tzinfo) -> str:
    """What a cell says of a field: the words that stood there, as long as nobody said what they mean."""
    kept = table.written.get(field.name)
    return (kept and getattr(value, kept)) or field.write(getattr(value, field.name), zone)


def titles(table: TeamTable, names: Sequence[str]) -> list[str]:
    """Fields as people call them."""
    return [field_of(table, name).title for name in names]
