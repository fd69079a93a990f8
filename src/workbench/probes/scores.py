"""How a score of an environment is told."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_UP, Decimal

from workbench.model.canonical import decimal_text

_TWO_DAYS = 48  # hours


def score_text(value: Decimal, unit: str, limit: Decimal | None = None) -> str:
    """A score with its unit; a share as a percentage, cut so that it never looks better than it is: ``94.9 %``.

    It is cut no shorter than its ``limit`` is written, so that one never looks like the other.
    Ages (``h``) of two days and more are told in days, rounded up: ``71.3 days``.
    """
    if unit == "h" and value >= _TWO_DAYS:
        return f"{decimal_text((value / 24).quantize(Decimal('0.1'), ROUND_UP))} days"
    if unit:
        return f"{decimal_text(value)} {unit}"
    return f"{decimal_text((value * 100).quantize(_smallest(limit), ROUND_DOWN))} %"


def limit_text(limit: Decimal, unit: str) -> str:
    """The limit of a score, exactly as it is: ``99.95 %``."""
    return score_text(limit, unit, limit)


def _smallest(limit: Decimal | None) -> Decimal:
    """The last place that a percentage is told to: a tenth, or the last one of its limit."""
    places = 0 if limit is None else -int((limit * 100).normalize().as_tuple().exponent)
    return Decimal(1).scaleb(-max(1, places))


def score_title(key: str) -> str:
    """What people call a score: ``Data consistency``."""
    return key.replace("_", " ").replace("-", " ").capitalize()
