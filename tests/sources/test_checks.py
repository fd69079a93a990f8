"""Checks of data: what could not be evaluated has neither passed nor failed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.sources.checks import Check, ChecksMeasure, Outcome, measure
from workbench.sources.reading import Found, Question

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def check(name: str = "a", outcome: Outcome = "passed", **more: object) -> Check:
    return Check(name=name, outcome=outcome, **more)  # type: ignore[arg-type]


def asked(
    *checks: Check, read: str = "pass_rate", unit: str = "", flaws: tuple[str, ...] = (), **more: object
) -> Found:
    question = Question(subject="b", source="s", at=AT, unit=unit)
    return measure(checks, ChecksMeasure(read=read, **more), question, measured_at=AT, flaws=flaws)  # type: ignore[arg-type]


def test_a_share_of_the_checks_in_the_unit_asked_for() -> None:
    found = asked(check(), check("b", "failed", why="3 of 40 rows"), unit="%")
    assert (found.state, found.value, found.unit, found.samples) == ("ok", 50, "%", 2)
    assert found.why == "1 failed, 1 passed: b (3 of 40 rows)"


@pytest.mark.parametrize("read", ["pass_rate", "failed", "critical_failed", "rows_passed"])
@pytest.mark.parametrize("outcome", ["errored", "not_evaluated"])
def test_a_check_that_could_not_be_evaluated_leaves_nothing_measured(read: str, outcome: Outcome) -> None:
    found = asked(check(rows=10, rows_failed=0), check("b", outcome), read=read)
    assert (found.state, found.why) == ("missing", "1 check could not be evaluated: b")


def test_one_that_only_warns_does_not_hide_critical_ones() -> None:
    found = asked(check(), check("b", "errored", critical=False), read="critical_failed")
    assert (found.state, found.value) == ("ok", 0)


@pytest.mark.parametrize(
    ("read", "number"),
    [("failed", 2), ("critical_failed", 1), ("errored", 0), ("not_evaluated", 0), ("total", 3)],
)
def test_counts(read: str, number: int) -> None:
    of = (check(), check("b", "failed"), check("c", "failed", critical=False))
    assert asked(*of, read=read).value == number


def test_errors_can_be_counted_where_there_are_some() -> None:
    assert asked(check("b", "errored"), read="errored").value == 1


def test_rows_that_broke_two_checks_are_counted_twice_so_the_share_is_never_too_high() -> None:
    found = asked(
        check("a", "failed", of="orders", rows=100, rows_failed=3),
        check("b", "failed", of="orders", rows=100, rows_failed=2),
        check("c", of="items", rows=100, rows_failed=0),
        read="rows_passed",
        unit="%",
    )
    assert found.value == 97.5


def test_a_table_that_failed_as_a_whole_has_no_share_of_rows() -> None:
    found = asked(check(rows=10, rows_failed=0), check("has a column", "failed"), read="rows_passed")
    assert (found.state, found.why) == ("missing", "what failed is not told in rows: has a column")


def test_without_rows_there_is_no_share_of_them() -> None:
    assert asked(check(), read="rows_passed").state == "missing"
    assert asked(check(rows=0, rows_failed=0), read="rows_passed").state == "missing"


def test_no_checks_at_all_is_missing() -> None:
    assert asked().why == "there are no checks"
    assert asked(check(), checks=["orders.*"]).why == "no check is called orders.*"
    assert asked(check("orders.a"), check("b", "failed"), checks=["orders.*"]).value == 1


def test_what_is_not_the_whole_truth_is_missing() -> None:
    assert (
        asked(check(), flaws=("the run was cut off",)).why
        == "the checks are not complete: the run was cut off"
    )
