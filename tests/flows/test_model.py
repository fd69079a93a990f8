"""Flows: keys, stages, tiers from plain questions, gaps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.definitions.shapes import Tier
from workbench.flows import model as flows
from workbench.flows.coverage import gaps
from workbench.flows.model import Flow, Stage
from workbench.flows.tiers import propose_tier
from workbench.model.errors import StaleChange, UsageError
from workbench.usecases.context import Context, commit


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


@pytest.mark.parametrize("key", ["", "Check out", "checkout/x", "-a", "a" * 65])
def test_a_key_is_a_slug(shop: Context, key: str) -> None:
    with pytest.raises(UsageError, match="cannot be a key"):
        flows.new_flow(shop.record, Flow(key=key, name="x"), shop.now)


def test_a_key_stands_once(shop: Context) -> None:
    with pytest.raises(UsageError, match="already"):
        build.add_flow(shop)


def test_flows_come_by_tier_and_name(shop: Context) -> None:
    for key, tier in (("b", "best_effort"), ("z", "critical"), ("a", "important")):
        build.add_flow(shop, key, tier=tier)
    assert [flow.key for _, flow in flows.all_flows(shop.record)] == ["checkout", "z", "a", "b"]
    assert flows.tiers(shop.record)["b"] is Tier.BEST_EFFORT
    with pytest.raises(UsageError, match="no flow"):
        flows.find(shop.record, "nope")


def test_the_tier_in_the_record_decides_what_a_benchmark_asks(shop: Context) -> None:
    assert build.verdict(shop, "p95").resolved.tier is Tier.CRITICAL
    stored, flow = flows.find(shop.record, "checkout")
    commit(shop, [flows.edited(stored, msgspec.structs.replace(flow, tier=Tier.BEST_EFFORT))])
    assert build.verdict(shop, "p95").resolved.tier is Tier.BEST_EFFORT
    with pytest.raises(StaleChange):
        commit(shop, [flows.edited(stored, msgspec.structs.replace(flow, tier=Tier.IMPORTANT))])


def test_stages_go_up_one_by_one_and_the_last_stays() -> None:
    seen, flow = [], Flow(key="a", name="a")
    for _ in range(5):
        seen.append(flow.stage)
        flow = msgspec.structs.replace(flow, stage=flows.next_stage(flow))
    assert seen == [Stage.LISTED, Stage.SELECTED, Stage.ADVISORY, Stage.ENFORCED, Stage.ENFORCED]


@pytest.mark.parametrize(
    ("money", "login", "customers", "tier"),
    [
        (True, False, False, Tier.CRITICAL),
        (False, True, False, Tier.CRITICAL),
        (False, False, True, Tier.IMPORTANT),
        (False, False, False, Tier.BEST_EFFORT),
    ],
)
def test_three_questions_propose_a_tier(money: bool, login: bool, customers: bool, tier: Tier) -> None:
    assert propose_tier(money=money, login=login, customers=customers).tier is tier


def test_gaps_are_said(shop: Context) -> None:
    benchmarks = shop.definitions.project.benchmarks
    bare = Flow(key="refund", name="Refund", staging_tests=" None ", mocked_steps=("pay", "mail"))
    words = [gap.words for gap in gaps(bare, benchmarks)]
    assert words == ["no benchmark", "no test in staging", "mocked: pay, mail"]
    assert gaps(Flow(key="checkout", name="x", staging_tests="e2e"), benchmarks) == ()
