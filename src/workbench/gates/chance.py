"""What chance alone does in a gate of many statistical checks, and how often somebody looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.statistics.noise import expected_by_chance, holm

LEVEL = 0.02  # of a comparison's 98 % interval


class Chance(msgspec.Struct, frozen=True, kw_only=True):
    """The statistical checks of a gate.

    ``expected`` of ``checks`` fail by chance alone, each at its own rate.  ``failed`` advisory
    comparisons fail by themselves, and ``remaining`` of them after Holm's correction.
    """

    checks: int = 0
    expected: Decimal = Decimal(0)
    failed: int = 0
    remaining: int = 0


NO_CHANCE = Chance()


def chance_of(found: Iterable[Judged]) -> Chance:
    """What chance does to these; only the advisory ones are corrected, for a correction loosens each."""
    rates: list[float] = []
    compared: list[tuple[float, bool]] = []
    for item in found:
        figures = item.outcome.figures
        if figures is None or not item.verdict.known:
            continue
        if figures.chance is not None:
            rates.append(figures.chance)
        if figures.p is not None and not item.blocking:
            compared.append((figures.p, item.verdict is Verdict.FAIL))
    corrected = holm([p for p, _ in compared]) if any(failed for _, failed in compared) else []
    return Chance(
        checks=len(rates),
        expected=_decimal(expected_by_chance(rates)),
        failed=sum(failed for _, failed in compared),
        remaining=sum(p <= LEVEL and failed for p, (_, failed) in zip(corrected, compared, strict=False)),
    )


def rate_of(item: Judged) -> Decimal | None:
    """How often this check fails by chance alone, a share; ``None`` where that is not known."""
    figures = item.outcome.figures
    return _decimal(figures.chance) if figures is not None and figures.chance is not None else None


def _decimal(share: float) -> Decimal:
    return Decimal(repr(round(share, 4)))


def looked_again(found: Iterable[Judged]) -> Sequence[Judged]:
    """The benchmarks at which somebody looked more than once for this candidate, most looks first."""
    several = [item for item in found if item.looks.count > 1]
    return sorted(several, key=lambda item: -item.looks.count)
