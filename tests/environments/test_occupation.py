"""Which work of others, and which maintenance, a stretch of time overlaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from workbench.definitions.environments import Environment, EnvironmentKind, RegularUse
from workbench.environments.model import Occupancy, Occupied
from workbench.environments.occupation import disturbing, overlap_words, stretches

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)  # a Tuesday
HOUR = timedelta(hours=1)
ZONE = ZoneInfo("Europe/Amsterdam")


def staging(*uses: RegularUse) -> Environment:
    return Environment(key="staging", kind=EnvironmentKind.STAGING, used_by=list(uses))


def used(
    begins: float, ends: float | None, who: str = "payments", sort: Occupied = Occupied.WORK
) -> Occupancy:
    end = NOW + ends * HOUR if ends is not None else None
    return Occupancy(
        environment="staging",
        who=who,
        why="a load test",
        begins=NOW + begins * HOUR,
        ends=end,
        by="kim",
        sort=sort,
    )


@pytest.mark.parametrize(
    ("begins", "ends", "overlaps"),
    [(-3, -1, False), (-3, -0.5, True), (-0.5, None, True), (0, 1, True), (0.1, 1, False), (-3, None, True)],
)
def test_an_occupancy_overlaps_the_hour_of_a_measurement(
    begins: float, ends: float | None, overlaps: bool
) -> None:
    assert bool(stretches([], [used(begins, ends)], NOW - HOUR, NOW, ZONE)) is overlaps


@pytest.mark.parametrize(
    ("hours", "days", "moment", "overlaps"),
    [
        ("11:00-13:00", [], NOW, True),  # 12:00 in Amsterdam
        ("11:00-12:00", [], NOW, False),
        ("11:00-13:00", ["mon"], NOW, False),
        ("22:00-02:00", ["mon"], NOW - 11 * HOUR, True),  # 01:00 on Tuesday
        ("22:00-02:00", ["tue"], NOW - 11 * HOUR, False),
        (None, [], NOW, False),
    ],
)
def test_a_regular_use_has_days_and_hours_in_the_projects_zone(
    hours: str | None, days: list[str], moment: datetime, overlaps: bool
) -> None:
    use = RegularUse(who="payments", why="nightly", hours=hours, days=days)
    assert bool(stretches([staging(use)], [], moment, moment, ZONE)) is overlaps


def test_a_window_of_a_year_is_looked_through_by_its_last_week() -> None:
    use = RegularUse(who="payments", why="nightly", hours="22:00-02:00")
    found = stretches([staging(use)], [], NOW - timedelta(days=365), NOW, ZONE)
    assert 7 <= len(found) <= 9


def test_our_own_work_disturbs_nothing_and_maintenance_always_does() -> None:
    found = stretches(
        [], [used(-1, 1, "Kim"), used(-1, 1), used(-1, 1, "kim", Occupied.MAINTENANCE)], NOW, NOW, ZONE
    )
    disturbed = disturbing(found, "staging", ["kim", "Kim"])
    assert [one.who for one in disturbed] == ["payments", "kim"]
    assert overlap_words(disturbed, "Staging") == (
        "measured while payments used Staging (a load test) and during maintenance of Staging (a load test)"
    )
    assert disturbing(found, "production", []) == []
    assert overlap_words([], "Staging") == ""
