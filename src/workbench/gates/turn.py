"""Whose move it is on an open part of a gate: derived from the evidence, never a constant of its kind."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Move(StrEnum):
    """GT-14: who or what brings an open part further."""

    YOURS = "yours"  # of whoever reads it
    ANOTHER = "another"  # of the people that are named
    CLOCK = "clock"  # it clears by itself
    BEHIND = "behind"  # another part has to clear first
    UNKNOWN = "unknown"  # nobody can tell


class Turn(msgspec.Struct, frozen=True, gc=False):
    """Whose move it is.

    ``who`` are the keys of the people who can act; where none is named, anybody ``but`` one can.
    ``until`` is when it clears by itself; ``behind`` the key of the part that has to clear first.
    """

    move: Move
    who: tuple[str, ...] = ()
    until: datetime | None = None
    behind: str = ""
    but: str = ""


# Shared, for thousands of benchmarks may say the same.
ANYBODY = Turn(Move.YOURS)
CANNOT_TELL = Turn(Move.UNKNOWN)


def of_people(who: tuple[str, ...]) -> Turn:
    """The turn of these people; of anybody where nobody is named."""
    return Turn(Move.ANOTHER, who) if who else ANYBODY


def as_read_by(turn: Turn, person: str) -> Move:
    """Whose move it is for one reader: what waits for them is theirs."""
    if turn.move is not Move.ANOTHER or not person:
        return turn.move
    theirs = person in turn.who or bool(turn.but and person != turn.but)
    return Move.YOURS if theirs else Move.ANOTHER
