"""The Merkle tree against the recursive definitions of RFC 9162, written down anew, and its known values."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.record import merkle

# The eight leaves and some roots of the test vectors that implementations of certificate logs share.
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def digests(count: int) -> list[bytes]:
    return [hashlib.sha256(str(number).encode()).digest() for number in range(count)]


def defined_root(data: list[bytes]) -> bytes:
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\0" + data[0]).digest()
    half = split(len(data))
    return hashlib.sha256(b"\1" + defined_root(data[:half]) + defined_root(data[half:])).digest()


def defined_path(index: int, data: list[bytes]) -> list[bytes]:
    if len(data) == 1:
        return []
    half = split(len(data))
    if index < half:
        return [*defined_path(index, data[:half]), defined_root(data[half:])]
    return [*defined_path(index - half, data[half:]), defined_root(data[:half])]


def split(count: int) -> int:
    half = 1
    while half * 2 < count:
        half *= 2
    return half


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_the_shared_vectors(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


@given(st.integers(0, 70))
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert merkle.root(digests(size)) == defined_root(digests(size))


@given(st.integers(1, 70), st.data())
def test_a_proof_of_inclusion_is_that_of_the_definition_and_leads_to_the_root(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    entries = digests(size)
    path = merkle.inclusion(entries, index)
    assert path == defined_path(index, entries)
    assert merkle.root_from_inclusion(entries[index], index, size, path) == merkle.root(entries)


@given(st.integers(2, 70), st.data())
def test_a_proof_of_inclusion_holds_for_nothing_else(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    entries = digests(size)
    root, path = merkle.root(entries), merkle.inclusion(entries, index)
    assert merkle.root_from_inclusion(entries[other], index, size, path) != root
    assert merkle.root_from_inclusion(entries[index], other, size, path) != root
    assert merkle.root_from_inclusion(entries[index], index, size, path[:-1]) != root
    assert merkle.root_from_inclusion(entries[index], index, size, [*path, root]) != root


@given(st.integers(1, 70), st.data())
def test_a_proof_of_consistency_holds_for_the_two_trees_and_no_others(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    entries = digests(size)
    roots = merkle.root(entries[:old]), merkle.root(entries)
    path = merkle.consistency(entries, old)
    assert merkle.continues(old, roots[0], size, roots[1], path)
    assert not merkle.continues(old, roots[0], size, roots[1], [*path, roots[0]])
    assert not merkle.continues(old, merkle.EMPTY, size, roots[1], path)
    assert not merkle.continues(old, roots[0], size, merkle.EMPTY, path)
    if path:
        assert not merkle.continues(old, roots[0], size, roots[1], path[:-1])


@given(st.integers(2, 70), st.data())
def test_a_changed_past_has_no_proof(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size - 1))
    entries = digests(size)
    changed = [hashlib.sha256(b"other").digest(), *entries[1:]]
    path = merkle.consistency(changed, old)
    assert not merkle.continues(old, merkle.root(entries[:old]), size, merkle.root(changed), path)


def test_what_is_out_of_range_has_no_proof() -> None:
    with pytest.raises(IndexError):
        merkle.inclusion(digests(3), 3)
    with pytest.raises(IndexError):
        merkle.consistency(digests(3), 4)
    assert merkle.root_from_inclusion(digests(1)[0], 1, 1, []) is None
    assert not merkle.continues(0, merkle.EMPTY, 3, merkle.root(digests(3)), [])


@given(st.integers(0, 130))
def test_the_root_over_each_beginning_is_found_in_a_tree_that_was_built_once(count: int) -> None:
    data = digests(count)
    roots = merkle.Roots(data)
    assert [roots.at(size) for size in range(count + 1)] == [
        defined_root(data[:size]) for size in range(count + 1)
    ]
