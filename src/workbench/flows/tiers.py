"""TH-6: which tier a flow should have, from plain questions and what five minutes of failure cost."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from workbench.definitions.shapes import FailureCosts, Tier
from workbench.model.cells import plain_words
from workbench.model.money import read_money


class Cost(StrEnum):
    """How dear five minutes of failure are."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


_WORDS = {
    "low": Cost.LOW, "cheap": Cost.LOW, "small": Cost.LOW, "none": Cost.LOW, "nothing": Cost.LOW,
    "medium": Cost.MEDIUM, "moderate": Cost.MEDIUM,
    "high": Cost.HIGH, "dear": Cost.HIGH, "very high": Cost.HIGH, "expensive": Cost.HIGH,
}  # fmt: skip
_TIERS = tuple(Tier)  # the most important first
_OF_COST = {Cost.HIGH: Tier.CRITICAL, Cost.MEDIUM: Tier.IMPORTANT, Cost.LOW: Tier.BEST_EFFORT}


def cost_of(said: str, costs: FailureCosts | None) -> Cost | None:
    """How dear a flow's failure is: the class that is said, or that of an amount by what the project calls dear.

    ``None`` where nothing is said, where it is neither, or where an amount cannot be compared.
    """
    word = _WORDS.get(plain_words(said))
    if word is not None:
        return word
    amount = read_money(said)
    dear, cheap = (
        (read_money(text) for text in (costs.dear_from, costs.cheap_below)) if costs else (None, None)
    )
    if amount is None or dear is None or cheap is None or amount.currency != dear.currency:
        return None
    if amount.amount >= dear.amount:
        return Cost.HIGH
    return Cost.LOW if amount.amount < cheap.amount else Cost.MEDIUM


class ProposedTier(msgspec.Struct, frozen=True):
    """A tier, and the sentences that it follows from."""

    tier: Tier
    because: tuple[str, ...]


def propose_tier(*, money: bool, login: bool, customers: bool, cost: Cost | None = None) -> ProposedTier:
    """The tier that the answers suggest.

    A dear failure makes a flow critical; a cheap one loosens what the questions suggest by one tier, but for a
    flow without which nobody gets in.
    """
    if login:
        return ProposedTier(Tier.CRITICAL, ("Nobody gets in without it.",))
    asked, why = (
        (Tier.CRITICAL, "Money moves in it.") if money
        else (Tier.IMPORTANT, "Customers notice when it fails.") if customers
        else (Tier.BEST_EFFORT, "Customers do not notice when it fails.")
    )  # fmt: skip
    if cost is None:
        return ProposedTier(asked, (why,))
    costs = f"Five minutes of failure cost {_COSTS[cost]}."
    if cost is Cost.LOW and asked is not Tier.BEST_EFFORT:
        return ProposedTier(_TIERS[_TIERS.index(asked) + 1], (why, costs))
    dearer = min(asked, _OF_COST[cost], key=_TIERS.index)
    return ProposedTier(dearer, (why, costs))


_COSTS = {Cost.LOW: "little", Cost.MEDIUM: "something", Cost.HIGH: "much"}
