"""Which tier plain questions and the cost of five minutes suggest."""

from __future__ import annotations

import pytest

from workbench.definitions.shapes import FailureCosts, Tier
from workbench.flows.tiers import Cost, cost_of, propose_tier

COSTS = FailureCosts(dear_from="1,000 EUR", cheap_below="100 EUR")


@pytest.mark.parametrize(
    ("said", "cost"),
    [
        ("4,100 EUR", Cost.HIGH), ("€1,000", Cost.HIGH), ("999.99 EUR", Cost.MEDIUM), ("100 EUR", Cost.MEDIUM),
        ("20 EUR", Cost.LOW), ("0 EUR", Cost.LOW), ("High", Cost.HIGH), ("medium", Cost.MEDIUM), ("cheap", Cost.LOW),
        ("none", Cost.LOW), ("", None), ("a lot of anger", None), ("4,100 USD", None),
    ],
)  # fmt: skip
def test_how_dear_a_failure_is(said: str, cost: Cost | None) -> None:
    assert cost_of(said, COSTS) is cost


def test_an_amount_says_nothing_where_the_project_does_not_say_what_is_dear() -> None:
    assert cost_of("4,100 EUR", None) is None
    assert cost_of("high", None) is Cost.HIGH


@pytest.mark.parametrize(
    ("money", "login", "customers", "cost", "tier"),
    [
        (True, False, True, None, Tier.CRITICAL),
        (True, False, True, Cost.LOW, Tier.IMPORTANT),
        (True, False, True, Cost.MEDIUM, Tier.CRITICAL),
        (False, True, True, Cost.LOW, Tier.CRITICAL),
        (False, False, True, Cost.HIGH, Tier.CRITICAL),
        (False, False, True, Cost.LOW, Tier.BEST_EFFORT),
        (False, False, False, Cost.HIGH, Tier.CRITICAL),
        (False, False, False, Cost.MEDIUM, Tier.IMPORTANT),
        (False, False, False, Cost.LOW, Tier.BEST_EFFORT),
    ],
)
def test_a_dear_failure_tightens_and_a_cheap_one_loosens(
    money: bool, login: bool, customers: bool, cost: Cost | None, tier: Tier
) -> None:
    found = propose_tier(money=money, login=login, customers=customers, cost=cost)
    assert found.tier is tier and found.because
    dearer = propose_tier(money=money, login=login, customers=customers, cost=Cost.HIGH).tier
    assert list(Tier).index(dearer) <= list(Tier).index(found.tier)
