"""When a routine's periods begin and end: weeks, sprints, months and quarters on a zone's clocks."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

import msgspec

from workbench.model.dates import begin_of
from workbench.model.times import in_zone, parse_duration

_INSTANT = timedelta(microseconds=1)


class Period(msgspec.Struct, frozen=True):
    """A stretch of whole days: its first moment and its last instant, in UTC."""

    begins: datetime
    ends: datetime


class Sprints(msgspec.Struct, frozen=True):
    """Sprints without a gap: the first day of one of them, and how many days each has."""

    first: date
    days: int


def sprints(first: str | None, length: str, begun: datetime, zone: tzinfo) -> Sprints:
    """A team's sprints; where it has said nothing, from the Monday of the week in which the record began."""
    days = parse_duration(length).days
    if first is not None:
        return Sprints(date.fromisoformat(first), days)
    day = in_zone(begun, zone).date()
    return Sprints(day - timedelta(days=day.weekday()), days)


def period_of(every: str, at: datetime, zone: tzinfo, sprint: Sprints) -> Period:
    """The week, sprint, month or quarter in which a moment lies; a week begins on Monday."""
    day = in_zone(at, zone).date()
    if every == "week":
        first = day - timedelta(days=day.weekday())
        return _days(first, first + timedelta(days=7), zone)
    if every == "sprint":
        number = (day - sprint.first).days // sprint.days
        first = sprint.first + timedelta(days=number * sprint.days)
        return _days(first, first + timedelta(days=sprint.days), zone)
    months = {"month": 1, "quarter": 3}[every]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return _days(first, _months_after(first, months), zone)


def after(every: str, period: Period, zone: tzinfo, sprint: Sprints) -> Period:
    """The period that follows."""
    return period_of(every, period.ends + _INSTANT, zone, sprint)


def _months_after(first: date, count: int) -> date:
    month = first.month - 1 + count
    return date(first.year + month // 12, month % 12 + 1, 1)


def last_of(day: date, zone: tzinfo) -> datetime:
    """The last instant of a day on a zone's clocks, in UTC."""
    return begin_of(day + timedelta(days=1), zone) - _INSTANT


def _days(first: date, following: date, zone: tzinfo) -> Period:
    return Period(begin_of(first, zone), begin_of(following, zone) - _INSTANT)
