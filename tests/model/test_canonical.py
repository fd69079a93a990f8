"""One byte sequence for one value."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.canonical import MAX_INTEGER, decimal_text, digest, encode

keys = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
leaves = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text(max_size=20)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4)
)


class Colour(StrEnum):
    RED = "red"


class Thing(msgspec.Struct, frozen=True):
    b: int
    a: str | None = None
    pass_: Colour | None = msgspec.field(default=None, name="pass")


def without_nulls(value):
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [without_nulls(v) for v in value]
    return value


@given(values)
def test_reading_back_and_writing_again_is_the_identity(value) -> None:
    data = encode(value)
    assert msgspec.json.decode(data) == without_nulls(value)
    assert encode(msgspec.json.decode(data)) == data


@given(st.dictionaries(keys, st.integers(0, 9), min_size=2, max_size=6))
def test_the_order_of_keys_does_not_matter(value) -> None:
    assert encode(dict(reversed(value.items()))) == encode(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_decimals_have_one_spelling(number: Decimal) -> None:
    text = decimal_text(number)
    assert Decimal(text) == number
    assert "E" not in text and text != "-0" and not (("." in text) and text.endswith("0"))
    longer = Decimal(f"{number:f}0")
    assert decimal_text(longer) == text


def test_examples() -> None:
    assert encode({"b": Decimal("1.50"), "a": None}) == b'{"b":"1.5"}'
    assert encode("\x7f") == b'"\\u007f"'
    assert encode(datetime(2026, 9, 15, tzinfo=UTC)) == b'"2026-09-15T00:00:00.000000Z"'
    assert encode(Thing(b=1, pass_=Colour.RED)) == b'{"b":1,"pass":"red"}'
    assert encode({Colour.RED: 1}) == b'{"red":1}'
    assert encode({Colour.RED}) == b'["red"]'
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize("value", [2**53, {"ü": 1}, {1: 1}, "\ud800", Decimal("NaN")])
def test_what_has_no_canonical_form_is_a_value_error(value) -> None:
    with pytest.raises(ValueError):
        encode(value)


@pytest.mark.parametrize("value", [1.5, object(), b"bytes"])
def test_what_has_no_place_is_a_type_error(value) -> None:
    with pytest.raises(TypeError):
        encode(value)
