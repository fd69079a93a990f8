"""DORA's five figures from what went out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.learning.building import DAY, HOUR, NOW, incident, lesson, many, past, went
from tests.learning.test_staging import left

from workbench.learning import delivery
from workbench.learning.figure import around_median
from workbench.learning.past import Went
from workbench.learning.reading import Reading, read


def built(id: str, days_ago: float, hours: float, **more: Any) -> Went:
    """A release whose commit was made so many hours before it went out."""
    one = went(id, days_ago, **more)
    return went(id, days_ago, built_at=one.at - hours * HOUR, **more)


def test_frequency_is_per_week_since_the_first_deployment() -> None:
    found = delivery.frequency(read(past(releases=(went("a", 28), went("b", 14), went("c", 1)))))
    assert (found.numerator, found.denominator, found.unit) == (3, 28, "per week")
    assert found.value == pytest.approx(3 / 4)
    low, high = found.interval or (0, 0)
    assert low < 3 / 4 < high
    assert found.ids == ("a", "b", "c") and found.rests_on == 2


def test_frequency_of_a_period_counts_its_days() -> None:
    whole = past(releases=(went("a", 3),), since=NOW - 10 * DAY, until=NOW + 80 * DAY)
    assert delivery.frequency(read(whole)).denominator == 10


def test_the_bounds_of_a_count_are_those_of_the_score_interval() -> None:
    found = delivery.frequency(read(past(releases=tuple(went(f"r{n}", 70 - n) for n in range(10)))))
    low, high = found.interval or (0, 0)
    # Of ten events: 10 + z²/2 ± z √(10 + z²/4), here over ten weeks.
    assert (10 * low, 10 * high) == pytest.approx((5.431986, 18.409473), abs=1e-6)


def test_lead_time_is_the_median_of_what_is_known() -> None:
    releases = (
        built("a", 50, 10),
        built("b", 40, 20),
        built("c", 30, 90),
        went("d"),
        built("e", 20, -1),
        built("back", 15, 500, kind="rollback"),
    )
    found = delivery.lead_time(read(past(releases=releases)))
    assert (found.value, found.unit) == (20, "hours")
    assert (found.numerator, found.denominator) == (3, 5)
    assert found.ids == ("a", "b", "c") and found.of == ("a", "b", "c", "d", "e")
    assert left(found) == {
        "rolls back to an earlier version": ("back",),
        "nobody recorded when the commit was made": ("d",),
        "its times contradict one another": ("e",),
    }


def test_change_fail_rate_counts_every_deployment_that_was_watched() -> None:
    releases = (
        went("good"),
        went("hurt", passed=False),
        went("back", rolled_back_at=NOW - 29 * DAY),
        went("fix", 20, kind="hotfix", follows="vback"),
        went("new", 1),
    )
    found = delivery.change_fail_rate(read(past(releases=releases, incidents=(incident("i", "hurt"),))))
    assert (found.ids, found.of) == (("hurt", "back"), ("good", "hurt", "back", "fix"))
    assert left(found) == {"its watching has not ended": ("new",)}


def test_rework_is_what_only_mends() -> None:
    releases = (went("a"), went("b", kind="hotfix"), went("c", kind="rollback"), went("d", 1))
    found = delivery.rework_rate(read(past(releases=releases)))
    assert (found.ids, found.of, found.rests_on) == (("b", "c"), ("a", "b", "c", "d"), 3)


def at(reading: Reading, id: str) -> Went:
    return reading.by_id[id]


def test_recovery_runs_from_the_first_incident_to_the_last_that_is_mitigated() -> None:
    start = NOW - 29 * DAY
    incidents = (
        incident("i", "hurt", at=start, mitigated_at=start + 2 * HOUR),
        incident("j", "hurt", at=start + HOUR, closed_at=start + 5 * HOUR),
        incident("k", "hurt", at=start - HOUR, left="mistake"),
    )
    found = delivery.recovery_time(read(past(releases=(went("hurt"),), incidents=incidents)))
    assert (found.value, found.ids, found.of) == (5, ("hurt",), ("hurt",))


def test_where_an_incident_is_not_mitigated_the_rollback_ends_it() -> None:
    one = went("hurt", rolled_back_at=NOW - 29 * DAY)
    reading = read(past(releases=(one,), incidents=(incident("i", "hurt", at=NOW - 29.5 * DAY),)))
    assert delivery.recovery_time(reading).value == 12
    fixed = went("fix", 27, kind="hotfix", follows="vopen")
    reading = read(past(releases=(went("open"), fixed)))
    assert delivery.recovery_time(reading).value == 72


def test_what_nobody_ended_and_times_that_contradict_leave_the_count() -> None:
    start = NOW - 20 * DAY
    incidents = (
        incident("i", "open", at=start),
        incident("j", "odd", at=start, mitigated_at=start - HOUR),
    )
    found = delivery.recovery_time(read(past(releases=(went("open"), went("odd")), incidents=incidents)))
    assert (found.value, found.numerator, found.denominator) == (None, 0, 2)
    assert left(found) == {
        "nobody recorded when it was well again": ("open",),
        "its times contradict one another": ("odd",),
    }


def test_production_is_stable_with_what_stays() -> None:
    releases = (
        built("good", 60, 10),
        built("mended", 50, 10),
        went("fix", 49, kind="hotfix", follows="vmended"),
        built("back", 40, 10, rolled_back_at=NOW - 39 * DAY),
        built("next", 38, 10),
        built("last", 30, 10, rolled_back_at=NOW - 29 * DAY),
    )
    reading = read(past(releases=releases))
    stable = {one.id: delivery.stable_at(reading, one) for one in releases}
    assert stable["good"] == at(reading, "good").at
    assert stable["mended"] == at(reading, "fix").at
    assert stable["back"] == at(reading, "next").at
    assert stable["last"] is None
    found = delivery.time_to_stable(reading)
    assert found.ids == ("good", "mended", "back", "next") and found.value == (10 + 34) / 2
    assert left(found) == {"not stable yet": ("last",)}


def test_a_release_with_an_incident_is_stable_when_that_is_mitigated() -> None:
    start = NOW - 20 * DAY
    reading = read(
        past(
            releases=(went("a"), went("b")),
            incidents=(
                incident("i", "a", at=start, mitigated_at=start + HOUR),
                incident("j", "b", lesson=lesson("j", caused_by_release="no")),
            ),
        )
    )
    assert delivery.stable_at(reading, at(reading, "a")) == start + timedelta(hours=1)
    assert delivery.stable_at(reading, at(reading, "b")) == at(reading, "b").at


def test_ten_deployments_make_a_figure() -> None:
    ten = delivery.figures(read(past(releases=many(10))))
    assert [one.key for one in ten if not one.too_few] == [
        "deployment_frequency",
        "change_fail_rate",
        "rework_rate",
    ]


def test_the_median_lies_between_two_of_the_values() -> None:
    assert around_median(list(range(5))) is None
    assert around_median(list(range(6))) == (0, 5)
    # David and Nagaraja: of ten values the second and the ninth hold it with 97.9 %.
    assert around_median(list(range(1, 11))) == (2, 9)
    assert around_median(list(range(1, 21))) == (6, 15)
