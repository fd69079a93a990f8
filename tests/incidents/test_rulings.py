"""False alarms and catches: said of what stopped a build, once for each, and they change no verdict."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests import building as build

from workbench.benchmarks import measurements
from workbench.gates.model import State
from workbench.incidents.alarms import Alarm, AlarmRuling, all_alarms
from workbench.model.errors import NotAllowed, UsageError
from workbench.releases.model import Candidate
from workbench.usecases import deciding, releasing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.rulings import hours_of, rule, stops, unruled
from workbench.usecases.views.alarms import read_trial
from workbench.usecases.views.history import read_page, sentence
from workbench.usecases.views.rulings import lines

WHY = "the load generator ran on the same machine"
FALSE, CATCH = AlarmRuling.FALSE_ALARM, AlarmRuling.CATCH


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.figures(context, errors="1.5")
        yield context


def say(context: Context, ref: str = "errors", ruling: AlarmRuling = FALSE, **said: Any) -> Alarm:
    return rule(context, evaluate(context), ref, ruling, **{"reason": WHY, **said})


def test_a_ruling_names_what_stopped_which_build_and_the_value(shop: Context) -> None:
    value = say(shop, hours=Decimal(3))
    held = evaluate(shop).held
    assert (value.part, value.release, value.candidate) == ("benchmark/errors", held.id, held.candidate_id)
    failed = measurements.by_ref(shop.record, value.measurement)
    assert failed is not None and failed.value == Decimal("1.5")
    (line,) = lines(shop)
    assert (line.title, line.build, line.ruling, line.hours) == (
        "Checkout errors",
        "2.0.0 rc1",
        "false alarm",
        "3 h",
    )


def test_it_changes_no_verdict(shop: Context) -> None:
    say(shop)
    parts = evaluate(shop).gate("benchmarks").parts
    assert next(part for part in parts if part.key == "benchmark/errors").state is State.NOT_MET


def test_who_says_something_else_later_replaces_what_was_said(shop: Context) -> None:
    say(shop)
    say(build.who(shop, "robin"), ruling=CATCH, reason="the retry really was missing")
    ((_, value),) = all_alarms(shop.record)
    assert (value.ruling, value.by) == (CATCH, "robin")


@pytest.mark.parametrize("ref", ["errors", "benchmark/errors", "checkout errors"])
def test_it_is_named_by_key_or_title(shop: Context, ref: str) -> None:
    assert say(shop, ref).part == "benchmark/errors"


def test_any_blocker_can_be_a_false_alarm_or_a_catch(shop: Context) -> None:
    build.measured(shop, "tests/reports", "0", role="tests", why="1 of 12 failed")
    value = say(shop, "tests/reports", CATCH)
    assert value.part == "tests/reports" and value.measurement
    build.add_difference(shop, title="Payment gateway")
    assert say(shop, "payment gateway").part.startswith("difference/")


def test_what_people_have_yet_to_do_or_to_lift_is_none(shop: Context) -> None:
    deciding.freeze(shop, "an incident in staging")
    found = {stop.part for stop in stops(evaluate(shop))}
    assert "benchmark/errors" in found and not any(
        key.startswith(("freeze", "item", "signature")) for key in found
    )
    with pytest.raises(UsageError, match="nothing called “freeze” stops"):
        say(shop, "freeze")


def test_an_advisory_benchmark_that_failed_would_have_stopped_it(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", build.SHOP.replace("mode: blocking", "mode: advisory")) as context:
        build.figures(context, errors="1.5")
        assert say(context).part == "benchmark/errors"


def test_one_that_passes_now_is_found_where_it_failed_for_the_same_build(shop: Context) -> None:
    failed = evaluate(shop)
    ref = next(item.value.ref for item in failed.judged if item.key == "errors" and item.value)
    later = build.later(shop, minutes=30)
    build.measured(later, "errors", "0.4")
    build.measured(build.later(shop, minutes=40), "errors", "0.4")
    assert say(build.later(shop, minutes=50)).measurement == ref


def test_what_stopped_nothing_is_refused(shop: Context) -> None:
    with pytest.raises(NotAllowed, match="it stopped nothing"):
        say(shop, "p95")
    with pytest.raises(UsageError, match="nothing called “nowhere” stops") as error:
        say(shop, "nowhere")
    assert error.value.hint == "workbench gate shows what blocks"
    with pytest.raises(UsageError, match="reason"):
        say(shop, reason="flaky")


def test_hours_are_read_as_people_write_them(shop: Context) -> None:
    assert [hours_of(shop, text) for text in ("", "3", "90 min", "2 days")] == [
        None,
        Decimal(3),
        Decimal("1.5"),
        Decimal(16),
    ]
    with pytest.raises(UsageError, match="no number of hours"):
        hours_of(shop, "ages")


def test_a_week_of_alarms_says_what_people_called_them(shop: Context) -> None:
    assert read_trial(shop, evaluate(shop), "errors").false == 0
    say(shop)
    trial = read_trial(shop, evaluate(shop), "errors")
    assert trial.false == 1 and trial.alarms[0].became == f"a false alarm, says kim: {WHY}"
    say(shop, ruling=CATCH, reason="the retry really was missing")
    assert read_trial(shop, evaluate(shop), "errors").false == 0


def test_the_history_says_what_was_called_what(shop: Context) -> None:
    say(shop)
    page = read_page(shop, limit=1)
    assert sentence(page.entries[0], page.names) == "called it a false alarm: Checkout errors"


def next_build(context: Context) -> Context:
    held = releasing.find(context)
    releasing.propose(context, held, Candidate(release="", number=0, commit=build.SHA_2))
    later = build.later(context, hours=1)
    build.figures(later, errors="0.4")
    return later


def test_an_earlier_build_is_ruled_on_by_its_name(shop: Context) -> None:
    build.measured(shop, "tests/reports", "0", role="tests", why="1 of 12 failed")
    first = evaluate(shop).held.candidate_id
    later = next_build(shop)
    with pytest.raises(NotAllowed, match="has not failed for that build"):
        say(later)
    assert say(later, candidate="rc1").candidate == first
    assert say(later, "reports", CATCH, candidate="rc1").title == "Tests (reports)"
    assert [line.build for line in lines(later)] == ["2.0.0 rc1", "2.0.0 rc1"]
    with pytest.raises(UsageError, match="has no candidate “rc7”"):
        say(later, candidate="rc7")


def test_builds_that_were_stopped_and_of_which_nobody_has_said_anything_are_listed(shop: Context) -> None:
    later = next_build(shop)
    (found,) = unruled(later, evaluate(later))
    assert (found.stop.part, found.build, found.candidate) == ("benchmark/errors", "2.0.0 rc1", "rc1")
    say(later, candidate="rc1")
    assert unruled(later, evaluate(later)) == []
