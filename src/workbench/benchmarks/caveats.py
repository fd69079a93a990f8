"""What speaks against a baseline: it is used, and marked; a project, or a gate, may refuse it.

A baseline says what is usual only as far as it was taken under the same conditions: about the same time,
the same hours, the same load, and with the parity map as it is now.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import TypeAlias

import msgspec

from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.windows import overlap, window_of
from workbench.definitions.shapes import BaselineMark
from workbench.model.quantity import from_float, show
from workbench.model.times import age_text, day_text, in_zone

MOST_HOURS = timedelta(hours=3)  # further apart by the clock are other hours
LOAD = 2  # times the load, or half of it
_COUNTED = ("", "buckets")
_DAY = timedelta(days=1)
_WHOLE = timedelta(hours=18)  # a window that is longer is of all hours

Mark: TypeAlias = BaselineMark


class Caveat(msgspec.Struct, frozen=True):
    """One thing that speaks against a baseline, and the same in words."""

    mark: Mark
    words: str


def caveats(
    value: Measurement | None,
    baseline: Measurement,
    *,
    now: datetime,
    zone: tzinfo,
    max_age: timedelta | None,
    of_many: bool,
) -> Iterator[Caveat]:
    """What speaks against a baseline beside a value.

    ``max_age`` is how old it may be, ``None`` where that does not count; ``of_many`` says that it was made of
    several measurements, whose hours and load say nothing.
    """
    age = now - baseline.measured_at
    if max_age is not None and age > max_age:
        yield Caveat("old", f"baseline is {age_text(age)} old")
    if baseline.facts.get("first_week"):
        yield Caveat("first_week", _first_week(baseline, zone))
    if value is None or of_many:
        return
    if value.environment == baseline.environment and value.ref != baseline.ref and overlap(value, baseline):
        yield Caveat(
            "overlapping", "baseline is of the same environment, and its window overlaps the value's"
        )
    if other := _hours(value, baseline, zone):
        yield Caveat("other_hours", other)
    if load := _load(value, baseline):
        yield Caveat("other_load", load)


def _first_week(baseline: Measurement, zone: tzinfo) -> str:
    count, begins = baseline.facts["first_week"], datetime.fromisoformat(baseline.facts["begins"])
    days = f"{day_text(begins, zone)} to {day_text(begins + 7 * _DAY, zone)}"
    return f"baseline is the middle of {count} values of the first week, {days}"


def _hours(value: Measurement, baseline: Measurement, zone: tzinfo) -> str:
    """That both were measured at other times of the day; "" where their windows are long, or near by the clock."""
    if value.measured_at == baseline.measured_at and value.window == baseline.window:
        return ""
    windows = [window_of(one) for one in (value, baseline)]
    if any(ends - begins > _WHOLE for begins, ends in windows):
        return ""
    middles = [begins + (ends - begins) / 2 for begins, ends in windows]
    apart = abs(_time(middles[0], zone) - _time(middles[1], zone))
    if min(apart, _DAY - apart) <= MOST_HOURS:
        return ""
    own, other = (_clock(*window, zone) for window in windows)
    return f"baseline is of other hours: {other}, the value of {own}"


def _time(moment: datetime, zone: tzinfo) -> timedelta:
    local = in_zone(moment, zone)
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)


def _clock(begins: datetime, ends: datetime, zone: tzinfo) -> str:
    first, last = (in_zone(moment, zone).strftime("%H:%M") for moment in (begins, ends))
    return first if begins == ends else f"{first}–{last}"


def _load(value: Measurement, baseline: Measurement) -> str:
    """That one of them was measured under at least twice the load of the other."""
    own, other = _per_second(value), _per_second(baseline)
    if not own or not other or max(own, other) < LOAD * min(own, other):
        return ""
    (times,) = show(from_float(max(own, other) / min(own, other)), digits=2)
    more = "baseline" if other > own else "value"
    return f"the {more} was measured under {times} times the load of the {'value' if more == 'baseline' else 'baseline'}"


def _per_second(measurement: Measurement) -> float | None:
    """How many requests there were in a second, where a source counted them: samples of other kinds are no load."""
    if not measurement.samples or measurement.basis not in _COUNTED:
        return None
    begins, ends = window_of(measurement)
    seconds = (ends - begins).total_seconds()
    return measurement.samples / seconds if seconds else None
