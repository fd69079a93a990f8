"""What the packs of a mailbox come to in one hash, and how two lists of them differ.  Pure functions.

A mailbox is a list of packs, numbered from 1 without a gap.  Its *chain* at a number stands for all packs up to it and
their order, as its *root* does (:mod:`workbench.record.merkle`, RFC 9162).  Digests, chains and roots are 32 bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import accumulate

import msgspec

from workbench.mailbox.log import GENESIS, next_chain
from workbench.record import Checkpoint, merkle

MAILBOX = "mailbox"


class Sort(StrEnum):
    """What became of a list of packs, as far as their digests tell."""

    CUT = "cut"
    """The last packs are not there."""
    MISSING = "missing"
    """Packs in the middle are not there, and those after them were numbered anew."""
    INSERTED = "inserted"
    """Packs stand in the middle that were not there."""
    REORDERED = "reordered"
    """Every pack is there, in another order."""
    REWRITTEN = "rewritten"
    """One pack holds something else; all others are as they were."""
    OTHER = "other"
    """From one pack on, the list is another one."""


class Differs(msgspec.Struct, frozen=True, kw_only=True):
    """How a list of packs is not the one that was noted: they agree up to the number ``common``, and no further.

    ``noted`` and ``there`` are how many packs each has.  ``also`` is a further number that is concerned: where the first
    of two that changed places lies now, or the last of those that are missing or were inserted; 0 for none.
    """

    sort: Sort
    common: int
    noted: int
    there: int
    also: int = 0

    @property
    def first(self) -> int:
        """The number of the first pack that is not the one that was noted."""
        return self.common + 1


def chains(digests: Iterable[bytes], chain: bytes = GENESIS) -> Iterator[bytes]:
    """The chain before the first pack, and after each of them."""
    return accumulate(digests, next_chain, initial=chain)


def common(mine: Sequence[bytes], theirs: Sequence[bytes]) -> int:
    """Up to which number two lists of packs are the same."""
    for place, (one, other) in enumerate(zip(mine, theirs, strict=False)):
        if one != other:
            return place
    return min(len(mine), len(theirs))


def compare(noted: Sequence[bytes], there: Sequence[bytes]) -> Differs | None:
    """How what is there does not continue what was noted; ``None`` where it does."""
    place = common(noted, there)
    if place == len(noted):
        return None
    old, new = noted[place:], there[place:]
    sort, also = _sort(old, new)
    return Differs(
        sort=sort, common=place, noted=len(noted), there=len(there), also=place + also if also else 0
    )


def _sort(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[Sort, int]:
    """What became of ``old``, which ends elsewhere or begins otherwise than ``new``; and a further place, from 1."""
    if not new:
        return Sort.CUT, 0
    for more in _places(new, old[0]):
        if _begins(new[more:], old):
            return Sort.INSERTED, more
    if not Counter(old) - Counter(new):
        return Sort.REORDERED, new.index(old[0]) + 1
    for gone in _places(old, new[0]):
        if _begins(new, old[gone:]):
            return Sort.MISSING, gone
    if len(new) >= len(old) and old[1:] == new[1 : len(old)]:
        return Sort.REWRITTEN, 0
    return Sort.OTHER, 0


def _places(digests: Sequence[bytes], wanted: bytes) -> Iterator[int]:
    return (place for place, digest in enumerate(digests) if digest == wanted)


def _begins(whole: Sequence[bytes], part: Sequence[bytes]) -> bool:
    return len(part) <= len(whole) and whole[: len(part)] == part


def origin_of(record: str, mailbox: str) -> str:
    """The name of a mailbox in its heads."""
    return f"workbench/{record}/{MAILBOX}/{mailbox}"


def checkpoint(record: str, mailbox: str, digests: Sequence[bytes]) -> Checkpoint:
    """The head over these packs: how many they are, and the root over their digests."""
    return Checkpoint(origin_of(record, mailbox), len(digests), merkle.root(digests).hex())


def mailbox_of(origin: str) -> tuple[str, str] | None:
    """Record and mailbox that a head is of; ``None`` for a head of a ledger."""
    parts = origin.split("/")
    return (parts[1], parts[3]) if len(parts) == 4 and parts[2] == MAILBOX else None
