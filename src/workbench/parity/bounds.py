"""Up to what a decision holds: how far apart both values of a difference are, and how far they may get.

CRITERIA.md, section 4: an acceptance is bound to what was seen; anything worse opens it again.
"""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

from workbench.model.errors import UsageError
from workbench.model.quantity import UNITS, can_be_meant, find_unit, rescale, show, with_unit
from workbench.model.text import safe_text

_NUMBER = re.compile(r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*(.{0,60})", re.ASCII)
_LONGEST = 120  # characters of a text that may be a number with its unit
_SHARE = "share"


class Size(msgspec.Struct, frozen=True):
    """A number as a value tells it, in base units: ``unit`` is a kind of unit, or words such as ``products``.

    ``shown`` is the unit in which people wrote it.
    """

    number: Decimal
    unit: str
    shown: str = ""

    def __str__(self) -> str:
        known = UNITS.get(self.shown)
        if known is None or known.kind != self.unit:
            return f"{show(self.number)[0]} {self.shown}".strip()
        return with_unit(show(rescale(self.number, UNITS[_BASES[self.unit]], known))[0], known)


_BASES = {unit.kind: symbol for symbol, unit in UNITS.items() if unit.factor == 1}


def read_size(text: str) -> Size | None:
    """The number that a text begins with, and what it counts: ``3 days``, ``3.1 %``, ``40,000 products``.

    ``None`` where it begins with none.
    """
    found = _NUMBER.fullmatch(" ".join(text.split())) if len(text) <= _LONGEST else None
    if found is None:
        return None
    number, words = Decimal(found[1].replace(",", "")), found[2].strip()
    if not can_be_meant(number):
        return None
    try:
        unit = find_unit(words)
    except ValueError:
        return Size(number, words.casefold(), words)
    return Size(rescale(number, unit, UNITS[_BASES[unit.kind]]), unit.kind, unit.symbol)


def apart(staging: str, production: str, gap: Decimal | None = None) -> Size | None:
    """How far apart two values are; ``gap`` is what a probe counted, asked where the texts tell no number.

    Where one of them is a number and the other is none ("3 days" and "live") it is that number.
    """
    one, other = read_size(staging), read_size(production)
    if one is not None and other is not None:
        if one.unit != other.unit:
            return None
        return Size(abs(one.number - other.number), other.unit, other.shown or one.shown)
    if gap is not None:
        return Size(gap, "count")
    found = one or other
    return Size(abs(found.number), found.unit, found.shown) if found is not None else None


def covers(up_to: str, staging: str, production: str, gap: Decimal | None = None) -> bool:
    """Whether both values are no further apart than ``up_to`` says; what cannot be compared is not covered.

    A share of values that are no shares themselves is one of production's value.
    """
    limit, found = read_size(up_to), apart(staging, production, gap)
    if limit is None or found is None:
        return False
    if limit.unit == _SHARE and found.unit != _SHARE:
        whole = read_size(production)
        return whole is not None and found.number <= limit.number * abs(whole.number)
    return limit.unit == found.unit and found.number <= limit.number


def why_not_up_to(up_to: str, staging: str, production: str, gap: Decimal | None = None) -> UsageError | None:
    """Why a decision cannot hold up to that; ``None`` where it can."""
    if read_size(up_to) is None:
        return UsageError(
            f"“{safe_text(up_to, 40)}” is no number",
            hint="say how far apart the values may get: 5 s, 20 %, 10",
        )
    found = apart(staging, production, gap)
    if found is None:
        return UsageError(
            "its values are no numbers that can be compared, so the decision holds for exactly these values",
            hint="leave out up to what it holds",
        )
    if not covers(up_to, staging, production, gap):
        return UsageError(
            f"the values are {found} apart, which {safe_text(up_to, 40)} does not cover",
            hint="give a larger bound in the same unit, or a share of production's value such as 20 %",
        )
    return None
