"""One proof for all entries of a bundle: that each stands in the ledger at its place.

Beside the entries' places it holds the nodes of the Merkle tree (RFC 9162, section 2.1.1) that cover what is not in the
bundle, each as high as can be, from left to right.  With them the root is worked out; an entry that was changed gives another.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from workbench.model.canonical import encode
from workbench.record import merkle

SCHEMA = "workbench.cover.1"
_HEIGHT = 64  # of the highest tree


class Cover(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``size`` of the ledger, the ``places`` of the entries from 0 in their order, and the nodes beside them in base64."""

    schema: str = SCHEMA
    size: int
    places: tuple[int, ...]
    nodes: tuple[str, ...]

    @property
    def written(self) -> bytes:
        return encode(self) + b"\n"


def cover(leaves: Sequence[bytes], places: Sequence[int]) -> Cover:
    """The proof that the entries at these places, in rising order, are among ``leaves``."""
    nodes = (base64.b64encode(node).decode() for node in _beside(leaves, places, 0, len(leaves)))
    return Cover(size=len(leaves), places=tuple(places), nodes=tuple(nodes))


def _beside(leaves: Sequence[bytes], places: Sequence[int], low: int, high: int) -> Iterator[bytes]:
    if not places:
        yield merkle.root(leaves[low:high])
    elif high - low > 1:
        middle = low + _split(high - low)
        yield from _beside(leaves, [place for place in places if place < middle], low, middle)
        yield from _beside(leaves, [place for place in places if place >= middle], middle, high)


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


def read_cover(data: bytes) -> Cover:
    """A cover as it is written; ``ValueError`` where it is none."""
    found = msgspec.json.decode(data, type=Cover)
    if found.schema != SCHEMA:
        raise ValueError(f"no {SCHEMA}")
    return found


def root_of(found: Cover, digests: Sequence[bytes]) -> bytes:
    """The root of the ledger that a cover and the entries' digests make; ``ValueError`` where they do not fit."""
    places = found.places
    if len(places) != len(digests) or not places:
        raise ValueError("it is of another number of entries")
    if any(one >= other for one, other in pairwise(places)):
        raise ValueError("its places are not in order")
    if places[0] < 0 or not places[-1] < found.size < 2**_HEIGHT:
        raise ValueError("its places are not in the ledger")
    nodes = iter([base64.b64decode(node, validate=True) for node in found.nodes])
    try:
        root = _root(nodes, list(zip(places, digests, strict=True)), 0, found.size)
    except StopIteration:
        raise ValueError("it has too few nodes") from None
    if next(nodes, None) is not None:
        raise ValueError("it has too many nodes")
    return root


def _root(nodes: Iterator[bytes], entries: Sequence[tuple[int, bytes]], low: int, high: int) -> bytes:
    if not entries:
        node = next(nodes)
        if len(node) != 32:
            raise ValueError("a node of it is not 32 bytes")
        return node
    if high - low == 1:
        return merkle.leaf(entries[0][1])
    middle = low + _split(high - low)
    left = _root(nodes, [one for one in entries if one[0] < middle], low, middle)
    return merkle.node(left, _root(nodes, [one for one in entries if one[0] >= middle], middle, high))
