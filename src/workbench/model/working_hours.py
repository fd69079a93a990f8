"""Time in which somebody works: Monday to Friday, between two times of their day, without their absences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta, tzinfo

import msgspec

from workbench.model.times import in_zone, read_hours

USUAL = (time(9), time(17))
_SATURDAY = 5
_LONGEST = timedelta(days=3660)  # a longer span is counted up to here
Span = tuple[datetime, datetime]


class Hours(msgspec.Struct, frozen=True):
    """When somebody works: in which ``zone``, from when to when each working day, and when they are ``away``.

    Where the end lies before the beginning, it is the next day's.
    """

    zone: tzinfo
    begins: time = USUAL[0]
    ends: time = USUAL[1]
    away: tuple[Span, ...] = ()

    @property
    def day(self) -> timedelta:
        """How long a working day is."""
        length = timedelta(
            hours=self.ends.hour - self.begins.hour, minutes=self.ends.minute - self.begins.minute
        )
        return length if length > timedelta() else length + timedelta(days=1)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time from ``start`` to ``end`` they worked."""
        end = min(end, start + _LONGEST)
        return sum((stop - begin for begin, stop in self._spans(start, end)), timedelta())

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The moment by which they have worked so long since ``start``; the last that is looked at, if they never have."""
        left = amount
        last = start
        for begin, stop in self._spans(start, start + _LONGEST):
            if stop - begin >= left:
                return begin + left
            left -= stop - begin
            last = stop
        return last

    def _spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """The stretches of work within a time, in order."""
        day = in_zone(start, self.zone).date() - timedelta(days=1)
        last = in_zone(end, self.zone).date()
        while day <= last:
            if day.weekday() < _SATURDAY:
                begins = datetime.combine(day, self.begins, self.zone).astimezone(start.tzinfo)
                over = timedelta(days=0 if self.ends > self.begins else 1)
                ends = datetime.combine(day + over, self.ends, self.zone).astimezone(start.tzinfo)
                yield from _without(max(begins, start), min(ends, end), self.away)
            day += timedelta(days=1)


def hours_of(text: str | None, zone: tzinfo, away: Sequence[Span] = ()) -> Hours:
    """Working hours as a project file has them: ``09:00-17:00`` unless said."""
    begins, ends = (read_hours(text) if text else None) or USUAL
    return Hours(zone, begins, ends, tuple(sorted(away)))


def _without(begin: datetime, end: datetime, away: Sequence[Span]) -> Iterator[Span]:
    """A stretch without the absences, which are in order."""
    for first, last in away:
        if first >= end:
            break
        if begin < first:
            yield begin, first
        begin = max(begin, last)
    if begin < end:
        yield begin, end
