"""What was written down wrongly of an incident: a mistake, one that is part of another one, two in one, a wrong line.

Nothing is removed: what was said stays in the history, marked, and counts in no figure where it should not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.definitions.hooks import HookEvent
from workbench.gates import model as gates
from workbench.incidents import changes, timeline
from workbench.incidents.model import Incident, IncidentEnd
from workbench.incidents.timeline import LineKind, TimelineLine
from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.reasons import readable_reason
from workbench.record import Change, Commit, Stored
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.deciding import require_known
from workbench.usecases.handed_in import HandedIn
from workbench.usecases.incidents import announce, cleaned, freezing, require_new
from workbench.usecases.timelines import line


def mistake(context: Context, stored: Stored, value: Incident, why: str) -> Commit:
    """Say that there was no incident: it is kept, marked, and counted in nothing.

    Its freeze ends with it, which only people of the project can say.
    """
    handed = HandedIn()
    words = handed.words(readable_reason(why, "declaring an incident a mistake"))
    ended = _ended(context, stored, value, IncidentEnd.MISTAKE, "marked as a mistake", words)
    lifted = _lifted(context, stored.id, f"declared by mistake: {words}")
    if lifted:
        require_known(context)
    closing = line(context, stored.id, LineKind.CLOSED, f"declared by mistake: {words}")
    done = commit(context, [ended, *lifted, closing])
    handed.tell(context)
    return done


def merge(
    context: Context,
    stored: Stored,
    value: Incident,
    into: tuple[Stored, Incident],
    why: str = "",
) -> Commit:
    """Say that an incident is part of another one, whose timeline then holds the lines of both.

    A freeze in force goes on: as the other one's, unless that has one itself.  One that is still open is
    never part of one that is closed; two that are closed may turn out to be one.
    """
    target, other = into
    if target.id == stored.id:
        raise UsageError("an incident is not part of itself", hint="--into names the other one")
    over = value.ended is IncidentEnd.CLOSED and other.ended is IncidentEnd.CLOSED
    if not other.open and not over:
        raise UsageError(f"“{other.title}” has ended", hint="workbench incident reopen REF --reason WHY")
    handed = HandedIn()
    words = handed.words(why)
    ended = _ended(context, stored, value, IncidentEnd.MERGED, "merged", words, into=target.id)
    joined = changes.joined(target, other, value)
    said = line(context, target.id, LineKind.NOTE, f"merged into this: {value.title}")
    done = commit(
        context, [ended, *([joined] if joined else []), *_handed_on(context, stored.id, target.id), said]
    )
    handed.tell(context)
    return done


def split(
    context: Context,
    stored: Stored,
    value: Incident,
    title: str,
    lines: Sequence[tuple[Stored, TimelineLine]] = (),
) -> str:
    """Make an incident of its own of a part of one, with some of its lines; returns the new one's id.

    One in staging freezes promotion by its own freeze, as any other does.  A part of one that is closed is closed
    as that is, and freezes nothing.
    """
    if value.ended not in (IncidentEnd.OPEN, IncidentEnd.CLOSED):
        raise UsageError(
            f"“{value.title}” has ended: {value.state.value}",
            hint="workbench incident reopen REF --reason WHY",
        )
    handed = HandedIn()
    made = cleaned(
        msgspec.structs.replace(
            value,
            title=title,
            split_from=stored.id,
            declared_at=context.now,
            declared_by=context.author().actor,
            mitigated_at=None,
            into="",
        ),
        handed,
    )
    require_new(context, made)
    ident = fresh_id(context)
    moved = [timeline.moved(row, one, ident) for row, one in lines]
    frozen = freezing(context, ident, made) if made.open else []
    note = line(context, ident, LineKind.NOTE, f"split from: {value.title}")
    commit(context, [changes.declared(made, ident, verb="split off"), *moved, *frozen, note])
    handed.tell(context)
    if made.open:
        announce(context, HookEvent.INCIDENT_OPENED, ident)
    return ident


def correct_line(
    context: Context,
    stored: Stored,
    value: TimelineLine,
    *,
    words: str | None = None,
    at: datetime | None = None,
    reason: str,
) -> Commit:
    """Put other words or another time in a line's place, with the reason; the earlier version stays in the history."""
    handed = HandedIn()
    changed = msgspec.structs.replace(
        value,
        words=value.words if words is None else handed.words(words, "a line"),
        at=at or value.at,
    )
    if changed == value:
        raise UsageError("nothing to change", hint="say what the line should say, or --at WHEN")
    why = handed.line(readable_reason(reason, "correcting a line"))
    done = commit(context, [timeline.corrected(stored, changed, why)])
    handed.tell(context)
    return done


def _ended(
    context: Context,
    stored: Stored,
    value: Incident,
    end: IncidentEnd,
    verb: str,
    why: str,
    into: str = "",
) -> Change:
    by, at = context.author().actor, context.now
    return changes.ended(stored, value, end, verb=verb, why=why, by=by, at=at, into=into)


def _lifted(context: Context, incident: str, why: str) -> list[Change]:
    by, at = context.author().actor, context.now
    return [
        gates.lift_freeze(row, frozen, why, by=by, at=at)
        for row, frozen in gates.freezes(context.record)
        if frozen.incident == incident
    ]


def _handed_on(context: Context, incident: str, into: str) -> list[Change]:
    """What becomes of the freeze of an incident that is merged: nothing that is frozen is freed."""
    held = gates.freezes(context.record)
    if any(frozen.incident == into for _, frozen in held):
        return _lifted(context, incident, "merged into an incident whose own freeze is in force")
    return [
        Change(
            "freeze",
            row.id,
            "handed on",
            plain(msgspec.structs.replace(frozen, incident=into)),
            row.base,
        )
        for row, frozen in held
        if frozen.incident == incident
    ]
