"""What of the parity map touches a flow, and what of it changed between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.parity import model as parity
from workbench.parity.conditions import MapMoves
from workbench.usecases.context import Context, commit

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
    moves, later = MapMoves(shop.record), shop.now + HOUR
    assert set(moves.at("checkout", "p95", later)) == {one, other}
    assert set(moves.at(None, "p95", later)) == {other}
    assert moves.at(None, "errors", later) == {}


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


def test_the_map_as_it_was(shop: Context) -> None:
    one = build.add_difference(
        build.later(shop, hours=1), "smaller database", flows=["checkout"], staging="2 GB"
    )
    stored, value = parity.find(shop.record, one)
    moved = msgspec.structs.replace(value, staging="4 GB")
    commit(build.later(shop, hours=3), [parity.edited(stored, moved)])
    build.add_difference(build.later(shop, hours=5), "no cache", flows=["checkout"])
    moves = MapMoves(shop.record)
    states = [moves.at("checkout", "p95", build.NOW + hours * HOUR) for hours in (0, 2, 4, 6)]
    assert [len(state) for state in states] == [0, 1, 1, 2]
    assert states[1][one] != states[2][one] == states[3][one]
