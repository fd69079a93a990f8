"""iCalendar: whole days, moments, texts that try to break out, lines that are folded, UIDs that stay."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

import pytest

from workbench.model.times import zone_of
from workbench.usecases.views.calendar import Calendar, Day, Event, What
from workbench.usecases.views.icalendar import LONGEST, as_icalendar

ZONE = zone_of("Europe/Amsterdam")
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
LAST_INSTANT = datetime(2026, 12, 11, 22, 59, 59, 999_999, tzinfo=UTC)


def told(*events: Event) -> str:
    day = Day(date=date(2026, 12, 11), events=events)
    found = Calendar(first=day.date, last=day.date, zone=ZONE, now=NOW, days=(day,), overdue=(), planned=())
    return as_icalendar(found, "shop", "Shop, staging; release")


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def event(key: str = "override/1", at: datetime = LAST_INSTANT, **said: object) -> Event:
    fields = {
        "key": key,
        "at": at,
        "what": What.OVERRIDE,
        "title": "the override on Checkout p95 ends",
        **said,
    }
    return Event(**fields)  # type: ignore[arg-type]


def test_a_whole_day_is_a_day_and_ends_on_the_next() -> None:
    lines = unfolded(told(event()))
    assert "DTSTART;VALUE=DATE:20261211" in lines and "DTEND;VALUE=DATE:20261212" in lines
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert "SUMMARY:The override on Checkout p95 ends" in lines
    assert "X-WR-CALNAME:Shop\\, staging\\; release" in lines


def test_a_moment_is_told_in_utc_and_a_stretch_has_its_end() -> None:
    at = datetime(2026, 12, 11, 9, 30, tzinfo=ZONE)
    lines = unfolded(told(event(at=at, until=at + timedelta(hours=2))))
    assert "DTSTART:20261211T083000Z" in lines and "DTEND:20261211T103000Z" in lines
    freeze = event(at=datetime(2026, 12, 10, 23, 0, tzinfo=UTC), until=LAST_INSTANT + timedelta(days=2))
    lines = unfolded(told(freeze))
    assert "DTSTART;VALUE=DATE:20261211" in lines and "DTEND;VALUE=DATE:20261214" in lines


def test_what_people_write_stays_text() -> None:
    title = "a\r\nEND:VEVENT\r\nBEGIN:VEVENT; b, c\\d \x1b[31m"
    lines = unfolded(told(event(title=title, effect="one\ntwo", owner="kim")))
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert "DESCRIPTION:one\\ntwo\\nOwner: kim" in lines
    summary = next(line for line in lines if line.startswith("SUMMARY:"))
    assert "\\; b\\, c\\\\d" in summary and "\x1b" not in summary


def test_long_lines_are_folded_between_characters() -> None:
    text = told(event(title="Größe der Prüfsumme überschritten — " * 12))
    assert all(len(line.encode()) <= LONGEST for line in text.split("\r\n"))
    assert any(line.count("Größe") == 12 for line in unfolded(text))


def test_a_thing_keeps_its_uid_whatever_becomes_of_its_words() -> None:
    def uids(*events: Event) -> list[str]:
        return [line for line in unfolded(told(*events)) if line.startswith("UID:")]

    assert uids(event()) == uids(event(title="another title", at=NOW))
    first, second = uids(event("override/1"), event("override/2"))
    assert first != second


def test_another_program_reads_it() -> None:
    """By the icalendar package, where it is installed: it must be in continuous integration."""
    if os.environ.get("CI") != "true":
        pytest.importorskip("icalendar")
    from icalendar import Calendar as Read

    title = "sign-off; of “Go”, the 2nd\\3rd, " + "and so on — " * 9
    found = Read.from_ical(told(event(title=title), event("other/1", at=NOW, until=NOW + timedelta(hours=1))))
    whole, stretch = found.walk("VEVENT")
    assert str(whole["SUMMARY"]).strip() == ("S" + title[1:]).strip()
    assert whole["DTSTART"].dt == date(2026, 12, 11)
    assert stretch["DTEND"].dt == NOW + timedelta(hours=1)
