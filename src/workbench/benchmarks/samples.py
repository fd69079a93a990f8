"""The samples behind a measurement, as the record keeps them, and histograms where it has only those."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from math import isfinite

import msgspec

from workbench.benchmarks.measurements import Measurement
from workbench.model import floats
from workbench.model.errors import RecordError
from workbench.model.histograms import Histogram
from workbench.record import Record

_MANY = 10_000  # samples, from which on looking with numpy is worth its import


def samples(record: Record, measurement: Measurement) -> Sequence[float]:
    """The samples of a measurement in its unit, checked against their digest; none where it has none.

    Of a measurement that has only a course these are the finite values of that, oldest first.
    Raises ``RecordError`` where they are damaged.
    """
    if measurement.basis == "buckets":
        return ()
    if measurement.data is None:
        return _of_course(record, measurement)
    blob = record.blob(measurement.data)
    if blob is None or blob.purged or blob.absent:
        return ()
    return _numbers(blob.data)


def histogram(record: Record, measurement: Measurement) -> Histogram | None:
    """The histogram behind a measurement in its unit; ``None`` where it has none."""
    if measurement.basis != "buckets" or measurement.data is None:
        return None
    blob = record.blob(measurement.data)
    if blob is None or blob.purged or blob.absent:
        return None
    try:
        return msgspec.json.decode(blob.data, type=Histogram)
    except (msgspec.DecodeError, ValueError) as error:
        raise _damaged() from error


def _numbers(data: bytes) -> Sequence[float]:
    try:
        found = floats.from_bytes(data)
    except ValueError as error:
        raise _damaged() from error
    if not _finite(found):
        raise _damaged()
    return found


def _finite(numbers: Sequence[float]) -> bool:
    if len(numbers) < _MANY:
        return all(map(isfinite, numbers))
    import numpy

    return bool(numpy.isfinite(numpy.asarray(numbers)).all())


def _of_course(record: Record, measurement: Measurement) -> Sequence[float]:
    blob = record.blob(measurement.trend) if measurement.trend else None
    if blob is None:
        return ()
    whole = len(blob.data) // 16 * 16
    return tuple(value for _, value in struct.iter_unpack("<dd", blob.data[:whole]) if isfinite(value))


def _damaged() -> RecordError:
    return RecordError(
        "the record cannot be trusted: the samples of a measurement in it cannot be read",
        hint="run: workbench verify",
    )
