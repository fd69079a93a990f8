"""The timeline of an incident: what happened when, and when that was typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.incidents.model import Incident, IncidentEnd
from workbench.model.errors import UsageError
from workbench.record import Change, Column, Condition, EntityKind, Record, Stored
from workbench.record.naming import choose


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


# The lines that checklists are answered from; of others there may be thousands.
PICKED: Mapping[str, Condition] = {
    "timeline_line": ("what IN (?, ?)", (LineKind.TOLD.value, LineKind.RUNBOOK.value))
}

ENTITIES = (
    EntityKind(
        "timeline_line",
        TimelineLine,
        columns=(Column("incident"), Column("at"), Column("what")),
        thing="line",
        judged=True,
        picked_by=("what",),
        title=lambda id, value, titles: str(value.get("words") or value.get("what", "")),
        excerpt=True,
    ),
)


def lines_of(
    record: Record, incident: str, what: LineKind | None = None
) -> list[tuple[Stored, TimelineLine]]:
    """The lines of an incident and of those merged into it, in the order of what happened.

    All of them, or those of one kind.
    """
    ids = [incident, *merged_into(record, incident)]
    marks = ", ".join("?" * len(ids))
    of_kind = ("", ()) if what is None else (" AND what = ?", (what.value,))
    rows = record.all("timeline_line", f"incident IN ({marks}){of_kind[0]}", (*ids, *of_kind[1]), "at, id")
    return [(row, row.decode(TimelineLine)) for row in rows]


def merged_into(record: Record, incident: str) -> list[str]:
    """The ids of the incidents that were merged into one, and of those that were merged into these."""
    rows = record.all("incident", "ended = ?", (IncidentEnd.MERGED.value,))
    parents = {row.id: row.decode(Incident).into for row in rows}
    found, left = [], [incident]
    while left:
        parent = left.pop()
        below = [child for child, into in parents.items() if into == parent and child not in found]
        found += below
        left += below
    return found


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


def moved(stored: Stored, line: TimelineLine, incident: str) -> Change:
    """The change that puts a line into the timeline of another incident."""
    changed = msgspec.structs.replace(line, incident=incident)
    return Change("timeline_line", stored.id, "moved", changed, stored.base)


def find_line(record: Record, incident: str, ref: str) -> tuple[Stored, TimelineLine]:
    """The line of an incident that ``ref`` names: its id or the end of it, its words, or a part of them."""
    return choose(
        lines_of(record, incident),
        ref,
        "line",
        title=lambda line: line.words,
        first=lambda line: line.incident == incident,
        hint="workbench incident show REF --all shows them; --json with their ids",
    )
