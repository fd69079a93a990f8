"""What a team does again and again: that it was done, by whom, for which due date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.record import Change, Column, EntityKind, Record, Titles


class RoutineDone(msgspec.Struct, frozen=True, kw_only=True):
    """A routine was done: ``at`` is when, ``due`` the moment that it answers.

    Its evidence is attached to ``routine_done:`` and its id.
    """

    routine: str
    at: datetime
    by: str
    due: datetime | None = None
    words: str = ""


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("routine", ""))
    return titles("routine", key) or key


ENTITIES = (
    EntityKind(
        "routine_done",
        RoutineDone,
        columns=(Column("routine"), Column("at")),
        thing="routine:",
        many="routines",
        title=_title,
        judged=True,
        excerpt=True,
    ),
)


def done_change(value: RoutineDone, ident: str) -> Change:
    """The change that says: this routine was done."""
    return Change("routine_done", ident, "done", value)


def subject_of(ident: str) -> str:
    """What evidence of a doing is attached to."""
    return f"routine_done:{ident}"


def all_done(record: Record) -> list[tuple[str, RoutineDone]]:
    """How often routines were done, each by its id, the latest first."""
    rows = record.all("routine_done", "", (), "at DESC, id DESC")
    return [(row.id, row.decode(RoutineDone)) for row in rows]
