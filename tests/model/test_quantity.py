"""Units convert exactly within a kind; numbers are shown without contradicting each other."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.quantity import (
    UNITS,
    Quantity,
    find_unit,
    from_float,
    grouped,
    parse_size,
    read_number,
    rescale,
    show,
    size_text,
    with_unit,
)

numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=6)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("ms", "ms"),
        ("µs", "us"),
        ("seconds", "s"),
        ("percent", "%"),
        ("per minute", "/min"),
        ("", ""),
        ("MiB", "MiB"),
    ],
)
def test_units_go_by_many_names(text: str, symbol: str) -> None:
    assert find_unit(text).symbol == symbol


def test_an_unknown_unit_is_told_with_what_was_meant() -> None:
    with pytest.raises(ValueError, match="did you mean ms"):
        find_unit("mss")


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("0.45", "s", "ms", "450"),
        ("1500", "ms", "s", "1.5"),
        ("1", "h", "min", "60"),
        ("2", "KiB", "B", "2048"),
        ("0.0041", "share", "%", "0.41"),
        ("120", "/min", "/s", "2"),
        ("1", "/s", "/h", "3600"),
    ],
)
def test_conversion_is_exact(value: str, unit: str, to: str, expected: str) -> None:
    assert Quantity(Decimal(value), UNITS[unit]).to(UNITS[to]).value == Decimal(expected)


def test_kinds_do_not_mix() -> None:
    with pytest.raises(ValueError, match="cannot become"):
        Quantity(Decimal(1), UNITS["s"]).to(UNITS["MB"])


@given(
    numbers,
    st.sampled_from([pair for pair in combinations(UNITS.values(), 2) if pair[0].kind == pair[1].kind]),
)
def test_there_and_back(value: Decimal, pair: tuple) -> None:
    one, other = pair
    back = rescale(rescale(value, one, other), other, one)
    assert abs(back - value) <= abs(value) * Decimal("1e-20")


@given(st.lists(numbers, min_size=2, max_size=4))
def test_shown_numbers_keep_their_order_and_equalities(values: list[Decimal]) -> None:
    shown = [Decimal(text.replace(",", "")) for text in show(*values)]
    for (a, x), (b, y) in combinations(zip(values, shown, strict=True), 2):
        assert (a < b) == (x < y)
        assert (a == b) == (x == y)


def test_digits_as_many_as_needed() -> None:
    assert show(Decimal("0.5401"), Decimal("0.54")) == ("0.5401", "0.54")
    assert show(Decimal("0.123456"), Decimal("9")) == ("0.123", "9")
    assert show(Decimal("1234567.8")) == ("1,234,568",)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_enter_by_their_shortest_form(number: float) -> None:
    assert float(from_float(number)) == number


def test_writing() -> None:
    assert with_unit("12", UNITS["/s"]) == "12/s"
    assert with_unit("0.4", UNITS["share"]) == "0.4"
    assert grouped("9999") == "9999" and grouped("-10000.5") == "-10,000.5"
    assert str(Quantity(Decimal("0.540"), UNITS["s"])) == "0.54 s"


@pytest.mark.parametrize(("text", "size"), [("50 MB", 50_000_000), ("8MiB", 8 * 2**20), ("900 B", 900)])
def test_sizes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "50", "MB", "50 mb", "-1 MB", "1.5 MB", "50 s", "５0 MB", "5 0 MB"])
def test_what_is_no_size(text):
    with pytest.raises(ValueError, match="write 50 MB"):
        parse_size(text)


@pytest.mark.parametrize(
    "text",
    ["118", " 0.45 ", "-3", "+2.", ".5", "1e6", "1E-3", "1e100", "1e-100", "0e9999", "0." + "0" * 90 + "1"],
)
def test_a_number_in_plain_digits_is_read(text: str) -> None:
    assert read_number(text) == Decimal(text.strip())


@pytest.mark.parametrize(
    "text", ["١", "1_000", "1,000", "", "nan", "inf", "1e999999999", "1" * 61, "0x10", "１２", "1 2", "--1"]
)
def test_what_nobody_can_mean_by_a_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read_number(text)


@pytest.mark.parametrize("text", ["1e101", "-1e-101", "0." + "1" * 61, "9" * 5000, "0" * 401])
def test_a_number_beyond_the_bounds_is_told_what_they_are(text: str) -> None:
    with pytest.raises(ValueError, match="at most 60 digits, and a size from 1e-100 to 1e100") as raised:
        read_number(text)
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize(
    ("size", "text"),
    (
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (12_340, "12.3 kB"),
        (3_400_000, "3.4 MB"),
        (7_100_000_000, "7.1 GB"),
    ),
)
def test_sizes_as_people_say_them(size: int, text: str) -> None:
    assert size_text(size) == text
