"""GT-7: whether the people of a project file can sign each gate, proved before anybody has to.

The answer is for one moment, whose absences, keys and delegations count, and for builds of somebody who
signs nothing.  Who cannot be done without is named: a build of theirs, or their absence, holds the gate.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from workbench.definitions.shapes import Gate
from workbench.model.text import joined_words
from workbench.model.times import day_text
from workbench.signoff.rosters import Roster, gates_signed
from workbench.signoff.satisfying import Solution, needed_by_all, solve

_INSTANT = timedelta(microseconds=1)


class Proved(msgspec.Struct, frozen=True, kw_only=True):
    """A gate that asks for signatures: whether its seats can be filled, in words.

    ``never`` is why nobody absent coming back would change it, ``now`` why it cannot be signed at this
    moment; ``needed`` are those without whom it cannot be, each with their next absence or the end of their key.
    """

    gate: str
    title: str
    never: str = ""
    now: str = ""
    decided: bool = True
    needed: tuple[Needed, ...] = ()
    filled: tuple[tuple[str, str], ...] = ()
    """A way to fill the seats: role and person."""

    @property
    def ok(self) -> bool:
        return self.decided and not self.never and not self.now

    @property
    def words(self) -> str:
        """One sentence."""
        if not self.decided:
            return "too many people and rules to tell whether it can be signed"
        if self.never or self.now:
            return f"cannot be signed: {self.never}" if self.never else f"cannot be signed now: {self.now}"
        who = ", ".join(f"{person} as {role}" for role, person in self.filled)
        if {one.person for one in self.needed} == {person for _, person in self.filled}:
            held = [one.words for one in self.needed if one.held]
            return f"can be signed only by {who}" + (f": {joined_words(held)}" if held else "")
        only = joined_words([one.words for one in self.needed])
        return f"can be signed, for example by {who}" + (f"; only with {only}" if only else "")


class Needed(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody without whom a gate cannot be signed; ``held`` says what keeps them from it, or will."""

    person: str
    away_from: datetime | None = None
    held: str = ""

    @property
    def words(self) -> str:
        return f"{self.person} ({self.held})" if self.held else self.person


def prove(gates: Sequence[Gate], roster: Roster) -> list[Proved]:
    """Each gate that asks for signatures, and whether the people of the roster can give them."""
    asking = gates_signed(gates)
    whole = {absent: _solved(asking, roster, absent) for absent in (False, True)}
    return [_proved(gate, asking, roster, whole) for gate in asking]


def _solved(gates: Sequence[Gate], roster: Roster, absent: bool) -> Solution:
    return solve(roster.asked(gates, absent=absent), roster.lent(gates, absent=absent))


def _proved(gate: Gate, asking: Sequence[Gate], roster: Roster, whole: dict[bool, Solution]) -> Proved:
    words = {}
    for absent in (False, True):
        alone = _solved([gate], roster, absent)
        found = whole[absent] if alone.ok else alone
        if not alone.decided or not found.decided:
            return Proved(gate=gate.key, title=gate.title, decided=False)
        short = found.short
        words[absent] = roster.shortage(short, asking) if short and gate.key in short.gates else ""
    if words[True]:
        now = "" if words[False] else words[True]
        return Proved(gate=gate.key, title=gate.title, never=words[False], now=now)
    filled = [one for one in (whole[True] if whole[True].ok else alone).filled if one.gate == gate.key]
    needed = needed_by_all(roster.asked([gate]), roster.lent([gate]))
    return Proved(
        gate=gate.key,
        title=gate.title,
        needed=tuple(_needed(person, gate, roster) for person in needed),
        filled=tuple(
            (one.role, one.person if one.by == one.person else f"{one.by} for {one.person}") for one in filled
        ),
    )


def _needed(person: str, gate: Gate, roster: Roster) -> Needed:
    away = roster.away_next(person)
    if away is not None:
        return Needed(person=person, away_from=away, held=f"away from {day_text(away, roster.zone)}")
    ends = roster.key_ends(person) if gate.sign and gate.sign.require_signature else None
    if ends is not None:
        return Needed(person=person, held=f"no key is valid after {day_text(ends - _INSTANT, UTC)}")
    return Needed(person=person)
