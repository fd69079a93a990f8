"""What is here and what is there: a mailbox as this desk noted it, and as the server shows it now.

Pure functions of numbers and digests.  A chain stands for every pack up to it, so that two mailboxes
with the same chain at a number are the same up to there, and differ from the first number on where the
chains do.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping

import msgspec

from workbench.mailbox.log import GENESIS

ChainAt = Callable[[int], bytes | None]
"""The chain at a number from 1; ``None`` where it is not known."""


class Stands(enum.Enum):
    """How a mailbox stands to what this desk noted of it."""

    AS_NOTED = "as noted"
    SHORTER = "shorter"
    OTHER = "other"


class Place(msgspec.Struct, frozen=True):
    """How the mailbox stands, and up to which number both hold the same packs, with the chain there."""

    stands: Stands
    number: int
    chain: bytes


def place_in(noted: tuple[int, bytes], size: int, there: ChainAt, mine: ChainAt, known: int) -> Place:
    """Where this desk, which ``noted`` a number and its chain, goes on in a mailbox of ``size`` packs.

    ``there`` asks the server for its chain, ``mine`` what this desk saw of the first ``known`` packs, perhaps fewer or
    more than it noted.  The server is asked about log2(number) times where the mailbox is not as it was noted, and
    once where it is.  Where nothing is known of an earlier place, all of it is read again, which is harmless.
    """
    number, chain = noted
    if number == 0:
        return Place(Stands.AS_NOTED, 0, GENESIS)
    if size >= number and there(number) == chain:
        return Place(Stands.AS_NOTED, number, chain)
    compared = min(size, known, number)
    low, high = 0, compared
    while low < high:  # the last number whose chains are the same: all before it are the same, too
        middle = (low + high + 1) // 2
        if (one := mine(middle)) is not None and there(middle) == one:
            low = middle
        else:
            high = middle - 1
    both = mine(low) if low else GENESIS
    shorter = size < number and low == compared
    return Place(Stands.SHORTER if shorter else Stands.OTHER, low, both or GENESIS)


class Run(msgspec.Struct, frozen=True, order=True):
    """Entries of one desk that the server lacks: ``first`` to ``last`` of that desk."""

    writer: str
    first: int
    last: int


def to_send(
    held: Mapping[str, int],
    there: Mapping[str, int],
    own: str,
    owned: Mapping[str, str],
    role: str,
    *,
    carries: bool = False,
) -> tuple[Run, ...]:
    """What this desk sends: its own entries, and those of desks that nobody else on the server owns.

    ``held`` is how far each desk's entries are here, ``there`` how far on the server, ``owned`` which role
    owns a desk there.  ``carries`` sends also for desks of others, as keepers do who fill what a server lost.
    Those of other desks come first: own entries may be made from them.
    """
    runs = []
    for writer in sorted(held, key=lambda desk: (desk == own, desk)):
        mine = writer == own or owned.get(writer, role) == role
        if (mine or carries) and held[writer] > there.get(writer, 0):
            runs.append(Run(writer, there.get(writer, 0) + 1, held[writer]))
    return tuple(runs)
