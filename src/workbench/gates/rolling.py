"""The roll-up of whose move it is: what waits behind another part, of the same fact or of another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from workbench.gates.model import Origin, Part, RequirementState, State, Told, Weight
from workbench.gates.turn import CANNOT_TELL, Move, Turn
from workbench.model.steps import Job

_Open = tuple[RequirementState, Part]


def turns(gates: Sequence[Told]) -> Mapping[str, Turn]:
    """The turn of each open part that is behind another one, by its key.

    A part that follows another (``Part.after``) is behind it; without a candidate all that needs
    one is behind the first that asks for it; a signature is behind what keeps its gate from being
    ready.  Behind what is itself behind another part, it is behind that one.
    """
    behind: dict[str, Turn] = {}
    roots = _Roots(gates)
    first = ""  # the first open part of the gates so far that is nobody's shadow
    for gate in gates:
        signing: list[Part] = []
        for requirement in gate.requirements:
            for part in requirement.parts:
                if part.state is not State.NOT_MET:
                    continue
                if part.weight is Weight.TO_SIGN or requirement.origin is Origin.EARLIER:
                    signing.append(part)
                elif turn := roots.behind(part):
                    behind.setdefault(part.key, turn)
                else:
                    first = first or part.key
        for part in signing if first else ():
            behind.setdefault(part.key, _behind(part, first))
        first = first or next((part.key for part in signing), "")
    return {key: _at_the_end(turn, behind) for key, turn in behind.items()}


def _at_the_end(turn: Turn, behind: Mapping[str, Turn]) -> Turn:
    """The same turn behind the part at the end of the chain."""
    seen = {turn.behind}
    while (further := behind.get(turn.behind)) is not None and further.behind not in seen:
        seen.add(further.behind)
        turn = msgspec.structs.replace(turn, behind=further.behind)
    return turn


class _Roots:
    """The parts that others may be behind."""

    def __init__(self, gates: Sequence[Told]) -> None:
        self._open = {
            part.key
            for gate in gates
            for requirement in gate.requirements
            if requirement.origin is not Origin.EARLIER
            for part in requirement.parts
            if part.state is State.NOT_MET
        }
        self._following: dict[str, str] = {}
        waiting = [
            part
            for gate in gates
            for part in gate.parts
            if part.state is State.NOT_MET and not part.after and _needs_candidate(part)
        ]
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
        if _needs_candidate(part) and self._candidate not in ("", part.key):
            return _behind(part, self._candidate)
        return None


def _behind(part: Part, root: str) -> Turn:
    """The turn of a part behind another one; who can do it then stays known."""
    return Turn(Move.BEHIND, who=part.turn.who if part.turn else (), behind=root)


def _needs_candidate(part: Part) -> bool:
    return part.step is not None and part.step.job is Job.PROPOSE_CANDIDATE


def rolled_up(
    requirements: tuple[RequirementState, ...], behind: Mapping[str, Turn]
) -> tuple[RequirementState, ...]:
    """The requirements with the turn of every open part; those in which nothing changes as they are."""
    return tuple(_rolled_up(item, behind) for item in requirements)


def _rolled_up(requirement: RequirementState, behind: Mapping[str, Turn]) -> RequirementState:
    if requirement.state is not State.NOT_MET:
        return requirement
    parts = tuple(_turned(part, behind) for part in requirement.parts)
    return msgspec.structs.replace(requirement, parts=parts)


def _turned(part: Part, behind: Mapping[str, Turn]) -> Part:
    if part.state is not State.NOT_MET:
        return part
    turn = behind.get(part.key) or part.turn or CANNOT_TELL
    return part if turn is part.turn else msgspec.structs.replace(part, turn=turn)
