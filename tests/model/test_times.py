"""Moments, durations, and the clock that never falsifies when something was recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.dates import read_moment
from workbench.model.errors import UsageError
from workbench.model.times import (
    Clock,
    age_text,
    can_be_shown,
    day_text,
    duration_text,
    from_text,
    in_zone,
    moment_text,
    parse_duration,
    read_hours,
    relative_text,
    to_text,
    zone_of,
)

moments = st.datetimes(min_value=datetime(1980, 1, 1), timezones=st.just(UTC))
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@given(moments)
def test_a_moment_comes_back(moment: datetime) -> None:
    text = to_text(moment)
    assert from_text(text) == moment
    assert len(text) == 27 and text.endswith("Z")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        to_text(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="zone"):
        from_text("2026-01-01T00:00:00")


@given(st.integers(min_value=0, max_value=10**8))
def test_a_duration_comes_back(seconds: int) -> None:
    duration = timedelta(seconds=seconds)
    assert parse_duration(duration_text(duration)) == duration


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("5min", 300), ("1h30min", 5400), ("24 hours", 86400), ("7d", 604800)]
)
def test_durations_as_people_write_them(text: str, seconds: int) -> None:
    assert parse_duration(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["36526d", "99999999d", "9" * 400 + "s", "9" * 5000 + "h"])
def test_a_duration_longer_than_a_hundred_years_is_too_long(text: str) -> None:
    with pytest.raises(OverflowError, match="longer than a hundred years"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["", "5", "five days", "3 fortnights", "1h-2"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


def test_a_date_begins_at_midnight_there() -> None:
    assert read_moment("2026-12-01", AMSTERDAM) == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert read_moment("2026-12-01T15:00", AMSTERDAM) == datetime(2026, 12, 1, 14, tzinfo=UTC)
    assert read_moment("2026-12-01T15:00+02:00", AMSTERDAM) == datetime(2026, 12, 1, 13, tzinfo=UTC)
    with pytest.raises(UsageError, match="not a date"):
        read_moment("tomorrow")


def test_words() -> None:
    now = datetime(2026, 9, 15, 10, tzinfo=UTC)
    assert [age_text(timedelta(seconds=s)) for s in (40, 720, 31 * 3600, 45 * 3600)] == [
        "40 s",
        "12 min",
        "31 h",
        "2 days",
    ]
    assert relative_text(now, now) == "just now"
    assert relative_text(now + timedelta(days=2), now) == "in 2 days"
    assert relative_text(now - timedelta(minutes=12), now) == "12 min ago"
    assert day_text(datetime(2026, 11, 30, 23, tzinfo=UTC), AMSTERDAM) == "1 Dec"
    assert moment_text(now, AMSTERDAM) == "Tue 15 Sep 2026 12:00 CEST"
    assert zone_of("UTC") is UTC and zone_of("Europe/Amsterdam") == AMSTERDAM


def test_a_fixed_clock_still_records_the_real_time() -> None:
    real, fixed = datetime(2026, 11, 21, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
    clock = Clock(fixed=fixed, real=lambda: real)
    assert clock.now() == fixed and clock.recording() == real
    assert Clock(real=lambda: real).now() == real


# --- the ends of time -----------------------------------------------------------------------

ENDS = ("0001-01-01T00:00Z", "0001-12-31", "9999-12-31T23:59Z", "9999-01-01", "9999-12-31T23:59:59-23:59")
ZONES = tuple(map(ZoneInfo, ("UTC", "Europe/Amsterdam", "America/New_York", "Pacific/Kiritimati")))


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("text", ENDS)
def test_a_moment_that_some_zone_cannot_show_is_refused(text: str, zone: ZoneInfo) -> None:
    with pytest.raises(UsageError, match="too far off"):
        read_moment(text, zone)


@pytest.mark.parametrize("text", ENDS)
def test_one_that_is_stored_already_is_shown_unturned(text: str) -> None:
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    for zone in ZONES:
        assert moment_text(moment, zone) and day_text(moment, zone)
        assert in_zone(moment, zone) == moment
    assert not can_be_shown(moment)


@given(
    st.datetimes(datetime(2, 1, 3), datetime(9998, 12, 29), timezones=st.just(UTC)), st.sampled_from(ZONES)
)
def test_every_other_moment_is_taken_and_shown_in_every_zone(moment: datetime, zone: ZoneInfo) -> None:
    assert read_moment(moment.isoformat(), zone) == moment
    assert moment.astimezone(zone) == in_zone(moment, zone)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_what_is_no_moment_in_utc_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="no moment in UTC"):
        from_text(text)
    with pytest.raises(ValueError, match="no moment in UTC"):
        to_text(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("22:00-02:00", ((22, 0), (2, 0))),
        ("9:30 – 17:05", ((9, 30), (17, 5))),
        ("24:00-02:00", None),
        ("22:00", None),
        ("22:00-22:00", None),
        ("٢٢:00-02:00", None),
        ("", None),
    ],
)
def test_a_stretch_of_a_day(text: str, ends: tuple[tuple[int, int], tuple[int, int]] | None) -> None:
    found = read_hours(text)
    assert (found and tuple((each.hour, each.minute) for each in found)) == ends
