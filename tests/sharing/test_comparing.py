"""Where a desk goes on in a mailbox that may not be the one that it noted; and what it sends."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from workbench.mailbox.log import GENESIS, chains, next_chain
from workbench.usecases.sharing.comparing import Place, Run, Stands, place_in, to_send

DIGEST = st.integers(0, 5).map(lambda n: hashlib.sha256(bytes([n])).digest())
PACKS = st.lists(DIGEST, max_size=40)


class Server:
    """A mailbox of packs with these digests, which counts how often it is asked."""

    def __init__(self, digests: list[bytes]) -> None:
        self.chains = chains(digests)
        self.asked = 0

    def chain_at(self, number: int) -> bytes | None:
        self.asked += 1
        return _at(self.chains, number)


def _at(chains: list[bytes], number: int) -> bytes | None:
    return chains[number - 1] if number <= len(chains) else None


def look(noted: list[bytes], server: Server, *, log: list[bytes] | None = None) -> Place:
    own = chains(noted)
    known = chains(log) if log is not None else own
    noted_at = (len(own), own[-1] if own else GENESIS)
    return place_in(
        noted_at, len(server.chains), server.chain_at, lambda number: _at(known, number), len(known)
    )


def test_a_chain_is_sha256_of_the_one_before_and_the_digest() -> None:
    digest = hashlib.sha256(b"a pack").digest()
    assert next_chain(GENESIS, digest) == hashlib.sha256(bytes(32) + digest).digest()
    assert chains([digest, digest])[-1] == next_chain(next_chain(GENESIS, digest), digest)


@given(PACKS, PACKS)
def test_a_mailbox_that_only_grew_is_as_noted_and_is_asked_once(
    noted: list[bytes], more: list[bytes]
) -> None:
    server = Server([*noted, *more])
    place = look(noted, server)
    assert place == Place(Stands.AS_NOTED, len(noted), chains(noted)[-1] if noted else GENESIS)
    assert server.asked <= 1


@given(PACKS, st.lists(DIGEST, min_size=1, max_size=40))
def test_a_mailbox_that_was_put_back_is_shorter_and_the_desk_goes_on_at_its_end(
    before: list[bytes], lost: list[bytes]
) -> None:
    server = Server(before)
    place = look([*before, *lost], server)
    assert place == Place(Stands.SHORTER, len(before), chains(before)[-1] if before else GENESIS)
    assert server.asked <= 7  # log2 of 80 packs


@given(PACKS, st.lists(DIGEST, min_size=1), st.lists(DIGEST, min_size=1))
def test_a_mailbox_that_went_on_differently_is_found_at_the_first_pack_that_differs(
    both: list[bytes], here: list[bytes], there: list[bytes]
) -> None:
    if here[0] == there[0]:
        here = [hashlib.sha256(b"another").digest(), *here[1:]]
    place = look([*both, *here], Server([*both, *there]))
    assert (place.stands, place.number) == (Stands.OTHER, len(both))


@given(PACKS, st.lists(DIGEST, min_size=1), st.integers(0, 80))
def test_without_all_of_the_log_the_desk_goes_on_where_both_are_known_to_be_the_same(
    before: list[bytes], lost: list[bytes], kept: int
) -> None:
    noted = [*before, *lost]
    place = look(noted, Server(before), log=noted[:kept])
    assert place.number == min(len(before), kept)
    assert place.stands is Stands.SHORTER


def test_the_log_of_a_desk_that_went_back_may_be_longer_than_what_its_record_says() -> None:
    digests = [bytes([n]) * 32 for n in range(5)]
    server = Server(digests)
    own = chains(digests)
    place = place_in((3, own[2]), 5, server.chain_at, lambda number: _at(own, number), 5)
    assert place == Place(Stands.AS_NOTED, 3, own[2])


def test_own_entries_are_sent_and_those_of_desks_that_nobody_owns_before_them() -> None:
    held = {"mine": 12, "kim": 4, "file": 7, "before": 3}
    there = {"mine": 10, "kim": 2, "before": 3}
    owned = {"mine": "ada", "kim": "kim", "before": "ada"}
    assert to_send(held, there, "mine", owned, "ada") == (Run("file", 1, 7), Run("mine", 11, 12))


def test_an_earlier_desk_of_the_same_role_is_sent_for_too() -> None:
    assert to_send({"now": 1, "before": 3}, {}, "now", {"before": "ada"}, "ada") == (
        Run("before", 1, 3),
        Run("now", 1, 1),
    )


def test_a_keeper_who_carries_sends_what_the_server_lacks_of_others() -> None:
    held, owned = {"mine": 1, "kim": 4}, {"mine": "ada", "kim": "kim"}
    assert to_send(held, {"mine": 1}, "mine", owned, "ada") == ()
    assert to_send(held, {"mine": 1}, "mine", owned, "ada", carries=True) == (Run("kim", 1, 4),)


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9)),
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9)),
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["ada", "kim"])),
)
def test_what_was_sent_is_never_sent_again(
    held: dict[str, int], there: dict[str, int], owned: dict[str, str]
) -> None:
    runs = to_send(held, there, "a", owned, "ada")
    after = there | {run.writer: run.last for run in runs}
    assert to_send(held, after, "a", owned, "ada") == ()
    for run in runs:
        assert run.first == there.get(run.writer, 0) + 1 <= run.last == held[run.writer]
        assert run.writer == "a" or owned.get(run.writer, "ada") == "ada"
