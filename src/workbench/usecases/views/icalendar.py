"""The calendar for other programs: iCalendar, RFC 5545.

Moments are told in UTC and whole days as days, so that no time zone has to be described.  A thing keeps its UID
for as long as it is on record, so that a calendar that reads the file again moves it instead of doubling it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from workbench.model.dates import begun_day, day_of, whole_day
from workbench.model.text import safe_text
from workbench.usecases.views.calendar import Calendar, Event, title_of

LONGEST = 75  # octets in a line, its end not counted (RFC 5545, 3.1)
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})  # 3.3.11
_WIDEST = 500  # characters of a text


def as_icalendar(calendar: Calendar, project: str, title: str) -> str:
    """The events of a calendar, lines ended as the standard asks; ``project`` is the key that UIDs begin from."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//workbench//calendar//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(title)}",
    ]
    for event in calendar.events:
        lines += _event(event, project, calendar.now, calendar.zone)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(event: Event, project: str, now: datetime, zone: tzinfo) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_uid(project, event.key)}"
    yield f"DTSTAMP:{_moment(now)}"
    yield from _times(event, zone)
    yield f"SUMMARY:{_text(title_of(event))}"
    owner = f"Owner: {event.owner}" if event.owner else ""
    told = "\n".join(filter(None, (event.effect, owner)))
    if told:
        yield f"DESCRIPTION:{_text(told)}"
    yield f"CATEGORIES:{_text(event.what.words)}"
    yield "TRANSP:TRANSPARENT"  # nobody is busy because something falls due
    yield "END:VEVENT"


def _uid(project: str, key: str) -> str:
    named = hashlib.sha256("\n".join((project, key)).encode()).hexdigest()
    return f"{named[:32]}@workbench"


def _times(event: Event, zone: tzinfo) -> Iterator[str]:
    """A day that begins or ends is told as a day; the end of a day is the one after it (3.6.1)."""
    first = begun_day(event.at, zone) or whole_day(event.at, zone)
    last = day_of(event.until, zone) if event.until and whole_day(event.until, zone) else None
    if first is not None and (event.until is None or last is not None):
        yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{(last or first) + timedelta(days=1):%Y%m%d}"
        return
    yield f"DTSTART:{_moment(event.at)}"
    if event.until is not None:
        yield f"DTEND:{_moment(event.until)}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    lines = (safe_text(line, _WIDEST) for line in text.split("\n"))
    return "\n".join(lines).translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """A long line as several, no character cut in two; what goes on begins with a blank."""
    piece, size = "", 0
    for character in line:
        length = len(character.encode())
        if size + length > LONGEST:
            yield piece
            piece, size = " ", 1
        piece += character
        size += length
    yield piece
