"""Who may fill which seat of which gate at a moment: the people of the project file, as the gates ask for them.

The question itself is answered by :mod:`workbench.signoff.satisfying`; here stand its terms, and its
answer in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.definitions.persons import same_people
from workbench.definitions.shapes import Gate, Person, RoleCount, SignPolicy
from workbench.model.dates import end_text, read_moment
from workbench.model.errors import UsageError
from workbench.model.text import joined_words
from workbench.model.times import zone_of
from workbench.signoff.authorship import may_approve
from workbench.signoff.satisfying import Asked, Lent, Seats, Shortage

if TYPE_CHECKING:
    from workbench.releases.model import Candidate
    from workbench.signoff.delegations import Delegation
    from workbench.signoff.ssh_signatures import Signer


class Roster:
    """The people of a project at a moment, of one build where its author is known.

    ``zone`` is the project's: days of a person are in their own zone where they name one.
    """

    def __init__(
        self,
        people: Sequence[Person],
        at: datetime,
        zone: tzinfo,
        *,
        candidate: Candidate | None = None,
        delegations: Sequence[Delegation] = (),
    ) -> None:
        self.people = {person.key: person for person in people}
        self.at, self.zone = at, zone
        self._candidate = candidate
        self._delegations = [each for each in delegations if each.in_force(at)]

    @cached_property
    def same(self) -> Mapping[str, str]:
        """Whoever is listed under several keys, by each of them: the first key."""
        return same_people(self.people.values())

    # --- one person -------------------------------------------------------------------------------

    def sits(self, entry: RoleCount, person: Person) -> bool:
        """Whether a seat of a gate is one of this person's: they have the role, and are named where some are."""
        return entry.role in person.roles and (not entry.people or person.key in entry.people)

    def barred(self, policy: SignPolicy, person: Person) -> str:
        """Why somebody's approval would not count whatever role they sign in; "" where it would."""
        if not may_approve(policy, self._candidate, person):
            return "wrote the build"
        if policy.require_signature and not self.has_key(person):
            return (
                "has no SSH key that is valid then" if person.keys else "has no SSH key in the project file"
            )
        return ""

    def has_key(self, person: Person) -> bool:
        """Whether what this person signs with a key counts at the moment."""
        return any(signer.counts_at(self.at) for signer in _signers(person))

    def key_ends(self, person: str) -> datetime | None:
        """When the last of somebody's keys that is valid now ends, if it does."""
        found = self.people.get(person)
        ends = [
            min(each for each in (signer.before, signer.revoked) if each is not None)
            if signer.before or signer.revoked
            else None
            for signer in (_signers(found) if found else ())
            if signer.counts_at(self.at)
        ]
        return None if not ends or None in ends else max(each for each in ends if each is not None)

    def away_until(self, person: str) -> datetime | None:
        """Until when somebody is away, if they are at the moment."""
        found = self.people.get(person)
        ends = [end for begin, end in absences(found, self.zone) if begin <= self.at <= end] if found else []
        return max(ends, default=None)

    def away_next(self, person: str) -> datetime | None:
        """When somebody's next absence begins, if one is known."""
        found = self.people.get(person)
        begins = [begin for begin, _ in absences(found, self.zone) if begin > self.at] if found else []
        return min(begins, default=None)

    # --- gates ------------------------------------------------------------------------------------

    def asked(self, gates: Iterable[Gate], *, absent: bool = True) -> list[Asked]:
        """The seats of gates that ask for signatures, with who may fill them; who is ``absent`` is left out."""
        return [self._asked(gate, gate.sign, absent) for gate in gates if gate.sign and gate.sign.roles]

    def _asked(self, gate: Gate, policy: SignPolicy, absent: bool) -> Asked:
        out = {
            person.key
            for person in self.people.values()
            if self.barred(policy, person) or (absent and self.away_until(person.key))
        }
        seats = tuple(
            Seats(
                entry.role,
                entry.count,
                frozenset(
                    self.same[person.key]
                    for person in self.people.values()
                    if person.key not in out and self.sits(entry, person)
                ),
            )
            for entry in policy.roles
        )
        return Asked(gate.key, seats, frozenset(policy.apart_from))

    def lent(self, gates: Iterable[Gate], *, absent: bool = True) -> list[Lent]:
        """The seats that delegations let others fill."""
        return [
            Lent(gate.key, entry.role, self.same[each.person], self.same[each.to])
            for gate in gates
            for entry in (gate.sign.roles if gate.sign else ())
            for each in self._delegations
            if gate.sign and each.covers(gate.key, entry.role) and not self.refused(gate.sign, entry, each)
            if not (absent and self.away_until(each.to))
        ]

    def refused(self, policy: SignPolicy, entry: RoleCount, value: Delegation) -> str:
        """Why a delegation fills no seat of a gate, in words; "" where it does."""
        owner, to = self.people.get(value.person), self.people.get(value.to)
        if owner is None or not self.sits(entry, owner):
            return f"{value.person} cannot sign as {entry.role} in this gate, so there is nothing to delegate"
        if to is None:
            return f"{value.to} is not listed under people: in this project"
        if self.same[owner.key] == self.same[to.key]:
            return f"{value.person} and {value.to} are one person"
        if entry.people and to.key not in entry.people:
            return f"people: names who may sign as {entry.role}, and {to.key} is none of them"
        for person in (owner, to):
            if not may_approve(policy, self._candidate, person):
                return f"{person.key} wrote this build and cannot approve it"
        if policy.require_signature:
            return "the gate asks for the signature of a key, and no key has signed the delegation"
        return ""

    def can(self, gate: Gate, entry: RoleCount) -> tuple[str, ...]:
        """Who could sign a gate in a role now, absent or not, their own seat or one that was lent to them."""
        policy = gate.sign
        if policy is None:
            return ()
        own = [
            person.key
            for person in self.people.values()
            if self.sits(entry, person) and not self.barred(policy, person)
        ]
        lent = [
            each.to
            for each in self._delegations
            if each.covers(gate.key, entry.role) and not self.refused(policy, entry, each)
        ]
        return tuple(dict.fromkeys((*own, *lent)))

    def lenders(self, gate: Gate, entry: RoleCount) -> dict[str, str]:
        """Of those who can sign in a role only by a delegation: for whom."""
        policy = gate.sign
        return {
            each.to: each.person
            for each in self._delegations
            if policy
            and each.covers(gate.key, entry.role)
            and not self.refused(policy, entry, each)
            and not self.sits(entry, self.people[each.to])
        }

    # --- words ------------------------------------------------------------------------------------

    def out(self, gates: Iterable[Gate], roles: Iterable[str]) -> list[str]:
        """Who has these roles in these gates and cannot sign, each with why, in words."""
        wanted, found = set(roles), dict[str, str]()
        for gate in gates:
            policy = gate.sign
            for entry in policy.roles if policy else ():
                for person in self.people.values():
                    if policy and (not wanted or entry.role in wanted) and self.sits(entry, person):
                        why = self.barred(policy, person) or self.absence(person.key)
                        if why:
                            found.setdefault(person.key, f"{person.key} {why}")
        return list(found.values())

    def absence(self, person: str) -> str:
        """``is away until 7 Dec``; "" for somebody who is not."""
        until = self.away_until(person)
        return f"is away until {end_text(until, self.zone)}" if until else ""

    def shortage(self, short: Shortage, gates: Sequence[Gate]) -> str:
        """Hall's condition in words: ``product-owner and security need 3 people, but only jo and sam have them``."""
        named = [gate for gate in gates if gate.key in short.gates]
        titles = joined_words([gate.title for gate in named])
        out = self.out(named, short.roles)
        more = f" ({', '.join(out)})" if out else ""
        if not short.roles:
            return (
                f"{titles} cannot be signed together: who signs one must not sign another that is apart from it, "
                f"and only {joined_words(short.people) or 'nobody'} can sign{more}"
            )
        need = "needs" if len(short.roles) == 1 else "need"
        people = "a person" if short.needed == 1 else f"{short.needed} people"
        who = joined_words(short.people)
        verb = "has" if len(short.people) == 1 else "have"
        them = "it" if len(short.roles) == 1 else "them"
        only = f"but only {who} {verb} {them}" if who else f"and nobody who can sign has {them}"
        apart = f" in {titles}, which different people sign," if len(named) > 1 else ""
        return f"{joined_words(short.roles)} {need} {people}{apart or ','} {only}{more}"


def gates_signed(gates: Iterable[Gate]) -> list[Gate]:
    """The gates that ask for signatures."""
    return [gate for gate in gates if gate.sign and gate.sign.roles]


def _signers(person: Person) -> tuple[Signer, ...]:
    if not person.keys:
        return ()
    from workbench.model.ssh_keys import KeyProblem  # few list keys, and all check their files
    from workbench.signoff.ssh_signatures import signers_of

    try:
        return signers_of([person])
    except KeyProblem:
        return ()  # told by the check of the files


def absences(person: Person, zone: tzinfo) -> list[tuple[datetime, datetime]]:
    """When somebody is away, in days of their own zone."""
    own = zone_of(person.timezone) if person.timezone else zone
    found = []
    for one in person.away:
        try:
            found.append((read_moment(one.from_, own), read_moment(one.until, own, end=True)))
        except UsageError:
            continue  # told by the check of the files
    return found
