"""Dates and times as people and spreadsheets write them: the one reader for options, forms and tables.

A day alone begins at its midnight; where it is an *end* (until, due, by) it counts whole: its last
instant is kept, and shown as the day.  What can be read in two ways is refused, with both of them.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.model.times import (
    WRITE_MOMENT,
    can_be_shown,
    day_text,
    in_zone,
    parse_duration,
    shown_in_every_zone,
    zone_of,
)

WHEN = "2026-12-01, or 30d for in 30 days"
_INSTANT = timedelta(microseconds=1)
_LONGEST = 80

# Texts, which are compiled when the first date is read: most commands read none.
_YEAR_FIRST = r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})\Z"
_EIGHT_DIGITS = r"((?:19|20)[0-9][0-9])([0-9][0-9])([0-9][0-9])\Z"
_DOTTED = r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4}|[0-9]{2})\Z"
_THREE = r"([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})\Z"
_BETWEEN = r"[-./, ]{0,2}"
_DAY_MONTH = rf"([0-9]{{1,2}})(?:st|nd|rd|th)?{_BETWEEN}([^\W\d_]+){_BETWEEN}([0-9]{{4}}|[0-9]{{2}})\Z"
_MONTH_DAY = rf"([^\W\d_]+){_BETWEEN}([0-9]{{1,2}})(?:st|nd|rd|th)?{_BETWEEN}([0-9]{{4}})\Z"
_YEAR_MONTH = rf"([0-9]{{4}}){_BETWEEN}([^\W\d_]+){_BETWEEN}([0-9]{{1,2}})\Z"
_NO_YEAR = rf"(?:[0-9]{{1,2}}\.?{_BETWEEN}[^\W\d_]+|[^\W\d_]+{_BETWEEN}[0-9]{{1,2}})\.?\Z"
_SERIAL = r"[2-7][0-9]{4}\Z"
_TIMED = (
    r"(?P<day>.+?)(?:\s*T|,?\s+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9][0-9])(?::(?P<second>[0-9][0-9])(?:[.,][0-9]+)?)?"
    r"(?:\s*(?P<half>[ap]m))?(?:\s*(?P<zone>Z|UTC|GMT|[+-][0-9][0-9]:?[0-9][0-9]|[A-Za-z_]+/[A-Za-z_/+-]+|[A-Z]{2,5}))?\Z"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# English, German and French; three letters are enough.
_MONTHS = (
    ("january", "januar", "janvier"), ("february", "februar", "février", "fevrier"), ("march", "märz", "maerz", "mars", "mrz"),
    ("april", "avril"), ("may", "mai"), ("june", "juni", "juin"), ("july", "juli", "juillet"),
    ("august", "août", "aout"), ("september", "septembre"), ("october", "oktober", "octobre"),
    ("november", "novembre"), ("december", "dezember", "décembre", "decembre"),
)  # fmt: skip


def read_moment(text: str, zone: tzinfo = UTC, now: datetime | None = None, *, end: bool = False) -> datetime:
    """The moment that a text means, in UTC.

    A day is one of ``zone``.  Lengths of time and words such as ``tomorrow`` count from ``now``; without
    one they are refused.  ``UsageError`` for what is no date, what can be two, and what is too far off.
    """
    said = " ".join(text.split())
    if not said or len(said) > _LONGEST:
        raise _none(text)
    found = _from_now(said, zone, now) or _day(said) or _timed(said, zone, now)
    if found is None:
        raise _why_not(said, now, zone)
    if isinstance(found, datetime):
        return shown_in_every_zone(found, text)
    return _end_of(found, zone, text) if end else shown_in_every_zone(_midnight(found, zone), text)


def _none(text: str, hint: str = WRITE_MOMENT) -> UsageError:
    return UsageError(f"“{safe_text(text, 60)}” is not a date or time", hint=hint)


def _why_not(said: str, now: datetime | None, zone: tzinfo) -> UsageError:
    if re.match(_SERIAL, said):
        day = date(1899, 12, 30) + timedelta(days=int(said))
        return UsageError(
            f"“{said}” is not a date: a spreadsheet counts days so, and this may be {day}",
            hint=f"write {day}, or give the column the format of a date",
        )
    if re.match(_NO_YEAR, said) and _month(re.sub(r"[\W\d_]", "", said)):
        return UsageError(f"“{safe_text(said, 60)}” is not a date without its year", hint=WRITE_MOMENT)
    return _none(said, f"write {WHEN}" if now else WRITE_MOMENT)


# --- counted from now ---------------------------------------------------------------------


def _from_now(said: str, zone: tzinfo, now: datetime | None) -> datetime | date | None:
    words = said.casefold()
    length = _length(words.removeprefix("in "), said)
    told = words.removeprefix("next ")
    weekday = next((n for n, name in enumerate(_WEEKDAYS) if told in (name, name[:3])), None)
    ahead = {"today": 0, "tomorrow": 1, "yesterday": -1}.get(words)
    if length is None and weekday is None and ahead is None:
        return None
    if now is None:
        raise UsageError(
            f"“{safe_text(said, 60)}” is not a date or time: it counts from the day on which it is read",
            hint=WRITE_MOMENT,
        )
    if length is not None:
        try:
            return now + length
        except OverflowError:
            raise _too_far(said) from None
    today = in_zone(now, zone).date()
    if ahead is not None:
        return today + timedelta(days=ahead)
    return _weekday(said, today, weekday or 0, next_one=told != words)


def _length(words: str, said: str) -> timedelta | None:
    try:
        return parse_duration(words)
    except ValueError:
        return None
    except OverflowError:
        raise _too_far(said) from None


def _too_far(said: str) -> UsageError:
    return UsageError(f"“{safe_text(said, 60)}” is too far off", hint=f"write {WHEN}")


def _weekday(said: str, today: date, weekday: int, *, next_one: bool) -> date:
    """The coming day of that name; a day of this week, and today's own name, can mean two days."""
    ahead = (weekday - today.weekday()) % 7
    coming, later = today + timedelta(days=ahead), today + timedelta(days=ahead + 7)
    if ahead == 0 or (next_one and weekday > today.weekday()):
        raise _two(said, coming, later)
    return coming


