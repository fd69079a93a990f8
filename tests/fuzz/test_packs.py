"""Packs: cut, changed, and changed by somebody who knows how they are sealed."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.building import resealed
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import web_shop
from tests.fuzz.test_excerpts import _as_line

READERS = st.sampled_from(
    (
        ["import", "other.pack", "--as", "robin"], ["import", "other.pack", "--dry-run", "--json"], ["restore", "other.pack", "--record", "new.db", "--as", "robin"],
        ["exchange", "--to", "x.pack", "--since", "other.pack"], ["repair", "--from", "other.pack", "--as", "robin"],
    )
)  # fmt: skip


@cache
def pack() -> bytes:
    place = web_shop()
    place.put_back()
    place.survives("exchange", "--to", "whole.pack")
    return (place.root / "whole.pack").read_bytes()


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """A pack with an odd value in its head or in some lines, sealed again."""
    found = pack().split(b"\n")
    for _ in range(draw(st.integers(1, 3))):
        number = draw(st.integers(0, len(found) - 2))
        try:
            tree: Any = msgspec.json.decode(found[number])
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # altered before, into what cannot be read any more
        found[number] = _as_line(draw(odd.trees(tree, most=1)))
    data = b"\n".join(found)
    try:
        return resealed(data)
    except (TypeError, KeyError, ValueError, AttributeError, msgspec.MsgspecError):
        return data


@SOME
@given(st.one_of(st.deferred(lines), st.deferred(lambda: odd.bytes_of([pack()]))), READERS)
def test_packs(data: bytes, words: list[str]) -> None:
    place = web_shop()
    place.put_back()
    (place.root / "other.pack").write_bytes(data)
    place.survives(*words)
    assert place.survives("verify").code == 0, "whatever came, the record stays sound"
