"""Lines of an incident's timeline as acts write them, alone or beside something else."""

from __future__ import annotations

from datetime import datetime

from workbench.incidents import timeline
from workbench.incidents.timeline import LineKind, TimelineLine
from workbench.record import Change
from workbench.usecases.context import Context, fresh_id
from workbench.usecases.handed_in import HandedIn


def line(context: Context, incident: str, what: LineKind, words: str, at: datetime | None = None) -> Change:
    """The change that writes a line: of now, or of an earlier moment; both times are kept."""
    now = context.now
    value = TimelineLine(
        incident=incident,
        at=at or now,
        said_at=now,
        by=context.author().actor,
        words=words,
        what=what,
    )
    return timeline.wrote(value, fresh_id(context))


def of_lifting(context: Context, incident: str, reason: str) -> list[Change]:
    """What the timeline says when the freeze of an incident is lifted."""
    handed = HandedIn()
    return [line(context, incident, LineKind.LIFTED, handed.line(reason))]
