"""Whether people can fill the seats of gates: an assignment problem, solved exactly.  Pure.

A gate has seats by role.  A person fills one seat of a gate, whichever roles they have, and none of a
gate that is apart from one whose seat they fill.  Somebody who is lent a seat fills it for the person
who lent it, and then no other one of that gate.

One gate alone, or gates that are all apart from one another, are a bipartite matching (Kuhn 1955),
and where that falls short the roles and people of Hall's condition say why (Hall 1935).  Other sets
of gates that are apart are solved by going through the people one by one, with the seats that are left as the state.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

import msgspec

# Beyond so many steps nothing is claimed: a second or less.
MOST_STEPS = 150_000


class Seats(msgspec.Struct, frozen=True):
    """The seats of a role in a gate: how many, and who ``may`` fill one in person."""

    role: str
    count: int
    may: frozenset[str]


class Asked(msgspec.Struct, frozen=True):
    """A gate, its seats, and the gates that it is ``apart`` from: nobody sits in both."""

    gate: str
    seats: tuple[Seats, ...]
    apart: frozenset[str] = frozenset()


class Lent(msgspec.Struct, frozen=True):
    """A seat of ``person`` in a gate that somebody else may fill for them."""

    gate: str
    role: str
    person: str
    to: str


class Filled(msgspec.Struct, frozen=True):
    """A seat with the person whose seat it is, and who signs: ``by`` is somebody else where it was lent."""

    gate: str
    role: str
    person: str
    by: str


class Shortage(msgspec.Struct, frozen=True):
    """Hall's condition violated: these roles of these gates need more people than there are for them.

    Without ``roles`` no single set of roles says it: the gates cannot be satisfied together.
    """

    gates: tuple[str, ...]
    roles: tuple[str, ...]
    needed: int
    people: tuple[str, ...]


class Solution(msgspec.Struct, frozen=True):
    """Whether all seats can be filled: how, or what there is too little of.

    ``decided`` is false where the question is too large to be answered; then nothing is claimed.
    """

    ok: bool
    filled: tuple[Filled, ...] = ()
    short: Shortage | None = None
    decided: bool = True


class _TooMany(Exception):
    """The question is larger than what is looked through."""


class _Steps:
    """How many steps a question may still take."""

    def __init__(self) -> None:
        self._left = MOST_STEPS

    def take(self, number: int = 1) -> None:
        self._left -= number
        if self._left < 0:
            raise _TooMany


def solve(asked: Sequence[Asked], lent: Iterable[Lent] = (), fixed: Iterable[Filled] = ()) -> Solution:
    """How the seats of these gates can be filled; ``fixed`` are those that are filled already."""
    given = tuple(fixed)
    left, steps = _Left(asked, given), _Steps()
    try:
        first = _in_person(left, steps)
        if isinstance(first, tuple):
            return Solution(True, (*given, *first))
        for some in _ways(left, tuple(dict.fromkeys(lent)), steps):
            found = _in_person(_Left(asked, (*given, *some)), steps)
            if isinstance(found, tuple):
                return Solution(True, (*given, *some, *found))
    except _TooMany:
        return Solution(False, decided=False)
    return Solution(False, short=first)


def needed_by_all(
    asked: Sequence[Asked], lent: Sequence[Lent] = (), fixed: Sequence[Filled] = ()
) -> tuple[str, ...]:
    """Without whom these gates cannot be satisfied any more: each of them alone is missing then."""
    found = solve(asked, lent, fixed)
    if not found.ok:
        return ()
    held = set(fixed)
    used = {name for one in found.filled if one not in held for name in (one.person, one.by)}
    gone = ((who, solve(*_without(who, asked, lent), fixed)) for who in sorted(used))
    return tuple(who for who, rest in gone if not rest.ok and rest.decided)


def without(person: str, asked: Sequence[Asked], gates: Collection[str] | None = None) -> list[Asked]:
    """The same gates where this person may not sit in those of ``gates``, or in any."""
    return [
        one
        if gates is not None and one.gate not in gates
        else Asked(one.gate, tuple(Seats(s.role, s.count, s.may - {person}) for s in one.seats), one.apart)
        for one in asked
    ]


def _without(person: str, asked: Sequence[Asked], lent: Sequence[Lent]) -> tuple[list[Asked], list[Lent]]:
    """Without somebody who may not sign: a seat that they lent stays lent."""
    return without(person, asked), [one for one in lent if one.to != person]


class _Left:
    """The seats that are left once some are filled, and who may fill them."""

    def __init__(self, asked: Sequence[Asked], filled: Sequence[Filled]) -> None:
        self.apart: dict[str, set[str]] = {one.gate: set() for one in asked}
        for one in asked:
            for other in one.apart & self.apart.keys() - {one.gate}:
                self.apart[one.gate].add(other)
                self.apart[other].add(one.gate)
        self.signers: dict[str, set[str]] = {one.gate: set() for one in asked}
        self.owners: dict[str, set[str]] = {one.gate: set() for one in asked}
        taken: dict[tuple[str, str], int] = {}
        for each in filled:
            if each.gate in self.signers:
                self.signers[each.gate].add(each.by)
                self.owners[each.gate].add(each.person)
                taken[each.gate, each.role] = taken.get((each.gate, each.role), 0) + 1
        self.counts: dict[tuple[str, str], int] = {}
        self.may: dict[tuple[str, str], frozenset[str]] = {}
        for one in asked:
            gone = self.signers[one.gate] | self.owners[one.gate] | self.elsewhere(one.gate)
            for seats in one.seats:
                place = (one.gate, seats.role)
                self.counts[place] = max(0, seats.count - taken.get(place, 0))
                self.may[place] = seats.may - gone

    def elsewhere(self, gate: str) -> set[str]:
        """Who sits in a gate that this one is apart from."""
        return {who for other in self.apart[gate] for who in self.signers[other] | self.owners[other]}

    def groups(self) -> Iterator[list[str]]:
        """The gates with seats left, those together that are apart from one another, however far."""
        open_ = dict.fromkeys(gate for (gate, _), count in self.counts.items() if count)
        seen: set[str] = set()
        for gate in open_:
            if gate in seen:
                continue
            group, queue = [], [gate]
            seen.add(gate)
            while queue:
                group.append(one := queue.pop())
                new = [other for other in sorted(self.apart[one]) if other in open_ and other not in seen]
                seen.update(new)
                queue += new
            yield group


def _ways(left: _Left, lent: Sequence[Lent], steps: _Steps) -> Iterator[tuple[Filled, ...]]:
    """Every set of seats that others could fill for the people who lent them, the smallest sets first."""
    usable = [
        Filled(one.gate, one.role, one.person, one.to)
        for one in lent
        if left.counts.get((one.gate, one.role))
        and one.to not in left.signers[one.gate] | left.elsewhere(one.gate)
        and one.person not in left.owners[one.gate] | left.elsewhere(one.gate)
    ]
    for size in range(1, len(usable) + 1):
        for some in combinations(usable, size):
            steps.take(len(left.counts) + size)
            if _fit(some, left):
                yield some


def _fit(some: Sequence[Filled], left: _Left) -> bool:
    """Whether these seats can be filled together: nobody twice in a gate, nobody in gates that are apart."""
    if len({(one.gate, one.by) for one in some}) < len(some):
        return False
    if len({(one.gate, one.person) for one in some}) < len(some):
        return False
    counts: dict[tuple[str, str], int] = {}
    for one in some:
        counts[one.gate, one.role] = counts.get((one.gate, one.role), 0) + 1
    if any(count > left.counts[place] for place, count in counts.items()):
        return False
    return not any(
        other.gate in left.apart[one.gate] and {one.by, one.person} & {other.by, other.person}
        for one, other in combinations(some, 2)
    )


def _in_person(left: _Left, steps: _Steps) -> tuple[Filled, ...] | Shortage:
    """How the seats that are left are filled by the people whose they are, or what there is too little of."""
    found: list[Filled] = []
    for group in left.groups():
        mutual = all(other in left.apart[one] for one, other in combinations(group, 2))
        part = _matched(group, left, steps) if mutual else _one_by_one(group, left, steps)
        if isinstance(part, Shortage):
            return part
        found += part
    return tuple(found)


def _matched(group: Sequence[str], left: _Left, steps: _Steps) -> list[Filled] | Shortage:
    """A matching of seats with people who sit once in all these gates together."""
    places = [place for place in left.counts if place[0] in group and left.counts[place]]
    sits: dict[str, tuple[str, str]] = {}
    for place in places:
        for _ in range(left.counts[place]):
            if not _seated(place, left.may, sits, steps):
                return _shortage(place, left, sits)
    return [Filled(gate, role, who, who) for who, (gate, role) in sits.items()]


def _seated(
    place: tuple[str, str],
    may: Mapping[tuple[str, str], frozenset[str]],
    sits: dict[str, tuple[str, str]],
    steps: _Steps,
) -> bool:
    """One more seat of a place filled, others moved where that helps: the shortest augmenting path."""
    before: dict[str, tuple[tuple[str, str], str]] = {}
    queue = deque([(place, "")])
    while queue:
        wanted, moved = queue.popleft()
        steps.take(len(may[wanted]) + 1)
        for who in sorted(may[wanted] - before.keys()):
            before[who] = (wanted, moved)
            if who not in sits:
                while who:
                    sits[who], who = before[who]
                return True
            queue.append((sits[who], who))
    return False


def _shortage(start: tuple[str, str], left: _Left, sits: Mapping[str, tuple[str, str]]) -> Shortage:
    """The roles that together have too few people: all that an augmenting path can reach from an empty seat."""
    places, people, queue = {start}, set[str](), [start]
    while queue:
        for who in left.may[queue.pop()] - people:
            people.add(who)
            if sits[who] not in places:
                places.add(sits[who])
                queue.append(sits[who])
    ordered = [place for place in left.counts if place in places]
    return Shortage(
        gates=tuple(dict.fromkeys(gate for gate, _ in ordered)),
        roles=tuple(dict.fromkeys(role for _, role in ordered)),
        needed=sum(left.counts[place] for place in places),
        people=tuple(sorted(people)),
    )


_State = tuple[int, ...]


def _one_by_one(group: Sequence[str], left: _Left, steps: _Steps) -> list[Filled] | Shortage:
    """Gates of which only some are apart from one another: who sits where, person by person."""
    places = [place for place in left.counts if place[0] in group and left.counts[place]]
    people = sorted({who for place in places for who in left.may[place]})
    states: dict[_State, tuple[Filled, ...]] = {tuple(left.counts[place] for place in places): ()}
    for number, who in enumerate(people):
        if not states:
            break
        choices = list(_choices(who, places, left, steps))
        later = [sum(other in left.may[place] for other in people[number + 1 :]) for place in places]
        following: dict[_State, tuple[Filled, ...]] = {}
        steps.take(len(states) * len(choices))
        for state, so_far in states.items():
            for choice in choices:
                if any(not state[seat] for seat in choice):
                    continue
                new = tuple(count - (seat in choice) for seat, count in enumerate(state))
                if all(count <= most for count, most in zip(new, later, strict=True)):
                    following.setdefault(
                        new, (*so_far, *(Filled(*places[seat], who, who) for seat in sorted(choice)))
                    )
        states = following
    done = states.get((0,) * len(places))
    if done is not None:
        return list(done)
    needed = sum(left.counts[place] for place in places)
    return Shortage(tuple(sorted(group)), (), needed, tuple(people))


def _choices(
    who: str, places: Sequence[tuple[str, str]], left: _Left, steps: _Steps
) -> Iterator[frozenset[int]]:
    """The sets of seats that one person can take together: one of a gate, none of gates that are apart."""
    by_gate: dict[str, list[int | None]] = {}
    for number, place in enumerate(places):
        if who in left.may[place]:
            by_gate.setdefault(place[0], [None]).append(number)
    for picked in product(*by_gate.values()):
        steps.take()
        gates = [gate for gate, seat in zip(by_gate, picked, strict=True) if seat is not None]
        if not any(other in left.apart[one] for one, other in combinations(gates, 2)):
            yield frozenset(seat for seat in picked if seat is not None)
