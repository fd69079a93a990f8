"""A measurement that overlaps somebody else's work, or was made after the end of its environment, is marked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.windows import window_of
from workbench.environments.model import EndOfLife, Occupancy
from workbench.gates.model import State, Weight
from workbench.usecases import environments as acts
from workbench.usecases import excerpts
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.project import Options
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.views.benchmark import mark_of, why_words
from workbench.usecases.views.marks import Mark

HOUR = timedelta(hours=1)
TOLD = "measured while payments used staging (load test of the ledger)"


def occupy(context: Context, who: str = "payments", environment: str = "staging") -> None:
    now = context.now
    acts.occupy(
        context,
        Occupancy(
            environment=environment, who=who, why="load test of the ledger", begins=now - HOUR, by="kim", ends=now + HOUR
        ),
    )  # fmt: skip


def remarks(context: Context, key: str = "p95") -> tuple[str, ...]:
    return tuple(each for each in verdict_of(evaluate(context), key).remarks if each != "build asserted")


def test_another_teams_work_is_told_beside_the_verdict_and_in_the_gates_report(tmp_path: Path) -> None:
    with build.shop(tmp_path) as context:
        build.figures(context)
        assert remarks(context) == ()
        occupy(context)
        assert remarks(context) == (TOLD,)
        report = judgement_of_gate(evaluate(context), "benchmarks")
        assert all(TOLD in verdict.remarks for verdict in report.verdicts)
        assert verdict_of(evaluate(context), "p95").through  # a mark, and no verdict


def test_our_own_work_and_work_elsewhere_are_not_told(tmp_path: Path) -> None:
    with build.shop(tmp_path) as context:
        build.figures(context)
        occupy(context, "Kim")
        assert remarks(context) == ()
        occupy(context, environment="production")
        assert remarks(context) == ("measured while payments used production (load test of the ledger)",)
        assert remarks(context, "errors") == ()


def test_the_window_of_a_measurement_counts(tmp_path: Path) -> None:
    with build.shop(tmp_path) as context:
        build.measured(context, "errors", "0.4", window="3h")
        acts.occupy(
            context,
            Occupancy(
                environment="staging", who="payments", why="load test of the ledger", by="kim",
                begins=context.now - 4 * HOUR, ends=context.now - 3 * HOUR,
            ),
        )  # fmt: skip
        assert remarks(context, "errors") == (TOLD,)


def test_a_regular_use_is_marked_without_any_entry(tmp_path: Path) -> None:
    text = build.SHOP.replace(
        "{key: staging, kind: staging}",
        "{key: staging, kind: staging, used_by: [{who: platform, why: patches, hours: '11:00-13:00', maintenance: true}]}",
    )
    with build.shop(tmp_path, text) as context:
        build.figures(context)
        assert remarks(context) == ("measured during maintenance of staging (patches)",)


def test_a_measurement_after_the_end_of_an_environment_says_so(tmp_path: Path) -> None:
    with build.shop(tmp_path) as context:
        build.figures(context)
        end = EndOfLife(
            environment="staging", ends=context.now - HOUR, reason="moved away", by="kim", at=context.now
        )
        acts.end_life(context, end)
        assert remarks(context, "errors") == (
            "measured after the end of staging on Tue 15 Sep 2026 11:00 CEST",
        )


def test_what_passes_in_the_middle_of_others_work_is_a_risk_to_see(tmp_path: Path) -> None:
    with build.shop(tmp_path) as context:
        build.figures(context)
        before = build.requirement(context, "benchmarks", "benchmarks").parts
        assert [(part.weight, part.why) for part in before] == [(Weight.BLOCKS, "passes")] * 2
        occupy(context)
        parts = build.requirement(context, "benchmarks", "benchmarks").parts
        assert [(part.state, part.weight) for part in parts] == [(State.MET, Weight.RISK)] * 2
        assert {part.why for part in parts} == {f"passes; {TOLD}"}
        judged = verdict_of(evaluate(context), "p95")
        assert mark_of(judged, None) is Mark.WARNS
        assert why_words(judged).endswith(TOLD)


def test_signatures_stand_whoever_else_was_at_work(tmp_path: Path) -> None:
    with build.shop(tmp_path) as context:
        build.figures(context)
        build.sign(context, "benchmarks", "robin")
        occupy(context)
        assert build.signature(context, "benchmarks").counts


def test_continuous_integration_marks_the_same_from_an_excerpt(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as context:
        build.figures(context)
        occupy(context)
        excerpt = tmp_path / "record.excerpt.jsonl"
        excerpt.write_bytes(excerpts.excerpt(context))
        elsewhere = excerpts.from_excerpt(Options(project=context.root), excerpt)
        try:
            assert TOLD in verdict_of(evaluate(build.at(elsewhere, context.now)), "p95").remarks
        finally:
            elsewhere.record.close()


@pytest.mark.parametrize("window", ["90 years", "a while", "9999999d", ""])
def test_a_window_that_nobody_can_read_is_a_moment(window: str) -> None:
    at = datetime(3, 1, 1, tzinfo=UTC)
    measurement = Measurement(
        batch="b", n=0, subject="p95", environment="staging", candidate=None, role="value", state="ok", value=None,
        unit="s", measured_at=at, window=window,
    )  # fmt: skip
    assert window_of(measurement) == (at, at)
