"""Incidents as both front ends show them: a line for each, and one in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from workbench.gates.model import Freeze
from workbench.incidents import actions, reviews
from workbench.incidents import model as incidents
from workbench.incidents.actions import Action, ActionState
from workbench.incidents.model import Incident, IncidentState
from workbench.incidents.reviews import IncidentReview
from workbench.incidents.timeline import LineKind, TimelineLine
from workbench.model.text import number_of
from workbench.model.times import age_text, clock_text, relative_text
from workbench.record import Record, Stored
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.people import named

NOBODY = "nobody yet"
_SHORT = timedelta(minutes=1)
_ENDED = {
    IncidentState.CLOSED: "closed",
    IncidentState.MISTAKE: "declared by mistake",
    IncidentState.MERGED: "merged",
}


def subject_of(id: str) -> str:
    """What reviews, actions and answers of an incident name."""
    return f"incident/{id}"


class IncidentLine(msgspec.Struct, frozen=True, kw_only=True):
    """One incident in a list: ``state`` and ``next`` are words, ``since`` how long ago it began.

    ``frozen`` says that its own freeze is in force; ``open`` that it has not ended.
    """

    id: str
    title: str
    mark: Mark
    state: str
    next: str
    severity: str
    environment: str
    lead: str
    since: str
    open: bool
    frozen: bool = False
    counts: bool = True
    facts: tuple[Fact, ...] = ()


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs to an incident beside its own row: its freeze in force, its review, its actions."""

    freeze: Freeze | None = None
    review: IncidentReview | None = None
    actions: tuple[Action, ...] = ()

    def open_actions(self) -> tuple[Action, ...]:
        """Those that are not done yet."""
        return tuple(each for each in self.actions if each.state is ActionState.OPEN)


def read_lines(context: Context, *, only_open: bool = False) -> tuple[IncidentLine, ...]:
    """Those that are open first, then those that ended, each the latest first."""
    found = incidents.all_incidents(context.record, only_open=only_open)
    if not found:
        return ()
    around = Arounds(context.record)
    return tuple(_line(context, stored, value, around.of(stored.id)) for stored, value in found)


class Arounds:
    """What belongs to every incident, read once."""

    def __init__(self, record: Record) -> None:
        self.freezes = freezes_by_incident(record)
        self.reviews = reviews.all_reviews(record)
        self.actions: dict[str, list[Action]] = {}
        for _, action in actions.all_actions(record):
            self.actions.setdefault(action.subject, []).append(action)

    def of(self, id: str) -> Around:
        """What belongs to one."""
        _, review = self.reviews.get(subject_of(id), (None, None))
        return Around(
            freeze=self.freezes.get(id),
            review=review,
            actions=tuple(self.actions.get(subject_of(id), ())),
        )


def freezes_by_incident(record: Record) -> dict[str, Freeze]:
    """The freezes in force that incidents opened, by the incident's id."""
    found = (row.decode(Freeze) for row in record.all("freeze"))
    return {each.incident: each for each in found if each.incident and each.lifted_at is None}


def _line(context: Context, stored: Stored, value: Incident, around: Around) -> IncidentLine:
    return IncidentLine(
        id=stored.id,
        title=value.title,
        mark=mark_of(value, around),
        state=state_words(value, context.now),
        next=next_words(value, around, context.now),
        severity=value.severity.value,
        environment=value.environment,
        lead=who(context, value.commander) if value.commander else (NOBODY if value.open else ""),
        since=relative_text(value.began, context.now),
        open=value.open,
        frozen=around.freeze is not None,
        counts=value.counts,
        facts=(*facts_at_once(context, value, around), *_last(context, stored.id, open_=value.open)),
    )


LAST = 3  # of an open incident so many of its newest lines stand in a list


def _last(context: Context, id: str, *, open_: bool) -> Iterator[Fact]:
    """What was written down last, the newest line last."""
    if not open_:
        return
    rows = context.record.all("timeline_line", "incident = ?", (id,), "at DESC, id DESC", limit=LAST)
    for place, row in enumerate(reversed(rows)):
        line = row.decode(TimelineLine)
        said = f"{_clock(line.at, context.now, context.zone)}  {line_words(line)}"
        yield Fact("Last" if not place else "", said)


def who(context: Context, key: str) -> str:
    """A person by name, or "you"."""
    return named(context.definitions, key, context.author().actor)


def mark_of(value: Incident, around: Around) -> Mark:
    """``✗`` as long as it freezes promotion; else how far it is, until all that it teaches is done."""
    if not value.counts:
        return Mark.NOT_APPLICABLE
    if around.freeze is not None:
        return Mark.BLOCKS
    if value.open:
        return Mark.UNDER_WAY
    if around.review is None or around.open_actions():
        return Mark.OPEN
    return Mark.COMPLETE


