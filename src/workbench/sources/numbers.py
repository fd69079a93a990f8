"""Numbers as servers and files write them: JSON numbers, numbers as texts, and what is neither."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from workbench.model.canonical import MAX_INTEGER
from workbench.model.errors import SourceError
from workbench.model.quantity import read_number
from workbench.model.text import safe_text

_SHORT = 16  # digits of a count that is surely within all bounds


def number_of(value: Any, where: str) -> Decimal | None:
    """The number that a decoded JSON value is; ``None`` for null.

    A number that is written as a text counts.  Raises ``SourceError`` for a boolean, NaN, an infinity, a
    decimal comma, thousands that are separated, and anything else; ``where`` says in words what was read.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise SourceError(f"{where} is {_kind_of(value)}, not a number")
    text = value if isinstance(value, str) else repr(value) if isinstance(value, float) else str(value)
    try:
        return read_number(text)
    except ValueError as error:
        hint = "write a point for decimals, and separate no thousands" if "," in text else None
        raise SourceError(f"{where}: {error}", hint=hint) from None


def count_of(value: Any, where: str) -> int:
    """A count: whole and not negative; null is 0.  Raises ``SourceError`` for anything else."""
    if isinstance(value, str) and len(value) < _SHORT and value.isascii() and value.isdigit():
        return int(value)  # nearly all of them, and ten times as fast
    number = number_of(value, where)
    if number is None:
        return 0
    if number < 0 or number != number.to_integral_value() or number > MAX_INTEGER:
        raise SourceError(f"{where} is {safe_text(str(value), 40)}, which is no count")
    return int(number)


def _kind_of(value: Any) -> str:
    names = {bool: "true or false", list: "a list", dict: "an object"}
    return names.get(type(value), safe_text(type(value).__name__, 40))
