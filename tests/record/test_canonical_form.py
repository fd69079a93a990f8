"""Canonical JSON as ``docs/record-format.md`` describes it, against Python's own writer."""

from __future__ import annotations

import json
import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.record.support import START

from workbench.model.canonical import MAX_INTEGER, decimal_text, encode
from workbench.record.writing import entered

texts = st.text(st.characters(exclude_categories=("Cs",)))
keys = st.text(st.characters(max_codepoint=127), max_size=5)
values = st.recursive(
    texts | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def written(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\x7f", "\\u007f").encode()


def in_nfc(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [in_nfc(item) for item in value]
    return {k: in_nfc(v) for k, v in value.items()} if isinstance(value, dict) else value


@given(values)
def test_bytes_are_those_of_another_writer(value: Any) -> None:
    assert encode(value) == written(value)
    assert encode(json.loads(encode(value))) == encode(value)


@given(values)
def test_what_enters_is_in_nfc_and_enters_once(value: Any) -> None:
    raw = entered(value, "a value")
    assert raw == written(in_nfc(value))
    assert entered(json.loads(raw), "a value") == raw


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_decimals_are_plain_and_exact(number: Decimal) -> None:
    text = decimal_text(number)
    assert Decimal(text) == number
    assert "E" not in text.upper()
    assert text == "0" or not text.startswith("-0") or "." in text
    assert "." not in text or not text.endswith("0")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": None, "a": [None, True]}, b'{"a":[null,true]}'),
        ({"B": 1, "a": 2, "_": 3}, b'{"B":1,"_":3,"a":2}'),
        (Decimal("-0.00"), b'"0"'),
        (Decimal("1E+3"), b'"1000"'),
        (START, b'"2026-09-15T10:00:00.000000Z"'),
        ('\b\t\n\f\r\x00\x1f\x7f"\\/', b'"\\b\\t\\n\\f\\r\\u0000\\u001f\\u007f\\"\\\\/"'),
    ],
)
def test_the_corners(value: Any, expected: bytes) -> None:
    assert encode(value) == expected


@pytest.mark.parametrize(
    "value", [1.5, MAX_INTEGER + 1, Decimal("NaN"), b"x", "\udc80", {"\u00e9": 1}, {1: 2}]
)
def test_what_has_no_canonical_form(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        encode(value)
