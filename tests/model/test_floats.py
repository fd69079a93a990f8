"""Numbers as bytes, the same on every machine."""

from __future__ import annotations

import sys
from array import array

import pytest

from workbench.model.floats import from_bytes, to_bytes

NUMBERS = array("d", [0.25, -1.0, 1e300])
BYTES = bytes.fromhex("000000000000d03f 000000000000f0bf 9c7500883ce4377e")


def test_numbers_are_eight_bytes_each_the_least_first() -> None:
    assert to_bytes(NUMBERS) == BYTES
    assert list(from_bytes(BYTES)) == list(NUMBERS)
    assert list(from_bytes(b"")) == []


def test_a_machine_that_counts_the_other_way_round_writes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    turned = array("d", NUMBERS)
    turned.byteswap()
    monkeypatch.setattr(sys, "byteorder", "big")
    assert to_bytes(turned) == BYTES
    assert from_bytes(BYTES) == turned


def test_half_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no whole numbers"):
        from_bytes(BYTES[:-1])