def state_words(value: Incident, now: datetime) -> str:
    """How an incident stands, and for how long: ``open for 38 min``."""
    if value.state is IncidentState.OPEN:
        return f"open for {age_text(age)}" if (age := now - value.began) >= _SHORT else "declared just now"
    if value.state is IncidentState.MITIGATED:
        assert value.mitigated_at is not None
        return f"mitigated {relative_text(value.mitigated_at, now)}"
    said = _ENDED[value.state]
    return f"{said} {relative_text(value.closed_at, now)}" if value.closed_at else said


def next_words(value: Incident, around: Around, now: datetime) -> str:
    """What comes next for an incident, in a few words; "" where nothing does."""
    if not value.counts:
        return ""
    if value.state is IncidentState.OPEN:
        return "to mitigate"
    steps = []
    if value.open:
        steps.append("to close")
    if around.freeze is not None:
        steps.append("freeze to lift")
    if around.review is None:
        steps.append("to review")
    if open_ := around.open_actions():
        late = sum(each.due is not None and each.due < now for each in open_)
        steps.append(number_of(len(open_), "action") + (f", {late} overdue" if late else ""))
    return ", ".join(steps)


def incident_words(line: IncidentLine) -> str:
    """How an open incident stands, in one line: where, for how long, and that it freezes promotion."""
    frozen = "promotion is frozen" if line.frozen else ""
    return " · ".join(filter(None, (line.environment, line.state, frozen)))


def summary(lines: Sequence[IncidentLine]) -> list[Phrase]:
    """How the whole stands, in one line."""
    if not lines:
        return [Phrase("No incident is recorded")]
    open_ = [line for line in lines if line.open]
    frozen = sum(line.frozen for line in lines)
    ended = [line for line in lines if not line.open and line.counts]
    to_review = sum("to review" in line.next for line in ended)
    phrases = [Phrase(f"{len(open_)} open")]
    if frozen:
        phrases.append(Phrase(f"promotion frozen by {number_of(frozen, 'incident')}", Mark.BLOCKS))
    phrases.append(Phrase(f"{len(ended)} closed"))
    if to_review:
        phrases.append(Phrase(f"{to_review} to review", Mark.WARNS))
    return phrases


# --- what one sees at once --------------------------------------------------------------


def facts_at_once(context: Context, value: Incident, around: Around) -> Iterator[Fact]:
    """What whoever comes to an incident wants to know at once."""
    others = [who(context, each) for each in value.people if each != value.commander]
    lead = who(context, value.commander) if value.commander else NOBODY
    yield Fact("Commander", " · with ".join(filter(None, (lead, ", ".join(others)))))
    yield Fact("Times", times_words(value, context))
    if around.freeze is not None:
        since = _clock(around.freeze.at, context.now, context.zone)
        yield Fact("Freeze", f"promotion is frozen since {since}", Mark.BLOCKS)
    if value.summary:
        yield Fact("Summary", value.summary)
    if not value.open:
        yield Fact("Review", review_words(around), Mark.DONE if around.review else Mark.OPEN)


def review_words(around: Around) -> str:
    """Whether it was reviewed, and what is left to do of it."""
    if around.review is None:
        return "not yet"
    left = around.open_actions()
    return f"done · {number_of(len(left), 'action')} open" if left else "done"


def times_words(value: Incident, context: Context) -> str:
    """When it started, was noticed and was mitigated, and how long each took; what cannot be is said."""
    now, zone = context.now, context.zone
    began = value.started_at
    said = [f"started {_clock(began, now, zone)}" if began else "start not known"]
    if value.detected_at is not None:
        said.append(f"detected {_clock(value.detected_at, now, zone)}{_after(began, value.detected_at)}")
    if value.mitigated_at is not None:
        said.append(
            f"mitigated {_clock(value.mitigated_at, now, zone)}{_after(began or value.detected_at, value.mitigated_at)}"
        )
    elif value.open:
        age = now - value.began
        said.append(f"not mitigated for {age_text(age)}" if age >= _SHORT else "not mitigated")
    return " · ".join(said)


def _clock(moment: datetime, now: datetime, zone: tzinfo) -> str:
    return clock_text(moment, now, zone).removeprefix("today ")


def _after(first: datetime | None, then: datetime) -> str:
    if first is None:
        return ""
    gap = age_text(then - first)
    return f" ({gap})" if then >= first else f" ({gap} before it started: one of the two is wrong)"


_KIND_WORDS = {
    LineKind.FROZEN: "promotion frozen",
    LineKind.LIFTED: "freeze lifted",
    LineKind.TOLD: "people told",
}


def line_words(line: TimelineLine) -> str:
    """What a line says, with what sort of line it is where its own words do not: ``freeze lifted: …``."""
    if line.what is LineKind.NOTE or line.what.value in line.words.casefold():
        return line.words
    return ": ".join(filter(None, (_KIND_WORDS.get(line.what, line.what.value), line.words)))
