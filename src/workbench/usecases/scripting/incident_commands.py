"""Incidents and their timelines as commands; lines and freezes that come with an act of the incident are told there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from workbench.evidence.model import Attachment
from workbench.incidents.fields import FIELDS
from workbench.incidents.model import Incident, IncidentSeverity
from workbench.incidents.timeline import LineKind, TimelineLine
from workbench.model.noun_fields import ADD, EDIT, asked_by
from workbench.record import EntryView
from workbench.usecases.scripting.checklist_commands import given
from workbench.usecases.scripting.model import Act, Command, Line, Remark
from workbench.usecases.scripting.telling import (
    Telling,
    before_of,
    command_on,
    options,
    said,
    value_of,
)

_ADDED = asked_by(FIELDS, ADD, "title", "environment", "severity")
Tell = Callable[[Telling, Act, EntryView, str], Command]


def incidents(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Incidents that were declared, edited, and how they ended."""
    merging = any(entry.verb == "merged" for entry in entries)
    for entry in entries:
        if merging and entry.verb == "edited":
            continue  # what the other one takes over follows
        value = value_of(entry, Incident)
        tell = _TOLD.get(entry.verb)
        before = before_of(entry, Incident)
        title = before.title if before is not None else value.title
        yield tell(telling, act, entry, title) if tell else Remark(f"incident {title}: {entry.verb}")


def _declared(telling: Telling, act: Act, entry: EntryView, title: str) -> Command:
    value = value_of(entry, Incident)
    nothing = Incident(
        title="",
        environment="",
        severity=IncidentSeverity.HIGH,
        declared_at=value.declared_at,
        declared_by=value.declared_by,
    )
    build = telling.ever("candidate", value.candidate) if value.candidate else {}
    return command_on(
        "incident new",
        [title],
        ("--environment", value.environment, "--severity", value.severity.value),
        options(_ADDED, nothing, value, telling),
        said(candidate=f"rc{build['number']}" if build else ""),
        telling.of_release(value.release),
    )


def _edited(telling: Telling, act: Act, entry: EntryView, title: str) -> Command:
    before, after = before_of(entry, Incident), value_of(entry, Incident)
    return command_on("incident edit", [title], options(asked_by(FIELDS, EDIT), before, after, telling))


def _mitigated(telling: Telling, act: Act, entry: EntryView, title: str) -> Command:
    at = value_of(entry, Incident).mitigated_at
    note = _words(act, LineKind.MITIGATED)
    return command_on("incident mitigated", [title], said(at=_earlier(telling, act, at), note=note))


def _closed(telling: Telling, act: Act, entry: EntryView, title: str) -> Command:
    value = value_of(entry, Incident)
    at = _earlier(telling, act, value.closed_at)
    return command_on("incident close", [title], said(at=at, reason=value.ended_why))


def _reopened(telling: Telling, act: Act, entry: EntryView, title: str) -> Command:
    return command_on("incident reopen", [title], said(reason=entry.reason))


def _mistaken(telling: Telling, act: Act, entry: EntryView, title: str) -> Command:
    return command_on("incident mistake", [title], said(reason=value_of(entry, Incident).ended_why))


def _merged(telling: Telling, act: Act, entry: EntryView, title: str) -> Command:
    value = value_of(entry, Incident)
    into = telling.incident(act, value.into)
    return command_on("incident merge", [title], said(into=into, reason=value.ended_why))


def _split(telling: Telling, act: Act, entry: EntryView, title: str) -> Command:
    value = value_of(entry, Incident)
    moved = [each for each in act.of("timeline_line") if each.verb == "moved"]
    lines = [word for each in moved for word in ("--line", value_of(each, TimelineLine).words)]
    return command_on("incident split", [telling.incident(act, value.split_from), title], lines)


_TOLD: Mapping[str, Tell] = {
    "declared": _declared,
    "marked as a mistake": _mistaken,
    "merged": _merged,
    "split off": _split,
    "edited": _edited,
    "mitigated": _mitigated,
    "closed": _closed,
    "reopened": _reopened,
}


def lines(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What was written into timelines; what came along with something else is told there."""
    if act.of("incident") or act.of("freeze") or act.of("drill"):
        return
    for entry in entries:
        yield _corrected(telling, act, entry) if entry.verb == "corrected" else _wrote(telling, act, entry)


def _wrote(telling: Telling, act: Act, entry: EntryView) -> Command:
    value = value_of(entry, TimelineLine)
    name = telling.incident(act, value.incident)
    at = said(at=_earlier(telling, act, value.at))
    if value.what is LineKind.EVIDENCE and (pieces := act.of("attachment")):
        return command_on("incident attach", [name], given(telling, value_of(pieces[0], Attachment)), at)
    verb = "incident told" if value.what is LineKind.TOLD else "incident note"
    return command_on(verb, [name, value.words], said(runbook=value.what is LineKind.RUNBOOK), at)


def _corrected(telling: Telling, act: Act, entry: EntryView) -> Command:
    after = value_of(entry, TimelineLine)
    before = before_of(entry, TimelineLine) or after
    words = [after.words] if after.words != before.words else []
    at = telling.when(after.at, end=False) if after.at != before.at else ""
    refs = [telling.incident(act, after.incident), before.words, *words]
    return command_on("incident correct", refs, said(at=at, reason=entry.reason))


def _words(act: Act, what: LineKind) -> str:
    found = (value_of(entry, TimelineLine) for entry in act.of("timeline_line"))
    return next((line.words for line in found if line.what is what), "")


def _earlier(telling: Telling, act: Act, moment: datetime | None) -> str:
    return "" if telling.soon_after(act, moment) else telling.when(moment, end=False)
