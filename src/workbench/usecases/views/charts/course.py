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

from workbench.benchmarks.charted import Happening
from workbench.model.width import fit
from workbench.usecases.views.charts.canvas import ACROSS, UP, Beside, Canvas, beside, between
from workbench.usecases.views.charts.scales import Levels, levels, time_ticks
from workbench.usecases.views.charts.timeline import event_of, timeline_lines
from workbench.usecases.views.pieces import Line, Piece, Role, crop_line

Points = tuple[tuple[float, float], ...]
_POINT, _LIMIT, _BASELINE = "•", "─", "·"
_LEAST_WIDTH, _LEAST_HEIGHT = 30, 4
_GAP = 8  # so many times the usual distance in time is a gap, and no line is drawn over it
_PER_TICK = 11  # cells
_FROM_HEIGHT = 8  # lines; what a chart has more of is for what happened


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

    ``low`` and ``high`` are those bounds; a course outside them is set off.  What happened within
    the time of the courses stands below them.
    """

    courses: tuple[Course, ...]
    bounds: tuple[Bound, ...] = ()
    low: float | None = None
    high: float | None = None
    happenings: tuple[Happening, ...] = ()


def chart_lines(chart: Chart, width: int, height: int, zone: tzinfo = UTC) -> list[Line]:
    """The chart in ``height`` lines of at most ``width`` cells: the drawing, the times, and what happened."""
    courses = [course for course in chart.courses if course.points]
    times = [at for course in courses for at, _ in course.points]
    if not times or width < _LEAST_WIDTH or height < _LEAST_HEIGHT:
        return []
    first, last = min(times), max(times)
    within = [one for one in chart.happenings if first < one.at.timestamp() <= last]
    below = min(2, len(within), max(0, height - _FROM_HEIGHT))
    numbers = [y for course in courses for _, y in course.points] + [bound.value for bound in chart.bounds]
    scale = levels(min(numbers), max(numbers), height - 1 - below)
    left = scale.labels()
    margin = max(map(len, left.values())) + 1
    words = beside(_labels(chart, courses, scale), scale.rows)
    after = min(width // 3, max((piece.width for piece in words.values()), default=0) + 1)
    room = width - margin - 2 - after
    canvas = _drawn(chart, courses, scale, room, first, max(last - first, 1.0))
    lines = []
    for row in reversed(range(scale.rows)):
        lead = Piece(f"{left.get(row, ''):>{margin}} ", Role.MUTED)
        tail = (Piece(" "), words[row]) if row in words else ()
        lines.append(crop_line((lead, *canvas.pieces(row), *tail), width))
    lead = Piece(" " * (margin + 1))
    axis = _axis(time_ticks(first, last, max(2, room // _PER_TICK), zone), first, last, room)
    lines.append(crop_line((lead, Piece(axis, Role.MUTED)), width))
    events = [
        event_of(one, int((one.at.timestamp() - first) / max(last - first, 1.0) * (room - 1)))
        for one in within
    ]
    told = timeline_lines(events, room, below)
    lines += [crop_line((lead, *line), width) for line in told]
    return lines + [()] * (below - len(told))


def _outside(chart: Chart, value: float) -> bool:
    """Whether a value lies outside what is allowed."""
    over = chart.high is not None and value > chart.high
    return over or (chart.low is not None and value < chart.low)


def _labels(chart: Chart, courses: Sequence[Course], scale: Levels) -> list[Beside]:
    """What stands at the ends of the courses and of the bounds."""
    wanted = []
    for number, course in enumerate(courses):
        end = course.points[-1][1]
        role = Role.MUTED if number else Role.ERROR if _outside(chart, end) else Role.ACCENT
        wanted.append(Beside(scale.place(end), course.label, role))
    return wanted + [Beside(scale.place(bound.value), bound.label) for bound in chart.bounds if bound.label]


# --- the drawing -------------------------------------------------------------------------------


def _drawn(
    chart: Chart, courses: Sequence[Course], scale: Levels, room: int, first: float, span: float
) -> Canvas:
    canvas = Canvas(scale.rows, room)
    for bound in chart.bounds:
        if bound.limit:
            canvas.across(scale.row(bound.value), _LIMIT, Role.MUTED)
        else:
            canvas.across(scale.row(bound.value), _BASELINE, Role.MUTED, each=2, over=False)
    for course in courses[1:]:
        for at, value in course.points:
            canvas.put(scale.row(value), min(room - 1, int((at - first) / span * room)), _POINT, Role.MUTED)
    dots = list(_traced(courses[0].points, scale, room, first, span))
    beyond = {(x // ACROSS, y // UP) for x, y, value in dots if _outside(chart, value)}
    for x, y, _ in dots:
        canvas.dot(x, y, Role.ERROR if (x // ACROSS, y // UP) in beyond else Role.ACCENT)
    return canvas


_Dot = tuple[int, int, float]


def _traced(points: Points, scale: Levels, room: int, first: float, span: float) -> Iterator[_Dot]:
    """The dots of a line through the points, each with its value."""
    most_x, most_y = ACROSS * room - 1, UP * scale.rows - 1

    def dot(at: float, value: float) -> _Dot:
        y = int(scale.place(value) * UP + 2)
        return min(most_x, max(0, round((at - first) / span * most_x))), min(most_y, max(0, y)), value

    gaps = [b[0] - a[0] for a, b in pairwise(points)]
    widest = median(gaps) * _GAP if len(gaps) > 4 else float("inf")
    before: _Dot | None = None
    for number, point in enumerate(points):
        here = dot(*point)
        if before is not None and gaps[number - 1] <= widest:
            for x, y, share in between(before[:2], here[:2]):
                yield x, y, before[2] + (here[2] - before[2]) * share
        yield here
        before = here


def _axis(ticks: Sequence[tuple[float, str]], first: float, last: float, room: int) -> str:
    """The times below the chart, each in the middle of its place; what would touch another is left out."""
    text = ""
    for at, words in ticks:
        middle = round((at - first) / (last - first) * (room - 1))
        start = min(room - len(words), max(0, middle - len(words) // 2))
        if not text or start >= len(text) + 2:
            text = fit(text, start) + words
    return text
