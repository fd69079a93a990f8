"""Metrics as protocol buffers, the only exposition that carries native histograms.

The messages and their numbers are those of ``io.prometheus.client`` (metrics.proto), each with its length before it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

MEDIA = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
_HISTOGRAM = 4  # of the types of metrics


def native_histogram(name: str, schema: int, counts: dict[int, int], total: float, **labels: str) -> bytes:
    """One family with one native histogram.

    ``counts`` are observations by bucket: bucket ``i`` of schema ``n`` ends at 2 ** (i / 2 ** n).  ``total``
    is the sum of all observations.
    """
    places = sorted(counts)
    spans, deltas, before, last = b"", b"", 0, None
    for place in places:
        offset = place if last is None else place - last - 1
        spans += _message(12, _number(1, _zigzag(offset)) + _number(2, 1))
        deltas += _number(13, _zigzag(counts[place] - before))
        before, last = counts[place], place
    histogram = (
        _number(1, sum(counts.values()))
        + _double(2, total)
        + _number(5, _zigzag(schema))
        + _double(6, 0.001)
        + _number(7, 0)
        + spans
        + deltas
    )
    metric = b"".join(_message(1, _text(1, key) + _text(2, value)) for key, value in labels.items())
    family = (
        _text(1, name)
        + _text(2, "help")
        + _number(3, _HISTOGRAM)
        + _message(4, metric + _message(7, histogram))
    )
    return _varint(len(family)) + family


def together(families: Iterable[bytes]) -> bytes:
    """Several families, as one scrape answers."""
    return b"".join(families)


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def _zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def _number(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _double(field: int, number: float) -> bytes:
    return _varint(field << 3 | 1) + struct.pack("<d", number)


def _message(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _text(field: int, text: str) -> bytes:
    return _message(field, text.encode())
