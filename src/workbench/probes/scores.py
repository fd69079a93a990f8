"""How a score of an environment is told."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from workbench.model.canonical import decimal_text


def score_text(value: Decimal, unit: str) -> str:
    """A score with its unit; a share as a percentage, cut so that it never looks better than it is: ``94.9 %``."""
    if unit:
        return f"{decimal_text(value)} {unit}"
    return f"{decimal_text((value * 100).quantize(Decimal('0.1'), ROUND_DOWN))} %"


def score_title(key: str) -> str:
    """What people call a score: ``Data consistency``."""
    return key.replace("_", " ").replace("-", " ").capitalize()
