"""The first week and the three experiments tick themselves, and only from what the record knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.probes.lines import LINES
from tests.probes.on_record import know_kinds, ran

from workbench.drills.model import Drill, DrillResult
from workbench.parity import reviews
from workbench.record import Change
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.guide_record import told
from workbench.usecases.views.marks import Fact, Mark


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    know_kinds(monkeypatch)
    with build.shop(tmp_path / "p", stated=False) as context:
        yield context


def facts(context: Context, page: str = "first-week") -> dict[str, Fact]:
    return {fact.label: fact for fact in told(context, page)}


def test_nothing_is_done_in_a_new_project(tmp_path: Path) -> None:
    build.write(tmp_path / "new", build.HEAD + build.PEOPLE)
    with build.opened(tmp_path / "new") as context:
        week, three = facts(context), facts(context, "experiments")
    assert week["The first week"].text == "0 of 5 done, next: Monday"
    days = [week[day] for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")]
    assert {day.mark for day in days} == {Mark.OPEN}
    assert three["Experiments"].text == "0 of 3 done, next: A parity check"


def test_monday_is_done_with_five_gaps_or_a_review_that_finds_fewer(shop: Context) -> None:
    build.add_difference(shop, "load balancer")
    found = facts(shop)["Monday"]
    assert found.mark is Mark.UNDER_WAY and found.text.startswith("1 of 5 gaps is on the map")
    held = evaluate(shop).held.id
    commit(shop, [reviews.review_change(reviews.reviewed(shop.record, held, by="kim", at=shop.now))])
    assert facts(shop)["Monday"].text == "the map's first: load balancer"


def test_tuesday_is_done_once_staging_records_all_of_every_critical_service(shop: Context) -> None:
    assert "no critical flow names a service" in facts(shop)["Tuesday"].text
    build.add_flow(shop, "refund", tier="critical", services=("gateway", "ledger"))
    assert "nobody has said what staging records of gateway, ledger" in facts(shop)["Tuesday"].text
    everything = "metrics: yes, logs: yes, traces: yes, alerts: yes, retention: yes"
    first, rest = "gateway", f"  - {{key: ledger, {everything}, sampling: yes}}\n"
    some = build.rewrite(
        shop, "gates:\n", f"observability:\n  - {{key: {first}, {everything}}}\n{rest}gates:\n"
    )
    found = facts(some)["Tuesday"]
    assert found.mark is Mark.UNDER_WAY and f"less of {first}" in found.text
    all_ = build.rewrite(some, f"key: {first}, {everything}", f"key: {first}, {everything}, sampling: yes")
    assert facts(all_)["Tuesday"].mark is Mark.DONE


def test_wednesday_is_done_when_a_probe_of_drift_has_run(
    shop: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no probe looks for it" in facts(shop)["Wednesday"].text
    know_kinds(monkeypatch, lines=LINES)
    probe = (
        "probes:\n  - {key: settings, kind: lines, title: Alike, staging: a.env, production: b.env}\ngates:\n"
    )
    context = build.rewrite(shop, "gates:\n", probe)
    assert facts(context)["Wednesday"].mark is Mark.UNDER_WAY
    ran(context, {"POOL": "5"}, {"POOL": "50"})
    assert facts(context)["Wednesday"].mark is Mark.DONE


def test_thursday_is_done_when_a_gate_asks_for_an_objective(shop: Context) -> None:
    assert facts(shop)["Thursday"].text.startswith("no objective is listed")
    objective = (
        "objectives:\n  - {key: up, flow: checkout, target: 99 %, window: 30d, "
        'indicator: {source: metrics, query: "avg_over_time(good[$window])"}}\ngates:\n'
    )
    context = build.rewrite(shop, "gates:\n", objective)
    assert facts(context)["Thursday"].mark is Mark.UNDER_WAY
    context = build.rewrite(context, "    requires:\n", "    requires:\n      - objective_held: {}\n")
    assert facts(context)["Thursday"].mark is Mark.DONE


@pytest.mark.parametrize(
    ("result", "done"),
    [
        (DrillResult.WORKED, True),
        (DrillResult.FAILED, True),
        (DrillResult.STOPPED, False),
        (DrillResult.RUNNING, False),
    ],
)
def test_friday_is_done_with_a_drill_that_came_to_its_end(
    shop: Context, result: DrillResult, done: bool
) -> None:
    ended = None if result is DrillResult.RUNNING else build.NOW
    drill = Drill(
        runbook="rollback", text="x", title="Rollback", started_at=build.NOW - timedelta(minutes=12), by="kim",
        result=result, ended_at=ended,
    )  # fmt: skip
    commit(shop, [Change("drill", fresh_id(shop), "ended", drill)])
    found = facts(shop)["Friday"]
    assert (found.mark is Mark.DONE) is done
    assert not done or found.text == f"Rollback: {result.value} in 12min on 15 Sep"


def test_the_experiments_tick_themselves(shop: Context) -> None:
    three = facts(shop, "experiments")
    assert three["A mirror of 1 %"].mark is three["A promise about freshness"].mark is Mark.OPEN
    context = build.rewrite(
        shop, "key: staging, kind: staging}", "key: staging, kind: staging, fresh_within: 2d}"
    )
    assert facts(context, "experiments")["A promise about freshness"].mark is Mark.UNDER_WAY
    context = build.rewrite(context, "    requires:\n", "    requires:\n      - data_fresh: staging\n")
    assert facts(context, "experiments")["A promise about freshness"].mark is Mark.DONE
    build.figures(context)
    assert facts(context, "experiments")["A parity check"].mark is Mark.DONE
