"""Whether people can fill the seats of gates, compared with a search that tries everything."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from workbench.signoff.satisfying import Asked, Filled, Lent, Seats, Shortage, needed_by_all, solve


def gate(key: str, *seats: tuple[str, int, str], apart: str = "") -> Asked:
    """A gate: ``("owner", 2, "jo sam")`` is two seats of the role owner that jo and sam may fill."""
    return Asked(
        key, tuple(Seats(role, n, frozenset(may.split())) for role, n, may in seats), frozenset(apart.split())
    )


# --- what is said --------------------------------------------------------------------------------


def test_a_person_with_two_roles_fills_the_seat_that_nobody_else_can() -> None:
    found = solve([gate("go", ("a", 1, "jo sam"), ("b", 1, "jo"))])
    assert found.ok
    assert {(one.role, one.person) for one in found.filled} == {("a", "sam"), ("b", "jo")}


def test_a_person_with_two_roles_counts_once() -> None:
    found = solve([gate("go", ("product", 1, "jo"), ("security", 1, "jo"))])
    assert found.short == Shortage(("go",), ("product", "security"), 2, ("jo",))


def test_only_the_roles_that_are_short_are_named() -> None:
    asked = gate("go", ("calm", 1, "ada"), ("product", 2, "jo sam"), ("security", 1, "jo sam"))
    assert solve([asked]).short == Shortage(("go",), ("product", "security"), 3, ("jo", "sam"))


def test_who_signs_one_gate_signs_none_that_is_apart_from_it() -> None:
    pair = [gate("test", ("a", 1, "jo")), gate("go", ("b", 1, "jo"), apart="test")]
    assert solve(pair).short == Shortage(("test", "go"), ("a", "b"), 2, ("jo",))
    assert solve([pair[0], gate("go", ("b", 1, "jo"))]).ok


def test_gates_of_which_only_some_are_apart_are_solved_together() -> None:
    """One of the middle is apart from both others, which may share somebody."""
    three = [gate("one", ("a", 1, "jo")), gate("two", ("a", 1, "jo sam"), apart="one three")]
    assert solve([*three, gate("three", ("a", 1, "jo"))]).ok
    short = solve([*three, gate("three", ("a", 1, "sam"))]).short
    assert short == Shortage(("one", "three", "two"), (), 3, ("jo", "sam"))


def test_a_seat_that_was_lent_is_filled_by_who_got_it_and_they_count_once() -> None:
    alone = [gate("go", ("a", 1, ""), ("b", 1, "kim"))]
    lent = [Lent("go", "a", "jo", "sam"), Lent("go", "a", "jo", "kim")]
    found = solve(alone, lent)
    assert Filled("go", "a", "jo", "sam") in found.filled
    assert not solve(alone, lent[1:]).ok


def test_seats_that_are_filled_keep_their_people() -> None:
    asked = [gate("go", ("a", 1, "jo sam"), ("b", 1, "jo"))]
    assert not solve(asked, fixed=[Filled("go", "a", "jo", "jo")]).ok
    assert solve(asked, fixed=[Filled("go", "a", "sam", "sam")]).ok


def test_who_cannot_be_done_without_is_named() -> None:
    asked = [gate("go", ("a", 1, "jo sam"), ("b", 1, "kim"))]
    assert needed_by_all(asked) == ("kim",)
    assert needed_by_all(asked, [Lent("go", "b", "kim", "ada")]) == ()
    assert needed_by_all([gate("go", ("a", 1, ""))]) == ()


def test_a_question_that_is_too_large_is_not_answered() -> None:
    people = " ".join(f"p{n}" for n in range(10))
    chain = [gate(f"g{n}", *((f"r{k}", 20, people) for k in range(2)), apart=f"g{n + 1}") for n in range(6)]
    lent = [Lent("g0", "r0", f"x{n}", f"y{n}") for n in range(20)]
    found = solve(chain, lent)
    assert (found.ok, found.decided, found.short) == (False, False, None)


def test_a_large_team_is_solved_and_named_where_it_is_short() -> None:
    """Each of 300 people has the role before theirs as well: one who is missing moves all the others."""
    roles = [(f"r{n}", 1, f"p{n} p{n + 1}" if n < 299 else "p0 p299") for n in range(300)]
    assert solve([gate("go", *roles)]).ok
    short = solve([gate("go", *roles, ("extra", 1, "p7"))]).short
    assert short is not None and (short.needed, len(short.people)) == (301, 300)


# --- against a search that tries everything ------------------------------------------------------


def brute(asked: Sequence[Asked], lent: Sequence[Lent]) -> bool:
    """Whether the seats can be filled: each seat in turn, each way of filling it, nothing clever."""
    seats = [(one.gate, each) for one in asked for each in one.seats for _ in range(each.count)]
    apart = {(one.gate, other) for one in asked for other in one.apart if other != one.gate}
    apart |= {(other, one) for one, other in apart}

    def free(who: str, gate: str, taken: Sequence[tuple[str, str, str]], place: int) -> bool:
        return not any(
            (there == gate and who == (owner, by)[place]) or ((gate, there) in apart and who in (owner, by))
            for there, owner, by in taken
        )

    def fill(number: int, taken: list[tuple[str, str, str]]) -> bool:
        if number == len(seats):
            return True
        where, each = seats[number]
        ways = [(who, who) for who in sorted(each.may)]
        ways += [(one.person, one.to) for one in lent if (one.gate, one.role) == (where, each.role)]
        return any(
            fill(number + 1, [*taken, (where, owner, by)])
            for owner, by in ways
            if free(owner, where, taken, 0) and free(by, where, taken, 1)
        )

    return fill(0, [])


def rostered(chance: random.Random) -> tuple[list[Asked], list[Lent]]:
    """A made-up policy and roster."""
    people = [f"p{n}" for n in range(chance.randint(1, 5))]
    roles = ["a", "b", "c"][: chance.randint(1, 3)]
    has = {who: {role for role in roles if chance.random() < 0.55} for who in people}
    keys = [f"g{n}" for n in range(chance.randint(1, 3))]
    asked, lent = [], []
    for key in keys:
        author = chance.choice(people) if chance.random() < 0.3 else ""
        named = set(chance.sample(people, chance.randint(1, len(people)))) if chance.random() < 0.3 else None
        seats = []
        for role in chance.sample(roles, chance.randint(1, len(roles))):
            may = {who for who in people if role in has[who] and who != author}
            seats.append(
                Seats(role, chance.choice((1, 1, 1, 2)), frozenset(may if named is None else may & named))
            )
            lent += [
                Lent(key, role, who, chance.choice(people))
                for who in people
                if role in has[who] and chance.random() < 0.1
            ]
        other = frozenset(each for each in keys if each != key and chance.random() < 0.35)
        asked.append(Asked(key, tuple(seats), other))
    return asked, [one for one in lent if one.person != one.to][:4]


@pytest.mark.parametrize("seed", range(20))
def test_what_can_be_satisfied_is_just_what_a_search_of_everything_finds(seed: int) -> None:
    chance = random.Random(seed)
    yes = 0
    for _ in range(500):
        asked, lent = rostered(chance)
        found = solve(asked, lent)
        assert found.decided
        assert found.ok is brute(asked, lent), (asked, lent)
        assert found.ok is not (found.short is not None)
        if found.ok:
            yes += 1
            check(asked, lent, found.filled)
    assert 50 < yes < 450


def check(asked: Sequence[Asked], lent: Sequence[Lent], filled: Sequence[Filled]) -> None:
    """The seats that were found are the asked ones, each by somebody who may, nobody twice."""
    by_role = {(one.gate, each.role): each for one in asked for each in one.seats}
    for place, each in by_role.items():
        assert sum((one.gate, one.role) == place for one in filled) == each.count
    for one in filled:
        may = one.person == one.by and one.person in by_role[one.gate, one.role].may
        assert may or Lent(one.gate, one.role, one.person, one.by) in lent
    for gate_ in asked:
        here = [one for one in filled if one.gate == gate_.gate]
        assert len({one.by for one in here}) == len({one.person for one in here}) == len(here)
        there = {who for one in filled if one.gate in gate_.apart for who in (one.by, one.person)}
        assert not there & {who for one in here for who in (one.by, one.person)}
