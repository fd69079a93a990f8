"""Moments that lie behind: when something happened, as people say it afterwards."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from workbench.model.dates import WHEN as AHEAD
from workbench.model.dates import read_moment
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.model.times import WRITE_MOMENT, in_zone, parse_duration

WHEN = "14:05, 10min ago, yesterday 23:50, or 2026-12-01T14:05"
_AGO = r"(?:(?P<said>.+?) ago|- ?(?P<short>.+))\Z"
_CLOCK = r"(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9]))?\Z"
_A_MINUTE = timedelta(minutes=1)
_HALF_A_DAY = timedelta(hours=12)


def read_past(text: str, zone: tzinfo, now: datetime) -> datetime:
    """The moment that a text means, in UTC; never after ``now``.

    A time of day alone is the last one that was in ``zone``: ``23:50`` said at 0:10 is that of yesterday.
    ``UsageError`` for what is none, for what is still to come, and for an hour that a zone had twice.
    """
    said = " ".join(text.split())
    if said.casefold() in ("now", "just now"):
        return now
    found = _ago(said, now) or _last_clock(said, zone, now) or _moment(said, zone, now)
    if found > now:
        # Whoever types the minute in which they type means now.
        if found - now < _A_MINUTE:
            return now
        raise UsageError(f"“{safe_text(said, 60)}” is still to come", hint=f"when it happened: {WHEN}")
    return found


def _moment(said: str, zone: tzinfo, now: datetime) -> datetime:
    """A moment as it is written anywhere; what is none is told how the past is said, never the future."""
    try:
        return read_moment(said, zone, now)
    except UsageError as error:
        if error.hint != f"write {AHEAD}":
            raise
        raise UsageError(error.what, hint=f"when it happened: {WHEN}") from None


def _ago(said: str, now: datetime) -> datetime | None:
    match = re.match(_AGO, said, re.IGNORECASE)
    if match is None:
        return None
    try:
        return now - parse_duration(match["said"] or match["short"])
    except ValueError:
        return None
    except OverflowError:
        raise UsageError(f"“{safe_text(said, 60)}” is too far off", hint=f"write {WHEN}") from None


def _last_clock(said: str, zone: tzinfo, now: datetime) -> datetime | None:
    match = re.match(_CLOCK, said)
    if match is None:
        return None
    clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    today = in_zone(now, zone).date()
    for day in (today, today - timedelta(days=1)):
        readings = {datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)}
        real = sorted(one for one in readings if in_zone(one, zone).time() == clock)
        past = [one for one in real if one < now + _A_MINUTE]
        if len(past) > 1:
            both = " and ".join(in_zone(one, zone).isoformat(timespec="minutes") for one in past)
            raise UsageError(f"{said} was twice that night", hint=f"write the one that is meant: {both}")
        if past and now - past[0] > _HALF_A_DAY and day != today:
            break
        if past:
            return min(past[0], now)
        if not real:
            raise UsageError(f"{said} was skipped when the clocks changed", hint=WRITE_MOMENT)
    raise UsageError(f"{said} is still to come today", hint=f"write yesterday {said} if that is meant")
