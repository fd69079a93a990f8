"""Notes of askings: what a job left, changed on the way home."""

from __future__ import annotations

import json
from functools import cache

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import asking

NOTE = "asking.json"


@cache
def note() -> bytes:
    place = asking()
    place.put_back()
    place.survives("gate", "--advisory", "--note", NOTE)
    return (place.root / NOTE).read_bytes()


def _changed(data: bytes) -> st.SearchStrategy[bytes]:
    return st.one_of(odd.trees(json.loads(data)).map(odd.as_json), odd.bytes_of([data]))


@SOME
@given(st.deferred(lambda: _changed(note())))
def test_notes(data: bytes) -> None:
    place = asking()
    place.put_back()
    (place.root / NOTE).write_bytes(data)
    place.survives("import", NOTE)
    place.survives("gate", "--askings")
    place.survives("audit", "--json")
