"""Every row of the table of edge cases, through one evaluation of a project with a record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build

from workbench.criteria import Verdict
from workbench.gates.model import GateState, State, Weight
from workbench.model.errors import UsageError
from workbench.model.steps import Job
from workbench.releases.model import Candidate, Outcome, Release
from workbench.usecases import deciding, releasing, shipping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.views import clearing
from workbench.usecases.views.benchmark import numbers
from workbench.usecases.views.what_if import what_if

ONE = (
    build.HEAD
    + """\
sources:
  - {key: metrics, kind: prometheus, url: "http://127.0.0.1:9"}
  - {key: hand, kind: manual}
benchmarks:
  - key: b
    flow: checkout
    title: Checkout
    measure: {source: metrics, query: up_in_$environment, unit: ms}
    pass: <= 100 ms
    mode: blocking
    max_age: 24h
gates:
  - {key: gate, title: Gate, requires: [benchmarks: {}]}
"""
)
RELATIVE = ONE.replace("pass: <= 100 ms", "pass: <= baseline + 20%")


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", ONE) as context:
        yield context


@pytest.fixture
def relative(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", RELATIVE) as context:
        yield context


def judged(context: Context, key: str = "b") -> tuple[Verdict, str]:
    found = build.verdict(context, key)
    return found.verdict, found.why


def blocks(context: Context) -> bool:
    return bool(build.gate(context, "gate").state is GateState.BLOCKED)


def test_what_was_never_measured_is_missing_and_blocks(one: Context) -> None:
    verdict, why = judged(one)
    assert verdict is Verdict.MISSING and "not measured for this candidate" in why and blocks(one)


@pytest.mark.parametrize("why", ["the answer is NaN", "the query gave no series"])
def test_an_answer_without_a_value_is_missing_and_never_zero(one: Context, why: str) -> None:
    build.measured(one, "b", "0")
    build.measured(one, "b", None, state="missing", why=why)
    verdict, words = judged(one)
    assert verdict is Verdict.MISSING and why in words and blocks(one)
    assert build.verdict(one, "b").outcome.margin is None


def test_a_source_that_could_not_be_asked_is_an_error_with_its_reason(one: Context) -> None:
    build.measured(one, "b", "50")
    build.measured(one, "b", None, state="error", why="no answer within 30 s")
    verdict, why = judged(one)
    assert verdict is Verdict.ERROR and "no answer within 30 s" in why and blocks(one)


def test_the_answer_recorded_last_counts_whatever_time_it_stands_for(one: Context) -> None:
    """A report of yesterday that is read today follows the failed attempt of an hour ago."""
    build.measured(one, "b", None, state="error", why="no answer", ago=timedelta(hours=1))
    build.measured(one, "b", "50", ago=timedelta(hours=20))
    assert judged(one)[0] is Verdict.PASS


@pytest.mark.parametrize(("hours", "verdict"), [(24, Verdict.PASS), (24.1, Verdict.STALE)])
def test_older_than_its_age_is_stale(one: Context, hours: float, verdict: Verdict) -> None:
    build.measured(one, "b", "50", ago=timedelta(hours=hours))
    assert judged(one)[0] is verdict
    assert blocks(one) is (verdict is Verdict.STALE)


@pytest.mark.parametrize(("seconds", "verdict"), [(120, Verdict.PASS), (121, Verdict.ERROR)])
def test_two_minutes_ahead_are_accepted(one: Context, seconds: int, verdict: Verdict) -> None:
    build.measured(one, "b", "50", ago=-timedelta(seconds=seconds))
    assert judged(one)[0] is verdict


def test_fewer_samples_than_asked_are_missing(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", ONE.replace("mode:", "min_samples: 20\n    mode:")) as context:
        build.measured(context, "b", "50", samples=12)
        assert judged(context) == (Verdict.MISSING, "12 of 20 samples")
        build.measured(context, "b", "50")
        assert judged(context)[0] is Verdict.MISSING
        build.measured(context, "b", "50", samples=20)
        assert judged(context)[0] is Verdict.PASS


def test_a_query_that_counts_its_samples_asks_for_twenty(tmp_path: Path) -> None:
    text = ONE.replace(
        "query: up_in_$environment,", "query: up_in_$environment, samples: count_in_$environment,"
    )
    with build.shop(tmp_path / "p", text) as context:
        build.measured(context, "b", "50", samples=19)
        assert judged(context)[1] == "19 of 20 samples"


@pytest.mark.parametrize(
    ("tier", "through"), [("critical", False), ("important", True), ("best_effort", True)]
)
def test_nothing_to_compare_blocks_by_tier(tmp_path: Path, tier: str, through: bool) -> None:
    build.write(tmp_path / "p", RELATIVE)
    with build.opened(tmp_path / "p") as context:
        build.add_flow(context, tier=tier)
        releasing.plan(context, Release(version="2"), Candidate(release="", number=0, commit=build.SHA))
        build.measured(context, "b", "50")
        assert judged(context)[0] is Verdict.NO_BASELINE
        assert blocks(context) is not through


@pytest.mark.parametrize(("value", "verdict"), [("0", Verdict.PASS), ("1", Verdict.ERROR)])
def test_a_baseline_of_zero(relative: Context, value: str, verdict: Verdict) -> None:
    build.measured(relative, "b", value)
    build.measured(relative, "b", "0", role="baseline")
    assert judged(relative)[0] is verdict


def test_an_old_baseline_is_used_and_marked(relative: Context) -> None:
    build.measured(relative, "b", "50")
    build.measured(relative, "b", "50", role="baseline", ago=timedelta(days=3))
    found = build.verdict(relative, "b")
    assert found.verdict is Verdict.PASS and "baseline is 3 days old" in found.remarks


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"mark": "replayed"}, Verdict.NO_BASELINE),
        ({"mark": "manual"}, Verdict.NO_BASELINE),
        ({"unit": "%"}, Verdict.NO_BASELINE),
        ({"state": "missing", "why": "no data"}, Verdict.NO_BASELINE),
        ({"state": "error", "why": "down"}, Verdict.ERROR),
        ({"ago": -timedelta(hours=1)}, Verdict.ERROR),
    ],
)
def test_what_would_not_do_as_a_value_does_not_do_as_a_baseline(
    relative: Context, more: dict[str, Any], verdict: Verdict
) -> None:
    build.measured(relative, "b", "50")
    build.measured(relative, "b", "50", role="baseline", **more)
    assert judged(relative)[0] is verdict and blocks(relative)


def test_measured_on_another_candidate_is_missing(one: Context) -> None:
    build.measured(one, "b", "50")
    assert judged(one)[0] is Verdict.PASS
    held = evaluate(one).held
    releasing.propose(one, held, Candidate(release="", number=0, commit=build.SHA_2))
    assert judged(one)[0] is Verdict.MISSING and blocks(one)


def test_another_build_in_the_environment_is_missing(one: Context) -> None:
    build.measured(one, "b", "50", build=build.SHA_2)
    assert judged(one) == (Verdict.MISSING, "measured on commit a1b2c3d, not on this candidate")
    build.measured(one, "b", "50", build=build.SHA[:9])
    assert judged(one)[0] is Verdict.PASS


@pytest.mark.parametrize("named", ["7C4E19FB02D8", "7c4e19f", build.SHA.upper()])
def test_a_commit_is_the_same_however_it_is_written(tmp_path: Path, named: str) -> None:
    with build.shop(tmp_path / "p") as context:
        build.measured(context, "errors", "0.4", build=named)
        build.measured(context, "tests/reports", "1", role="tests", why="12 passed", build=named)
        assert judged(context, "errors")[0] is Verdict.PASS
        assert build.requirement(context, "ready", "tests_green").state is State.MET


def test_carry_takes_the_value_along(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", ONE.replace("mode:", "carry: true\n    mode:")) as context:
        build.measured(context, "b", "50", build=build.SHA)
        releasing.propose(
            context, evaluate(context).held, Candidate(release="", number=0, commit=build.SHA_2)
        )
        assert judged(context)[0] is Verdict.PASS
        build.measured(context, "b", "150")
        assert judged(context)[0] is Verdict.FAIL


def test_replayed_proves_nothing_outside_a_demonstration(one: Context) -> None:
    build.measured(one, "b", "50", mark="replayed")
    assert judged(one)[0] is Verdict.MISSING and blocks(one)
    shown = msgspec.structs.replace(one, demonstration=build.NOW)
    found = build.verdict(shown, "b")
    assert found.verdict is Verdict.PASS and "replayed" in found.remarks


@pytest.mark.parametrize(
    ("kind", "unit", "value", "words"),
    [
        ("latency", "ms", "-5", "-5 ms is below 0"),
        ("error_rate", "'%'", "-3", "-3 % is below 0"),
        ("deployment_success", "'%'", "250", "250 % is more than all"),
        ("critical_findings", "''", "-1", "-1 is below 0"),
    ],
)
def test_a_number_that_nothing_of_its_kind_can_have_is_no_value(
    tmp_path: Path, kind: str, unit: str, value: str, words: str
) -> None:
    of = "flow: checkout" if kind in ("latency", "error_rate") else "environment: staging"
    text = ONE.replace("flow: checkout", f"kind: {kind}\n    {of}").replace("unit: ms", f"unit: {unit}")
    symbol = unit.strip("'")
    text = text.replace("<= 100 ms", "'>= -1000'")
    with build.shop(tmp_path / "p", text) as context:
        build.measured(context, "b", value, unit=symbol)
        verdict, why = judged(context)
        assert verdict is Verdict.ERROR and words in why and blocks(context)
        build.measured(context, "b", "100.5", unit=symbol)
        assert judged(context)[0] is Verdict.PASS


def test_manual_needs_evidence(one: Context) -> None:
    build.measured(one, "b", "50", mark="manual")
    assert judged(one) == (Verdict.MISSING, "typed in without evidence")
    build.measured(one, "b", "50", mark="manual", evidence=("0" * 64,))
    found = build.verdict(one, "b")
    assert found.verdict is Verdict.PASS and "manual" in found.remarks


def test_invalidated_is_as_if_it_were_not_there(one: Context) -> None:
    build.measured(one, "b", "150")
    ref = build.measured(one, "b", "50")
    assert judged(one)[0] is Verdict.PASS
    with pytest.raises(UsageError):
        deciding.invalidate(one, ref, " no")
    deciding.invalidate(one, ref, "the wrong slot was asked")
    assert judged(one)[0] is Verdict.FAIL
    with pytest.raises(UsageError):
        deciding.invalidate(one, "0/7", "there is none")


def test_another_kind_of_unit_is_no_number(one: Context) -> None:
    build.measured(one, "b", "50", unit="%")
    verdict, why = judged(one)
    assert verdict is Verdict.MISSING and "measured in %, asked in ms" in why
    assert numbers(verdict_of(evaluate(one), "b")).value == ""
    assert [line.value for line in what_if(one, "b", {"pass_": "<= 60"}).lines] == [""]
    build.measured(one, "b", "0.05", unit="s")
    assert judged(one)[0] is Verdict.PASS


def test_a_partial_answer_and_an_asserted_build_are_marked(one: Context) -> None:
    build.measured(one, "b", "50", partial="one shard timed out")
    assert build.verdict(one, "b").remarks == ("partial answer: one shard timed out", "build asserted")


def part_of(context: Context) -> Any:
    return next(
        part for part in build.requirement(context, "gate", "benchmarks").parts if part.key == "benchmark/b"
    )


def test_what_passes_on_a_partial_answer_stands_among_the_risks(one: Context) -> None:
    build.measured(one, "b", "50", partial="one shard timed out")
    part = part_of(one)
    assert (part.state, part.weight) == (State.MET, Weight.RISK)
    assert part.why == "passes, on a partial answer: one shard timed out"


def test_a_partial_baseline_is_marked_as_well(relative: Context) -> None:
    build.measured(relative, "b", "50", build=build.SHA)
    build.measured(relative, "b", "50", role="baseline", partial="one shard timed out")
    assert "baseline: partial answer: one shard timed out" in build.verdict(relative, "b").remarks
    assert part_of(relative).weight is Weight.RISK


def test_a_note_of_the_server_is_a_remark_and_no_risk(one: Context) -> None:
    build.measured(one, "b", "50", facts={"note": "it might be no counter"}, build=build.SHA)
    assert build.verdict(one, "b").remarks == ("note: it might be no counter",)
    assert part_of(one).why == "passes"


@pytest.mark.parametrize(("facts", "job"), [({"edit": "query"}, Job.EDIT_DEFINITIONS), ({}, Job.FETCH)])
def test_a_question_that_has_to_be_changed_leads_to_its_line(one: Context, facts: Any, job: Job) -> None:
    build.measured(one, "b", None, state="error", why="2 series came", facts=facts)
    step = part_of(one).step
    assert step is not None and step.job is job
    if facts:
        assert clearing.command(step).startswith("edit workbench.yaml:")


def shipped(context: Context, version: str, value: str, days: int) -> Context:
    """An earlier release, measured and shipped some days before now; returns the present."""
    then = build.later(context, days=-days)
    releasing.plan(then, Release(version=version), Candidate(release="", number=0, commit=build.SHA_2))
    build.measured(then, "b", value, release=version)
    return then


def ship(context: Context, version: str, **more: Any) -> None:
    held = evaluate(context, version).held
    shipping.ship(context, held.release.version, reason="the vendor switches off", **more)


@pytest.mark.parametrize(("days", "known"), [(8, True), (6, False)])
def test_the_last_good_release_was_watched(tmp_path: Path, days: int, known: bool) -> None:
    text = RELATIVE.replace("mode:", "baseline: last good release\n    mode:")
    with build.shop(tmp_path / "p", text) as plain:
        context = msgspec.structs.replace(plain, release="2.0.0")
        ship(shipped(context, "1.0.0", "100", days), "1.0.0")
        build.measured(context, "b", "119")
        found = build.verdict(context, "b")
        assert found.verdict is (Verdict.PASS if known else Verdict.NO_BASELINE)
        assert found.baseline_value == (Decimal(100) if known else None)


def test_a_release_that_was_rolled_back_is_not_good(tmp_path: Path) -> None:
    text = RELATIVE.replace("mode:", "baseline: last good release\n    mode:")
    with build.shop(tmp_path / "p", text) as plain:
        context = msgspec.structs.replace(plain, release="2.0.0")
        ship(shipped(context, "1.0.0", "100", 30), "1.0.0")
        then = shipped(context, "1.1.0", "900", 20)
        ship(then, "1.1.0")
        held = evaluate(then, "1.1.0").held
        releasing.end(then, held, Outcome.ROLLED_BACK, reason="it leaked memory")
        build.measured(context, "b", "119")
        assert build.verdict(context, "b").baseline_value == Decimal(100)


@pytest.mark.parametrize("baseline", ["last good release", "own history"])
def test_an_overridden_measurement_is_never_a_baseline(tmp_path: Path, baseline: str) -> None:
    text = RELATIVE.replace("mode:", f"baseline: {baseline}\n    mode:")
    with build.shop(tmp_path / "p", text) as plain:
        context = msgspec.structs.replace(plain, release="2.0.0")
        then = shipped(context, "1.0.0", "900", 30)
        build.override(
            then,
            evaluate(then, "1.0.0"),
            "benchmark/b",
            reason="the customer waits for this one",
            approver="robin",
            until=then.now + timedelta(days=1),
        )
        ship(then, "1.0.0")
        build.measured(context, "b", "119")
        assert judged(context)[0] is Verdict.NO_BASELINE


def test_own_history_is_the_mean_of_earlier_candidates(tmp_path: Path) -> None:
    text = RELATIVE.replace("mode:", "baseline: own history\n    mode:")
    with build.shop(tmp_path / "p", text) as plain:
        context = msgspec.structs.replace(plain, release="2.0.0")
        for version, value in (("1.0.0", "80"), ("1.1.0", "90")):
            shipped(context, version, value, 10)
        then = shipped(context, "1.2.0", "94", 9)
        ref = build.measured(then, "b", "4000", release="1.2.0")
        deciding.invalidate(context, ref, "load test was running")
        build.measured(then, "b", None, release="1.2.0", state="error", why="down")
        bad = [m for m in (build.verdict(msgspec.structs.replace(then, release="1.2.0"), "b").value,) if m]
        assert bad[0].state == "error"
        build.measured(context, "b", "100")
        assert build.verdict(context, "b").baseline_value == Decimal(88)
        assert judged(context)[0] is Verdict.PASS


@pytest.mark.parametrize("baseline", ["last good release", "own history"])
@pytest.mark.parametrize("mode", ["advisory", "blocking"])
def test_a_failed_measurement_is_never_a_baseline(tmp_path: Path, baseline: str, mode: str) -> None:
    """100, then 180, which failed: 210 is not within 20 % of anything that was good."""
    text = RELATIVE.replace("mode: blocking", f"baseline: {baseline}\n    mode: {mode}")
    with build.shop(tmp_path / "p", text) as plain:
        context = msgspec.structs.replace(plain, release="2.0.0")
        ship(shipped(context, "1.0.0", "100", 30), "1.0.0")
        ship(shipped(context, "1.1.0", "180", 20), "1.1.0")
        build.measured(context, "b", "210")
        found = build.verdict(context, "b")
        assert (found.verdict, found.baseline_value) == (Verdict.FAIL, Decimal(100))


def test_what_failed_an_absolute_rule_is_no_baseline_either(tmp_path: Path) -> None:
    text = RELATIVE.replace("pass: <=", "pass: <= 8 ms and <=").replace(
        "mode:", "baseline: own history\n    mode:"
    )
    with build.shop(tmp_path / "p", text) as plain:
        context = msgspec.structs.replace(plain, release="2.0.0")
        for version, value in (("1.0.0", "5"), ("1.1.0", "9")):
            shipped(context, version, value, 10)
        build.measured(context, "b", "7")
        found = build.verdict(context, "b")
        assert (found.verdict, found.baseline_value) == (Verdict.FAIL, Decimal(5))


def test_an_overridden_release_leaves_the_one_before_it_as_the_baseline(tmp_path: Path) -> None:
    """Without it a benchmark that was once let past would have nothing to compare with for ever."""
    text = RELATIVE.replace("mode:", "baseline: last good release\n    mode:")
    with build.shop(tmp_path / "p", text) as plain:
        context = msgspec.structs.replace(plain, release="2.0.0")
        ship(shipped(context, "1.0.0", "100", 40), "1.0.0")
        then = shipped(context, "1.1.0", "900", 30)
        until, reason = then.now + timedelta(days=1), "the customer waits for this one"
        build.override(
            then, evaluate(then, "1.1.0"), "benchmark/b", reason=reason, approver="robin", until=until
        )
        ship(then, "1.1.0")
        build.measured(context, "b", "119")
        assert build.verdict(context, "b").baseline_value == Decimal(100)


def test_an_unknown_flow_counts_as_critical_and_says_so(tmp_path: Path) -> None:
    text = RELATIVE.replace("flow: checkout", "flow: nobody-knows-it")
    with build.shop(tmp_path / "p", text) as context:
        build.measured(context, "b", "50")
        found = build.verdict(context, "b")
        assert found.resolved.tier == "critical" and not found.through
        assert any("not known here" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("moment", "blocking"),
    [
        (datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 30, 23, 0, 0, tzinfo=UTC), True),  # midnight in Amsterdam
    ],
)
def test_blocking_begins_at_midnight_in_the_projects_zone(
    tmp_path: Path, moment: datetime, blocking: bool
) -> None:
    text = ONE.replace("mode: blocking", "blocking_from: 2026-12-01")
    with build.shop(tmp_path / "p", text) as context:
        assert build.verdict(build.at(context, moment), "b").blocking is blocking


def test_the_record_may_tighten_and_only_yaml_may_loosen(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", ONE.replace("mode: blocking", "mode: advisory")) as context:
        build.measured(context, "b", "150")
        assert not blocks(context)
        deciding.make_blocking(context, evaluate(context), "b", "twice now")
        assert build.verdict(context, "b").blocking and blocks(context)
        with pytest.raises(UsageError, match="blocking already"):
            deciding.make_blocking(context, evaluate(context), "b")


def test_warn_lets_through_and_advisory_blocks_nothing(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", ONE.replace("mode:", "warn: <= 200 ms\n    mode:")) as context:
        build.measured(context, "b", "150")
        assert judged(context)[0] is Verdict.WARN and not blocks(context)
        build.measured(context, "b", "201")
        assert judged(context)[0] is Verdict.FAIL and blocks(context)


def test_all_requirements_are_evaluated_at_one_head(one: Context) -> None:
    evaluation = evaluate(one)
    assert evaluation.head == one.record.head and evaluation.now == build.NOW


def test_unknown_names_say_what_is_known(one: Context) -> None:
    evaluation = evaluate(one)
    for ask in (lambda: evaluation.gate("gaet"), lambda: verdict_of(evaluation, "c")):
        with pytest.raises(UsageError) as caught:
            ask()
        assert caught.value.hint and "known" in caught.value.hint


def test_an_override_opens_again_when_it_ends(one: Context) -> None:
    build.measured(one, "b", "150")
    until = one.now + timedelta(hours=3)
    build.override(one, evaluate(one), "b", reason="known and small", approver="robin", until=until)
    part = build.gate(one, "gate").requirements[0].parts[0]
    assert part.state is State.OVERRIDDEN and "known and small" in part.why
    assert not blocks(one)
    assert blocks(build.at(one, until))
