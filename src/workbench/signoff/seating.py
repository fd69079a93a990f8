"""Whether a gate can still be signed, given who has signed what: the same question as beforehand, with seats that are taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.definitions.shapes import Gate
from workbench.signoff.rosters import Roster, gates_signed
from workbench.signoff.satisfying import Asked, Filled, Lent, Shortage, Solution, solve


class Seating:
    """The seats of a release's gates: ``given`` are those that are taken, by gate."""

    def __init__(self, roster: Roster, gates: Sequence[Gate], given: Mapping[str, Sequence[Filled]]) -> None:
        self._roster, self._given = roster, given
        self._gates = gates_signed(gates)
        self._together: dict[bool, Solution] = {}

    def short(self, gate: Gate) -> tuple[Shortage | None, str]:
        """Why the people listed cannot sign this gate any more, and that in words; nothing where they can.

        Where only somebody's absence is in the way, that is said: they come back.
        """
        for absent in (False, True):
            found = self._alone(gate, absent)
            if found.ok or not found.decided:
                found = self._all(absent)
            if not found.ok and found.short is not None and gate.key in found.short.gates:
                return found.short, self._words(gate, found.short, absent)
        return None, ""

    def _words(self, gate: Gate, short: Shortage, absent: bool) -> str:
        moved = self._moved(gate, absent)
        if moved is not None:
            return f"{moved.person} has to sign as {moved.role} instead: nobody else is left who can"
        return self._roster.shortage(short, self._gates)

    def _moved(self, gate: Gate, absent: bool) -> Filled | None:
        """Who has signed in a role that others could sign in, and is needed in another one."""
        own = self._given.get(gate.key, ())
        asked, lent = self._terms([gate], absent)
        kept = [one for one in self._fixed() if one.gate != gate.key]
        # Whoever has signed could do so again, absent or not.
        found = solve(asked, lent, kept)
        if not own or not found.ok:
            return None
        before = {one.by: one.role for one in own}
        return next((one for one in found.filled if before.get(one.by, one.role) != one.role), None)

    def _alone(self, gate: Gate, absent: bool) -> Solution:
        asked, lent = self._terms([gate], absent)
        return solve(asked, lent, self._fixed())

    def _all(self, absent: bool) -> Solution:
        if absent not in self._together:
            asked, lent = self._terms(self._gates, absent)
            self._together[absent] = solve(asked, lent, self._fixed())
        return self._together[absent]

    def _terms(self, gates: Sequence[Gate], absent: bool) -> tuple[list[Asked], list[Lent]]:
        """Those gates with all their seats, the others only with who sits there."""
        keys = {gate.key for gate in gates}
        asked = [
            each if each.gate in keys else Asked(each.gate, (), each.apart)
            for each in self._roster.asked(self._gates, absent=absent)
        ]
        return asked, self._roster.lent(gates, absent=absent)

    def _fixed(self) -> list[Filled]:
        return [one for each in self._given.values() for one in each]
