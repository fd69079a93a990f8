"""The earlier values that a control chart is drawn from: one for each window of its own, in the benchmark's unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from itertools import pairwise

import msgspec

from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.windows import window_of
from workbench.criteria import Earlier
from workbench.model.text import number_of
from workbench.model.times import age_text, in_zone

_LONG = 5  # times the usual distance between two points: what is longer is told
_SHORTEST = timedelta(days=2)  # no gap is told that is shorter


class Observed(msgspec.Struct, frozen=True):
    """The values that were measured before, the oldest first, and what has to be known of them."""

    points: tuple[Earlier, ...] = ()
    remarks: tuple[str, ...] = ()


def observed(
    newest_first: Iterable[Measurement],
    usable: Callable[[Measurement], bool],
    number: Callable[[Measurement], Decimal | None],
    zone: tzinfo = UTC,
) -> Observed:
    """One point for each window that shares no time with the one before it.

    Of two at the same moment the one recorded last counts.  ``usable`` says whether a measurement may count at
    all, and ``number`` gives it in the benchmark's unit, ``None`` where its own is of another kind.  Moments are told in ``zone``.
    """
    points: list[Earlier] = []
    other_unit = 0
    ends: datetime | None = None
    # What was recorded of the same moment stays in its order: the last one first.
    for item in sorted(newest_first, key=_moment):
        if not usable(item):
            continue
        value = number(item)
        if value is None:
            other_unit += 1
            continue
        begins, until = window_of(item)
        if ends is not None and (begins < ends or until <= ends):
            continue
        points.append(Earlier(in_zone(item.measured_at, zone), value, item.samples))
        ends = until
    remarks = [f"{number_of(other_unit, 'earlier value')} in another unit left out"] if other_unit else []
    return Observed(tuple(points), (*remarks, *_gap([point.at for point in points if point.at])))


def _moment(item: Measurement) -> datetime:
    return item.measured_at


def _gap(moments: list[datetime]) -> Iterable[str]:
    """That nothing was measured for much longer than usual: limits from before it may be of another time."""
    steps = sorted(later - earlier for earlier, later in pairwise(moments))
    if len(steps) > 3 and (longest := steps[-1]) > max(_LONG * steps[len(steps) // 2], _SHORTEST):
        yield f"nothing was measured for {age_text(longest)} between two of its points"
