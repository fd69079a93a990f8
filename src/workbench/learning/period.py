"""A stretch of time of the past: a quarter, a month."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Protocol, TypeVar

import msgspec

from workbench.learning.past import Past
from workbench.model.errors import UsageError


class _Dated(Protocol):
    @property
    def at(self) -> datetime: ...


DatedT = TypeVar("DatedT", bound=_Dated)


class Period(msgspec.Struct, frozen=True):
    """From ``since`` on, before ``until``; both at midnight in the project's zone."""

    key: str
    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


def quarter_of(at: datetime, zone: tzinfo) -> Period:
    """The quarter of a year that a moment lies in."""
    day = at.astimezone(zone)
    return _quarter(day.year, (day.month - 1) // 3 + 1, zone)


def quarter_before(quarter: Period, zone: tzinfo) -> Period:
    """The quarter before one."""
    day = quarter.since.astimezone(zone)
    number = (day.month - 1) // 3
    return _quarter(day.year, number, zone) if number else _quarter(day.year - 1, 4, zone)


def quarter_named(text: str, zone: tzinfo) -> Period:
    """A quarter as people write it: ``2026-Q4``, ``2026Q4``, ``Q4 2026``; ``UsageError`` for what is none."""
    found = re.fullmatch(
        r"(?P<y>[0-9]{4})[- ]?Q(?P<q>[1-4])|Q(?P<r>[1-4])[- ]?(?P<z>[0-9]{4})", text.strip().upper()
    )
    if found is None:
        raise UsageError(f"“{text}” is not a quarter", hint="for example 2026-Q4")
    year, number = int(found["y"] or found["z"]), int(found["q"] or found["r"])
    if not 1970 <= year <= 9000:
        raise UsageError(
            f"“{text}” is not a quarter of a year that can be reviewed", hint="for example 2026-Q4"
        )
    return _quarter(year, number, zone)


def _quarter(year: int, number: int, zone: tzinfo) -> Period:
    month = 3 * (number - 1) + 1
    end = (year, month + 3) if number < 4 else (year + 1, 1)
    return Period(f"{year}-Q{number}", _first(year, month, zone), _first(*end, zone))


def _first(year: int, month: int, zone: tzinfo) -> datetime:
    """The midnight at which a month begins; zones change their clocks, so it is made anew each time."""
    return datetime(year, month, 1, tzinfo=zone)


def month_of(at: datetime, zone: tzinfo) -> Period:
    """The month that a moment lies in, there."""
    day = at.astimezone(zone)
    end = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return Period(f"{day.year}-{day.month:02}", _first(day.year, day.month, zone), _first(*end, zone))


def months_of(past: Past) -> list[Period]:
    """The months in which anything happened, the earliest first."""
    dated: tuple[_Dated, ...] = (*past.releases, *past.incidents, *past.tests, *past.stops)
    moments = [one.at for one in dated]
    found = {period.key: period for period in (month_of(at, past.zone) for at in moments)}
    return [found[key] for key in sorted(found)]


def within(past: Past, period: Period) -> Past:
    """What happened in a period: releases by when they went out, incidents by when they began, all else by when it was said."""
    releases = _in(past.releases, period)
    known = {one.id for one in releases}
    return msgspec.structs.replace(
        past,
        since=period.since,
        until=period.until,
        releases=releases,
        incidents=_in(past.incidents, period),
        tests=_in(past.tests, period),
        stops=_in(past.stops, period),
        drills=_in(past.drills, period),
        judged=tuple(one for one in past.judged if one.release in known),
        held=tuple(
            one
            for one in past.held
            if one.since < period.until and (one.until is None or one.until > period.since)
        ),
    )


def _in(things: Iterable[DatedT], period: Period) -> tuple[DatedT, ...]:
    return tuple(one for one in things if period.holds(one.at))
