"""Working days in a zone's calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from workbench.model.working_days import end_of_working_day


@pytest.mark.parametrize(
    ("moment", "zone", "end"),
    [
        # A Tuesday: the end of Thursday.
        ("2026-11-24T10:00+00:00", "Europe/Amsterdam", "2026-11-26T22:59:59.999999+00:00"),
        # A Friday night, which is a Saturday in Auckland: the end of Tuesday in both.
        ("2026-11-27T22:30+00:00", "Europe/Amsterdam", "2026-12-01T22:59:59.999999+00:00"),
        ("2026-11-27T22:30+00:00", "Pacific/Auckland", "2026-12-01T10:59:59.999999+00:00"),
        # A Sunday.
        ("2026-11-29T10:00+00:00", "UTC", "2026-12-01T23:59:59.999999+00:00"),
        # The clocks are turned back on Sunday 25 October 2026, and the days are whole all the same.
        ("2026-10-23T10:00+00:00", "Europe/Amsterdam", "2026-10-27T22:59:59.999999+00:00"),
    ],
)
def test_two_working_days(moment: str, zone: str, end: str) -> None:
    found = end_of_working_day(datetime.fromisoformat(moment).astimezone(UTC), 2, ZoneInfo(zone))
    assert found == datetime.fromisoformat(end)
