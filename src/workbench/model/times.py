"""Moments, durations and the clock.  All moments are aware and in UTC."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import msgspec

from workbench.model.errors import UsageError

_UNITS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_WORDS = {
    "second": "s", "seconds": "s", "sec": "s", "minute": "min", "minutes": "min",
    "hour": "h", "hours": "h", "day": "d", "days": "d", "week": "w", "weeks": "w",
}  # fmt: skip
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)", re.IGNORECASE)


class Clock(msgspec.Struct, frozen=True):
    """What time it is.

    ``fixed`` is the moment that evaluations use (``--now``, demonstrations); recording
    always uses the real time, so that nobody can date an entry otherwise.
    """

    fixed: datetime | None = None
    real: Callable[[], datetime] = lambda: datetime.now(UTC)

    def now(self) -> datetime:
        """The moment to evaluate at."""
        return self.fixed if self.fixed is not None else self.real()

    def recording(self) -> datetime:
        """The moment to record an entry at."""
        return self.real()


def to_text(moment: datetime) -> str:
    """``YYYY-MM-DDTHH:MM:SS.ffffffZ``; a naive moment raises ``ValueError``."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    # isoformat is several times faster than strftime, and every entry has a time.
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def from_text(text: str) -> datetime:
    """The inverse of :func:`to_text`; any ISO 8601 moment with an offset is accepted."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment.astimezone(UTC)


def parse_moment(text: str, zone: tzinfo = UTC) -> datetime:
    """A moment as people type it: a date (00:00 in ``zone``), or a date and time."""
    try:
        if len(text.strip()) == 10:
            day = date.fromisoformat(text.strip())
            return datetime.combine(day, time(), zone).astimezone(UTC)
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"“{text}” is not a date or time", hint="write 2026-12-01 or 2026-12-01T15:00"
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def parse_duration(text: str) -> timedelta:
    """``90s``, ``5min``, ``1h30min``, ``24 hours``, ``7d``; raises ``ValueError``."""
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
    return timedelta(seconds=seconds)


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


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_text(moment: datetime, zone: tzinfo = UTC) -> str:
    """A day as people say it, the same on every platform and locale: ``1 Dec``."""
    local = moment.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]}"


def zone_of(name: str) -> tzinfo:
    """A time zone by its name; UTC costs no look-up."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # takes 1.5 ms

    return ZoneInfo(name)


def moment_text(moment: datetime, zone: tzinfo = UTC) -> str:
    """A moment in full, in a zone: ``Tue 15 Sep 2026 10:00 UTC``."""
    local = moment.astimezone(zone)
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[local.weekday()]
    return f"{weekday} {day_text(local, zone)} {local.year} {local:%H:%M} {local.tzname()}"
