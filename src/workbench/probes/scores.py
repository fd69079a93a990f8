"""How a score of an environment is told."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_UP, Decimal

from workbench.model.canonical import decimal_text

_TWO_DAYS = 48  # hours


def score_text(value: Decimal, unit: str) -> str:
    """A score with its unit; a share as a percentage, cut so that it never looks better than it is: ``94.9 %``.

    Ages (``h``) of two days and more are told in days, rounded up: ``71.3 days``.
    """
    if unit == "h" and value >= _TWO_DAYS:
        return f"{decimal_text((value / 24).quantize(Decimal('0.1'), ROUND_UP))} days"
    if unit:
        return f"{decimal_text(value)} {unit}"
    return f"{decimal_text((value * 100).quantize(Decimal('0.1'), ROUND_DOWN))} %"


def score_title(key: str) -> str:
    """What people call a score: ``Data consistency``."""
    return key.replace("_", " ").replace("-", " ").capitalize()
