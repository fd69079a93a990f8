"""The Merkle tree over a ledger's entries: one hash that stands for all, and short proofs about it.

RFC 9162, section 2.1 (SHA-256).  The data of a leaf is the 32-byte digest of an entry, in the order of
one desk's ledger.  A proof is a list of 32-byte nodes, as long as the tree is high: 17 for 100,000 entries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import reduce

_LEAF, _NODE = b"\x00", b"\x01"
EMPTY = hashlib.sha256(b"").digest()


def leaf(digest: bytes) -> bytes:
    """The node of one entry, from its digest."""
    return hashlib.sha256(_LEAF + digest).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The node above two others."""
    return hashlib.sha256(_NODE + left + right).digest()


def root(digests: Sequence[bytes]) -> bytes:
    """The root of the tree over these entries; that of an empty tree is the hash of nothing."""
    return _root([leaf(digest) for digest in digests])


def roots(digests: Sequence[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """The roots of the trees over the first so many entries, in one pass; larger sizes than there are stay out."""
    wanted = set(sizes)
    found: dict[int, bytes] = {0: EMPTY} if 0 in wanted else {}
    whole: list[bytes] = []  # roots of whole trees, of falling sizes: one for each bit of the count
    for count, digest in enumerate(digests, 1):
        top, rest = leaf(digest), count
        while not rest & 1:
            top, rest = node(whole.pop(), top), rest >> 1
        whole.append(top)
        if count in wanted:
            found[count] = reduce(lambda right, left: node(left, right), reversed(whole))
    return found


class Roots:
    """The roots over the first so many of these entries, each found in a few steps once the tree has been built."""

    def __init__(self, digests: Sequence[bytes]) -> None:
        self._levels = [
            [leaf(digest) for digest in digests]
        ]  # whole trees of 1, 2, 4 … entries, in their order
        while len(below := self._levels[-1]) > 1:
            pairs = range(0, len(below) - 1, 2)
            self._levels.append([node(below[place], below[place + 1]) for place in pairs])

    def at(self, size: int) -> bytes:
        """The root over the first ``size`` entries, of which there must be as many."""
        whole, place = list[bytes](), 0
        for height in reversed(range(size.bit_length())):
            if size >> height & 1:
                whole.append(self._levels[height][place >> height])
                place += 1 << height
        return reduce(lambda right, left: node(left, right), reversed(whole)) if whole else EMPTY


def inclusion(digests: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that the entry at ``index`` (from 0) is in the tree over ``digests`` (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < len(digests):
        raise IndexError(f"no entry {index} among {len(digests)}")
    path = []
    level, place = [leaf(digest) for digest in digests], index
    while len(level) > 1:
        if (sibling := place ^ 1) < len(level):
            path.append(level[sibling])
        level, place = _above(level), place // 2
    return path


def consistency(digests: Sequence[bytes], size: int) -> list[bytes]:
    """The proof that the tree over ``digests`` continues the one over the first ``size`` of them (RFC 9162, 2.1.4.1)."""
    if not 0 < size <= len(digests):
        raise IndexError(f"no tree of {size} entries among {len(digests)}")
    return _subproof(size, [leaf(digest) for digest in digests], whole=True)


def root_from_inclusion(digest: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a proof of inclusion leads to; ``None`` where it has the wrong length (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf(digest)
    for other in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node(other, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, other)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def continues(old_size: int, old_root: bytes, size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a proof shows that the larger tree begins with the smaller one (RFC 9162, 2.1.4.2)."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not path and old_root == new_root
    nodes = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if len(nodes) < 2 and not path:
        return False
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = nodes[0]
    for other in nodes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node(other, old), node(other, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node(new, other)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _above(level: list[bytes]) -> list[bytes]:
    """The level above: pairs are joined, one that is left over goes up as it is."""
    pairs = [node(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) & 1 else pairs


def _root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return EMPTY
    while len(leaves) > 1:
        leaves = _above(leaves)
    return leaves[0]


def _subproof(size: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    """``SUBPROOF`` of RFC 9162; ``whole`` says that the smaller tree's root is known to who checks."""
    if size == len(leaves):
        return [] if whole else [_root(leaves)]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)  # the largest power of two below the number of leaves
    if size <= half:
        return [*_subproof(size, leaves[:half], whole=whole), _root(leaves[half:])]
    return [*_subproof(size - half, leaves[half:], whole=False), _root(leaves[:half])]
