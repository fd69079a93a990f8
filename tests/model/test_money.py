"""Amounts of money: what is read, and what is not guessed at."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.model.money import Money, read_money


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("40 EUR", "40", "EUR"),
        ("€40", "40", "EUR"),
        ("usd 1,200.50", "1200.50", "USD"),
        (" £12.5 a day ", "12.5", "GBP"),
        ("40 EUR/day", "40", "EUR"),
        ("3 $ per day", "3", "USD"),
    ],
)
def test_an_amount_in_a_currency_is_read(text: str, amount: str, currency: str) -> None:
    assert read_money(text) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text", ["", "40", "about 40 EUR", "1.200,50 EUR", "1,2 EUR", "40 EUR a month", "cheap"]
)
def test_what_could_be_two_amounts_or_none_is_not_guessed(text: str) -> None:
    assert read_money(text) is None
