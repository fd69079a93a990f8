"""How far staging can be trusted: what each figure counts, of what, and what it leaves out."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from tests.learning.building import DAY, NOW, drill, failed_test, incident, lesson, many, past, stop, went

from workbench.learning import staging
from workbench.learning.figure import Figure
from workbench.learning.reading import read
from workbench.statistics.proportions import wilson


def left(figure: Figure) -> dict[str, tuple[str, ...]]:
    return {one.why: one.ids for one in figure.left}


def test_staging_was_right_about_those_that_had_no_trouble() -> None:
    releases = (*many(9), went("back", rolled_back_at=NOW - 29 * DAY), went("hurt"))
    found = staging.right(read(past(releases=releases, incidents=(incident("i", "hurt"),))))
    assert (found.numerator, found.denominator, found.rests_on) == (9, 11, 11)
    assert found.value == pytest.approx(9 / 11)
    assert found.interval == wilson(9, 11)
    assert [round(100 * bound) for bound in found.interval or ()] == [52, 95]
    assert found.ids == tuple(f"r{n}" for n in range(9)) and set(found.of) - set(found.ids) == {
        "back",
        "hurt",
    }
    assert not found.too_few


def test_both_sides_of_it_make_the_whole() -> None:
    releases = (*many(4), went("hurt"))
    reading = read(past(releases=releases, incidents=(incident("i", "hurt"),)))
    yes, no = staging.right(reading), staging.predictive_value(reading)
    assert yes.of == no.of and sorted((*yes.ids, *no.ids)) == sorted(yes.of)


def test_nine_are_too_few_and_ten_are_not() -> None:
    nine, ten = (staging.right(read(past(releases=many(n)))) for n in (9, 10))
    assert (nine.too_few, ten.too_few) == (True, False)
    assert nine.value == 1 and nine.interval is not None


def test_nothing_has_no_value() -> None:
    for found in staging.figures(read(past())):
        assert (found.numerator, found.denominator, found.value, found.interval) == (0, 0, None, None)
        assert found.too_few


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"passed": False}, "went out although a gate had not passed, or with an exception"),
        ({"excepted": ("o",)}, "went out although a gate had not passed, or with an exception"),
        ({"skipped_staging": True}, "skipped staging"),
        ({"kind": "rollback"}, "rolls back to an earlier version"),
    ],
)
def test_staging_answers_only_for_what_it_passed(more: dict[str, Any], why: str) -> None:
    found = staging.right(read(past(releases=(*many(2), went("other", **more)))))
    assert "other" not in found.of and left(found)[why] == ("other",)


def test_a_release_counts_when_its_watching_has_ended_and_not_before() -> None:
    for days, counted in ((7, True), (6.9, False)):
        found = staging.right(read(past(releases=(went("new", days),))))
        assert ("new" in found.of) is counted
        assert left(found) == ({} if counted else {"its watching has not ended": ("new",)})


def test_a_rollback_is_not_counted_sooner_than_what_went_well() -> None:
    found = staging.right(read(past(releases=(went("back", 3, rolled_back_at=NOW - 2 * DAY),))))
    assert found.denominator == 0 and left(found) == {"its watching has not ended": ("back",)}


@pytest.mark.parametrize(
    ("more", "trouble"),
    [
        ({}, True),
        ({"lesson": lesson("r", caused_by_release="unknown")}, True),
        ({"lesson": lesson("r", caused_by_release="no")}, False),
        ({"left": "mistake"}, False),
        ({"left": "merged"}, False),
        ({"production": False}, False),
        ({"release": ""}, False),
    ],
)
def test_which_incidents_are_trouble_of_a_release(more: dict[str, Any], trouble: bool) -> None:
    item = incident("i", **{"release": "hurt"} | more)
    found = staging.predictive_value(read(past(releases=(went("hurt"),), incidents=(item,))))
    assert found.ids == (("hurt",) if trouble else ())


def test_a_hotfix_is_trouble_of_what_it_mends_and_no_rollback_is() -> None:
    releases = (went("one"), went("two"), went("fix", 20, kind="hotfix", follows="vone"))
    found = staging.predictive_value(read(past(releases=releases)))
    assert found.ids == ("one",) and found.of == ("one", "two", "fix")


def test_a_missed_fault_needs_a_difference() -> None:
    incidents = (
        incident("a", "one", lesson=lesson("a", contributed="yes")),
        incident("b", "two", lesson=lesson("b", contributed="no")),
        incident("c", "three"),
    )
    reading = read(past(releases=(went("one"), went("two"), went("three")), incidents=incidents))
    missed = staging.missed_faults(reading)
    assert missed.ids == ("one",) and missed.of == ("one", "two", "three")
    contributed = staging.contributed(reading)
    assert contributed.ids == ("a",) and contributed.of == ("a", "b")
    assert left(contributed) == {"not reviewed": ("c",)}


def test_what_nobody_could_say_leaves_the_count() -> None:
    incidents = (
        incident("a", lesson=lesson("a", would_catch="yes", surprise="no")),
        incident("b", lesson=lesson("b", would_catch="unknown", surprise="staging_other")),
        incident("c", lesson=lesson("c", would_catch="no")),
        incident("d", left="mistake", lesson=lesson("d", would_catch="yes")),
        incident("e", left="merged", lesson=lesson("e", would_catch="yes")),
    )
    reading = read(past(incidents=incidents))
    catch = staging.would_catch(reading)
    assert (catch.ids, catch.of) == (("a",), ("a", "c"))
    assert left(catch) == {
        "reviewed, but nobody could say": ("b",),
        "declared by mistake": ("d",),
        "merged into another incident": ("e",),
    }
    assert (staging.surprises(reading).ids, staging.surprises(reading).of) == (("b",), ("a", "b"))


def test_false_alarms_are_counted_of_what_was_judged() -> None:
    stops = (stop("a", True), stop("b", False), stop("c", False))
    found = staging.false_alarms(read(past(stops=stops, releases=many(12))))
    assert (found.ids, found.of) == (("b", "c"), ("a", "b", "c"))
    assert found.rests_on == 12 and found.too_few


def test_catches_stand_against_what_escaped() -> None:
    incidents = (incident("i", "hurt"), incident("cloud"), incident("staged", "hurt", production=False))
    found = staging.caught(read(past(stops=(stop("a", True), stop("b", False)), incidents=incidents)))
    assert (found.ids, found.of) == (("a",), ("a", "i"))
    assert left(found) == {"no release is known to have caused it": ("cloud",)}


def test_tests_that_fail_in_staging_alone() -> None:
    tests = (
        failed_test("a", "yes"),
        failed_test("b", "no"),
        failed_test("c", "unknown"),
    )
    found = staging.staging_only(read(past(tests=tests)))
    assert (found.ids, found.of) == (("a",), ("a", "b"))
    assert left(found) == {"reviewed, but nobody could say": ("c",)}


def test_what_skipped_staging_is_counted_at_once() -> None:
    releases = (went("old"), went("new", 1, skipped_staging=True))
    found = staging.skipped_staging(read(past(releases=releases)))
    assert (found.ids, found.of, found.rests_on) == (("new",), ("old", "new"), 1)


def test_a_rollback_is_not_asked_whether_it_was_in_staging() -> None:
    releases = (went("old"), went("back", 1, kind="rollback", skipped_staging=True))
    found = staging.skipped_staging(read(past(releases=releases)))
    assert (found.ids, found.of) == ((), ("old",))
    assert left(found) == {"rolls back to an earlier version": ("back",)}


def test_runbooks_are_counted_where_there_was_one() -> None:
    incidents = (
        incident("a", production=False, lesson=lesson("a", runbook_worked="yes")),
        incident("b", lesson=lesson("b", runbook_worked="no")),
        incident("c", lesson=lesson("c", runbook_worked="none")),
        incident("d", lesson=lesson("d")),
        incident("e"),
    )
    found = staging.runbook_worked(read(past(incidents=incidents)))
    assert (found.ids, found.of) == (("a",), ("a", "b"))
    assert left(found) == {"not reviewed": ("e",), "no runbook, or nobody could say": ("c", "d")}


def test_a_drill_that_was_stopped_says_nothing() -> None:
    drills = (
        drill("a", "worked"),
        drill("b", "failed"),
        drill("c", "stopped"),
        drill("d", "worked", in_earnest=True),
    )
    found = staging.drills_worked(read(past(drills=drills)))
    assert (found.ids, found.of, found.rests_on) == (("a",), ("a", "b"), 2)
    assert left(found) == {"stopped before the end": ("c",), "executed in an incident": ("d",)}


def test_every_figure_has_a_key_of_its_own_and_says_what_it_counts() -> None:
    found = staging.figures(read(past()))
    keys = [one.key for one in found]
    assert len(set(keys)) == len(keys)
    assert all(one.counts and one.among and one.title for one in found)


def test_the_interval_narrows_as_releases_are_added() -> None:
    widths = []
    for count in (5, 10, 20, 40):
        low, high = staging.right(read(past(releases=many(count)))).interval or (0, 0)
        widths.append(high - low)
    assert all(before > after for before, after in pairwise(widths))
