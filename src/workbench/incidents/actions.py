"""What is done after an incident: each action with its owner and its day."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.record import Column, EntityKind, Record, Stored


class ActionState(StrEnum):
    """What has become of an action."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One action; ``subject`` is what it came of: ``incident/ID``, or the subject of another review."""

    subject: str
    title: str
    by: str
    at: datetime
    owner: str | None = None
    due: datetime | None = None
    state: ActionState = ActionState.OPEN
    why: str = ""
    link: str = ""
    ended_at: datetime | None = None
    ended_by: str | None = None


ENTITIES = (
    EntityKind(
        "action",
        Action,
        columns=(Column("subject"), Column("state"), Column("due"), Column("owner")),
        thing="action",
        judged=True,
        excerpt=True,
        together=(("state", "why", "ended_at", "ended_by"),),
    ),
)


def all_actions(record: Record, *, subject: str | None = None) -> list[tuple[Stored, Action]]:
    """Actions by their day, those without one last; all of them, or those of one subject."""
    where, given = ("subject = ?", (subject,)) if subject is not None else ("", ())
    rows = record.all("action", where, given, "due IS NULL, due, id")
    return [(row, row.decode(Action)) for row in rows]
