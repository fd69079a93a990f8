"""When something happened, as people say it afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from workbench.model.errors import UsageError
from workbench.model.past import read_past

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 9, 15, 10, 0, 30, tzinfo=UTC)  # 12:00:30 there


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("now", NOW),
        ("10min ago", datetime(2026, 9, 15, 9, 50, 30, tzinfo=UTC)),
        ("2 hours ago", datetime(2026, 9, 15, 8, 0, 30, tzinfo=UTC)),
        ("-5m", datetime(2026, 9, 15, 9, 55, 30, tzinfo=UTC)),
        ("11:05", datetime(2026, 9, 15, 9, 5, tzinfo=UTC)),
        ("0:01", datetime(2026, 9, 14, 22, 1, tzinfo=UTC)),
        ("12:00", datetime(2026, 9, 15, 10, 0, tzinfo=UTC)),
        ("12:01", NOW),
        ("yesterday 23:50", datetime(2026, 9, 14, 21, 50, tzinfo=UTC)),
        ("2026-09-12T08:00Z", datetime(2026, 9, 12, 8, 0, tzinfo=UTC)),
    ],
)
def test_it_is_the_last_moment_that_fits(said: str, when: datetime) -> None:
    assert read_past(said, ZONE, NOW) == when


def test_a_time_of_before_midnight_is_yesterdays() -> None:
    night = datetime(2026, 9, 14, 22, 10, tzinfo=UTC)  # 0:10
    assert read_past("23:50", ZONE, night) == datetime(2026, 9, 14, 21, 50, tzinfo=UTC)


@pytest.mark.parametrize("said", ["12:02", "13:30", "tomorrow", "2026-09-16", "30min", "2026-09-15T15:00"])
def test_what_is_still_to_come_is_refused(said: str) -> None:
    with pytest.raises(UsageError, match="still to come"):
        read_past(said, ZONE, NOW)


def test_an_hour_that_was_twice_is_asked_for_and_one_that_was_not_is_refused() -> None:
    after = datetime(2026, 10, 25, 9, 0, tzinfo=UTC)
    with pytest.raises(UsageError, match="was twice that night") as error:
        read_past("02:30", ZONE, after)
    assert "02:30+02:00" in str(error.value.hint)
    assert "02:30+01:00" in str(error.value.hint)
    first = datetime(2026, 10, 25, 0, 40, tzinfo=UTC)  # 2:40 for the first time
    assert read_past("02:30", ZONE, first) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with pytest.raises(UsageError, match="was skipped"):
        read_past("02:30", ZONE, datetime(2026, 3, 29, 9, 0, tzinfo=UTC))


@pytest.mark.parametrize("said", ["ago", "soon ago", "25:00", "whenever"])
def test_what_is_no_time_is_refused(said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_past(said, ZONE, NOW)
    assert "for in 30 days" not in (refused.value.hint or ""), "the past is asked for"
