"""Lists of packs: their chain and root, and how one is not the other."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.mailbox import heads, log
from workbench.mailbox.heads import Differs, Sort
from workbench.record import merkle


def packs(letters: str) -> list[bytes]:
    return [hashlib.sha256(letter.encode()).digest() for letter in letters]


LISTS = st.text(alphabet="abcdefgh", max_size=12).map(packs)
UNIQUE = st.lists(st.integers(0, 10_000), unique=True, min_size=1, max_size=20).map(
    lambda numbers: [hashlib.sha256(str(number).encode()).digest() for number in numbers]
)


@pytest.mark.parametrize(
    ("noted", "there", "sort", "first", "also"),
    [
        ("abcd", "abc", Sort.CUT, 4, 0),
        ("abcd", "", Sort.CUT, 1, 0),
        ("abcd", "abXd", Sort.REWRITTEN, 3, 0),
        ("abcd", "abcX", Sort.REWRITTEN, 4, 0),
        ("abcd", "abcXY", Sort.REWRITTEN, 4, 0),
        ("abcd", "acbd", Sort.REORDERED, 2, 3),
        ("abcd", "acbdX", Sort.REORDERED, 2, 3),
        ("abcd", "acd", Sort.MISSING, 2, 2),
        ("abcd", "ad", Sort.MISSING, 2, 3),
        ("abcd", "acdX", Sort.MISSING, 2, 2),
        ("abcd", "aXbcd", Sort.INSERTED, 2, 2),
        ("abcd", "abXY", Sort.OTHER, 3, 0),
        ("abcd", "XYZ", Sort.OTHER, 1, 0),
    ],
)
def test_each_sort_of_difference_is_told_with_its_first_number(
    noted: str, there: str, sort: Sort, first: int, also: int
) -> None:
    found = heads.compare(packs(noted), packs(there))
    assert found is not None
    assert (found.sort, found.first, found.also) == (sort, first, also)
    assert (found.noted, found.there) == (len(noted), len(there))


@given(LISTS, LISTS)
def test_a_list_that_went_on_is_no_difference(noted: list[bytes], more: list[bytes]) -> None:
    assert heads.compare(noted, noted + more) is None


@given(LISTS, LISTS)
def test_both_agree_up_to_the_common_number_and_no_further(one: list[bytes], other: list[bytes]) -> None:
    place = heads.common(one, other)
    assert place == heads.common(other, one)
    assert one[:place] == other[:place]
    assert one[place : place + 1] != other[place : place + 1] or place == len(one) == len(other)
    found = heads.compare(one, other)
    assert (found is None) == (one == other[: len(one)])
    assert found is None or found.common == place


@given(LISTS, LISTS)
def test_two_lists_have_the_same_chain_and_root_only_if_they_are_the_same(
    one: list[bytes], other: list[bytes]
) -> None:
    assert (log.chain_of(one) == log.chain_of(other)) == (one == other)
    assert (merkle.root(one) == merkle.root(other)) == (one == other)


@given(UNIQUE, st.data())
def test_a_pack_that_was_taken_out_is_named(noted: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(noted) - 1))
    found = heads.compare(noted, noted[:place] + noted[place + 1 :])
    last = place == len(noted) - 1
    assert found is not None and found.first == place + 1
    assert found.sort is (Sort.CUT if last else Sort.MISSING)
    assert found.also == (0 if last else place + 1)


@given(UNIQUE, st.data())
def test_two_packs_that_changed_places_are_named(noted: list[bytes], data: st.DataObject) -> None:
    places = st.integers(0, len(noted) - 1)
    one, other = sorted((data.draw(places), data.draw(places)))
    swapped = list(noted)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    found = heads.compare(noted, swapped)
    if one == other:
        assert found is None
    else:
        assert found == Differs(
            sort=Sort.REORDERED, common=one, noted=len(noted), there=len(noted), also=other + 1
        )


@given(UNIQUE, st.data())
def test_a_pack_that_was_rewritten_is_named(noted: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(noted) - 1))
    there = [*noted[:place], hashlib.sha256(b"another content").digest(), *noted[place + 1 :]]
    found = heads.compare(noted, there)
    assert found is not None and (found.sort, found.first) == (Sort.REWRITTEN, place + 1)


@given(LISTS)
def test_the_chain_is_the_last_of_the_chains(digests: list[bytes]) -> None:
    found = list(heads.chains(digests))
    assert found[0] == log.GENESIS and len(found) == len(digests) + 1
    assert found[-1] == log.chain_of(digests)


def test_a_head_names_its_record_and_its_mailbox() -> None:
    end = heads.checkpoint("record-1", "box-1", packs("abc"))
    assert end.size == 3 and end.root == merkle.root(packs("abc")).hex()
    assert heads.mailbox_of(end.origin) == ("record-1", "box-1")
    assert heads.mailbox_of("workbench/record-1/desk-1") is None
