"""Differences that hurt, months, limits that do not fit, what held releases up, and whether to invest."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.learning.building import (
    DAY,
    HOUR,
    NOW,
    also,
    failed_test,
    incident,
    lesson,
    many,
    past,
    stop,
    went,
)
from tests.learning.test_staging import left

from workbench.learning.differences import hurting
from workbench.learning.holding_up import held_up, total
from workbench.learning.investing import advice, prevented
from workbench.learning.limits import Limit, limits
from workbench.learning.months import by_month
from workbench.learning.past import Benchmarked, Held, Judged, Past, Tolerated
from workbench.learning.period import month_of, quarter_before, quarter_named, quarter_of, within
from workbench.learning.reading import read
from workbench.model.errors import UsageError
from workbench.model.money import Money


def blamed(id: str, *differences: str, **more: Any) -> Any:
    said = {"contributed": "yes", "differences": differences} | more
    return incident(id, lesson=lesson(id, **said))


def test_a_difference_is_told_with_what_it_cost() -> None:
    incidents = (
        blamed("a", "mock", "data", hours=Decimal(8), cost=Money(Decimal(400), "EUR")),
        blamed("b", "mock", hours=Decimal("1.5")),
        blamed("c", "mock"),
        incident("d", lesson=lesson("d", contributed="no", differences=("mock",))),
        incident("e", lesson=lesson("e", contributed="yes", differences=("mock",)), left="mistake"),
    )
    tests = (failed_test("t", "no"),)
    found = hurting(read(past(incidents=incidents, tests=tests, differences=(("mock", "Gateway mocked"),))))
    assert [(one.title, one.incidents) for one in found] == [
        ("Gateway mocked", ("a", "b", "c")),
        ("data", ("a",)),
    ]
    mock = found[0]
    assert (mock.spent.hours, mock.spent.money, mock.spent.silent) == (
        Decimal("9.5"),
        (Money(Decimal(400), "EUR"),),
        ("c",),
    )
    assert (mock.share.ids, mock.share.of) == (("a", "b", "c"), ("a", "b", "c", "d", "t"))
    assert left(mock.share) == {"declared by mistake": ("e",)}


def test_failed_tests_count_beside_incidents() -> None:
    test = failed_test("t", "yes")
    test = type(test)(
        id="t", at=test.at, lesson=lesson("t", contributed="yes", differences=("mock",), hours=Decimal(2))
    )
    (found,) = hurting(read(past(tests=(test,), incidents=(blamed("a", "mock"),))))
    assert (found.incidents, found.tests, found.spent.hours) == (("a",), ("t",), 2)


def test_what_better_fidelity_would_have_saved() -> None:
    incidents = (
        blamed("a", "mock", hours=Decimal(8), cost=Money(Decimal(400), "EUR")),
        blamed("b", cost=Money(Decimal(100), "EUR")),
        incident("c", lesson=lesson("c", contributed="no", hours=Decimal(99))),
        incident("d"),
        incident("e", production=False, lesson=lesson("e", contributed="yes")),
    )
    found = prevented(read(past(incidents=incidents, tests=(failed_test("t", "yes"),))))
    assert (found.incidents, found.of, found.not_reviewed) == (("a", "b"), ("a", "b", "c", "d"), ("d",))
    assert (found.spent.hours, found.spent.money) == (8, (Money(Decimal(500), "EUR"),))
    assert (found.tests, found.tests_spent.silent) == (("t",), ("t",))


@pytest.mark.parametrize(
    ("happened", "most", "what"),
    [(0, None, "unknown"), (1, 1, "hold"), (2, 1, "invest"), (0, 0, "hold"), (1, 0, "invest")],
)
def test_hold_once_there_are_no_more_incidents_than_tolerated(
    happened: int, most: int | None, what: str
) -> None:
    incidents = tuple(incident(f"i{n}", at=NOW - 5 * DAY) for n in range(happened))
    older = (incident("old", at=NOW - 40 * DAY), incident("odd", left="mistake", at=NOW - 2 * DAY))
    tolerated = Tolerated(most, 30 * DAY) if most is not None else None
    found = advice(read(past(releases=many(2), incidents=(*incidents, *older), tolerated=tolerated)))
    assert found.what == what
    assert found.incidents == (tuple(one.id for one in incidents) if most is not None else ())


def test_a_record_that_is_younger_than_the_time_says_so() -> None:
    assert advice(read(past(releases=(went("a", 5),), tolerated=Tolerated(3, 30 * DAY)))).what == "early"
    assert advice(read(past(tolerated=Tolerated(3, 30 * DAY)))).what == "early"


def test_months_are_those_of_the_projects_zone() -> None:
    late = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    base = past(incidents=(incident("a", at=late),))
    assert [one.key for one in by_month(read(base))] == ["2026-10"]
    assert [one.key for one in by_month(read(also(base, zone=ZoneInfo("Europe/Berlin"))))] == ["2026-11"]


def test_a_release_belongs_to_the_month_it_went_out_whenever_it_failed() -> None:
    releases = (went("a", 32), went("b", 40))  # 30 and 22 October
    base = past(
        releases=releases,
        incidents=(incident("i", "a", at=NOW - 28 * DAY, lesson=lesson("i", contributed="yes")),),
    )
    october, november = by_month(read(base))
    right, missed, *_ = october.figures
    assert (right.ids, right.of, missed.ids) == (("b",), ("a", "b"), ("a",))
    assert (
        november.figures[0].of == ()
        and october.missed_spent.silent == ()
        and november.missed_spent.silent == ("i",)
    )


def test_hours_of_false_alarms_are_those_that_were_said() -> None:
    stops = (stop("a", False, hours=Decimal(3)), stop("b", False), stop("c", True, hours=Decimal(7)))
    (found,) = by_month(read(past(stops=stops)))
    assert (found.alarm_hours, found.silent_alarms) == (3, ("b",))


# --- periods -----------------------------------------------------------------------------------


def test_quarters_have_names_and_go_back() -> None:
    zone = ZoneInfo("Europe/Berlin")
    found = quarter_of(datetime(2026, 12, 31, 22, 59, tzinfo=UTC), zone)
    assert (found.key, found.since.isoformat(), found.until.isoformat()) == (
        "2026-Q4",
        "2026-10-01T00:00:00+02:00",
        "2027-01-01T00:00:00+01:00",
    )
    assert quarter_of(datetime(2026, 12, 31, 23, 0, tzinfo=UTC), zone).key == "2027-Q1"
    assert quarter_before(found, zone).key == "2026-Q3"
    assert quarter_before(quarter_named("2026-Q1", zone), zone).key == "2025-Q4"
    assert {quarter_named(text, UTC).key for text in ("2026-Q4", "2026q4", "Q4 2026", " 2026 Q4 ")} == {
        "2026-Q4"
    }


@pytest.mark.parametrize("text", ["", "Q5 2026", "2026", "2026-Q0", "9999-Q4", "0000-Q1", "last"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="quarter"):
        quarter_named(text, UTC)


def test_a_period_begins_with_its_first_moment_and_ends_before_the_next() -> None:
    october = month_of(datetime(2026, 10, 5, tzinfo=UTC), UTC)
    edges = (october.since, october.until)
    found = within(past(incidents=tuple(incident(f"i{n}", at=at) for n, at in enumerate(edges))), october)
    assert [one.id for one in found.incidents] == ["i0"]


# --- limits ------------------------------------------------------------------------------------


def p95(**more: Any) -> Benchmarked:
    return Benchmarked(
        **{"key": "p95", "title": "Checkout p95", "flow": "checkout", "unit": "ms", "limit": "<= 600 ms"}
        | more
    )


def judged(*values: tuple[str, float, bool]) -> tuple[Judged, ...]:
    return tuple(
        Judged(id=f"m-{release}", benchmark="p95", release=release, value=Decimal(str(value)), met=met)
        for release, value, met in values
    )


def only(base: Past) -> Limit:
    (found,) = limits(read(base))
    return found


def test_a_limit_that_let_trouble_through_is_too_loose_and_the_past_says_where_it_should_be() -> None:
    values = judged(("r0", 400, True), ("r1", 450, True), ("hurt", 580, True))
    base = past(
        releases=(*many(2), went("hurt")),
        incidents=(incident("i", "hurt", flows=("checkout",)),),
        benchmarks=(p95(),),
        judged=values,
    )
    found = only(base)
    assert (found.fit, found.missed, found.stood) == ("too loose", ("hurt",), ("r0", "r1"))
    assert (found.would, found.would_stop, found.worst_that_stood) == (450, ("hurt",), 450)
    assert (found.failing.numerator, found.failing.denominator) == (0, 3)


def test_trouble_on_another_flow_is_not_its_to_see() -> None:
    base = past(
        releases=(*many(2), went("hurt")),
        incidents=(incident("i", "hurt", flows=("login",)),),
        benchmarks=(p95(),),
        judged=judged(("r0", 400, True), ("hurt", 580, True)),
    )
    assert (only(base).fit, only(base).missed, only(base).would) == ("too few", (), None)


def test_where_good_and_bad_cannot_be_told_apart_nothing_is_suggested() -> None:
    base = past(
        releases=(*many(2), went("hurt")),
        incidents=(incident("i", "hurt"),),
        benchmarks=(p95(),),
        judged=judged(("r0", 590, True), ("hurt", 580, True)),
    )
    assert (only(base).fit, only(base).would) == ("too loose", None)


def test_higher_is_better_turns_it_round() -> None:
    base = past(
        releases=(*many(2), went("hurt")),
        incidents=(incident("i", "hurt"),),
        benchmarks=(p95(better="higher"),),
        judged=judged(("r0", 99, True), ("r1", 97, True), ("hurt", 95, True)),
    )
    assert (only(base).would, only(base).would_stop) == (97, ("hurt",))


def test_a_limit_that_is_mostly_a_false_alarm_is_too_tight() -> None:
    base = past(benchmarks=(p95(),), stops=(stop("a", False), stop("b", False), stop("c", True)))
    assert (only(base).fit, only(base).false_alarms, only(base).catches) == ("too tight", ("a", "b"), ("c",))
    assert only(also(base, stops=(stop("a", False),))).fit == "too few"


@pytest.mark.parametrize(("met", "fit"), [(True, "too loose"), (False, "too tight")])
def test_never_failing_and_always_failing_say_something_from_eight_releases_on(met: bool, fit: str) -> None:
    for count, said in ((8, fit), (7, "too few")):
        values = judged(*((f"r{n}", 400, met) for n in range(count)))
        assert only(past(releases=many(count), benchmarks=(p95(),), judged=values)).fit == said


def test_a_limit_that_caught_something_fits_although_it_seldom_fails() -> None:
    values = judged(*((f"r{n}", 400, True) for n in range(9)))
    base = past(releases=many(9), benchmarks=(p95(),), judged=values, stops=(stop("c", True),))
    assert only(base).fit == "fits"


def test_a_benchmark_that_never_judged_anything_is_not_listed() -> None:
    assert limits(read(past(benchmarks=(p95(),)))) == ()


def test_a_release_that_is_still_watched_is_not_judged_by() -> None:
    base = past(
        releases=(went("new", 2),),
        benchmarks=(p95(),),
        judged=judged(("new", 700, False)),
        stops=(stop("c", True),),
    )
    assert (only(base).failing.denominator, left(only(base).failing)) == (
        0,
        {"its watching has not ended": ("new",)},
    )


# --- what held releases up ---------------------------------------------------------------------


def held(id: str, release: str, start: float, end: float | None, **more: Any) -> Held:
    """From so many hours ago until so many hours ago."""
    said = {"cause": "benchmark", "part": "benchmark/p95", "team": "payments"} | more
    return Held(
        id=id,
        release=release,
        since=NOW - start * HOUR,
        until=None if end is None else NOW - end * HOUR,
        **said,
    )


def test_hours_that_overlap_count_once_for_a_release() -> None:
    base = past(
        held=(held("a", "r", 10, 4), held("b", "r", 6, 2, part="benchmark/p99"), held("c", "s", 5, None))
    )
    assert total(read(base)).hours == 8 + 5
    assert total(read(base)).going_on
    parts = held_up(read(base), "part")
    assert [(one.name, one.hours, one.releases, one.ids) for one in parts] == [
        ("benchmark/p95", 11, ("r", "s"), ("a", "c")),
        ("benchmark/p99", 4, ("r",), ("b",)),
    ]
    (team,) = held_up(read(base), "team")
    assert (team.name, team.hours) == ("payments", 13)


def test_a_gap_is_not_counted_and_a_period_cuts_off() -> None:
    base = past(held=(held("a", "r", 10, 9), held("b", "r", 3, 2)))
    assert total(read(base)).hours == 2
    cut = also(base, since=NOW - 9.5 * HOUR, until=NOW - 2.5 * HOUR)
    assert total(read(cut)).hours == 1
