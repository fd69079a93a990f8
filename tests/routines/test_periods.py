"""Weeks, sprints, months and quarters on the clocks of a zone, also across a change of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.times import in_zone
from workbench.routines.periods import Sprints, after, period_of, sprints

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SPRINT = Sprints(date(2026, 1, 7), 14)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
EVERY = st.sampled_from(["week", "sprint", "month", "quarter"])
ZONES = st.sampled_from(
    [
        UTC,
        AMSTERDAM,
        ZoneInfo("America/Los_Angeles"),
        ZoneInfo("Pacific/Kiritimati"),
        ZoneInfo("Pacific/Apia"),
    ]
)


@pytest.mark.parametrize(
    ("every", "first", "last"),
    [
        ("week", "2026-10-19", "2026-10-25"),
        ("sprint", "2026-10-14", "2026-10-27"),
        ("month", "2026-10-01", "2026-10-31"),
        ("quarter", "2026-10-01", "2026-12-31"),
    ],
)
def test_a_period_has_whole_days_of_the_zone(every: str, first: str, last: str) -> None:
    period = period_of(every, datetime(2026, 10, 25, 12, tzinfo=UTC), AMSTERDAM, SPRINT)
    assert in_zone(period.begins, AMSTERDAM).isoformat()[:16] == f"{first}T00:00"
    assert in_zone(period.ends, AMSTERDAM).isoformat()[:26] == f"{last}T23:59:59.999999"


def test_the_week_in_which_clocks_go_back_has_an_hour_more() -> None:
    period = period_of("week", datetime(2026, 10, 25, 12, tzinfo=UTC), AMSTERDAM, SPRINT)
    assert period.ends - period.begins == timedelta(days=7, hours=1) - timedelta(microseconds=1)


def test_the_same_moment_lies_in_another_week_elsewhere() -> None:
    sunday_night = datetime(2026, 10, 18, 23, 30, tzinfo=UTC)
    here = period_of("week", sunday_night, UTC, SPRINT)
    there = period_of("week", sunday_night, AMSTERDAM, SPRINT)
    assert here.ends < there.ends


@given(EVERY, MOMENTS, ZONES)
def test_periods_hold_their_moment_and_follow_without_a_gap(every: str, at: datetime, zone: ZoneInfo) -> None:
    period = period_of(every, at, zone, SPRINT)
    assert period.begins <= at <= period.ends
    following = after(every, period, zone, SPRINT)
    assert following.begins == period.ends + timedelta(microseconds=1)
    assert period_of(every, period.begins, zone, SPRINT) == period


def test_sprints_of_which_nobody_has_said_anything_begin_on_a_monday() -> None:
    found = sprints(None, "2w", datetime(2026, 9, 17, 10, tzinfo=UTC), UTC)
    assert found == Sprints(date(2026, 9, 14), 14) and found.first.weekday() == 0
