"""Dates as people and spreadsheets write them: read in one way, or refused with both."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.cells import read_moment as read_cell
from workbench.model.cells import write_moment, write_when
from workbench.model.dates import end_text, read_moment, whole_day
from workbench.model.errors import UsageError
from workbench.model.times import day_text, moment_text

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)  # a Tuesday
LAST = datetime(2026, 12, 31, tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-31", "2026/12/31", "2026.12.31", "20261231", "31.12.2026", "31. 12. 2026", "31.12.26", "31/12/2026",
        "12/31/2026", "31-12-2026", "12/31/26", "31-Dec-2026", "31-Dec-26", "31 Dec 2026", "31. Dezember 2026", "31 décembre 2026",
        "Dec 31, 2026", "December 31st 2026", "31st December, 2026", "2026 Dec 31", "Thu 31 Dec 2026",
        "Thursday, 31 December 2026", " 31.12.2026 ",
    ],
)  # fmt: skip
def test_one_day_in_many_spellings(text: str) -> None:
    assert read_moment(text, AMSTERDAM, NOW) == read_moment(text, AMSTERDAM) == LAST
    assert read_cell(text, AMSTERDAM, end=True) == LAST + timedelta(days=1) - timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-31T15:00", (14, 0)), ("2026-12-31 15:00:30", (14, 0)), ("31.12.2026 15:00", (14, 0)), ("31.12.2026, 15:00", (14, 0)),
        ("2026-12-31T15:00Z", (15, 0)), ("2026-12-31 15:00 UTC", (15, 0)), ("2026-12-31 15:00+02:00", (13, 0)), ("2026-12-31T15:00:00.5-0500", (20, 0)),
        ("31 Dec 2026 3:00 pm", (14, 0)), ("31 Dec 2026 12:30 am America/New_York", (5, 30)), ("Thu 31 Dec 2026 15:00 CET", (14, 0)),
        ("20261231T1500", (14, 0)),
    ],
)  # fmt: skip
def test_a_day_with_a_time_and_a_zone(text: str, moment: tuple[int, int]) -> None:
    found = read_moment(text, AMSTERDAM, end=True)
    assert (found.date(), found.hour, found.minute) == (date(2026, 12, 31), *moment)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("today", 0), ("tomorrow", 1), ("Yesterday", -1), ("friday", 3), ("Fri", 3), ("monday", 6), ("next monday", 6),
    ],
)  # fmt: skip
def test_days_counted_from_today(text: str, days: int) -> None:
    assert read_moment(text, AMSTERDAM, NOW) == datetime(2026, 9, 15 + days, tzinfo=AMSTERDAM)
    with pytest.raises(UsageError, match="counts from the day"):
        read_moment(text, AMSTERDAM)


@pytest.mark.parametrize("text", ["30d", "in 30 days", "30 days", "720h"])
def test_a_length_of_time_counts_from_now_to_the_minute(text: str) -> None:
    assert read_moment(text, AMSTERDAM, NOW, end=True) == NOW + timedelta(days=30)
    assert read_moment("2w", UTC, NOW) == NOW + timedelta(days=14)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("12/11/2026", ("2026-11-12", "2026-12-11")), ("01-02-2027", ("2027-01-02", "2027-02-01")),
        ("12/11/26", ("2026-11-12", "2026-12-11", "2012-11-26")), ("next friday", ("2026-09-18", "2026-09-25")),
        ("tuesday", ("2026-09-15", "2026-09-22")),
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_refused_with_both(text: str, readings: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="can be") as caught:
        read_moment(text, AMSTERDAM, NOW)
    assert all(reading in caught.value.what for reading in readings)
    assert read_moment("11/11/2026").day == 11, "both readings are the same day"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("46387", "2026-12-31"), ("31.9.2026", "no such day"), ("31 Dec", "without its year"), ("Fri 31 Dec 2026", "is a Thursday"),
        ("1 marketing 2026", "not a date"), ("2026-13-01", "no such day"), ("2026-W49", "not a date"), ("soon", "not a date"), ("Q4 2026", "not a date"),
        ("31.12.2026 25:00", "not a date"), ("31.12.2026 10:00 Mars/Base", "no time zone"), ("31.12.2026 10:00 EST", "which zone"),
        ("٣١.12.2026", "not a date"), ("9999-12-31", "too far off"), ("99999999999d", "too far off"), ("", "not a date"), ("1" * 500, "not a date"),
    ],
)  # fmt: skip
def test_what_is_no_date_says_why(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        read_moment(text, AMSTERDAM, NOW, end=True)
    assert caught.value.hint


@pytest.mark.parametrize(
    "name", ["UTC", "Europe/Amsterdam", "Africa/Cairo", "America/Havana", "Asia/Beirut", "Pacific/Apia"]
)
def test_an_end_counts_its_day_whole_wherever_clocks_are_turned(name: str) -> None:
    zone, day = ZoneInfo(name), date(2026, 1, 1)
    while day.year == 2026:
        end = read_moment(day.isoformat(), zone, end=True)
        following = day + timedelta(days=1)
        assert end + timedelta(microseconds=1) == read_moment(following.isoformat(), zone)
        assert whole_day(end, zone) == day and write_moment(end, zone, end=True) == day.isoformat()
        assert end_text(end, zone) == day_text(end, zone) == f"{day.day} {day:%b}"
        assert moment_text(end, zone) == f"{day:%a} {day.day} {day:%b} {day.year}"
        day = following


def test_an_end_that_was_kept_as_the_days_beginning_stays_what_it_was() -> None:
    kept = datetime(2026, 12, 1, tzinfo=AMSTERDAM)
    assert end_text(kept, AMSTERDAM) == "1 Dec 00:00"
    for written in (write_moment(kept, AMSTERDAM, end=True), write_when(kept, AMSTERDAM, end=True)):
        assert read_moment(written, AMSTERDAM, end=True) == kept


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.booleans())
def test_what_is_written_is_read_back(moment: datetime, end: bool) -> None:
    for zone in (AMSTERDAM, ZoneInfo("Africa/Cairo"), UTC):
        for written in (write_moment(moment, zone, end=end), write_when(moment, zone, end=end)):
            assert read_moment(written, zone, end=end) == moment


@given(st.text(max_size=40) | st.from_regex(r"[0-9A-Za-z:./+ -]{1,30}", fullmatch=True), st.booleans())
def test_any_text_is_a_moment_or_refused(text: str, end: bool) -> None:
    try:
        read_moment(text, AMSTERDAM, NOW, end=end)
    except UsageError as error:
        assert error.hint
