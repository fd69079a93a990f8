"""Proofs without the record: they agree with an independent implementation of RFC 9162, and nothing changed passes."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from workbench.record import Checkpoint, merkle
from workbench.signoff.checkpoints import Note, NotReadable
from workbench.signoff.proofs import Proven, continuation_proof, digest_of, inclusion_proof, read_proof

SIZES = st.integers(min_value=1, max_value=300)


def entry(number: int) -> str:
    return json.dumps({"desk_seq": number, "value": "é"}, ensure_ascii=False)


ENTRIES = [entry(number) for number in range(300)]
LEAVES = [bytes.fromhex(digest_of(each)) for each in ENTRIES]
TREE = InmemoryTree(algorithm="sha256")
for _leaf in LEAVES:
    TREE.append_entry(_leaf)


def head(size: int, leaves: list[bytes] = LEAVES) -> Note:
    return Note(Checkpoint("workbench/record/desk", size, merkle.root(leaves[:size]).hex()))


@given(size=SIZES, index=st.integers(min_value=0))
def test_inclusion_agrees_with_an_independent_implementation(size: int, index: int) -> None:
    index %= size
    root = TREE.get_root(size)
    assert merkle.root(LEAVES[:size]) == root
    theirs = TREE.prove_inclusion(index + 1, size)  # it counts from 1
    verify_inclusion(TREE.get_leaf(index + 1), root, theirs)
    path = merkle.inclusion(LEAVES[:size], index)
    assert merkle.root_from_inclusion(LEAVES[index], index, size, path) == root
    nodes = {bytes(node) for node in theirs.path}
    assert set(path) <= nodes and len(nodes - set(path)) <= 1  # theirs names the leaf, too


@given(old=SIZES, new=SIZES)
def test_continuation_agrees_with_an_independent_implementation(old: int, new: int) -> None:
    old, new = sorted((old, new))
    before, after = TREE.get_root(old), TREE.get_root(new)
    verify_consistency(before, after, TREE.prove_consistency(old, new))
    path = merkle.consistency(LEAVES[:new], old)
    assert merkle.continues(old, before, new, after, path)


@given(st.sets(st.integers(min_value=0, max_value=300)))
def test_the_roots_of_many_sizes_come_from_one_pass(sizes: set[int]) -> None:
    assert merkle.roots(LEAVES, sizes) == {size: merkle.root(LEAVES[:size]) for size in sizes}


@given(size=SIZES, index=st.integers(min_value=0), whole=st.booleans())
def test_a_proof_is_read_back_without_the_record(size: int, index: int, whole: bool) -> None:
    index %= size
    text = ENTRIES[index] if whole else ""
    found = read_proof(inclusion_proof(LEAVES[:size], index, text, head(size)).written)
    assert (found.proof.index, found.proof.entry, found.head) == (index, text, head(size))


@given(old=SIZES, new=SIZES)
def test_a_proof_that_one_head_continues_another(old: int, new: int) -> None:
    old, new = sorted((old, new))
    found = read_proof(continuation_proof(LEAVES[:new], head(old), head(new)).written)
    assert found.earlier == head(old)


def refused(document: dict[str, object]) -> str:
    with pytest.raises(NotReadable) as caught:
        read_proof(json.dumps(document).encode())
    return str(caught.value)


def test_a_proof_that_was_changed_says_what_is_wrong() -> None:
    good = json.loads(inclusion_proof(LEAVES[:100], 40, ENTRIES[40], head(100)).written)
    assert isinstance(read_proof(json.dumps(good).encode()), Proven)
    other = head(100, [hashlib.sha256(each).digest() for each in LEAVES])
    cases: list[tuple[dict[str, object], str]] = [
        ({"entry": ENTRIES[41]}, "the entry was changed"),
        ({"digest": LEAVES[41].hex(), "entry": ""}, "does not lead to the head"),
        ({"index": 41}, "does not lead to the head"),
        ({"index": 100}, "does not lead to the head"),
        ({"path": good["path"][:-1]}, "does not lead to the head"),
        ({"path": [*good["path"], good["path"][0]]}, "does not lead to the head"),
        ({"path": good["path"] * 20}, "longer than any tree"),
        ({"path": ["AAAA"]}, "not 32 bytes"),
        ({"checkpoint": other.written.decode()}, "does not lead to the head"),
        ({"checkpoint": head(99).written.decode()}, "does not lead to the head"),
        ({"checkpoint": "nothing"}, "three lines"),
        ({"digest": "zz"}, "which entry"),
        ({"schema": "workbench.proof.2"}, "no workbench.proof.1"),
        ({"proves": "continues"}, "not of both"),
        ({"more": 1}, "no proof that can be read"),
        ({"path": None}, "no proof that can be read"),
    ]
    for change, words in cases:
        assert words in refused({**good, **change}), change
    old = json.loads(continuation_proof(LEAVES[:100], head(60), head(100)).written)
    elsewhere = Note(Checkpoint("workbench/record/other", 60, head(60).checkpoint.root))
    for change, words in (
        ({"earlier": head(61).written.decode()}, "cut or rewritten"),
        ({"earlier": head(60, LEAVES[1:]).written.decode()}, "cut or rewritten"),
        ({"earlier": elsewhere.written.decode()}, "different ledgers"),
        ({"path": old["path"][1:]}, "cut or rewritten"),
    ):
        assert words in refused({**old, **change})
    for junk in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000):
        with pytest.raises(NotReadable):
            read_proof(junk)


@settings(max_examples=300)
@given(place=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_a_bit_changed_anywhere_in_a_proof_never_proves_something_else(place: int, bit: int) -> None:
    good = inclusion_proof(LEAVES[:100], 40, ENTRIES[40], head(100)).written
    data = bytearray(good)
    data[place % len(data)] ^= 1 << bit
    try:
        found = read_proof(bytes(data))
    except NotReadable:
        return
    # Blanks and the name of the log are no part of the arithmetic: signatures cover the latter.
    assert found.proof.entry == ENTRIES[40]
    assert found.head.checkpoint.root == head(100).checkpoint.root
