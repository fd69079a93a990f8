"""Round steps for axes: 1, 2 or 5 of a number, and times as a clock and a calendar have them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from math import ceil, floor, isfinite, log10

import msgspec

from workbench.model.times import day_text, in_zone

_ROUND = (1, 2, 5)
_SAME = 1e-12  # of the larger of two numbers: closer ones are one
_PLAIN = 1e7  # larger numbers are written with an exponent
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_WITHIN_A_DAY = tuple(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)) + tuple(n * _HOUR for n in (1, 2, 3, 6, 12))
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400)
_MONTH = 30 * _DAY
_SHORTEST = 1e-9
_FAR = 1e6  # rows


class Levels(msgspec.Struct, frozen=True):
    """What the rows of a chart stand for: the lowest for ``low``, each further one for ``each`` more.

    Every row whose number is a multiple of ``step`` bears it.
    """

    rows: int
    low: float
    each: float
    step: float

    def place(self, value: float) -> float:
        """How many rows above the lowest a value lies; what is far out of the picture has an end, too."""
        return max(-_FAR, min(_FAR, (value - self.low) / self.each))

    def row(self, value: float) -> int:
        """The nearest row, counted from the lowest."""
        return min(self.rows - 1, max(0, round(self.place(value))))

    def labels(self) -> dict[int, str]:
        """The numbers at the side, by row."""
        found = {}
        for row in range(self.rows):
            count = (self.low + row * self.each) / self.step
            if abs(count - round(count)) < 1e-6:
                found[row] = _number(round(count) * self.step, self.step)
        return found


def levels(low: float, high: float, rows: int) -> Levels:
    """The closest round levels that hold ``low`` to ``high`` in so many rows."""
    if not high - low > _SAME * max(abs(low), abs(high)):  # floats have no levels between the two
        margin = abs(low) / 10 or 1.0
        low, high = low - margin, high + margin
    span = (high - low) / max(1, rows - 1)
    exponent = floor(log10(span)) if isfinite(span) and span > 0 else 0
    parts = range(1 if rows < 7 else 2, min(5, max(1, (rows + 1) // 3)) + 1)
    fitting = []
    for step in sorted({m * 10.0**e for e in range(exponent, exponent + 3) for m in _ROUND}):
        for count in parts:
            each = step / count
            start = floor(low / each + 1e-9)
            if (start + rows - 1) * each >= high - each * 1e-9:
                fitting.append(Levels(rows, start * each, each, step))
    return min(fitting, key=lambda each: (each.each, -each.step))


class LogLevels(msgspec.Struct, frozen=True):
    """The rows of a chart on a logarithmic scale: the lowest for ``10**low``, each further one for ``each`` more.

    Only positive numbers have a place; what is not positive stands in the lowest row.
    """

    rows: int
    low: float
    each: float

    def place(self, value: float) -> float:
        """How many rows above the lowest a value lies."""
        return (log10(value) - self.low) / self.each if value > 0 else 0.0

    def row(self, value: float) -> int:
        """The nearest row, counted from the lowest."""
        return min(self.rows - 1, max(0, round(self.place(value))))

    def labels(self) -> dict[int, str]:
        """The numbers at the side, by row: 1, 2 and 5 of a power of ten, as many as can be read."""
        found: dict[int, str] = {}
        first, last = floor(self.low), ceil(self.low + self.rows * self.each)
        for parts in ((1,), (5,), (2,)):  # the powers of ten come first, then what has room between them
            for exponent in range(first, last + 1):
                for part in parts:
                    row = round((exponent + log10(part) - self.low) / self.each)
                    near = any(row + by in found for by in (-1, 0, 1))
                    if 0 <= row < self.rows and not near:
                        found[row] = _number(part * 10.0**exponent, 10.0**exponent)
        if len(found) < 2:  # the range is less than from 1 to 2: the rows say what they stand for
            found = {row: _digits(10 ** (self.low + row * self.each)) for row in range(0, self.rows, 3)}
        return found


def log_levels(low: float, high: float, rows: int) -> LogLevels:
    """The closest levels that hold positive ``low`` to ``high`` in so many rows, on a logarithmic scale."""
    bottom, top = log10(low), log10(high)
    margin = (top - bottom) * 0.04 or 0.1
    bottom, top = bottom - margin, top + margin
    return LogLevels(rows, bottom, (top - bottom) / max(1, rows - 1))


def _digits(value: float) -> str:
    return _number(value, 10.0 ** (floor(log10(value)) - 1))


def _number(value: float, step: float) -> str:
    if abs(value) >= _PLAIN or step < 1e-6:
        return f"{value:.3g}"
    places = max(0, -floor(log10(step) + 1e-9))
    return f"{value:,.{places}f}" if abs(value) >= 10_000 else f"{value:.{places}f}"


Tick = tuple[float, str]


def time_ticks(first: float, last: float, most: int, zone: tzinfo = UTC) -> list[Tick]:
    """At most ``most`` round times between two, in Unix seconds, each with its words.

    A day is named where it begins, and at the first time of all.
    """
    if not last - first > _SHORTEST or most < 1:
        return []
    for seconds in _WITHIN_A_DAY:
        if (last - first) / seconds < most:
            return _named(_every(first, last, timedelta(seconds=seconds), zone), zone)
    for days in _DAYS:
        if (last - first) / (days * _DAY) < most:
            return [(at, day_text(_local(at, zone), zone)) for at in _days(first, last, days, zone)]
    months = next((n for n in _MONTHS if (last - first) / (n * _MONTH) < most), _MONTHS[-1])
    return _months(first, last, months, zone)


def _local(at: float, zone: tzinfo) -> datetime:
    return in_zone(datetime.fromtimestamp(at, UTC), zone)


def _midnight(at: float, zone: tzinfo) -> datetime:
    return _local(at, zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _every(first: float, last: float, step: timedelta, zone: tzinfo) -> Iterator[float]:
    """Times of the clock, from midnight on: in a zone a day of another length keeps its hours."""
    moment = _midnight(first, zone)
    while (at := moment.timestamp()) <= last:
        if at >= first:
            yield at
        moment += step


def _days(first: float, last: float, days: int, zone: tzinfo) -> Iterator[float]:
    moment = _midnight(first, zone)
    moment -= timedelta(days=moment.toordinal() % days)
    while (at := moment.timestamp()) <= last:
        if at >= first:
            yield at
        moment += timedelta(days=days)


def _named(times: Iterator[float], zone: tzinfo) -> list[Tick]:
    found: list[Tick] = []
    for at in times:
        local = _local(at, zone)
        clock = f"{local:%H:%M}"
        if local.hour == local.minute == 0:
            clock = day_text(local, zone)
        elif not found:
            clock = f"{day_text(local, zone)} {clock}"
        found.append((at, clock))
    return found


def _months(first: float, last: float, months: int, zone: tzinfo) -> list[Tick]:
    begin = _midnight(first, zone).replace(day=1)
    count = ceil((begin.year * 12 + begin.month - 1) / months) * months
    found: list[Tick] = []
    while True:
        year, month = divmod(count, 12)
        moment = begin.replace(year=year, month=month + 1)
        at = moment.timestamp()
        if at > last:
            return found
        if at >= first:
            words = day_text(moment, zone).split()[1]
            found.append((at, f"{words} {year}" if not found or month == 0 else words))
        count += months
