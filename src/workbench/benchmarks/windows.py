"""The stretches of time that measurements stand for, and whether two of them share any."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from workbench.benchmarks.measurements import Measurement
from workbench.model.times import parse_duration


def window_of(measurement: Measurement) -> tuple[datetime, datetime]:
    """The stretch of time that a measurement stands for; a single moment where it names no window."""
    ends = measurement.measured_at
    try:
        return ends - _length(measurement.window), ends
    except (ValueError, OverflowError):
        return ends, ends


@lru_cache(maxsize=256)
def _length(window: str | None) -> timedelta:
    return parse_duration(window) if window else timedelta()


def overlap(one: Measurement, other: Measurement) -> bool:
    """Whether two measurements share a part of their windows, or their moment: they are no two observations.

    Windows that only touch share nothing.
    """
    (begins, ends), (other_begins, other_ends) = window_of(one), window_of(other)
    if begins == ends or other_begins == other_ends:
        return begins <= other_ends and other_begins <= ends
    return begins < other_ends and other_begins < ends
