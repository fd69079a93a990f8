"""Settling a conflict loses nothing that only one side changed."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from workbench.usecases.conflicts import settled


class Thing(msgspec.Struct, frozen=True):
    one: int
    two: int
    three: int


things = st.builds(Thing, *[st.integers(0, 2)] * 3)


@given(things, things, things)
def test_each_field_comes_from_who_changed_it(seen: Thing, mine: Thing, theirs: Thing) -> None:
    def changed(value: Thing) -> set[str]:
        return {name for name in Thing.__struct_fields__ if getattr(value, name) != getattr(seen, name)}

    collided = {
        name for name in changed(mine) & changed(theirs) if getattr(mine, name) != getattr(theirs, name)
    }
    for keep, winner in (("mine", mine), ("theirs", theirs)):
        result = settled(seen, mine, theirs, collided, keep)  # type: ignore[arg-type]
        for name in Thing.__struct_fields__:
            if name in collided:
                expected = getattr(winner, name)
            elif name in changed(mine):
                expected = getattr(mine, name)
            else:
                expected = getattr(theirs, name)
            assert getattr(result, name) == expected
