"""How numbers went over time, with the limits they are held against: one drawing in characters.

The first course is a line of dots, a further one a row of points, a limit a line across: they
differ in shape as well as in colour.  What lies outside the limits is set off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo
from itertools import pairwise
from statistics import median

import msgspec

from workbench.model.text import safe_text
from workbench.model.width import cells, fit
from workbench.usecases.views.charts.scales import Levels, levels, time_ticks
from workbench.usecases.views.pieces import Line, Piece, Role, crop_line

Points = tuple[tuple[float, float], ...]
# The dots of a braille cell, by column and by row from below.
_DOTS = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
_BLANK, _POINT, _LIMIT, _BASELINE = " ", "•", "─", "·"
_LEAST_WIDTH, _LEAST_HEIGHT = 30, 4
_GAP = 8  # so many times the usual distance in time is a gap, and no line is drawn over it
_PER_TICK = 11  # cells


class Course(msgspec.Struct, frozen=True):
    """Points ``(Unix seconds, value)``, oldest first, and what stands at their end: ``0.69 staging``."""

    points: Points
    label: str


class Bound(msgspec.Struct, frozen=True):
    """A level across: ``Bound(0.54, "0.54 upper limit")``; ``limit`` tells a limit from a baseline."""

    value: float
    label: str
    limit: bool = True


class Chart(msgspec.Struct, frozen=True):
    """One or two courses on one time scale, with the bounds of what is allowed.

    ``low`` and ``high`` are those bounds; a course outside them is set off.
    """

    courses: tuple[Course, ...]
    bounds: tuple[Bound, ...] = ()
    low: float | None = None
    high: float | None = None


def chart_lines(chart: Chart, width: int, height: int, zone: tzinfo = UTC) -> list[Line]:
    """The chart in ``height`` lines of at most ``width`` cells; the last one bears the times."""
    courses = [course for course in chart.courses if course.points]
    times = [at for course in courses for at, _ in course.points]
    if not times or width < _LEAST_WIDTH or height < _LEAST_HEIGHT:
        return []
    numbers = [y for course in courses for _, y in course.points] + [bound.value for bound in chart.bounds]
    scale = levels(min(numbers), max(numbers), height - 1)
    left = scale.labels()
    beside = max(map(len, left.values())) + 1
    words = _labels(chart, courses, scale)
    after = min(width // 3, max((cells(text) for text, _ in words.values()), default=0) + 1)
    room = width - beside - 2 - after
    first, last = min(times), max(times)
    grid = _grid(chart, courses, scale, room, first, max(last - first, 1.0))
    lines = []
    for row in reversed(range(scale.rows)):
        text, role = words.get(row, ("", Role.TEXT))
        lead = Piece(f"{left.get(row, ''):>{beside}} ", Role.MUTED)
        lines.append(crop_line((lead, *_merged(grid[row]), Piece(f" {text}", role)), width))
    axis = _axis(time_ticks(first, last, max(2, room // _PER_TICK), zone), first, last, room)
    return [*lines, crop_line((Piece(" " * (beside + 1) + axis, Role.MUTED),), width)]


def _outside(chart: Chart, value: float) -> bool:
    """Whether a value lies outside what is allowed."""
    over = chart.high is not None and value > chart.high
    return over or (chart.low is not None and value < chart.low)


# --- what stands at the right ------------------------------------------------------------------


def _labels(chart: Chart, courses: Sequence[Course], scale: Levels) -> dict[int, tuple[str, Role]]:
    """Words by row: each as near to its level as the others let it."""
    wanted = []
    for number, course in enumerate(courses):
        end = course.points[-1][1]
        role = Role.MUTED if number else Role.ERROR if _outside(chart, end) else Role.ACCENT
        wanted.append((scale.place(end), course.label, role))
    wanted += [(scale.place(bound.value), bound.label, Role.MUTED) for bound in chart.bounds if bound.label]
    wanted.sort(key=lambda each: each[0])
    wanted = wanted[: scale.rows]
    rows: list[int] = []
    for place, _, _ in wanted:
        rows.append(max(min(scale.rows - 1, max(0, round(place))), rows[-1] + 1 if rows else 0))
    for at in reversed(range(len(rows))):  # what was pushed over the top moves the others down
        rows[at] = min(rows[at], scale.rows - len(rows) + at if at == len(rows) - 1 else rows[at + 1] - 1)
    return {row: (safe_text(text, 40), role) for row, (_, text, role) in zip(rows, wanted, strict=True)}


# --- the drawing -------------------------------------------------------------------------------

_Cell = tuple[str, Role]


def _grid(
    chart: Chart, courses: Sequence[Course], scale: Levels, room: int, first: float, span: float
) -> list[list[_Cell]]:
    """A row of cells for each level, the lowest first."""
    grid: list[list[_Cell]] = [[(_BLANK, Role.TEXT)] * room for _ in range(scale.rows)]
    for bound in chart.bounds:
        sign, role = (_LIMIT, Role.MUTED) if bound.limit else (_BASELINE, Role.MUTED)
        row = grid[scale.row(bound.value)]
        for column in range(room):
            if bound.limit or (column % 2 == 0 and row[column][0] == _BLANK):
                row[column] = (sign, role)
    for course in courses[1:]:
        for at, value in course.points:
            grid[scale.row(value)][min(room - 1, int((at - first) / span * room))] = (_POINT, Role.MUTED)
    dots: dict[tuple[int, int], int] = {}
    beyond: set[tuple[int, int]] = set()
    for x, y, value in _traced(courses[0].points, scale, room, first, span):
        place = (y // 4, x // 2)
        dots[place] = dots.get(place, 0) | _DOTS[x % 2][y % 4]
        if _outside(chart, value):
            beyond.add(place)
    for place, mask in dots.items():
        grid[place[0]][place[1]] = (chr(0x2800 + mask), Role.ERROR if place in beyond else Role.ACCENT)
    return grid


_Dot = tuple[int, int, float]


def _traced(points: Points, scale: Levels, room: int, first: float, span: float) -> Iterator[_Dot]:
    """The dots of a line through the points, two to a cell across and four up, each with its value."""
    most_x, most_y = 2 * room - 1, 4 * scale.rows - 1

    def dot(at: float, value: float) -> _Dot:
        y = int(scale.place(value) * 4 + 2)
        return min(most_x, max(0, round((at - first) / span * most_x))), min(most_y, max(0, y)), value

    gaps = [b[0] - a[0] for a, b in pairwise(points)]
    widest = median(gaps) * _GAP if len(gaps) > 4 else float("inf")
    before: _Dot | None = None
    for number, point in enumerate(points):
        here = dot(*point)
        if before is not None and gaps[number - 1] <= widest:
            yield from _between(before, here)
        yield here
        before = here


def _between(one: _Dot, other: _Dot) -> Iterator[_Dot]:
    steps = max(abs(other[0] - one[0]), abs(other[1] - one[1]), 1)
    for step in range(1, steps):
        x, y, value = (start + (end - start) * step / steps for start, end in zip(one, other, strict=True))
        yield round(x), round(y), value


def _merged(row: Sequence[_Cell]) -> list[Piece]:
    pieces: list[Piece] = []
    for char, role in row:
        if pieces and pieces[-1].role is role:
            pieces[-1] = Piece(pieces[-1].text + char, role)
        else:
            pieces.append(Piece(char, role))
    return pieces


def _axis(ticks: Sequence[tuple[float, str]], first: float, last: float, room: int) -> str:
    """The times below the chart, each in the middle of its place; what would touch another is left out."""
    text = ""
    for at, words in ticks:
        middle = round((at - first) / (last - first) * (room - 1))
        start = min(room - len(words), max(0, middle - len(words) // 2))
        if not text or start >= len(text) + 2:
            text = fit(text, start) + words
    return text
