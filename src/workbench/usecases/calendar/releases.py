"""What falls due of releases: planned days, the ends of watching, sign-off, promises, exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from workbench.gates import overrides, quarantine
from workbench.gates.break_glass import all_break_glass
from workbench.gates.model import promises
from workbench.gates.overrides import ApprovedOverride
from workbench.gates.predictions import all_predictions
from workbench.releases import model as releases
from workbench.releases.model import WATCH, Outcome, Release
from workbench.signoff import model as signing
from workbench.signoff.conditions import kept_conditions
from workbench.signoff.model import Decision
from workbench.usecases.calendar.event import Asked, Event, What
from workbench.usecases.exceptions import read_exceptions


def tell_releases(asked: Asked) -> Iterator[Event]:
    """The days that releases are planned for, and when those that went out are no longer watched."""
    for ident, release in _releases(asked):
        ref = f"release/{ident}"
        if release.outcome is Outcome.OPEN and release.planned_at is not None:
            yield Event(
                key=ref,
                at=release.planned_at,
                what=What.RELEASE,
                title=f"{release.version} is planned to go out",
                ref=ref,
                release=release.version,
                owner=release.owner or "",
                overdue=release.planned_at < asked.now,
            )
        if release.outcome is Outcome.SHIPPED and release.outcome_at is not None:
            yield Event(
                key=f"watch/{ident}",
                at=release.outcome_at,
                until=release.outcome_at + WATCH,
                what=What.WATCH,
                title=f"{release.version} is watched",
                ref=ref,
                release=release.version,
                owner=release.owner or "",
            )


def tell_promises(asked: Asked) -> Iterator[Event]:
    """What somebody has promised to clear, of releases that have not gone out."""
    titles = _titles(asked)
    for ident, release in _open(asked):
        for row, promise in promises(asked.context.record, ident).values():
            if promise.by is None:
                continue
            title = titles.get(promise.part)
            if title is None and asked.evaluation is not None and asked.evaluation.held.id == ident:
                continue  # it is met, or nothing asks for it any more
            yield Event(
                key=f"promise/{row.id}",
                at=promise.by,
                what=What.PROMISE,
                title=f"{promise.owner} has promised to clear {title or promise.part.partition('/')[2]}",
                ref=promise.part,
                release=release.version,
                owner=promise.owner,
                overdue=promise.by < asked.now,
            )


def tell_exceptions(asked: Asked) -> Iterator[Event]:
    """When overrides and quarantines end that a second person has approved."""
    record, people = asked.context.record, asked.context.definitions.project.people
    told = _standing(asked)
    for ident, release in _open(asked):
        for value in overrides.judged(record, ident, people, open=True).approved:
            yield _ends(
                What.OVERRIDE,
                value,
                release.version,
                value.author,
                told.get((ident, value.part, value.at), ""),
            )
    for aside in quarantine.judged(record, people, asked.now).approved:
        yield _ends(What.QUARANTINE, aside, "", aside.owner or aside.author)


def _standing(asked: Asked) -> dict[tuple[str, str, datetime], str]:
    """What there is to mind about the overrides of the release in hand that have not ended."""
    if asked.evaluation is None:
        return {}
    return {
        (asked.evaluation.held.id, one.override.part, one.override.at): f": {one.words}"
        for one in read_exceptions(asked.evaluation)
        if one.words and not one.ended
    }


def _ends(what: What, value: ApprovedOverride, release: str, owner: str, standing: str = "") -> Event:
    word = "override on" if what is What.OVERRIDE else "quarantine of"
    return Event(
        key=f"{what.value}/{release or 'project'}/{value.part}/{value.at.isoformat()}",
        at=value.until,
        what=what,
        title=f"the {word} {value.title} ends{standing}",
        ref=value.part,
        release=release,
        owner=owner,
        part=value.part,
    )


def tell_sign_off(asked: Asked) -> Iterator[Event]:
    """Until when sign-off stays open on the measurements that it pins, and when conditions are due."""
    record, definitions = asked.context.record, asked.context.definitions
    for ident, release in _open(asked):
        done = kept_conditions(record, ident)
        for gate, (row, opening) in signing.openings(record, ident).items():
            found = definitions.gate(gate)
            title = found.title if found else gate
            yield Event(
                key=f"sign_off/{row.id}",
                at=opening.until,
                what=What.SIGN_OFF,
                title=f"sign-off of {title} no longer stays on the measurements that it was opened with",
                ref=f"gate/{gate}",
                release=release.version,
            )
        for answer, value in _conditions(asked, ident):
            if answer in done:
                continue
            yield Event(
                key=f"condition/{answer}",
                at=value.conditions_due or value.at,
                what=What.SIGN_OFF,
                title=f"the conditions of {value.person} are due: {value.conditions}",
                ref=f"gate/{value.gate}",
                release=release.version,
                owner=value.person,
                effect=f"{value.person}’s signature ends with them",
                blocks=True,
            )


def tell_break_glass(asked: Asked) -> Iterator[Event]:
    """By when somebody else has to review that a release was let out past its gates."""
    people = asked.context.definitions.project.people
    for one in all_break_glass(asked.context.record, people):
        if one.review is None:
            yield Event(
                key=f"break_glass/{one.ident}",
                at=one.value.due,
                what=What.BREAK_GLASS,
                title=f"break-glass for {one.value.version} is to be reviewed",
                ref=f"release/{one.value.release}",
                release=one.value.version,
                part=one.value.part,
                overdue=one.overdue(asked.now),
            )


def tell_predictions(asked: Asked) -> Iterator[Event]:
    """Until when what somebody predicted of production is to hold: then it can be scored."""
    versions = releases.versions(asked.context.record)
    for row, value in all_predictions(asked.context.record):
        yield Event(
            key=f"prediction/{row.id}",
            at=value.until,
            what=What.PREDICTION,
            title=f"the prediction that {value.title} is {value.states} can be scored",
            ref=f"release/{value.release}",
            release=versions.get(value.release, ""),
            owner=value.by,
        )


def _conditions(asked: Asked, release: str) -> Iterator[tuple[str, signing.SignOff]]:
    answers = signing.signoffs(asked.context.record, release)
    gone = signing.replaced(answers)
    for row, value in answers:
        due = value.conditions_due if value.decision is Decision.CONDITIONS else None
        if due is not None and due > asked.now and row.id not in gone and value.revoked_at is None:
            yield row.id, value


def _releases(asked: Asked) -> Iterable[tuple[str, Release]]:
    return [(held.id, held.release) for held in releases.all_releases(asked.context.record)]


def _open(asked: Asked) -> Iterable[tuple[str, Release]]:
    return [pair for pair in _releases(asked) if pair[1].outcome is Outcome.OPEN]


def _titles(asked: Asked) -> Mapping[str, str]:
    """What the open lines of the gates of the release in hand are called, by their keys."""
    found = asked.evaluation
    return {part.key: part.title for _, part in found.open_parts()} if found is not None else {}
