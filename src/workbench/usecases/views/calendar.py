"""The calendar as both front ends show it: days, weeks or releases, what falls due in each, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

import msgspec

from workbench.gates.model import Weight
from workbench.gates.words import open_words
from workbench.model.dates import begin_of, day_of, whole_day
from workbench.model.errors import UsageError
from workbench.model.text import capitalised, number_of
from workbench.model.times import (
    date_text,
    day_text,
    full_date_text,
    in_zone,
    moment_text,
    relative_text,
    to_text,
)
from workbench.releases.model import Outcome, all_releases
from workbench.usecases.answer_times import read_answer_times
from workbench.usecases.calendar.ahead import Ahead, Turned, look_ahead
from workbench.usecases.calendar.collecting import collect
from workbench.usecases.calendar.event import Event as Event
from workbench.usecases.calendar.event import What as What
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.reporting.making import judgement_of_lines
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.ready_at import ReadyAt, ready_at

SCHEMA = "workbench.calendar.1"
USUAL = 30  # days that are shown unless said
LONGEST = 3_660  # days that can be asked for
FEW = 3  # so many events of one kind are told on a day that has many
NAMED = 3  # so many causes are named in the line of a day


class By(StrEnum):
    """How the calendar is told."""

    DAY = "day"
    WEEK = "week"
    RELEASE = "release"


AHEAD = {By.DAY: USUAL, By.WEEK: 91, By.RELEASE: 91}  # days that the app looks ahead


class Readiness(StrEnum):
    """How the release in hand stands on a day, if nothing happens but that time passes."""

    UNKNOWN = "not known"
    NOT_READY = "not ready"
    TO_DO = "waits for people"
    READY = "ready but for signatures"


_MARKS = {Readiness.NOT_READY: Mark.BLOCKS, Readiness.TO_DO: Mark.OPEN, Readiness.READY: Mark.DONE}


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A day with what falls due on it.

    ``turns`` says whether readiness changes on it, ``why`` what makes it so, in words.
    """

    date: date
    events: tuple[Event, ...]
    readiness: Readiness = Readiness.UNKNOWN
    turns: bool = False
    why: str = ""

    @property
    def mark(self) -> Mark | None:
        return _MARKS.get(self.readiness)


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the calendar under a title, with the days on which something happens."""

    key: str
    title: str
    note: str
    days: tuple[Day, ...]


class Planned(msgspec.Struct, frozen=True):
    """A release that has not gone out: its version, and when it is planned to."""

    version: str
    at: datetime


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """What falls due from ``first`` to ``last``, both counted whole, in the zone of the project.

    ``days`` are all of them in order, also those on which nothing happens; ``overdue`` is what should have
    been done.  ``version`` and ``title`` are of the release whose gates were judged ahead, up to ``judged_until``; of one that has
    ``ended`` nothing turns any more.
    """

    first: date
    last: date
    zone: tzinfo
    now: datetime
    days: tuple[Day, ...]
    overdue: tuple[Event, ...]
    planned: tuple[Planned, ...]
    version: str = ""
    title: str = ""
    open: tuple[str, ...] = ()
    ended: str = ""
    ready_at: ReadyAt = ReadyAt()
    judged_until: datetime | None = None
    frozen: str = ""

    @property
    def events(self) -> tuple[Event, ...]:
        """What is overdue, and then everything in order."""
        late = {one.key for one in self.overdue}
        return (*self.overdue, *(one for day in self.days for one in day.events if one.key not in late))


def read_calendar(
    context: Context,
    first: date | None = None,
    last: date | None = None,
    evaluation: Evaluation | None = None,
) -> Calendar:
    """The calendar from one day to another, both counted whole; the next thirty days unless said.

    ``evaluation`` is that of the release, where it was judged already.

    ``UsageError`` where the days are in the wrong order, or too many.
    """
    zone, now = context.zone, context.now
    today = day_of(now, zone)
    first = first or today
    last = last or _after(first, USUAL)
    _require(first, last)
    begins, ends = begin_of(first, zone), begin_of(_after(last, 1), zone)
    if evaluation is None and context.record.count("release"):
        evaluation = evaluate(context)
    ahead = look_ahead(context, evaluation, ends) if evaluation is not None else None
    events = collect(context, begins, ends, evaluation, ahead)
    return Calendar(
        first=first,
        last=last,
        zone=zone,
        now=now,
        days=tuple(_days(first, last, today, events, ahead if _judged(evaluation) else None)),
        overdue=tuple(one for one in events if one.overdue),
        planned=_planned(context),
        version=evaluation.held.release.version if evaluation else "",
        title=evaluation.held.title if evaluation else "",
        ended=_why_not_judged(evaluation) if evaluation else "",
        open=open_words({k: n for k, n in evaluation.counts().items() if k is not Weight.RISK})
        if evaluation
        else (),
        ready_at=ready_at(judgement_of_lines(evaluation), read_answer_times(context))
        if _judged(evaluation) and evaluation
        else ReadyAt(),
        judged_until=ahead.until if ahead is not None and ahead.until < ends else None,
        frozen=_frozen(evaluation),
    )


def _require(first: date, last: date) -> None:
    if last < first:
        raise UsageError("the calendar ends before it begins", hint="check --from and --to")
    if (last - first).days > LONGEST:
        raise UsageError("that is more than ten years", hint="ask for fewer days with --to")


def _after(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise UsageError(f"{day} is too far off", hint="choose an earlier day") from None


def _judged(evaluation: Evaluation | None) -> bool:
    """Whether gates are judged ahead: of a release that went out nothing turns any more, and without gates nothing is known."""
    return evaluation is not None and not _why_not_judged(evaluation)


def _why_not_judged(evaluation: Evaluation) -> str:
    if evaluation.held.release.outcome is not Outcome.OPEN:
        return f"is {evaluation.state.words}"
    if not any(gate.result.set_up for gate in evaluation.gates):
        return "is not judged: no gate asks for anything"
    return ""


def _frozen(evaluation: Evaluation | None) -> str:
    held = evaluation.freezes if evaluation is not None else ()
    return "; ".join(f"frozen by {freeze.by}: {freeze.reason}" for freeze in held)


def _planned(context: Context) -> tuple[Planned, ...]:
    found = [held.release for held in all_releases(context.record) if held.release.outcome is Outcome.OPEN]
    days = [Planned(one.version, one.planned_at) for one in found if one.planned_at is not None]
    return tuple(sorted(days, key=lambda one: (one.at, one.version)))


# --- days ----------------------------------------------------------------------------------


def _days(
    first: date, last: date, today: date, events: Sequence[Event], ahead: Ahead | None
) -> Iterator[Day]:
    held: dict[str, list[Event]] = {}
    for one in events:
        held.setdefault(max(one.day, first.isoformat()) if one.until else one.day, []).append(one)
    turned = {one.day: one for one in ahead.days} if ahead else {}
    stands = _readiness(ahead.open) if ahead else Readiness.UNKNOWN
    stands = _until(first, turned, stands)
    day = first
    while day <= last:
        told = tuple(held.get(day.isoformat(), ()))
        now_turned = turned.get(day)
        if now_turned is not None:
            stands = _readiness(now_turned.open)
        yield Day(
            date=day,
            events=told,
            readiness=stands if day >= today else Readiness.UNKNOWN,
            turns=now_turned is not None,
            why=_why(now_turned, events) if now_turned is not None else "",
        )
        day += timedelta(days=1)


def _until(first: date, turned: dict[date, Turned], stands: Readiness) -> Readiness:
    """How it stands when a calendar begins that does not begin today."""
    earlier = [one for day, one in sorted(turned.items()) if day < first]
    return _readiness(earlier[-1].open) if earlier else stands


def _readiness(open_: Iterable[Any]) -> Readiness:
    weights = {part.weight for part in open_}
    if Weight.BLOCKS in weights:
        return Readiness.NOT_READY
    return Readiness.TO_DO if weights else Readiness.READY


def _why(turned: Turned, events: Sequence[Event]) -> str:
    """What makes a day one on which a release is not ready, in words; else what clears on it."""
    causes = {one.part: one.title for one in events if one.blocks and one.what is not What.GATE}
    blocks = [causes.get(part.key) or f"{part.title} is no longer met" for part in turned.blocks]
    clears = [f"{part.title} clears" for part in turned.clears]
    return "; ".join(filter(None, (_named(blocks), _named(clears))))


def _named(told: Sequence[str]) -> str:
    more = f", and {len(told) - NAMED} more" if len(told) > NAMED else ""
    if more or len(told) < 2:
        return ", ".join(told[:NAMED]) + more
    return f"{', '.join(told[:-1])}, and {told[-1]}"


# --- groups --------------------------------------------------------------------------------


def groups(calendar: Calendar, by: By) -> Iterator[Group]:
    """The days on which something happens, under the titles of days, weeks or releases."""
    days = [day for day in calendar.days if day.events or day.turns]
    if by is By.DAY:
        for day in days:
            yield Group(
                key=day.date.isoformat(), title=full_date_text(day.date), note=day_note(day), days=(day,)
            )
        return
    found = _weeks(days) if by is By.WEEK else _releases(calendar, days)
    yield from (group for group in found if group.days)


def _weeks(days: Sequence[Day]) -> Iterator[Group]:
    found: dict[date, list[Day]] = {}
    for day in days:
        found.setdefault(day.date - timedelta(days=day.date.weekday()), []).append(day)
    for monday, chosen in found.items():
        number = monday.isocalendar()
        key, title = f"{number.year}-W{number.week:02}", f"Week of {full_date_text(monday)}"
        yield Group(key=key, title=title, note=_together(chosen), days=tuple(chosen))


def _releases(calendar: Calendar, days: Sequence[Day]) -> Iterator[Group]:
    """What falls due until each planned release, and after the last one."""
    rest = list(days)
    for planned in calendar.planned:
        last = day_of(planned.at, calendar.zone)
        chosen, rest = [day for day in rest if day.date <= last], [day for day in rest if day.date > last]
        title = f"Until {planned.version}, planned for {full_date_text(last)}"
        yield Group(
            key=planned.version, title=title, note=_on_the_day(calendar, planned, last), days=tuple(chosen)
        )
    after = f"After {calendar.planned[-1].version}" if calendar.planned else "No release is planned"
    yield Group(key="after", title=after, note=_together(rest), days=tuple(rest))


def _on_the_day(calendar: Calendar, planned: Planned, last: date) -> str:
    """How the release that is judged ahead stands on its planned day; of others nobody knows that here."""
    day = next((one for one in calendar.days if one.date == last), None)
    if planned.version != calendar.version or day is None or day.mark is None:
        return ""
    return f"{day.mark.symbol} {day.readiness.value} on that day"


def _together(days: Sequence[Day]) -> str:
    """What turns within some days: the last word on readiness, and since when."""
    turning = [day for day in days if day.turns]
    return f"{turning[-1].readiness.value} from {full_date_text(turning[-1].date)}" if turning else ""


# --- words ---------------------------------------------------------------------------------


def day_note(day: Day) -> str:
    """``not ready: the override on Checkout p95 ends``; "" where nothing changes."""
    if not day.turns:
        return ""
    return f"{day.readiness.value}: {day.why}" if day.why else day.readiness.value


def noted(day: Day) -> str:
    """The same with its mark: ``✗ not ready: the override on Checkout p95 ends``."""
    note = day_note(day)
    return f"{day.mark.symbol} {note}" if note and day.mark else note


def shortened(events: Sequence[Event]) -> Iterator[tuple[Event, str]]:
    """The events; of many of one kind the first few, the last of them with how many more there are in words.

    What blocks and what is overdue is never left out.
    """
    shown: dict[What, int] = {}
    plain = [one for one in events if not (one.blocks or one.overdue)]
    many = {what: sum(one.what is what for one in plain) for what in What}
    for one in events:
        if one.blocks or one.overdue or many[one.what] <= FEW + 1:
            yield one, ""
            continue
        shown[one.what] = shown.get(one.what, 0) + 1
        if shown[one.what] <= FEW:
            more = many[one.what] - FEW if shown[one.what] == FEW else 0
            yield one, f"{more:,} more of this kind" if more else ""


def time_words(event: Event, zone: tzinfo, *, dated: bool = False) -> str:
    """When on its day: ``10:00``, ``all day``; a thing that lasts says until when.  ``dated`` names the day, too."""
    begins = "" if _whole(event, zone) else f"{in_zone(event.at, zone):%H:%M}"
    if dated:
        begins = f"{day_text(event.at, zone)} {begins}".strip()
    if event.until is None:
        return begins or "all day"
    return f"{begins} until {_until_words(event.until, zone)}".strip()


def _until_words(until: datetime, zone: tzinfo) -> str:
    day = day_text(until, zone)
    return day if whole_day(until, zone) else f"{day} {in_zone(until, zone):%H:%M}"


def _whole(event: Event, zone: tzinfo) -> bool:
    """Whether it is of a day, not of a moment: it ends with one, or begins with one."""
    return whole_day(event.at, zone) is not None or begin_of(day_of(event.at, zone), zone) == event.at


def mark_of(event: Event) -> Mark | None:
    """What blocks has the mark of a blocker, what is overdue that of a risk; other things happen."""
    if event.blocks:
        return Mark.BLOCKS
    return Mark.WARNS if event.overdue else None


def title_of(event: Event) -> str:
    return capitalised(event.title)


def head_lines(calendar: Calendar) -> list[str]:
    """How the release in hand stands now, and when it can be ready at the earliest."""
    if not calendar.title:
        return ["no release is planned: what falls due changes no gate"]
    counts = ", ".join(calendar.open) or "nothing is open"
    found = [f"{calendar.title} {calendar.ended or f'today: {counts}'}"]
    if calendar.frozen:
        found.append(f"{calendar.frozen}; a freeze has no end but that somebody lifts it")
    found += calendar.ready_at.lines
    for one in calendar.planned[:1]:
        found.append(
            f"{one.version} is planned for {moment_text(one.at, calendar.zone)}, {relative_text(one.at, calendar.now)}"
        )
    return found


BEYOND = "what was measured counts as it does today: it is measured again by then"


def summary(calendar: Calendar) -> list[Phrase]:
    """How much falls due, how much of it blocks, and when the release can be ready at the earliest."""
    events = calendar.events
    found = [Phrase(f"{number_of(len(events), 'event')} until {date_text(calendar.last)}")]
    if calendar.overdue:
        found.append(Phrase(f"{len(calendar.overdue)} overdue", Mark.WARNS))
    if blocks := sum(one.blocks for one in events):
        found.append(Phrase(f"{blocks} will block", Mark.BLOCKS))
    if calendar.ready_at.at is not None:
        found.append(Phrase(f"ready {moment_text(calendar.ready_at.at, calendar.zone)} at the earliest"))
    return found


def facts(event: Event, calendar: Calendar) -> list[Fact]:
    """What there is to know about an event."""
    told = [
        ("When", when_words(event, calendar.zone, calendar.now), Mark.WARNS if event.overdue else None),
        ("Readiness", event.effect or NO_EFFECT, Mark.BLOCKS if event.blocks else None),
        ("Whose", event.owner, None),
        ("Release", event.release, None),
    ]
    return [Fact(label, text, mark) for label, text, mark in told if text]


NO_EFFECT = "changes nothing"


def when_words(event: Event, zone: tzinfo, now: datetime) -> str:
    """When, in full: ``Tue 1 Dec 2026 15:00 CET, in 3 days``; a day alone where it is of one."""
    begins = full_date_text(day_of(event.at, zone)) if _whole(event, zone) else moment_text(event.at, zone)
    if event.until is None:
        return f"{begins}, {relative_text(event.at, now)}"
    return f"from {begins} until {moment_text(event.until, zone)}"


# --- as a document -------------------------------------------------------------------------


def document(calendar: Calendar, by: By) -> dict[str, Any]:
    """What ``calendar --json`` prints."""
    return {
        "schema": SCHEMA,
        "from": calendar.first.isoformat(),
        "to": calendar.last.isoformat(),
        "timezone": str(calendar.zone),
        "now": to_text(calendar.now),
        "release": calendar.title or None,
        "ready_at": to_text(calendar.ready_at.at) if calendar.ready_at.at else None,
        "judged_until": to_text(calendar.judged_until) if calendar.judged_until else None,
        "overdue": [event_document(one) for one in calendar.overdue],
        "groups": [
            {"key": group.key, "title": group.title, "days": [_day_document(day) for day in group.days]}
            for group in groups(calendar, by)
        ],
    }


def _day_document(day: Day) -> dict[str, Any]:
    known = day.readiness is not Readiness.UNKNOWN
    return {
        "day": day.date.isoformat(),
        "readiness": day.readiness.name.lower(),
        "ready": day.readiness is Readiness.READY if known else None,
        "changes": day.turns,
        "why": day.why,
        "events": [event_document(one) for one in day.events],
    }


def event_document(event: Event) -> dict[str, Any]:
    """One event with all its fields."""
    return {
        "key": event.key,
        "what": event.what.value,
        "day": event.day,
        "at": to_text(event.at),
        "until": to_text(event.until) if event.until else None,
        "title": title_of(event),
        "owner": event.owner or None,
        "release": event.release or None,
        "ref": event.ref or None,
        "effect": event.effect,
        "blocks": event.blocks,
        "overdue": event.overdue,
    }