def _two(said: str, *days: date) -> UsageError:
    named = " or ".join(f"{day} ({_WEEKDAYS[day.weekday()].capitalize()})" for day in days)
    return UsageError(f"“{safe_text(said, 60)}” can be {named}", hint="write the one that is meant")


# --- days ---------------------------------------------------------------------------------


def _day(said: str) -> date | None:
    """The day that a text names, or ``None``; ``UsageError`` for one that no calendar has, or that can be two."""
    weekday, rest = _without_weekday(said)
    for pattern, order in _ORDERS:
        match = re.match(pattern, rest)
        if match:
            day = _checked(rest, *(match[place] for place in order))
            break
    else:
        match = re.match(_THREE, rest)
        day = _one_of(said, match[1], match[3], match[4]) if match else None
    if day is not None and weekday is not None and day.weekday() != weekday:
        name = _WEEKDAYS[day.weekday()].capitalize()
        raise UsageError(f"“{safe_text(said, 60)}” is not a date: {day} is a {name}", hint=WRITE_MOMENT)
    return day


_ORDERS = (
    (_YEAR_FIRST, (1, 3, 4)),
    (_EIGHT_DIGITS, (1, 2, 3)),
    (_DOTTED, (3, 2, 1)),
    (_DAY_MONTH, (3, 2, 1)),
    (_MONTH_DAY, (3, 1, 2)),
    (_YEAR_MONTH, (1, 2, 3)),
)


def _without_weekday(said: str) -> tuple[int | None, str]:
    first, blank, rest = said.partition(" ")
    name = first.rstrip(",.").casefold()
    for number, weekday in enumerate(_WEEKDAYS):
        if blank and name in (weekday, weekday[:3]):
            return number, rest
    return None, said


