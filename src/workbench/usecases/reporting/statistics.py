"""What a chart or a comparison of samples computed, as a report keeps it: its numbers are decimals."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from math import isfinite
from typing import Any

import msgspec

from workbench.criteria.figures import Figures, Fired
from workbench.model.quantity import from_float

Number = Callable[[Decimal | None], Any]


class Statistics(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The :class:`Figures` of a verdict; a number that is not finite is left out."""

    basis: str = ""
    statistic: Decimal | None = None
    p: Decimal | None = None
    effect: Decimal | None = None
    interval: tuple[Decimal | None, Decimal | None] | None = None
    ratio: bool = False
    chart: bool = False
    centre: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    rules_fired: tuple[Fired, ...] = ()
    points: int = 0
    needed: int = 0


def kept(figures: Figures | None) -> Statistics | None:
    """The figures with decimals in place of floats, which have no place in what is kept."""
    if figures is None:
        return None
    limits = figures.limits
    return Statistics(
        basis=figures.basis,
        statistic=_decimal(figures.statistic),
        p=_decimal(figures.p),
        effect=_decimal(figures.effect),
        interval=(_decimal(figures.interval[0]), _decimal(figures.interval[1])) if figures.interval else None,
        ratio=figures.ratio,
        chart=limits is not None,
        centre=_decimal(limits.centre) if limits else None,
        lower=_decimal(limits.lower) if limits else None,
        upper=_decimal(limits.upper) if limits else None,
        rules_fired=figures.rules_fired,
        points=figures.points,
        needed=figures.needed,
    )


def _decimal(value: float | None) -> Decimal | None:
    return from_float(value) if value is not None and isfinite(value) else None


def document(found: Statistics, number: Number) -> dict[str, Any]:
    """The same as ``try`` names it."""
    lines = {name: number(getattr(found, name)) for name in ("centre", "lower", "upper")}
    return {
        "basis": found.basis,
        "statistic": number(found.statistic),
        "p": number(found.p),
        "effect": number(found.effect),
        "interval": [number(end) for end in found.interval] if found.interval else None,
        "ratio": found.ratio,
        "limits": lines if found.chart else None,
        "rules_fired": [
            {"rule": each.rule, "words": each.words, "effect": each.effect, "harmless": each.harmless}
            for each in found.rules_fired
        ],
        "points": found.points,
        "needed": found.needed,
    }
