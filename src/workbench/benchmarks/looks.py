"""Looking often: how many times a build was measured, and how long it has to pass.

Who looks again until a value happens to pass learns nothing: with a noise of 10 % a build that is 10 % over
its limit passes within five looks 63 times in 100.  So after a fail a pass needs two fresh
windows in a row, and the fails are told.  A benchmark may ask for more: ``steady: 3``, ``steady: 30min``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

import msgspec

from workbench.benchmarks.measurements import MOST_LOOKS, Measurement
from workbench.benchmarks.windows import overlap, window_of
from workbench.criteria import Verdict
from workbench.model.quantity import find_unit, show, with_unit
from workbench.model.times import age_text, clock_text, duration_text, parse_duration

AFTER_A_FAIL = 2  # fresh windows that have to pass in a row once one has failed
_THROUGH = frozenset({Verdict.PASS, Verdict.WARN})


class Steady(msgspec.Struct, frozen=True):
    """How long a benchmark has to pass: so many windows in a row, or for a length of time.

    ``said`` says that its file asks for just that, also after a fail.
    """

    windows: int = 1
    span: timedelta | None = None
    said: bool = False

    def __str__(self) -> str:
        return duration_text(self.span) if self.span is not None else str(self.windows)


AT_ONCE = Steady()


def steady_of(said: int | str | None) -> Steady:
    """What a file says of it: ``2``, ``30min``, or nothing."""
    if said is None:
        return AT_ONCE
    return Steady(said, said=True) if isinstance(said, int) else Steady(span=parse_duration(said), said=True)


class Look(msgspec.Struct, frozen=True):
    """One value that was measured for a candidate, and its verdict at that time."""

    measurement: Measurement
    verdict: Verdict


class Looks(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The looks at one candidate.

    ``count`` counts those that were judged, the newest 20 at most, and ``failed`` are those that failed, the oldest first.
    ``windows`` is in how many windows of their own it passed since, and ``since`` the begin of the first
    of them; ``until`` is the end of the last one, ``gap`` the longest time without any between them.
    ``fresh_from`` is from when on a window shares no time with those that were looked at.
    """

    count: int = 0
    failed: tuple[Measurement, ...] = ()
    windows: int = 0
    since: datetime | None = None
    until: datetime | None = None
    gap: timedelta = timedelta()
    fresh_from: datetime | None = None

    def lacking(self, steady: Steady, *, noisy: bool, now: datetime, zone: tzinfo) -> str:
        """What a pass still lacks, in words; "" where it counts.

        ``noisy`` says that a value is one of a stretch of time, so that another window may pass by chance.
        """
        asked = AFTER_A_FAIL if self.failed and noisy and not steady.said else steady.windows
        if asked == 1 and steady.span is None:
            return ""
        if self.windows < asked:
            after = ", as needed after a fail" if steady.windows < asked else ""
            return (
                f"{self.windows} of {asked} fresh windows in a row have passed{after}{self._next(now, zone)}"
            )
        if steady.span is None or self.since is None or self.until is None:
            return ""
        held, span = self.until - self.since, duration_text(steady.span)
        if not held:
            return f"one window alone has passed, and it has to for {span}"
        if held < steady.span:
            return f"it has passed for {age_text(held)}, and has to for {span}"
        if self.gap > steady.span / 2:
            return f"it has to pass for {span}, and for {age_text(self.gap)} of them nothing was measured"
        return ""

    def _next(self, now: datetime, zone: tzinfo) -> str:
        """From when on it is of use to measure again, where that is not now."""
        if self.fresh_from is None or self.fresh_from <= now:
            return ""
        return f" (the next from {clock_text(self.fresh_from, now, zone)} on)"

    def told(self, value: Measurement, now: datetime, zone: tzinfo) -> str:
        """The looks before a value that failed, in words: ``failed on this build yesterday 18:20 (0.69 s); look 3``."""
        before = [one for one in self.failed if one.ref != value.ref]
        if not before:
            return ""
        last = before[-1]
        times = f", {len(before)} times in all" if len(before) > 1 else ""
        when = clock_text(last.measured_at, now, zone)
        return f"failed on this build {when} ({_value(last)}){times}; look {self.count}{' or more' if self.count >= MOST_LOOKS else ''}"


NEVER = Looks()


def looked(looks: Sequence[Look]) -> Looks:
    """What the looks at a candidate come to; the one that counts is the last."""
    if len(looks) == 1:
        return _looked_once(looks[0])
    judged = [each for each in looks if each.verdict.known]
    failed = tuple(each.measurement for each in judged if each.verdict is Verdict.FAIL)
    passing: list[Measurement] = []
    for each in reversed(judged):
        if each.verdict not in _THROUGH:
            break
        passing.append(each.measurement)
    fresh = [one for one in passing if not failed or not overlap(one, failed[-1])]
    counted = _apart(fresh)
    last = counted[0] if counted else failed[-1] if failed else None
    again = _fresh_after(last, looks[-1].measurement) if last is not None else None
    if not fresh:
        return Looks(count=len(judged), failed=failed, fresh_from=again)
    since, until, gap = _stretch(fresh)
    return Looks(
        count=len(judged), failed=failed, windows=len(counted), since=since, until=until, gap=gap, fresh_from=again
    )  # fmt: skip


def _looked_once(look: Look) -> Looks:
    """The same of one look alone, as most benchmarks have it."""
    if not look.verdict.known:
        return NEVER
    measurement = look.measurement
    again = _fresh_after(measurement, measurement)
    if look.verdict is Verdict.FAIL:
        return Looks(count=1, failed=(measurement,), fresh_from=again)
    ends = measurement.measured_at
    return Looks(count=1, windows=1, since=ends, until=ends, fresh_from=again)


def _fresh_after(last: Measurement, like: Measurement) -> datetime:
    """When a window as long as that of ``like`` shares no time with that of ``last`` any more."""
    begins, ends = window_of(like)
    return last.measured_at + (ends - begins)


def _apart(newest_first: Iterable[Measurement]) -> list[Measurement]:
    """Those of them that share no time with one another."""
    kept: list[Measurement] = []
    for one in newest_first:
        if not any(overlap(one, other) for other in kept):
            kept.append(one)
    return kept


def _stretch(found: Sequence[Measurement]) -> tuple[datetime, datetime, timedelta]:
    """From when to when they were measured, and the longest time between two of them without any.

    One measurement alone holds for no time: its window is an average, in which a bad minute drowns.
    """
    windows = sorted(window_of(one) for one in found)
    if len(windows) == 1:
        return windows[0][1], windows[0][1], timedelta()
    ends, gap = windows[0][1], timedelta()
    for begins, until in windows[1:]:
        gap = max(gap, begins - ends)
        ends = max(ends, until)
    return windows[0][0], ends, gap


def _value(measurement: Measurement) -> str:
    (number,) = show(measurement.value if measurement.value is not None else Decimal(0))
    return with_unit(number, find_unit(measurement.unit))
