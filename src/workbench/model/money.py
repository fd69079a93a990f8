"""Amounts of money as people write them: ``40 EUR``, ``€1,200.50 a day``."""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_CURRENCY = r"[A-Za-z]{3}|[€$£¥]"
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,4})?|[0-9]{1,12}(?:\.[0-9]{1,4})?"
_MONEY = rf"(?:(?P<before>{_CURRENCY})\s*(?P<n>{_NUMBER})|(?P<m>{_NUMBER})\s*(?P<after>{_CURRENCY}))"
_PER_DAY = r"(?:\s*(?:/|a|per)\s*day)?"


class Money(msgspec.Struct, frozen=True):
    """An amount in a currency, by its three letters."""

    amount: Decimal
    currency: str


def read_money(text: str) -> Money | None:
    """The amount that a text says; ``None`` for what is none, or could be two.

    A comma stands only between thousands.  ``a day``, ``per day`` and ``/day`` may follow.
    """
    found = re.fullmatch(_MONEY + _PER_DAY, text.strip())
    if found is None:
        return None
    number, currency = found["n"] or found["m"], found["before"] or found["after"]
    return Money(Decimal(number.replace(",", "")), _SIGNS.get(currency, currency.upper()))
