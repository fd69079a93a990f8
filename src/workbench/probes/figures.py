"""Figures of two environments that are never quite equal: when they differ, and how they are written."""

from __future__ import annotations

import math
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

_POINT = 0.01  # by which two shares may differ whatever the number of rows
_ERRORS = 4  # standard errors that are chance: one of 16,000 comparisons goes beyond
_LARGEST = 60  # exponent of ten of what is subtracted
_CHANCE = 0.001  # of seeing none among so many rows


def share_of(text: str) -> Decimal:
    """The share in ``10%``, ``0.1`` or ``10 %``; ``ValueError`` for anything else, or beyond 0 to 100 %."""
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(%?)\s*", text)
    if match is None or (share := Decimal(match[1]) / (100 if match[2] else 1)) > 1:
        raise ValueError(f"“{text[:40]}” is no share: write 10%, or 0.1")
    return share


def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """A share of a whole: ``2.5 %``; two digits after the point, more where it is small."""
    if not whole:
        return "0 %"
    share = Decimal(100) * part / whole
    places = 2 if share >= 1 or not share else 4
    return f"{share:.{places}f}".rstrip("0").rstrip(".") + " %"


def shares_differ(part: int, whole: int, other_part: int, other_whole: int, *, least: float = _POINT) -> bool:
    """Whether two shares differ by more than chance and more than ``least``, a point unless said.

    With pooled standard error (two-proportion z-test); where one side has none at all, by how likely
    none among so many would be.
    """
    if not whole or not other_whole:
        return False
    one, other = part / whole, other_part / other_whole
    if not part or not other_part:
        there, rows = (other, whole) if not part else (one, other_whole)
        return there > 0 and (there >= 1 or rows * math.log1p(-there) < math.log(_CHANCE))
    pooled = min(1.0, (part + other_part) / (whole + other_whole))
    error = math.sqrt(pooled * (1 - pooled) * (1 / whole + 1 / other_whole))
    return abs(one - other) > max(least, _ERRORS * error)


def number(text: str | None) -> Decimal | None:
    """A number or a moment (in seconds) as something that can be subtracted; ``None`` where it is neither."""
    if text is None:
        return None
    try:
        found = Decimal(text)
        return found if found.is_finite() and abs(found.adjusted()) <= _LARGEST else None
    except InvalidOperation:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return Decimal((moment.replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds())


def apart(one: Decimal, other: Decimal) -> Decimal:
    """How far apart two counts are, as a share of the larger."""
    largest = max(abs(one), abs(other))
    return abs(one - other) / largest if largest else Decimal(0)
