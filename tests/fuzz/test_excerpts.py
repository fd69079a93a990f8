"""Excerpts: cut, changed, and changed by somebody who knows how they are sealed."""

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

from workbench.model.canonical import encode

READERS = st.sampled_from(
    (["gate"], ["gate", "--json"], ["gate", "--format", "markdown"], ["gate", "sign-off"])
)


@cache
def excerpt() -> bytes:
    place = web_shop()
    place.put_back()
    return place.survives("excerpt").out


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """An excerpt with an odd value in its head or in some entries, sealed again."""
    found = excerpt().split(b"\n")
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


def _as_line(tree: Any) -> bytes:
    """Written as the workbench writes it, as far as it can be."""
    try:
        return encode(tree)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return odd.as_json(tree)


@SOME
@given(st.one_of(st.deferred(lines), st.deferred(lambda: odd.bytes_of([excerpt()]))), READERS)
def test_excerpts(data: bytes, words: list[str]) -> None:
    place = web_shop()
    place.put_back()
    (place.root / "made.excerpt.jsonl").write_bytes(data)
    place.survives(*words, "--excerpt", "made.excerpt.jsonl")
    place.survives("verify")
