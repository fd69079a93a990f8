"""Moments, durations and the clock.  All moments are aware and in UTC."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import msgspec

from workbench.model.errors import UsageError
from workbench.model.text import safe_text

_UNITS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_WORDS = {
    "second": "s", "seconds": "s", "sec": "s", "minute": "min", "minutes": "min",
    "hour": "h", "hours": "h", "day": "d", "days": "d", "week": "w", "weeks": "w",
}  # fmt: skip
# Within these years a moment is one in every zone, with room for what is added to it.
FIRST_YEAR, LAST_YEAR = 2, 9998
LONGEST = timedelta(days=36_525)  # a hundred years: what is added to any moment of a project stays one
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)", re.IGNORECASE | re.ASCII)


WRITE_MOMENT = "write 2026-12-01 or 2026-12-01T15:00"


class Clock(msgspec.Struct, frozen=True):
    """What time it is.

    ``fixed`` is the moment that evaluations use (``--now``, demonstrations); recording
    always uses the real time, so that nobody can date an entry otherwise.  ``floor`` is what the
    present moment never lies before, whatever the machine says: the latest date that is known.
    """

    fixed: datetime | None = None
    real: Callable[[], datetime] = lambda: datetime.now(UTC)
    floor: Callable[[], datetime | None] = lambda: None

    def now(self) -> datetime:
        """The moment to evaluate at."""
        if self.fixed is not None:
            return self.fixed
        real, floor = self.real(), self.floor()
        return real if floor is None else max(real, floor)

    def recording(self) -> datetime:
        """The moment to record an entry at."""
        return self.real()


def can_be_shown(moment: datetime) -> bool:
    """Whether an aware moment can be told in every time zone; others are neither typed nor read in."""
    return FIRST_YEAR <= moment.year <= LAST_YEAR


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """The moment on a zone's clocks; one at the ends of time stays in its own zone."""
    if moment.tzinfo is zone:
        return moment
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def to_text(moment: datetime) -> str:
    """``YYYY-MM-DDTHH:MM:SS.ffffffZ``; a naive moment raises ``ValueError``."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    # isoformat is several times faster than strftime, and every entry has a time.
    try:
        return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"
    except OverflowError:
        raise ValueError(f"{moment.isoformat()} is no moment in UTC") from None


def from_text(text: str) -> datetime:
    """The inverse of :func:`to_text`; any ISO 8601 moment with an offset is accepted."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} is no moment in UTC") from None


def shown_in_every_zone(moment: datetime, text: str) -> datetime:
    """An aware moment in UTC; ``UsageError`` where one cannot tell it in every zone (``text`` names it)."""
    if can_be_shown(moment) and can_be_shown(found := moment.astimezone(UTC)):
        return found
    raise UsageError(
        f"“{safe_text(text, 60)}” is too far off", hint=f"write a year from {FIRST_YEAR} to {LAST_YEAR}"
    )


def parse_duration(text: str) -> timedelta:
    """``90s``, ``5min``, ``1h30min``, ``24 hours``, ``7d``; raises ``ValueError``.

    ``OverflowError`` for one that is longer than a hundred years.
    """
    seconds, position = 0.0, 0
    stripped = text.strip()
    while position < len(stripped):
        match = _DURATION.match(stripped, position)
        unit = match and match[2].lower()
        unit = _WORDS.get(unit, unit) if unit else None
        if not match or unit not in _UNITS:
            raise ValueError(f"{text!r} is not a duration; write 90s, 5min, 24h or 7d")
        seconds += float(match[1]) * _UNITS[unit]
        position = match.end()
    if not stripped:
        raise ValueError("an empty duration; write 90s, 5min, 24h or 7d")
    if seconds > LONGEST.total_seconds():
        raise OverflowError(f"{safe_text(text, 60)} is longer than a hundred years")
    return timedelta(seconds=seconds)


def read_hours(text: str) -> tuple[time, time] | None:
    """The two ends of a stretch of a day, ``22:00-02:00``; ``None`` for what is none, or is empty."""
    found = re.fullmatch(
        r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)", text.strip(), re.ASCII
    )
    if found is None:
        return None
    first, second, third, fourth = map(int, found.groups())
    begins, ends = time(first, second), time(third, fourth)
    return (begins, ends) if begins != ends else None


def duration_text(duration: timedelta) -> str:
    """The shortest exact spelling of whole seconds, as :func:`parse_duration` reads it."""
    rest = int(duration.total_seconds())
    if rest == 0:
        return "0s"
    parts = []
    for unit in ("d", "h", "min", "s"):
        count, rest = divmod(rest, _UNITS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts)


def age_text(duration: timedelta) -> str:
    """A rough length for people: ``40 s``, ``12 min``, ``31 h``, ``6 days``."""
    seconds = abs(duration.total_seconds())
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 36 * 3600:
        return f"{seconds / 3600:.0f} h"
    return f"{seconds / 86400:.0f} days"


def relative_text(moment: datetime, now: datetime) -> str:
    """``just now``, ``12 min ago``, ``in 2 days``."""
    gap = moment - now
    if abs(gap.total_seconds()) < 45:
        return "just now"
    return f"in {age_text(gap)}" if gap.total_seconds() > 0 else f"{age_text(gap)} ago"


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_text(moment: datetime, zone: tzinfo = UTC) -> str:
    """A day as people say it, the same on every platform and locale: ``1 Dec``."""
    return date_text(in_zone(moment, zone))


def date_text(day: date) -> str:
    """A date in the same way: ``1 Dec``."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def full_date_text(day: date) -> str:
    """A date with its weekday and year: ``Tue 1 Dec 2026``."""
    return f"{_WEEKDAYS[day.weekday()]} {date_text(day)} {day.year}"


def zone_of(name: str) -> tzinfo:
    """A time zone by its name; UTC costs no look-up."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # takes 1.5 ms

    return ZoneInfo(name)


def moment_text(moment: datetime, zone: tzinfo = UTC) -> str:
    """A moment in full, in a zone: ``Tue 15 Sep 2026 10:00 UTC``; the day where it is the day's last instant."""
    local = in_zone(moment, zone)
    day = full_date_text(local)
    return day if local.time() == time.max else f"{day} {local:%H:%M} {local.tzname()}"


def clock_text(moment: datetime, now: datetime, zone: tzinfo = UTC) -> str:
    """A moment as people say it today: ``today 09:05``, ``yesterday 18:20``, ``14 Sep 18:20``."""
    local, today = in_zone(moment, zone), in_zone(now, zone)
    days = today.toordinal() - local.toordinal()
    if days == 0:
        day = "today"
    elif days == 1:
        day = "yesterday"
    else:
        day = day_text(local, zone) + ("" if local.year == today.year else f" {local.year}")
    return f"{day} {local:%H:%M}"
