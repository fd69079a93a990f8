"""Many numbers as bytes: little-endian float64 without anything between them, on every machine."""

from __future__ import annotations

import sys
from array import array

MEDIA = "application/x-float64"  # of a blob that holds them; kept without compressing, which would cost more than reading


def to_bytes(numbers: array[float]) -> bytes:
    """Eight bytes for each number."""
    return _turned(array("d", numbers)).tobytes() if sys.byteorder == "big" else numbers.tobytes()


def from_bytes(data: bytes) -> array[float]:
    """The numbers again; ``ValueError`` where the bytes are not whole numbers."""
    return _turned(array("d", data))


def _turned(numbers: array[float]) -> array[float]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
