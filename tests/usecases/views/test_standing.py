"""How a benchmark stands: what is allowed, since when it is so, its builds, and what to do next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench import criteria
from workbench.benchmarks.looks import Looks
from workbench.criteria import Inputs
from workbench.criteria.figures import Figures
from workbench.criteria.words import allowed
from workbench.gates.kinds.benchmarks.judging import further
from workbench.model.quantity import find_unit
from workbench.model.times import clock_text
from workbench.releases import model as releases
from workbench.releases.model import Candidate, Release
from workbench.usecases import releasing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.views.advice import NOTHING, Advice, Way, advice
from workbench.usecases.views.benchmark import override_of
from workbench.usecases.views.builds import Build, builds
from workbench.usecases.views.clearing import command
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.material import read_material
from workbench.usecases.views.since import Bounds, since_words, stretches
from workbench.usecases.views.standing import (
    allowed_words,
    bounds_of,
    looks_words,
    notes_on,
    span_words,
    value_words,
)

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
LIMITS = Bounds(0.36, 0.54)


def course(*values: float) -> tuple[tuple[float, float], ...]:
    """A value each hour, the last one now."""
    first = NOW.timestamp() - 3600 * (len(values) - 1)
    return tuple((first + 3600 * n, value) for n, value in enumerate(values))


def since(*values: float, bounds: Bounds = LIMITS) -> str:
    return since_words(course(*values), bounds, values[-1], lambda value: f"{value} s", now=NOW)


def test_since_when_it_is_so_and_what_was_before() -> None:
    assert since(0.29, 0.29, 0.69, 0.69) == "since today 09:00; before that 0.29 s, also outside"
    assert since(0.45, 0.45, 0.69) == "since today 10:00; before that 0.45 s, within what is allowed"
    assert since(0.69, 0.45, 0.45) == "since today 09:00; before that 0.69 s, outside"
    assert since(*[0.69] * 11) == "since today 00:00 at least"
    assert since(*[0.69] * 12) == "since yesterday 23:00 at least"


def test_what_a_course_only_passes_through_is_no_state() -> None:
    rising = (*[0.29] * 60, 0.45, *[0.69] * 40)
    assert [stretch.place for stretch in stretches(course(*rising), LIMITS)] == ["below", "above"]
    short_way_out = (*[0.45] * 60, 0.69, *[0.45] * 40)
    assert len(stretches(course(*short_way_out), LIMITS)) == 1
    assert since(*short_way_out).endswith("at least")


def test_nothing_is_said_that_the_course_does_not_show() -> None:
    assert since(0.69) == ""
    assert since(0.2, 0.9, bounds=Bounds(None, None)) == ""
    assert since_words(course(0.4, 0.4), LIMITS, 0.9, str, now=NOW) == ""


def test_moments_as_people_say_them() -> None:
    assert clock_text(NOW - timedelta(hours=1), NOW) == "today 09:00"
    assert clock_text(NOW - timedelta(hours=20), NOW) == "yesterday 14:00"
    assert clock_text(NOW - timedelta(days=9), NOW) == "6 Sep 10:00"
    assert clock_text(NOW - timedelta(days=400), NOW) == "11 Aug 2025 10:00"


@pytest.mark.parametrize(
    ("rule", "value", "said", "source"),
    [
        ("within 20% of baseline", "0.69", "0.36–0.54 s", "baseline 0.45 s ± 20 %"),
        ("within 50 ms of baseline", "0.69", "0.4–0.5 s", "baseline 0.45 s ± 50 ms"),
        ("<= baseline + 20%", "0.69", "at most 0.54 s", "baseline 0.45 s plus 20 %"),
        ("<= 0.5 s", "0.69", "at most 0.5 s", ""),
        ("< 0.5 s", "0.69", "less than 0.5 s", ""),
        (">= 0.5 s", "0.69", "at least 0.5 s", ""),
        ("> 0.5 s", "0.69", "more than 0.5 s", ""),
        ("== 0", "0.69", "exactly 0 s", ""),
        ("<= 0.5 s", "0.5001", "at most 0.5 s", ""),
    ],
)
def test_what_is_allowed_and_where_that_comes_from(rule: str, value: str, said: str, source: str) -> None:
    inputs = Inputs(value=Decimal(value), unit=find_unit("s"), baseline=Decimal("0.45"))
    found = allowed(criteria.judge(criteria.parse(rule), None, inputs))
    assert (found.range, found.source) == (said, source)


def test_the_verdict_is_said_once_with_its_range(small: Context) -> None:
    build.figures(small, p95="0.9")
    judged = build.verdict(small, "p95")
    assert value_words(judged).startswith("0.9 s, ") and "over its limit" in value_words(judged)
    assert allowed_words(judged).startswith("allowed ") and "± 20 %" in allowed_words(judged)
    assert notes_on(judged, None) == []


def test_what_was_not_measured_says_so_and_names_the_rule(small: Context) -> None:
    judged = build.verdict(small, "p95")
    assert value_words(judged) == "not measured for this candidate"
    assert allowed_words(judged) == "rule: within 20% of baseline"


def test_what_is_allowed_is_known_before_the_value_is(small: Context) -> None:
    build.measured(small, "p95", "0.45", role="baseline")
    judged = build.verdict(small, "p95")
    assert allowed_words(judged) == "allowed 0.36–0.54 s: production's 0.45 s ± 20 %"
    assert bounds_of(judged) == Bounds(0.36, 0.54)


def test_the_time_that_a_course_is_of() -> None:
    assert span_words(course(*[1.0] * 25), NOW) == "last 24 hours"
    assert span_words(course(*[1.0] * 145), NOW) == "last 6 days"
    assert span_words(course(*[1.0] * 25), NOW + timedelta(days=5)) == "14 Sep 10:00 to 15 Sep 10:00"
    assert span_words(course(1.0), NOW) == "at today 10:00"


# --- builds --------------------------------------------------------------------------------------


def test_builds_stand_below_each_other_with_the_baseline_last(small: Context) -> None:
    build.figures(small, p95="0.46")
    first = builds_of(small)
    assert (first[0].mark, first[0].current) == (Mark.DONE, True)
    next_build(small)
    build.figures(small, p95="0.9")
    found = builds_of(small)
    assert [each.current for each in found] == [True, False, False]
    assert [each.mark for each in found] == [Mark.BLOCKS, Mark.DONE, None]
    assert found[1].value == "0.46 s" and "to spare" in found[1].words
    assert found[-1].words == "the baseline"


def test_a_build_that_was_not_measured_says_so(small: Context) -> None:
    next_build(small)
    build.figures(small, p95="0.9")
    assert [each.words for each in builds_of(small)][1] == "not measured"


def next_build(context: Context) -> None:
    held = releases.find(context.record, context.release)
    releasing.propose(context, held, Candidate(release="", number=0, commit=build.SHA_2))


def builds_of(context: Context) -> list[Build]:
    found = evaluate(context)
    judged, kept = verdict_of(found, "p95"), read_material(context, "p95")
    return builds(judged, kept.history, found.held, kept.candidates, override_of(found, "p95"), found.now)


# --- what to do next -------------------------------------------------------------------------------


def advice_of(context: Context) -> Advice:
    found = evaluate(context)
    return advice(verdict_of(found, "p95"), override_of(found, "p95"), found)


def test_a_real_failure_asks_for_another_build_and_never_for_a_fetch(small: Context) -> None:
    build.figures(small, p95="0.9")
    said = advice_of(small)
    assert said.first is Way.PROPOSE and Way.FETCH not in said.others
    assert {Way.OVERRIDE, Way.INVALIDATE} == set(said.others)
    assert "the same build" in said.note


def test_what_was_not_measured_is_fetched(small: Context) -> None:
    assert advice_of(small).first is Way.FETCH


def test_where_nothing_is_to_do_nothing_is_advised(small: Context) -> None:
    build.figures(small, p95="0.46")
    assert advice_of(small) == NOTHING
    build.figures(small, p95="0.9")
    build.override(
        small, evaluate(small), "benchmark/p95", reason="one noisy client in the test run",
        approver="robin", until=build.NOW + timedelta(days=2),
    )  # fmt: skip
    assert advice_of(small).first is None


def test_without_a_build_one_is_proposed(small: Context) -> None:
    releasing.plan(small, Release(version="9.9.9"))
    found = evaluate(small, "9.9.9")
    assert advice(verdict_of(found, "p95"), None, found).first is Way.PROPOSE


def test_how_often_somebody_looked_is_told_from_the_second_time_on(shop: Context) -> None:
    judged = verdict_of(evaluate(shop), "checkout-p95")
    assert judged.value is not None

    def said(count: int, failed: int) -> str:
        looks = Looks(count=count, failed=(judged.value,) * failed)  # type: ignore[arg-type]
        return looks_words(msgspec.structs.replace(judged, looks=looks))

    assert (said(0, 0), said(1, 1)) == ("", "")
    assert said(3, 0) == "looked at 3 times" and said(3, 1) == "looked at 3 times, 1 failed"


def test_what_a_statistical_rule_found_is_not_computed_again(shop: Context) -> None:
    judged = verdict_of(evaluate(shop), "checkout-p95")
    figures = Figures(form="two_sample", points=900)
    outcome = msgspec.structs.replace(judged.outcome, limit=None, figures=figures)
    judged = msgspec.structs.replace(judged, outcome=outcome)
    assert bounds_of(judged) == Bounds(None, None)
    assert allowed_words(judged) == f"rule: {judged.resolved.pass_}"


def test_what_lacks_a_pinned_baseline_asks_for_one(tmp_path: Path) -> None:
    text = build.SHOP.replace("    mode: blocking\n", "    mode: blocking\n    baseline: pinned\n", 1)
    with build.shop(tmp_path / "shop", text) as context:
        build.figures(context, p95="0.46", errors="0.4")
        found = evaluate(context)
        judged = next(each for each in found.judged if each.resolved.baseline == "pinned")
        assert command(further(judged, found.facts)) == f"workbench baseline pin {judged.key} --reason WHY"
        assert "baseline pin" in advice(judged, None, found).note
