"""Incidents: declared, written down line by line, mitigated, closed; one in staging freezes promotion in the same act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from workbench.definitions.hooks import HookEvent
from workbench.evidence.model import Evidence
from workbench.gates import model as gates
from workbench.incidents import changes
from workbench.incidents import model as incidents
from workbench.incidents.fields import TIMES
from workbench.incidents.model import Incident, IncidentEnd, IncidentSeverity, IncidentState
from workbench.incidents.reviews import of_incident
from workbench.incidents.timeline import LineKind
from workbench.model.errors import UsageError
from workbench.model.keys import moment_of
from workbench.record import Change, Commit, Record, Stored
from workbench.releases import model as releases
from workbench.releases import shipment
from workbench.releases.model import Candidate, Outcome
from workbench.usecases import hooks
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.environment_names import is_production, is_staging
from workbench.usecases.handed_in import HandedIn
from workbench.usecases.timeline_files import read_timeline
from workbench.usecases.timelines import line
from workbench.usecases.views.incident_text import headline, told_text

# What each time is called in the timeline.
_SAID = {
    "started_at": LineKind.STARTED,
    "detected_at": LineKind.DETECTED,
    "mitigated_at": LineKind.MITIGATED,
    "closed_at": LineKind.CLOSED,
}


def new(context: Context) -> Incident:
    """An incident of now of which nothing has been said."""
    return Incident(
        title="",
        environment="",
        severity=IncidentSeverity.HIGH,
        declared_at=context.now,
        declared_by=context.author().actor,
    )


def find_incident(context: Context, ref: str) -> tuple[Stored, Incident]:
    """The incident with that id (or the end of one), or with these words in its title."""
    return incidents.find(context.record, ref)


def belongs_to(context: Context, value: Incident, version: str | None = None) -> tuple[str, str | None]:
    """The ids of the release and the build that an incident belongs to; ``version`` is a release that was named.

    Where none was, one in production belongs to what was live when it began, any other one to the release
    in hand.  What was planned or proposed only after it was over cannot have been hit by it.
    """
    record = context.record
    if version is None and is_production(context, value.environment):
        return _live(record, value.began)
    if not record.count("release"):
        return "", None
    held = releases.find(record, version or context.release)
    if version is not None or value.closed_at is None:
        named = version is not None or held.release.outcome is not Outcome.ABANDONED
        return (held.id, held.candidate_id) if named else ("", None)
    return _until(held, value.closed_at)


def _until(held: releases.Held, end: datetime) -> tuple[str, str | None]:
    """A release and its latest build as they stood at a moment; ``"", None`` where it was not planned by then."""
    planned = held.release.created_at or moment_of(held.id)
    if held.release.outcome is Outcome.ABANDONED or (planned is not None and planned > end):
        return "", None
    builds = [row.id for row, value in held.candidates if not _later(row.id, value, end)]
    return held.id, builds[-1] if builds else None


def _later(ident: str, value: Candidate, end: datetime) -> bool:
    """Whether a build was made, or where nobody knows when, proposed, after a moment."""
    made = value.built_at or moment_of(ident)
    return made is not None and made > end


def _live(record: Record, moment: datetime) -> tuple[str, str | None]:
    """What production ran at a moment, as far as the record knows."""
    shipped = shipment.live_at(record, moment)
    if shipped is not None:
        return shipped.release, shipped.candidate or None
    last = releases.last_release(record)  # shipped before shipments were recorded
    if last is None or last[1] > moment:
        return "", None
    held = releases.find(record, last[0])
    return held.id, held.candidate_id


def placed(
    context: Context, value: Incident, version: str | None = None, build: str | None = None
) -> Incident:
    """An incident with the release and the build that it belongs to: those that are named, or those that follow."""
    release, candidate = belongs_to(context, value, version)
    if build:
        candidate = _build(context, release, build)
    return msgspec.structs.replace(value, release=release, candidate=candidate)


def _build(context: Context, release: str, name: str) -> str:
    """The id of a build of a release by its name (``rc2``); ``UsageError`` where there is none."""
    stored = context.record.get("release", release) if release else None
    builds = releases.held(context.record, stored).candidates if stored else ()
    for row, value in builds:
        if name.strip().casefold() in (value.name, str(value.number)):
            return row.id
    known = ", ".join(value.name for _, value in builds) or "none"
    raise UsageError(f"there is no build “{name}” of that release", hint=f"known: {known}")


def declare(context: Context, value: Incident) -> str:
    """Write a new incident down, with what is known of its times; returns its id.

    One in staging freezes promotion in the same act, unless it was over before anybody wrote it down.
    ``UsageError`` where one of this title is open.
    """
    handed = HandedIn()
    value = cleaned(value, handed)
    require_new(context, value)
    if not value.release:
        value = placed(context, value)
    over = value.closed_at is not None
    if over:
        value = msgspec.structs.replace(value, ended=IncidentEnd.CLOSED, closed_by=value.declared_by)
    ident = fresh_id(context)
    made = [changes.declared(value, ident), *_times(context, ident, value)]
    if not over:
        made += freezing(context, ident, value)
    commit(context, made)
    handed.tell(context)
    if not over:
        announce(context, HookEvent.INCIDENT_OPENED, ident)
    if over and is_staging(context, value.environment):
        context.remarks.append("it was over when it was written down, so that nothing is frozen")
    return ident


def require_new(context: Context, value: Incident) -> None:
    """``UsageError`` where an incident of this title is open: two people may be about to declare the same one."""
    for stored, other in incidents.all_incidents(context.record, only_open=True):
        if other.title.casefold() == value.title.casefold():
            raise UsageError(
                f"“{other.title}” is open already ({stored.id[-12:]})",
                hint="write into its timeline: workbench incident note REF TEXT",
            )


def freezing(context: Context, ident: str, value: Incident) -> list[Change]:
    """The freeze that an incident in staging opens, with its line; none for other environments."""
    if not is_staging(context, value.environment):
        return []
    reason = f"incident in {value.environment}: {value.title}"
    by, at = context.author().actor, context.now
    return [
        gates.freeze_change(reason, by=by, at=at, incident=ident),
        line(context, ident, LineKind.FROZEN, ""),
    ]


def _times(context: Context, ident: str, value: Incident, before: Incident | None = None) -> Iterator[Change]:
    """A line for each time that is said, and was not said so before."""
    for name in TIMES:
        at = getattr(value, name)
        if at is not None and at != getattr(before, name, None):
            again = before is not None and getattr(before, name) is not None
            yield line(context, ident, _SAID[name], "time corrected" if again else "", at)


def cleaned(value: Incident, handed: HandedIn) -> Incident:
    """An incident without secrets, and without codes that steer a terminal, in what people typed."""
    return msgspec.structs.replace(
        value,
        title=handed.line(value.title, "the title"),
        summary=handed.words(value.summary, "the summary"),
        link=handed.line(value.link, "the link"),
        runbook=handed.line(value.runbook, "the runbook"),
        commander=handed.line(value.commander, "who leads") if value.commander else value.commander,
        people=tuple(handed.line(one, "a name") for one in value.people),
        ended_why=handed.words(value.ended_why, "the reason"),
    )


def note(
    context: Context,
    stored: Stored,
    value: Incident,
    words: str,
    *,
    at: datetime | None = None,
    what: LineKind = LineKind.NOTE,
) -> str:
    """Write a line into the timeline, of now or of an earlier moment; returns the line's id.

    Of an incident that has ended, too: what is remembered later belongs to it.
    """
    handed = HandedIn()
    made = line(context, stored.id, what, handed.words(words, "a line"), at)
    commit(context, [made])
    handed.tell(context)
    return made.id


def note_all(context: Context, stored: Stored, text: str) -> int:
    """Write a whole timeline down that was kept elsewhere, in one act; returns how many lines it has."""
    handed = HandedIn()
    told = read_timeline(text, context.now, context.zone)
    made = [
        line(context, stored.id, LineKind.NOTE, handed.words(one.words, "a line"), one.at) for one in told
    ]
    commit(context, made)
    handed.tell(context)
    return len(made)


def attach(context: Context, stored: Stored, evidence: Evidence, *, at: datetime | None = None) -> Commit:
    """Keep a link, a file or a note with an incident; its title is a line of the timeline."""
    title = str(evidence.change.value["title"]) if isinstance(evidence.change.value, Mapping) else ""
    said = line(context, stored.id, LineKind.EVIDENCE, title, at)
    return commit(context, [evidence.change, said], blobs=evidence.blobs)


def evidence_subject(ident: str) -> str:
    """What evidence of an incident refers to."""
    return f"incident:{ident}"


def edit(context: Context, stored: Stored, value: Incident, changed: Incident) -> Commit:
    """Change what is said of an incident; a time that is said or corrected is a line of its timeline.

    One that turns out to be in staging freezes promotion then; a freeze in force stays in any case.
    """
    handed = HandedIn()
    changed = cleaned(changed, handed)
    if changed.closed_at is not None and changed.open:
        raise UsageError("it is not closed yet", hint="workbench incident close REF --at WHEN")
    made = [changes.edited(stored, changed), *_times(context, stored.id, changed, value)]
    held = frozen_by(context, stored.id)
    if changed.open and not held and not is_staging(context, value.environment):
        made += freezing(context, stored.id, changed)
    done = commit(context, made)
    if held and not is_staging(context, changed.environment):
        context.remarks.append("its freeze stays in force until somebody lifts it")
    handed.tell(context)
    return done


def mitigate(
    context: Context, stored: Stored, value: Incident, *, at: datetime | None = None, words: str = ""
) -> Commit:
    """Say that nobody is affected any longer, since now or since ``at``."""
    handed = HandedIn()
    moment = at or context.now
    said = handed.words(words, "a line")
    done = commit(
        context,
        [
            changes.mitigated(stored, value, moment),
            line(context, stored.id, LineKind.MITIGATED, said, moment),
        ],
    )
    handed.tell(context)
    announce(context, HookEvent.INCIDENT_MITIGATED, stored.id)
    return done


def close(
    context: Context, stored: Stored, value: Incident, *, at: datetime | None = None, why: str = ""
) -> Commit:
    """Say that it is over.  Its freeze stays until a person lifts it."""
    handed = HandedIn()
    moment = at or context.now
    said = handed.words(why, "the reason")
    ended = changes.ended(
        stored,
        value,
        IncidentEnd.CLOSED,
        verb="closed",
        why=said,
        by=context.author().actor,
        at=moment,
    )
    done = commit(context, [ended, line(context, stored.id, LineKind.CLOSED, said, moment)])
    handed.tell(context)
    announce(context, HookEvent.INCIDENT_CLOSED, stored.id)
    return done


def reopen(context: Context, stored: Stored, value: Incident, why: str) -> Commit:
    """Open an incident again; one in staging freezes promotion again, unless its freeze still holds."""
    handed = HandedIn()
    said = handed.words(why, "the reason")
    made = [
        changes.reopened(stored, value, said),
        line(context, stored.id, LineKind.NOTE, f"opened again: {said}" if said else "opened again"),
    ]
    if value.state is not IncidentState.MITIGATED and not frozen_by(context, stored.id):
        made += freezing(context, stored.id, value)
    done = commit(context, made)
    handed.tell(context)
    announce(context, HookEvent.INCIDENT_OPENED, stored.id)
    return done


def announce(context: Context, event: HookEvent, ident: str) -> None:
    """Tell people through the project's hooks; an incident that freezes promotion is told as a freeze, too."""
    stored = context.record.get("incident", ident)
    if stored is None:
        return
    value = stored.decode(Incident)
    document = {
        "about": of_incident(ident),
        "title": headline(value),
        "text": told_text(context, stored, value),
        "release": value.release,
        "environment": value.environment,
        "severity": value.severity.value,
        "flows": list(value.flows),
        "commander": value.commander,
        "frozen": frozen_by(context, ident),
    }
    hooks.tell(context, event, document)
    if event is HookEvent.INCIDENT_OPENED and document["frozen"]:
        hooks.tell(context, HookEvent.FROZEN, document)


def frozen_by(context: Context, incident: str) -> bool:
    """Whether the freeze of an incident is in force."""
    return any(value.incident == incident for _, value in gates.freezes(context.record))
