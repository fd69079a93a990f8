"""What a team does again and again: that it was done, by whom, for which due date."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.record import Column, EntityKind, Record, Stored


class RoutineDone(msgspec.Struct, frozen=True, kw_only=True):
    """A routine was done: ``due`` is the moment that it answers, ``evidence`` digests of blobs in the record."""

    routine: str
    at: datetime
    by: str
    due: datetime | None = None
    words: str = ""
    evidence: tuple[str, ...] = ()


ENTITIES = (
    EntityKind(
        "routine_done",
        RoutineDone,
        columns=(Column("routine"), Column("at")),
        thing="routine",
        title=lambda id, value, titles: str(value.get("routine", "")),
        judged=True,
        excerpt=True,
    ),
)


def done_of(record: Record, routine: str) -> list[tuple[Stored, RoutineDone]]:
    """How often a routine was done, the latest first."""
    rows = record.all("routine_done", "routine = ?", (routine,), "at DESC, id DESC")
    return [(row, row.decode(RoutineDone)) for row in rows]
