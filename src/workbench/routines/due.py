"""When a routine falls due: a pure function of when it was done last, and of the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

import msgspec

from workbench.definitions.routine_defaults import AFTER_A_REFRESH_WITHIN
from workbench.definitions.routines import AFTER_REFRESH, PERIODS, Routine
from workbench.model.dates import begin_of
from workbench.model.times import in_zone, parse_duration
from workbench.routines.periods import Period, Sprints, after, last_of, period_of


class Doing(msgspec.Struct, frozen=True, kw_only=True):
    """That a routine was done: said by a person, or another entry of the record that counts as doing it.

    ``id`` is that of the entry ``what``.
    """

    at: datetime
    by: str
    words: str = ""
    what: str = "routine_done"
    id: str = ""


class DueState(StrEnum):
    """How a routine stands, what has to be done first before what has time."""

    OVERDUE = "overdue"
    DUE = "due"
    DONE = "done"
    WAITING = "waiting"


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """How a routine stands.

    ``due_at`` is the last instant at which doing it next is in time; ``None`` where nothing has happened
    that it follows.  ``begins`` is from when on doing it counts for that moment.  ``answers`` is the moment that
    doing it now would answer: where one was missed, the period that runs now.
    """

    routine: Routine
    state: DueState
    last: Doing | None = None
    begins: datetime | None = None
    due_at: datetime | None = None
    answers: datetime | None = None

    @property
    def overdue(self) -> bool:
        """Whether its time has passed."""
        return self.state is DueState.OVERDUE


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """What days are counted by: the zone, the team's sprints, when the record began, when staging was refreshed."""

    zone: tzinfo
    sprint: Sprints
    begun: datetime
    refreshed: tuple[datetime, ...] = ()


def due_of(routine: Routine, done: Sequence[Doing], calendar: Calendar, now: datetime) -> Due:
    """How a routine stands ``now``; what was done later than that is not known yet."""
    last = max(
        (doing for doing in done if doing.at <= now), key=lambda doing: (doing.at, doing.id), default=None
    )
    if routine.every == AFTER_REFRESH:
        return _after_refresh(routine, last, calendar, now)
    if routine.every in PERIODS:
        return _in_periods(routine, last, calendar, now)
    return _every_so_many_days(routine, last, calendar, now)


def _in_periods(routine: Routine, last: Doing | None, calendar: Calendar, now: datetime) -> Due:
    """Once in each period: what was done in one is due again by the end of the next."""
    every, zone, sprint = routine.every, calendar.zone, calendar.sprint
    if last is not None:
        period = after(every, period_of(every, last.at, zone, sprint), zone, sprint)
    else:
        period = _first(routine, calendar)
    runs = period_of(every, now, zone, sprint)
    return _due(routine, last, period, now, max(period.ends, runs.ends))


def _first(routine: Routine, calendar: Calendar) -> Period:
    """The first period that counts: that of the day that the routine names, else the first whole one of the record."""
    every, zone, sprint = routine.every, calendar.zone, calendar.sprint
    if routine.from_ is not None:
        return period_of(every, begin_of(date.fromisoformat(routine.from_), zone), zone, sprint)
    period = period_of(every, calendar.begun, zone, sprint)
    return period if period.begins >= calendar.begun else after(every, period, zone, sprint)


def _every_so_many_days(routine: Routine, last: Doing | None, calendar: Calendar, now: datetime) -> Due:
    """So many days after it was done last, or after it began to count."""
    zone, days = calendar.zone, parse_duration(routine.every)
    since = last.at if last is not None else calendar.begun
    if last is None and routine.from_ is not None:
        since = begin_of(date.fromisoformat(routine.from_), zone)
    ends = last_of(in_zone(since, zone).date() + days, zone)
    return _due(routine, last, Period(since, ends), now, max(ends, now), again=last is not None)


def _after_refresh(routine: Routine, last: Doing | None, calendar: Calendar, now: datetime) -> Due:
    """So long after the first refresh that nobody has followed up."""
    since = last.at if last is not None else _from(routine, calendar)
    open_ = [at for at in calendar.refreshed if since < at <= now]
    if not open_:
        state = DueState.DONE if last is not None else DueState.WAITING
        return Due(routine=routine, state=state, last=last)
    begins = min(open_)
    ends = begins + parse_duration(routine.within or AFTER_A_REFRESH_WITHIN)
    return _due(routine, last, Period(begins, ends), now, ends)


def _from(routine: Routine, calendar: Calendar) -> datetime:
    if routine.from_ is None:
        return calendar.begun
    return begin_of(date.fromisoformat(routine.from_), calendar.zone) - timedelta(microseconds=1)


def _due(
    routine: Routine,
    last: Doing | None,
    period: Period,
    now: datetime,
    answers: datetime,
    *,
    again: bool = False,
) -> Due:
    """``again``: it was done within the time that runs, and is not due before that is over."""
    if now > period.ends:
        state = DueState.OVERDUE
    elif again or now < period.begins:
        state = DueState.DONE if last is not None else DueState.WAITING
    else:
        state = DueState.DUE
    return Due(
        routine=routine, state=state, last=last, begins=period.begins, due_at=period.ends, answers=answers
    )
