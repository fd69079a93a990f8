"""The comparisons, and exact arithmetic with decimals.

Limits, products and margins are computed without rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from enum import StrEnum
from operator import eq, ge, gt, le, lt


class Operator(StrEnum):
    """A comparison; equality counts as the operator says."""

    AT_MOST = "<="
    AT_LEAST = ">="
    BELOW = "<"
    ABOVE = ">"
    EQUAL = "=="


COMPARE: dict[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.AT_MOST: le, Operator.AT_LEAST: ge, Operator.BELOW: lt,
    Operator.ABOVE: gt, Operator.EQUAL: eq,
}  # fmt: skip
UPPER = (Operator.AT_MOST, Operator.BELOW)
LOWER = (Operator.AT_LEAST, Operator.ABOVE)

# Numbers of usual size (see ``limits.LARGEST``) stay exact in this many digits; comparing is always exact.
EXACT = Context(prec=400)
add, subtract, multiply = EXACT.add, EXACT.subtract, EXACT.multiply


def margin_to(operator: Operator, value: Decimal, limit: Decimal) -> Decimal:
    """How far the value may still go, negative beyond the limit; 0 at best for ``==``."""
    if operator in UPPER:
        return subtract(limit, value)
    if operator in LOWER:
        return subtract(value, limit)
    return -abs(subtract(value, limit))


def share_of(percent: Decimal) -> Decimal:
    """20 per cent as 0.2."""
    return EXACT.scaleb(percent, -2)
