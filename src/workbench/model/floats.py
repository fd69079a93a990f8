"""Many numbers as bytes: little-endian float64 without anything between them, on every machine."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence

MEDIA = "application/x-float64"  # of a blob that holds them; packing it would cost more than the statistics


def to_bytes(numbers: array[float]) -> bytes:
    """Eight bytes for each number."""
    return _turned(array("d", numbers)).tobytes() if sys.byteorder == "big" else numbers.tobytes()


def from_bytes(data: bytes) -> Sequence[float]:
    """The numbers again, where they lie; ``ValueError`` where the bytes are not whole numbers."""
    if len(data) % 8:
        raise ValueError(f"{len(data)} bytes are no whole numbers of 8")
    return _turned(array("d", data)) if sys.byteorder == "big" else memoryview(data).cast("d")


def _turned(numbers: array[float]) -> array[float]:
    numbers.byteswap()
    return numbers