def _checked(said: str, year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _month(month)
    if number is None or not (year + day).isascii():
        return None
    found = _real(_year(year), number, int(day))
    if found is None:
        raise UsageError(f"“{safe_text(said, 60)}” is not a date: no such day", hint=WRITE_MOMENT)
    return found


def _month(word: str) -> int | None:
    folded = word.casefold()
    fitting = (n for n, names in enumerate(_MONTHS, 1) if any(name.startswith(folded) for name in names))
    return next(fitting, None) if len(folded) >= 3 else None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _one_of(said: str, first: str, second: str, third: str) -> date:
    """The day that three numbers name, if they can be read in one way only."""
    one, two, three = int(first), int(second), _year(third)
    readings = [_real(three, two, one), _real(three, one, two)]
    if len(third) == 2:
        readings.append(_real(2000 + one, two, int(third)))
    days = sorted({day for day in readings if day is not None})
    if not days:
        raise UsageError(f"“{safe_text(said, 60)}” is not a date: no such day", hint=WRITE_MOMENT)
    if len(days) > 1:
        raise _two(said, *days)
    return days[0]


# --- days with a time ---------------------------------------------------------------------


def _timed(said: str, zone: tzinfo, now: datetime | None) -> datetime | None:
    match = re.match(_TIMED, said, re.IGNORECASE)
    if match is None:
        return _as_machines_write(said, zone)
    named = match["day"].rstrip(",")
    day = _day(named) or _from_now(named, zone, now)
    if day is None or isinstance(day, datetime):
        return None
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise _none(said)
        hour = hour % 12 + (12 if half == "pm" else 0)
    fraction = re.search(r":[0-9][0-9][.,]([0-9]+)", said)
    micros = int((fraction[1] + "000000")[:6]) if fraction else 0
    try:
        local = datetime.combine(day, time(hour, int(match["minute"]), int(match["second"] or 0), micros))
        return _placed(local, match["zone"] or "", zone, said)
    except (ValueError, OverflowError):
        raise _none(said) from None


def _as_machines_write(said: str, zone: tzinfo) -> datetime | None:
    if not said[:4].isdigit() or "W" in said.upper():
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _placed(local: datetime, name: str, zone: tzinfo, said: str) -> datetime:
    """The time on the clocks of the zone that was written, or else of ``zone``."""
    if not name:
        return local.replace(tzinfo=zone)
    if name.upper() in ("Z", "UTC", "GMT"):
        return local.replace(tzinfo=UTC)
    if name[0] in "+-":
        return datetime.fromisoformat(f"{local.isoformat()}{name}")
    if "/" in name:
        try:
            return local.replace(tzinfo=zone_of(name))
        except (ValueError, OSError, KeyError):
            raise UsageError(
                f"“{safe_text(name, 40)}” is no time zone", hint="such as Europe/Amsterdam"
            ) from None
    for fold in (0, 1):
        found = local.replace(tzinfo=zone, fold=fold)
        if found.tzname() == name:
            return found
    raise UsageError(
        f"“{safe_text(said, 60)}”: which zone is {name}?", hint="write +01:00, or Europe/Amsterdam"
    )


# --- ends of days -------------------------------------------------------------------------


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _end_of(day: date, zone: tzinfo, text: str) -> datetime:
    """The last instant of a day, also of one on which clocks are turned at midnight."""
    try:
        following = day + timedelta(days=1)
    except OverflowError:
        raise UsageError(f"“{safe_text(text, 60)}” is too far off", hint=f"write {WHEN}") from None
    return shown_in_every_zone(_midnight(following, zone), text) - _INSTANT


def whole_day(moment: datetime, zone: tzinfo) -> date | None:
    """The day of which a moment is the last instant in a zone, if it is one."""
    if moment.microsecond != 999_999 or not can_be_shown(moment):
        return None
    following = moment.astimezone(UTC) + _INSTANT
    day = in_zone(following, zone).date()
    return day - timedelta(days=1) if _midnight(day, zone).astimezone(UTC) == following else None


def begun_day(moment: datetime, zone: tzinfo) -> date | None:
    """The day that begins with a moment in a zone, if one does."""
    if not can_be_shown(moment):
        return None
    local = in_zone(moment, zone)
    return (
        local.date()
        if local.time() == time() and _midnight(local.date(), zone).astimezone(UTC) == moment
        else None
    )


def end_text(moment: datetime, zone: tzinfo) -> str:
    """Until when, in short: ``1 Dec``, which counts whole, or ``1 Dec 00:00``, where that day does not count."""
    local = in_zone(moment, zone)
    said = day_text(moment, zone)
    return f"{said} 00:00" if local.time() == time() else said


# --- days of a calendar -------------------------------------------------------------------


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day on which a moment falls on a zone's clocks."""
    return in_zone(moment, zone).date()


def begin_of(day: date, zone: tzinfo) -> datetime:
    """The first instant of a day in a zone, in UTC: 01:00 where clocks are put forward at midnight."""
    return _midnight(day, zone).astimezone(UTC)
