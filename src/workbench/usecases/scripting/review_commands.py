"""Reviews of incidents and failed tests, actions, and rulings on alarms, as commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from workbench.incidents.action_fields import FIELDS as ACTION_FIELDS
from workbench.incidents.actions import Action, ActionState, all_actions
from workbench.incidents.alarms import Alarm, AlarmRuling
from workbench.incidents.review_fields import FIELDS, write_hours
from workbench.incidents.reviews import IncidentReview, WhyNot
from workbench.model.noun_fields import ADD, EDIT, asked_by
from workbench.record import EntryView
from workbench.usecases.scripting.model import Act, Command, Line
from workbench.usecases.scripting.telling import (
    Telling,
    before_of,
    command_on,
    options,
    said,
    value_of,
)


def incident_reviews(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Answers about an incident, or about tests that failed."""
    for entry in entries:
        after = value_of(entry, IncidentReview)
        before = before_of(entry, IncidentReview) or IncidentReview(
            subject=after.subject, by=after.by, at=after.at
        )
        yield _reviewed(telling, act, before, after)


def _reviewed(telling: Telling, act: Act, before: IncidentReview, after: IncidentReview) -> Command:
    noun, _, ident = after.subject.partition("/")
    # An answer that went because another one took its ground is not said.
    shown = msgspec.structs.replace(after, differences=_titles(telling, act, after.differences))
    earlier = msgspec.structs.replace(before, differences=_titles(telling, act, before.differences))
    asked = [
        field
        for field in asked_by(FIELDS, EDIT)
        if field.name != "why_not" or after.why_not is not WhyNot.UNSAID
    ]
    changed = options(asked, earlier, shown, telling)
    if noun == "incident":
        return command_on("incident review", [_title(telling, act, ident)], changed)
    source, of_build = _tests(telling, ident)
    return command_on("failed-tests review", [source], of_build, changed)


def _title(telling: Telling, act: Act, incident: str) -> str:
    return str(telling.then(act, "incident", incident).get("title", incident))


def _titles(telling: Telling, act: Act, ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(telling.difference(telling.then(act, "difference", ident)) for ident in ids)


def actions(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What is to be done after an incident, and what became of it."""
    for entry in entries:
        before, after = before_of(entry, Action), value_of(entry, Action)
        if before is None:
            new = Action(title=after.title, by=after.by, at=after.at)
            yield command_on(
                "action add", [after.title], _after(telling, act, after.subject),
                options(asked_by(ACTION_FIELDS, ADD, "title"), new, after, telling),
            )  # fmt: skip
        elif before.state is after.state:
            yield command_on(
                "action edit",
                [_named(telling, act, before)],
                options(asked_by(ACTION_FIELDS, EDIT), before, after, telling),
            )
        elif after.state is ActionState.DONE:
            link = after.link if after.link != before.link else ""
            yield command_on("action done", [_named(telling, act, before)], said(note=after.why, link=link))
        else:
            verb = "drop" if after.state is ActionState.DROPPED else "reopen"
            yield command_on(f"action {verb}", [_named(telling, act, before)], said(reason=entry.reason))


def _named(telling: Telling, act: Act, value: Action) -> str:
    """What names an action: its title, with the incident where several have the title."""
    noun, _, ident = value.subject.partition("/")
    if noun != "incident" or sum(one.title == value.title for _, one in all_actions(telling.record)) < 2:
        return value.title
    return f"{value.title} ({_title(telling, act, ident)})"


def _after(telling: Telling, act: Act, subject: str) -> tuple[str, ...]:
    """What an action came of, as options."""
    noun, _, ident = subject.partition("/")
    if noun == "incident":
        return said(incident=_title(telling, act, ident))
    if noun == "test":
        source, of_build = _tests(telling, ident)
        return (*said(tests=source), *of_build)
    return ()


def _tests(telling: Telling, ident: str) -> tuple[str, tuple[str, ...]]:
    """The source of tests that failed, and the options that name their build."""
    release, candidate, source = ident.split("/", 2)
    number = telling.ever("candidate", candidate).get("number", "")
    return source, (*said(candidate=f"rc{number}"), *telling.of_release(release))


def alarms(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What was said of something that stopped a build."""
    for entry in entries:
        value = value_of(entry, Alarm)
        verb = "false-alarm" if value.ruling is AlarmRuling.FALSE_ALARM else "catch"
        number = telling.ever("candidate", value.candidate).get("number", "") if value.candidate else ""
        said_so = said(
            reason=value.reason,
            candidate=f"rc{number}" if number else "",
            hours=write_hours(value.hours, telling.zone),
        )
        release = telling.of_release(value.release)
        yield command_on(f"benchmark {verb}", [telling.part(act, value.part, value.title)], said_so, release)
