"""The timeline of an incident: what happened when, and when that was typed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.record import Column, EntityKind, Record, Stored


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
    """One line: ``at`` is when it happened, ``said_at`` when it was typed."""

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
        title=lambda id, value, titles: str(value.get("words", "")),
        excerpt=True,
    ),
)


def lines_of(record: Record, incident: str) -> list[tuple[Stored, TimelineLine]]:
    """The lines of an incident in the order of what happened."""
    rows = record.all("timeline_line", "incident = ?", (incident,), "at, id")
    return [(row, row.decode(TimelineLine)) for row in rows]
