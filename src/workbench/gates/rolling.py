"""The roll-up of whose move it is: what waits behind another part, of the same fact or of another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import msgspec

from workbench.gates.model import Origin, Part, RequirementState, State, Weight
from workbench.gates.turn import CANNOT_TELL, Move, Turn
from workbench.model.steps import Job


class Gated(Protocol):
    """A gate, whoever holds it."""

    @property
    def requirements(self) -> tuple[RequirementState, ...]: ...


class Open(msgspec.Struct, frozen=True, gc=False):
    """An open part of a gate; ``last`` is what waits for all else of the gate: signatures, and earlier gates."""

    part: Part
    last: bool
    earlier: bool


def rolled_up(gates: Sequence[Gated]) -> list[tuple[RequirementState, ...]]:
    """The requirements of each gate with the turn of every open part; where nothing changes, as they are."""
    behind = turns([_open(gate) for gate in gates])
    return [tuple(_rolled_up(item, behind) for item in gate.requirements) for gate in gates]


def turns(gates: Sequence[Sequence[Open]]) -> Mapping[str, Turn]:
    """The turn of each open part that is behind another one, by its key.

    A part that follows another (``Part.after``) is behind it; without a candidate all that needs
    one is behind the first that asks for it; a signature is behind what keeps its gate from being
    ready.  Behind what is itself behind another part, it is behind that one.
    """
    behind: dict[str, Turn] = {}
    roots = _Roots([item.part for gate in gates for item in gate if not item.earlier])
    first = ""  # the first open part of the gates so far that is behind no other
    for gate in gates:
        for item in gate:
            if not item.last:
                if turn := roots.behind(item.part):
                    behind.setdefault(item.part.key, turn)
                else:
                    first = first or item.part.key
        last = [item.part for item in gate if item.last]
        for part in last if first else ():
            behind.setdefault(part.key, _behind(part, first))
        first = first or next((part.key for part in last), "")
    return {key: _at_the_end(turn, behind) for key, turn in behind.items()}


def _open(gate: Gated) -> list[Open]:
    """The open parts of a gate, in order."""
    found: list[Open] = []
    for requirement in gate.requirements:
        if requirement.state is State.NOT_MET:
            earlier = requirement.origin is Origin.EARLIER
            for part in requirement.parts:
                if part.state is State.NOT_MET:
                    found.append(Open(part, earlier or part.weight is Weight.TO_SIGN, earlier))
    return found


def _at_the_end(turn: Turn, behind: Mapping[str, Turn]) -> Turn:
    """The same turn behind the part at the end of the chain."""
    seen = {turn.behind}
    while (further := behind.get(turn.behind)) is not None and further.behind not in seen:
        seen.add(further.behind)
        turn = msgspec.structs.replace(turn, behind=further.behind)
    return turn


class _Roots:
    """The parts that others may be behind."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._open = {part.key for part in parts}
        self._following: dict[str, str] = {}
        waiting = [part for part in parts if not part.after and _needs_candidate(part)]
        # A blocker stands for what is to do, never the other way round.
        blocking = [part for part in waiting if part.weight is Weight.BLOCKS]
        self._candidate = next((part.key for part in (*blocking, *waiting)), "")

    def behind(self, part: Part) -> Turn | None:
        """The turn of a part that is behind another one; of the first of several it is the root."""
        if part.after:
            root = (
                part.after if part.after in self._open else self._following.setdefault(part.after, part.key)
            )
            if root != part.key:
                return _behind(part, root)
        if self._candidate not in ("", part.key) and _needs_candidate(part):
            return _behind(part, self._candidate)
        return None


def _behind(part: Part, root: str) -> Turn:
    """The turn of a part behind another one; who can do it then stays known."""
    return Turn(Move.BEHIND, who=part.turn.who if part.turn else (), behind=root)


def _needs_candidate(part: Part) -> bool:
    return part.step is not None and part.step.job is Job.PROPOSE_CANDIDATE


def _rolled_up(requirement: RequirementState, behind: Mapping[str, Turn]) -> RequirementState:
    if requirement.state is not State.NOT_MET or not _changes(requirement.parts, behind):
        return requirement
    parts = tuple(_turned(part, behind) for part in requirement.parts)
    return msgspec.structs.replace(requirement, parts=parts)


def _changes(parts: Iterable[Part], behind: Mapping[str, Turn]) -> bool:
    return any(part.state is State.NOT_MET and (part.turn is None or part.key in behind) for part in parts)


def _turned(part: Part, behind: Mapping[str, Turn]) -> Part:
    if part.state is not State.NOT_MET:
        return part
    turn = behind.get(part.key) or part.turn or CANNOT_TELL
    return part if turn is part.turn else msgspec.structs.replace(part, turn=turn)
