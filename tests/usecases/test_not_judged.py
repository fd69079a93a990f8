"""What was not judged never passes: rules that are missing or too early, values without a comparison."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build

from workbench.benchmarks import measurements
from workbench.criteria import Verdict
from workbench.gates.model import GateState
from workbench.model.errors import DefinitionError, UsageError
from workbench.usecases import deciding
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.views.clearing import command

PROJECT = (
    build.HEAD
    + """\
sources:
  - {key: hand, kind: manual}
benchmarks:
  - key: b
    environment: staging
    title: Staging is quick
    measure: {source: hand, unit: ms}
    pass: <= 100 ms
    mode: blocking
gates:
  - {key: gate, title: Gate, requires: [benchmarks: {}]}
"""
)


def state(context: Context) -> GateState:
    return build.gate(context, "gate").state


def test_a_chart_that_is_learning_does_not_block(tmp_path: Path) -> None:
    text = PROJECT.replace("pass: <= 100 ms", "pass: in control\n    better: lower")
    with build.shop(tmp_path / "p", text) as context:
        build.measured(context, "b", "50")
        found = build.verdict(context, "b")
        assert found.verdict is Verdict.LEARNING
        assert found.why == "0 of 8 earlier measurements, 8 more are needed"
        assert state(context) is not GateState.BLOCKED


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [("not worse than baseline by 25%", Verdict.MISSING), ("in control and <= 40 ms", Verdict.FAIL)],
)
def test_what_cannot_be_judged_and_what_fails_block(tmp_path: Path, rule: str, verdict: Verdict) -> None:
    text = PROJECT.replace("pass: <= 100 ms", f"pass: {rule}\n    better: lower")
    with build.shop(tmp_path / "p", text) as context:
        build.measured(context, "b", "50")
        build.measured(context, "b", "50", role="baseline")
        assert build.verdict(context, "b").verdict is verdict
        judgement = judgement_of_gate(evaluate(context), "gate")
        assert judgement.exit_code(judgement.gate("gate")) == 1


@pytest.mark.parametrize("mode", ["mode: blocking", "blocking_from: 2030-01-01"])
def test_a_benchmark_that_stops_the_release_needs_a_rule(tmp_path: Path, mode: str) -> None:
    text = PROJECT.replace("    pass: <= 100 ms\n    mode: blocking", f"    {mode}")
    with pytest.raises(DefinitionError) as caught, build.shop(tmp_path / "p", text):
        pass
    (problem,) = caught.value.problems
    assert problem.what == "the benchmark stops the release, and no rule says which value is good"
    assert text.splitlines()[problem.line - 1].strip() == mode


def test_without_a_rule_it_cannot_be_made_blocking(tmp_path: Path) -> None:
    text = PROJECT.replace("    pass: <= 100 ms\n    mode: blocking\n", "")
    with build.shop(tmp_path / "p", text) as context:
        with pytest.raises(UsageError, match="no rule"):
            deciding.make_blocking(context, evaluate(context), "b")
        # A record may hold what an earlier version allowed.
        commit(context, [measurements.tighten("b", by="kim", at=context.now)])
        build.measured(context, "b", "50")
        found = build.verdict(context, "b")
        assert found.verdict is Verdict.ERROR and "without a rule" in found.why
        assert state(context) is GateState.BLOCKED


@pytest.mark.parametrize(
    ("past", "lacking"),
    [
        ("last good release", "no earlier release had a good value"),
        ("own history", "no earlier candidate had a good value"),
    ],
)
def test_where_there_is_no_past_the_next_step_is_the_rule_and_no_further_value(
    tmp_path: Path, past: str, lacking: str
) -> None:
    text = PROJECT.replace("pass: <= 100 ms", f"pass: within 20% of baseline\n    baseline: {past}")
    with build.shop(tmp_path / "p", text) as context:
        build.measured(context, "b", "50")
        found = build.gate(context, "gate")
        (part,) = found.requirements[0].parts
        assert state(context) is GateState.BLOCKED and lacking in part.why and "a limit" in part.why
        place = next(n for n, line in enumerate(text.splitlines(), 1) if "pass:" in line)
        assert command(part.step) == f"edit workbench.yaml:{place}"
    beside = text.replace("of baseline\n", "of baseline or <= 60 ms\n")
    with build.shop(tmp_path / "q", beside) as context:
        build.measured(context, "b", "50")
        assert state(context) is not GateState.BLOCKED


def test_an_environments_benchmark_without_a_baseline_blocks(tmp_path: Path) -> None:
    text = PROJECT.replace("pass: <= 100 ms", "pass: <= baseline + 20%")
    with build.shop(tmp_path / "p", text) as context:
        build.measured(context, "b", "50")
        assert build.verdict(context, "b").verdict is Verdict.NO_BASELINE
        assert state(context) is GateState.BLOCKED
        build.measured(context, "b", "50", role="baseline")
        assert state(context) is not GateState.BLOCKED


@pytest.mark.parametrize(
    ("value", "verdict"), [("60", Verdict.WARN), ("119", Verdict.PASS), ("121", Verdict.FAIL)]
)
def test_too_fast_warns_and_too_slow_fails(tmp_path: Path, value: str, verdict: Verdict) -> None:
    text = PROJECT.replace("pass: <= 100 ms", "dimension: latency_consistency")
    with build.shop(tmp_path / "p", text) as context:
        build.measured(context, "b", value)
        build.measured(context, "b", "100", role="baseline")
        assert build.verdict(context, "b").verdict is verdict
        assert (state(context) is GateState.BLOCKED) is (verdict is Verdict.FAIL)
