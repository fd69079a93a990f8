"""What of the parity map touches a flow, and what of it changed between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.parity.conditions import MapMoves, touching_now
from workbench.usecases.context import Context

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", stated=False) as context:
        yield context


def between(context: Context, since: float, until: float, flow: str | None = "checkout") -> str:
    start = build.NOW
    return MapMoves(context.record).between(flow, "p95", start + since * HOUR, start + until * HOUR)


def test_those_that_touch_a_flow_or_the_benchmark(shop: Context) -> None:
    one = build.add_difference(shop, "smaller database", flows=["checkout"])
    other = build.add_difference(shop, "no cache", benchmarks=["p95"])
    build.add_difference(shop, "no mail", flows=["mail"])
    assert set(touching_now(shop.record, "checkout", "p95")) == {one, other}
    assert set(touching_now(shop.record, None, "p95")) == {other}
    assert touching_now(shop.record, None, "errors") == {}


def test_what_came_in_between_is_named_and_what_did_not_is_not(shop: Context) -> None:
    build.add_difference(build.later(shop, hours=1), "smaller database", flows=["checkout"])
    build.add_difference(build.later(shop, hours=2), "no mail", flows=["mail"])
    assert between(shop, 0, 3) == "smaller database"
    assert (between(shop, 1.5, 3), between(shop, -1, 0.5), between(shop, 0, 3, "search")) == ("", "", "")


def test_a_decision_changes_no_facts(shop: Context) -> None:
    ident = build.add_difference(shop, "smaller database", severity="low", flows=["checkout"])
    build.decide(build.later(shop, hours=1), ident, "accept", reason="the load is small")
    assert between(shop, 0.5, 3) == ""


def test_only_some_are_named(shop: Context) -> None:
    for hours, title in enumerate(("one", "two", "three"), 1):
        build.add_difference(build.later(shop, hours=hours), title, flows=["checkout"])
    assert between(shop, 0, 9) == "three, two and 1 more"
