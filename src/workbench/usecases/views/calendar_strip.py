"""The days of a calendar in one row of marks, with the earliest ready time and planned releases below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from workbench.model.dates import day_of
from workbench.model.times import date_text
from workbench.model.width import cells, crop
from workbench.usecases.views.calendar import Calendar, Day, Readiness
from workbench.usecases.views.marks import Mark

_BAD_FIRST = (Readiness.NOT_READY, Readiness.TO_DO, Readiness.READY, Readiness.UNKNOWN)
_SIGNS = {
    Readiness.NOT_READY: Mark.BLOCKS.symbol,
    Readiness.TO_DO: Mark.OPEN.symbol,
    Readiness.READY: Mark.DONE.symbol,
    Readiness.UNKNOWN: "·",
}
KEY = f"{Mark.BLOCKS.symbol} not ready  {Mark.OPEN.symbol} waits for people  {Mark.DONE.symbol} ready but for signatures"
_POINTER = "↑"


def strip(calendar: Calendar, width: int) -> list[str]:
    """Lines no wider than ``width`` cells: dates, a mark for each day, and what is pointed at.

    Where there are more days than cells, several share one: the worst of them is shown.  Nothing where no
    day can be told.
    """
    if all(day.readiness is Readiness.UNKNOWN for day in calendar.days) or width < 10:
        return []
    share = -(-len(calendar.days) // width)
    parts = [calendar.days[at : at + share] for at in range(0, len(calendar.days), share)]
    step = 2 if len(parts) * 2 <= width else 1
    marks = "".join(_sign(part).ljust(step) for part in parts).rstrip()
    return [_dates(parts, step, width), marks, *_pointers(calendar, parts, step, width)]


def _sign(days: Sequence[Day]) -> str:
    found = {day.readiness for day in days}
    return _SIGNS[next(one for one in _BAD_FIRST if one in found)]


def _dates(parts: Sequence[Sequence[Day]], step: int, width: int) -> str:
    """The first day, each Monday and the first of each month, as far as there is room."""
    line = ""
    for place, days in enumerate(parts):
        label = next((told for day in days if (told := _label(day.date, first=place == 0))), "")
        room = place * step - cells(line)
        if label and (not line or room >= 1) and place * step + cells(label) <= width:
            line += " " * room + label
    return line


def _label(day: date, *, first: bool) -> str:
    if first or day.day == 1:
        return date_text(day)
    return str(day.day) if day.weekday() == 0 else ""


def _pointers(calendar: Calendar, parts: Sequence[Sequence[Day]], step: int, width: int) -> Iterator[str]:
    told: list[tuple[date, str]] = []
    if calendar.ready_at.at is not None:
        told.append((day_of(calendar.ready_at.at, calendar.zone), "ready at the earliest"))
    told += [(day_of(one.at, calendar.zone), f"{one.version} planned") for one in calendar.planned]
    for day, words in sorted(told):
        place = next((at for at, days in enumerate(parts) if days[0].date <= day <= days[-1].date), None)
        if place is not None:
            left = place * step
            beside = f"{_POINTER} {words}"
            before = f"{words} {_POINTER}"
            if left + cells(beside) <= width or left + 1 < cells(before):
                yield crop(" " * left + beside, width)
            else:
                yield " " * (left + 1 - cells(before)) + before
