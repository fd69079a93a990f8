"""One proof for many entries: the root is that of the whole ledger, and of no other one."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.record import merkle
from workbench.usecases.bundling.covering import Cover, cover, read_cover, root_of


def leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(bytes([number % 256, number // 256])).digest() for number in range(count)]


CASES = st.integers(1, 300).flatmap(
    lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1), min_size=1).map(sorted))
)


@given(CASES)
def test_the_root_is_that_of_the_whole_ledger(case: tuple[int, list[int]]) -> None:
    size, places = case
    found = read_cover(cover(leaves(size), places).written)
    chosen = [leaves(size)[place] for place in places]
    assert root_of(found, chosen) == merkle.root(leaves(size))


@given(CASES, st.data())
def test_any_other_entry_or_place_gives_another_root_or_none(
    case: tuple[int, list[int]], data: st.DataObject
) -> None:
    size, places = case
    found = cover(leaves(size), places)
    chosen = [leaves(size)[place] for place in places]
    number = data.draw(st.integers(0, len(places) - 1))
    changed = [*chosen]
    changed[number] = hashlib.sha256(b"another").digest()
    assert root_of(found, changed) != merkle.root(leaves(size))
    moved = list(places)
    moved[number] = data.draw(st.integers(-1, size))
    if moved != list(places):
        try:
            root = root_of(msgspec.structs.replace(found, places=tuple(moved)), chosen)
        except ValueError:
            return
        assert root != merkle.root(leaves(size))


@pytest.mark.parametrize(
    ("places", "nodes", "size", "why"),
    [
        ((0, 0), (), 2, "not in order"),
        ((0,), (), 2, "another number"),
        ((0, 5), (), 4, "not in the ledger"),
        ((-1, 0), (), 4, "not in the ledger"),
        ((0, 1), (), 4, "too few nodes"),
        ((0, 1), ("AAAA", "AAAA", "AAAA"), 4, "not 32 bytes"),
        ((0, 1), ("A" * 43 + "=",) * 2, 3, "too many nodes"),
        ((0, 1), ("é",), 3, "ASCII"),
        ((0, 1), (), 2**70, "not in the ledger"),
    ],
)
def test_what_does_not_fit_is_refused(
    places: tuple[int, ...], nodes: tuple[str, ...], size: int, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        root_of(Cover(size=size, places=places, nodes=nodes), leaves(2))
