"""What files quote is left out of what is kept, and the rest reads the same."""

from __future__ import annotations

import pytest

from workbench.sources.quoted import without


def test_fields_are_left_out_wherever_they_stand() -> None:
    data = '\ufeff{"a": [{"secret": {"x": 1}, "b": "ü\\ud800"}], "n": 1.50, "secret": 2}'.encode()
    assert without(data, lambda name: name == "secret") == b'{"a":[{"b":"\\u00fc\\ud800"}],"n":1.5}'


@pytest.mark.parametrize("data", [b"{", b"\xff", b'{"a": NaN}', b'{"a": 1e999}', b"[" * 200_000])
def test_nothing_is_kept_of_what_cannot_be_read(data: bytes) -> None:
    assert without(data, lambda name: False) == b""
