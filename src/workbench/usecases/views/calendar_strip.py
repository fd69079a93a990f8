"""The days of a calendar in one row of marks, with the earliest ready time and planned releases below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from workbench.model.dates import day_of
from workbench.model.times import date_text
from workbench.model.width import cells, crop
from workbench.usecases.views.calendar import Calendar, Day, Readiness
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.pieces import Line, Piece, Role, crop_line

_BAD_FIRST = (Readiness.NOT_READY, Readiness.TO_DO, Readiness.READY, Readiness.UNKNOWN)
_SIGNS = {
    Readiness.NOT_READY: (Mark.BLOCKS.symbol, Role.ERROR),
    Readiness.TO_DO: (Mark.OPEN.symbol, Role.TEXT),
    Readiness.READY: (Mark.DONE.symbol, Role.SUCCESS),
    Readiness.UNKNOWN: ("·", Role.MUTED),
}
_POINTER = "↑"
_LEAST = 10  # cells, under which nothing is drawn


def strip(calendar: Calendar, width: int, *, key: bool = True) -> list[Line]:
    """Lines no wider than ``width`` cells: dates, a mark for each day, what is pointed at, and the ``key`` to the marks.

    Where there are more days than cells, several share one: the worst of them is shown.  Nothing where no
    day can be told.
    """
    if all(day.readiness is Readiness.UNKNOWN for day in calendar.days) or width < _LEAST:
        return []
    share = -(-len(calendar.days) // width)
    parts = [calendar.days[at : at + share] for at in range(0, len(calendar.days), share)]
    step = 2 if len(parts) * 2 <= width else 1
    signs = (_SIGNS[_worst(part)] for part in parts)
    marks = tuple(Piece(sign.ljust(step), role) for sign, role in signs)
    dates = (Piece(_dates(parts, step, width), Role.MUTED),)
    pointers = ((Piece(line),) for line in _pointers(calendar, parts, step, width))
    meaning = [crop_line(tuple(_key()), width)] if key else []
    return [dates, crop_line(marks, width), *pointers, *meaning]


def _key() -> Iterator[Piece]:
    """What the marks mean."""
    for readiness, (sign, role) in _SIGNS.items():
        if readiness is not Readiness.UNKNOWN:
            yield Piece(sign, role)
            yield Piece(f" {readiness.value}  ", Role.MUTED)


def _worst(days: Sequence[Day]) -> Readiness:
    found = {day.readiness for day in days}
    return next(one for one in _BAD_FIRST if one in found)


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
