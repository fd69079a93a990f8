"""The timeline of an incident: what happened when, and when that was typed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.model.errors import UsageError
from workbench.record import Change, Column, EntityKind, Record, Stored


class LineKind(StrEnum):
    """What a line of a timeline says."""

    NOTE = "note"
    STARTED = "started"
    DETECTED = "detected"
    MITIGATED = "mitigated"
    CLOSED = "closed"
    TOLD = "told"
    FROZEN = "frozen"
    LIFTED = "lifted"
    RUNBOOK = "runbook"
    EVIDENCE = "evidence"


class TimelineLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line: ``at`` is when it happened, ``said_at`` when it was typed.

    ``words`` may be empty where ``what`` says it all.
    """

    incident: str
    at: datetime
    said_at: datetime
    by: str
    words: str
    what: LineKind = LineKind.NOTE


ENTITIES = (
    EntityKind(
        "timeline_line",
        TimelineLine,
        columns=(Column("incident"), Column("at"), Column("what")),
        thing="line",
        title=lambda id, value, titles: str(value.get("words") or value.get("what", "")),
        excerpt=True,
    ),
)


def lines_of(record: Record, incident: str) -> list[tuple[Stored, TimelineLine]]:
    """The lines of an incident in the order of what happened."""
    rows = record.all("timeline_line", "incident = ?", (incident,), "at, id")
    return [(row, row.decode(TimelineLine)) for row in rows]


def wrote(line: TimelineLine, ident: str) -> Change:
    """The change that writes a line down; ``ident`` is an id of its own, below that of the incident.

    ``UsageError`` for one without words, and for one that happened after it was typed.
    """
    if line.what is LineKind.NOTE and not line.words.strip():
        raise UsageError("a line says what happened", hint="for example: gateway answers 503 again")
    if line.at > line.said_at:
        raise UsageError("that is still to come", hint="a timeline says what has happened")
    return Change("timeline_line", f"{line.incident}/{ident}", "wrote", line)


def corrected(stored: Stored, line: TimelineLine, reason: str) -> Change:
    """The change that puts another version in a line's place: the earlier one stays in the history."""
    if line.what is LineKind.NOTE and not line.words.strip():
        raise UsageError("a line says what happened", hint="a line is corrected, never removed")
    return Change("timeline_line", stored.id, "corrected", line, stored.base, reason)
