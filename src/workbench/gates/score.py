"""CRITERIA 4: the benchmarks of a gate rolled up by tier, and one score over the advisory ones.

What blocks is never averaged: every blocking benchmark has to be through whatever its tier.  The score
is over advisory ones alone, so that many small worries together say something.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.definitions.shapes import Tier

FULL = Decimal(100)
_TENTH = Decimal("0.1")
WORTH = {Verdict.PASS: Decimal(1), Verdict.WARN: Decimal("0.5")}


class TierRollUp(msgspec.Struct, frozen=True, kw_only=True):
    """The benchmarks of one tier: how many block, how many of those are through or excepted, how many inform."""

    tier: Tier
    blocking: int = 0
    through: int = 0
    excepted: int = 0
    advisory: int = 0

    @property
    def words(self) -> str:
        """``critical 5 of 6 (1 excepted)``."""
        aside = f" ({self.excepted} excepted)" if self.excepted else ""
        return f"{self.tier.value.replace('_', ' ')} {self.through} of {self.blocking}{aside}"


def by_tier(found: Iterable[Judged], excepted: Collection[str]) -> tuple[TierRollUp, ...]:
    """The most important tier first; ``excepted`` are keys of lines that are overridden or quarantined."""
    counts = {tier: dict.fromkeys(("blocking", "through", "excepted", "advisory"), 0) for tier in Tier}
    for item in found:
        count = counts[item.resolved.tier]
        if not item.blocking:
            count["advisory"] += 1
            continue
        count["blocking"] += 1
        if f"benchmark/{item.key}" in excepted:
            count["excepted"] += 1
        elif item.through:
            count["through"] += 1
    return tuple(TierRollUp(tier=tier, **count) for tier, count in counts.items() if any(count.values()))


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """The score of advisory benchmarks, of 100; ``None`` where none of them counts.

    A pass is worth 1, a warning a half, a failure and what is not known nothing; ``left_out`` counts
    those that are learning, quarantined, or of a tier without weight.
    """

    value: Decimal | None
    verdicts: Mapping[Verdict, int] = {}
    left_out: int = 0

    @property
    def counted(self) -> int:
        """How many benchmarks it is of."""
        return sum(self.verdicts.values())

    @property
    def shown(self) -> str:
        """The score with at most one decimal, never rounded up over a limit that it misses."""
        if self.value is None:
            return "none"
        return f"{self.value.quantize(_TENTH, ROUND_FLOOR).normalize():f}"


def score_of(found: Iterable[Judged], weights: Mapping[Tier, int], quarantined: Collection[str]) -> Score:
    """The score of those that are advisory; a tier without weight in ``weights`` counts 1."""
    total, worth, left_out = Decimal(0), Decimal(0), 0
    verdicts: dict[Verdict, int] = {}
    for item in found:
        if item.blocking:
            continue
        weight = weights.get(item.resolved.tier, 1)
        aside = f"benchmark/{item.key}" in quarantined
        if item.verdict is Verdict.LEARNING or aside or not weight:
            left_out += 1
            continue
        verdicts[item.verdict] = verdicts.get(item.verdict, 0) + 1
        total += weight
        worth += weight * WORTH.get(item.verdict, Decimal(0))
    return Score(value=FULL * worth / total if total else None, verdicts=verdicts, left_out=left_out)
