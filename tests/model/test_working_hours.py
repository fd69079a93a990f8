"""Working hours of a person: days, times, changes of clocks, absences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.working_hours import Hours, hours_of

BERLIN = ZoneInfo("Europe/Berlin")
USUAL = hours_of(None, BERLIN)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-09-15T10:00", "2026-09-15T12:30", 2.5),
        ("2026-09-15T07:00", "2026-09-15T20:00", 8),
        ("2026-09-18T16:00", "2026-09-21T10:00", 2),  # over a weekend
        ("2026-09-19T10:00", "2026-09-20T18:00", 0),
        ("2026-10-23T09:00", "2026-10-26T17:00", 16),  # clocks are put back on the Sunday
        ("2026-09-15T12:00", "2026-09-15T12:00", 0),
        ("2026-09-15T12:00", "2026-09-14T12:00", 0),
    ],
)
def test_time_between(start: str, end: str, hours: float) -> None:
    assert USUAL.between(at(start), at(end)) == timedelta(hours=hours)


def test_absences_are_no_working_hours() -> None:
    away = (
        (at("2026-09-15T00:00"), at("2026-09-16T23:59")),
        (at("2026-09-17T10:00"), at("2026-09-17T11:00")),
    )
    hours = hours_of("08:00-16:00", BERLIN, away)
    assert hours.between(at("2026-09-14T08:00"), at("2026-09-17T16:00")) == timedelta(hours=15)
    assert hours.after(at("2026-09-14T15:00"), timedelta(hours=4)) == at("2026-09-17T12:00")


def test_a_night_shift_ends_on_the_next_day() -> None:
    night = hours_of("22:00-06:00", BERLIN)
    assert night.day == timedelta(hours=8)
    assert night.between(at("2026-09-18T20:00"), at("2026-09-19T12:00")) == timedelta(hours=8)
    assert night.between(at("2026-09-19T20:00"), at("2026-09-20T12:00")) == timedelta()


def test_who_is_always_away_never_gets_there() -> None:
    away = ((at("2000-01-01T00:00"), at("2100-01-01T00:00")),)
    start = at("2026-09-15T10:00")
    assert Hours(BERLIN, away=away).after(start, timedelta(hours=1)) == start


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
TEXTS = st.sampled_from([None, "09:00-17:00", "06:30-14:00", "22:00-06:00"])


@given(
    MOMENTS, st.integers(1, 60 * 24 * 3), TEXTS, st.lists(st.tuples(MOMENTS, st.integers(1, 400)), max_size=3)
)
def test_the_moment_after_so_much_work_lies_so_much_work_later(
    start: datetime, minutes: int, text: str | None, away: list[tuple[datetime, int]]
) -> None:
    hours = hours_of(text, BERLIN, [(begin, begin + timedelta(hours=n)) for begin, n in away])
    amount = timedelta(minutes=minutes)
    end = hours.after(start, amount)
    assert hours.between(start, end) == amount
    assert hours.between(start, end - timedelta(seconds=1)) < amount


@given(st.lists(MOMENTS, min_size=3, max_size=3), TEXTS)
def test_what_lies_between_two_moments_is_the_sum_of_its_halves(
    moments: list[datetime], text: str | None
) -> None:
    first, second, third = sorted(moments)
    hours = hours_of(text, BERLIN)
    assert hours.between(first, second) + hours.between(second, third) == hours.between(first, third)
