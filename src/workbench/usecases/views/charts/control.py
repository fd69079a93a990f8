"""A control chart as lines of text: points in their order, limits across, what fired below, what happened under it.

A point's shape says what it is: ``•`` counts, ``○`` does not count, ``●`` is one that a rule rests on, ``◆``
the value that is judged.  A limit is a line, the centre a row of dots, a new phase a line from top to bottom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from itertools import pairwise
from math import isfinite, log10

import msgspec

from workbench.benchmarks.charted import ChartPoint, ControlChart
from workbench.criteria.figures import Fired
from workbench.model.quantity import find_unit, show_in
from workbench.model.text import safe_text
from workbench.model.times import day_text, in_zone
from workbench.model.width import cells, crop, fit
from workbench.usecases.views.charts.canvas import ACROSS, UP, Beside, Canvas, beside, between
from workbench.usecases.views.charts.scales import Levels, LogLevels, levels, log_levels
from workbench.usecases.views.charts.timeline import event_of, timeline_lines
from workbench.usecases.views.pieces import Line, Piece, Role, crop_line

LEAST_WIDTH, LEAST_HEIGHT = 40, 5
_LEAST_ROWS = 4  # of the drawing itself
_TALL = 14  # lines; from here on a chart shows more of what fired and what happened
_MOST_APART = 8  # cells between neighbours
_LINE_FROM = 3  # cells between neighbours from which on a line joins them
_PER_TICK = 13  # cells
_REACH = 0.6  # of its usual height a chart grows to hold the value that is judged
_LARGEST = 1e200
_LAST = 100  # a rank after all others
_GLYPH = {"counts": "•", "judged": "◆"}
_ASIDE, _RESTED_ON = "○", "●"


class _Plan(msgspec.Struct, frozen=True):
    """What is drawn: the points that fit, the column of each, and how many of those that rules count do not."""

    chart: ControlChart
    points: Sequence[ChartPoint]
    before: int
    columns: Sequence[int]
    scale: Levels | LogLevels
    margin: int

    @property
    def room(self) -> int:
        return self.columns[-1] + 2

    def column_of(self, place: int) -> int:
        """The column of a point by its place among those that rules look at."""
        compared = [
            column for column, point in zip(self.columns, self.points, strict=True) if point.state in _GLYPH
        ]
        return compared[min(len(compared) - 1, max(0, place - self.before))] if compared else 0

    def column_at(self, at: datetime) -> int | None:
        """The column of a moment: between the points that it fell between."""
        times = [point.at for point in self.points]
        if at < times[0]:
            return None
        for place in range(len(times) - 1):
            if times[place] <= at < times[place + 1]:
                one, other = self.columns[place], self.columns[place + 1]
                length = (times[place + 1] - times[place]).total_seconds()
                return one + round((other - one) * (at - times[place]).total_seconds() / length)
        return self.columns[-1]


class _LaidOut(msgspec.Struct, frozen=True):
    """Everything that is drawn: the plan, the words at its right, the rules and the events below it."""

    plan: _Plan
    words: dict[int, Piece]
    fired: Sequence[Fired]
    events: list[Line]


def control_lines(chart: ControlChart, width: int, height: int, zone: tzinfo = UTC) -> list[Line]:
    """The chart in at most ``height`` lines of at most ``width`` cells; [] where nothing can be drawn.

    Where not all points fit, the latest are shown.
    """
    found = _laid_out(chart, width, height)
    if found is None:
        return []
    plan, canvas = found.plan, _drawn(found.plan)
    left, lines = plan.scale.labels(), []
    for row in reversed(range(plan.scale.rows)):
        tail = (Piece(" "), found.words[row]) if row in found.words else ()
        lead = Piece(f"{left.get(row, ''):>{plan.margin}} ", Role.MUTED)
        lines.append(crop_line((lead, *canvas.pieces(row), *tail), width))
    lines += [_bracket(plan, rule, width) for rule in found.fired]
    lead = Piece(" " * (plan.margin + 1))
    lines.append(crop_line((lead, Piece(_axis(plan, zone), Role.MUTED)), width))
    return lines + [crop_line((lead, *line), width) for line in found.events]


def left_out(chart: ControlChart, width: int, height: int) -> int:
    """How many of the oldest points do not fit into so much room."""
    found = _laid_out(chart, width, height)
    return len(_drawable(chart)) - len(found.plan.points) if found else 0


def _drawable(chart: ControlChart) -> list[ChartPoint]:
    return [point for point in chart.points if abs(float(point.value)) < _LARGEST]


def _laid_out(chart: ControlChart, width: int, height: int) -> _LaidOut | None:
    points = _drawable(chart)
    if not points or width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return None
    tall, spare = height >= _TALL, height - 1 - _LEAST_ROWS
    fired = _in_order(chart.rules)[: min(spare, 3 if tall else 1)]
    below = min(2 if tall else 1, spare - len(fired)) if chart.happenings else 0
    plan, words = _planned(chart, points, width, height - 1 - len(fired) - below)
    events = _events(plan, below)
    if len(events) < below:  # what happened needs fewer lines than there are for it
        plan, words = _planned(chart, points, width, height - 1 - len(fired) - len(events))
        events = _events(plan, len(events))
    return _LaidOut(plan, words, fired, events)


def _planned(
    chart: ControlChart, points: Sequence[ChartPoint], width: int, rows: int
) -> tuple[_Plan, dict[int, Piece]]:
    """Where everything goes, and the words at the right by row."""
    scale = _scale(chart, points, rows)
    margin = max(map(len, scale.labels().values()), default=0) + 1
    words = beside(_words(chart, points[-1], scale), rows)
    after = min(width // 3, max((piece.width for piece in words.values()), default=0) + 1)
    room = width - margin - 2 - after
    shown = points[-max(1, room - 1) :]
    apart = min(_MOST_APART, (room - 2) // max(1, len(shown) - 1)) or 1
    columns = [apart * place for place in range(len(shown))]
    before = sum(point.state in _GLYPH for point in points[: -len(shown)])
    return _Plan(chart, shown, before, columns, scale, margin), words


# --- the scale ---------------------------------------------------------------------------------


def _levels_in(chart: ControlChart) -> list[float]:
    """Every level across: a chart's own limits stand for what its rule allows."""
    found = [float(n) for n in (chart.baseline, *_ruled(chart)) if n is not None]
    if chart.limits is not None:
        limits = (chart.limits.centre, chart.limits.lower, chart.limits.upper)
        found += [each for each in limits if each is not None]
    return [each for each in found if isfinite(each) and abs(each) < _LARGEST]


def _ruled(chart: ControlChart) -> tuple[Decimal | None, Decimal | None]:
    """What a rule that is no chart allows: the lowest and the highest value."""
    return (None, None) if chart.limits is not None else (chart.limit_low, chart.limit_high)


def _scale(chart: ControlChart, points: Sequence[ChartPoint], rows: int) -> Levels | LogLevels:
    """Holds what counts and every limit; what lies far beyond them stands at the edge."""
    counting = [float(point.value) for point in points if point.state == "counts"]
    judged = [float(point.value) for point in points if point.state == "judged"]
    numbers = [*counting, *_levels_in(chart)] or judged or [float(point.value) for point in points]
    logarithmic = chart.scale == "log" and any(n > 0 for n in numbers)
    placed: Callable[[float], float] = log10 if logarithmic else float
    if logarithmic:
        numbers, judged = [n for n in numbers if n > 0], [n for n in judged if n > 0]
    low, high = min(numbers), max(numbers)
    reach = (placed(high) - placed(low)) * _REACH or abs(placed(high)) * _REACH
    for value in judged:
        if placed(low) - reach <= placed(value) <= placed(high) + reach:
            low, high = min(low, value), max(high, value)
    return log_levels(low, high, rows) if logarithmic else levels(low, high, rows)


def _said(value: float | Decimal, chart: ControlChart) -> str:
    return show_in(value, find_unit(chart.unit))


def _words(chart: ControlChart, last: ChartPoint, scale: Levels | LogLevels) -> list[Beside]:
    """What stands at the right: the latest value, the limits, the centre."""
    role = _role(_effect_on(chart, last), last)
    found = [Beside(scale.place(float(last.value)), f"{_said(last.value, chart)} {last.candidate}", role)]
    limits = chart.limits
    if limits is not None:
        if limits.upper is not None:
            found.append(Beside(scale.place(limits.upper), f"{_said(limits.upper, chart)} upper limit"))
        found.append(Beside(scale.place(limits.centre), f"{_said(limits.centre, chart)} centre"))
        if limits.lower is not None:
            found.append(Beside(scale.place(limits.lower), f"{_said(limits.lower, chart)} lower limit"))
    low, high = _ruled(chart)
    if high is not None:
        words = "required" if high == low else "upper limit"
        found.append(Beside(scale.place(float(high)), f"{_said(high, chart)} {words}"))
    if low is not None and low != high:
        found.append(Beside(scale.place(float(low)), f"{_said(low, chart)} lower limit"))
    if chart.baseline is not None:
        found.append(Beside(scale.place(float(chart.baseline)), f"{_said(chart.baseline, chart)} baseline"))
    return found


# --- the drawing -------------------------------------------------------------------------------


def _drawn(plan: _Plan) -> Canvas:
    chart, scale = plan.chart, plan.scale
    canvas = Canvas(scale.rows, plan.room)
    limits = chart.limits
    centres = [chart.baseline, limits.centre if limits else None]
    bounds = [*_ruled(chart), *((limits.lower, limits.upper) if limits else ())]
    for level in bounds:
        if level is not None:
            canvas.across(scale.row(float(level)), "─", Role.MUTED)
    for level in centres:
        if level is not None:
            canvas.across(scale.row(float(level)), "·", Role.MUTED, each=2, over=False)
    for happened in chart.happenings:
        column = plan.column_at(happened.at)
        if happened.what == "phase" and column is not None:
            for row in range(scale.rows):
                canvas.put(row, column, "│", Role.MUTED)
    _join(plan, canvas)
    for column, point in zip(plan.columns, plan.points, strict=True):
        value = float(point.value)
        effect = _effect_on(chart, point)
        glyph = _GLYPH.get(point.state, _ASIDE)
        if effect and point.state == "counts":
            glyph = _RESTED_ON
        at = scale.place(value)
        if not -0.5 <= at <= scale.rows - 0.5:
            glyph = "↑" if at > 0 else "↓"
        canvas.put(scale.row(value), column, glyph, _role(effect, point))
    return canvas


def _join(plan: _Plan, canvas: Canvas) -> None:
    """A thin line through the points that count, where they stand far enough apart."""
    if len(plan.columns) < 2 or plan.columns[1] < _LINE_FROM:
        return
    dots = [
        (
            ACROSS * column,
            min(UP * plan.scale.rows - 1, max(0, int(plan.scale.place(float(point.value)) * UP + 2))),
        )
        for column, point in zip(plan.columns, plan.points, strict=True)
        if point.state in _GLYPH
    ]
    for one, other in pairwise(dots):
        for x, y, _ in between(one, other):
            canvas.dot(x, y, Role.MUTED)


def _in_order(rules: Sequence[Fired]) -> list[Fired]:
    """What fails comes first, then what warns, then what is harmless."""
    return sorted(rules, key=lambda rule: (rule.effect != "fail", rule.harmless))


def _effect_on(chart: ControlChart, point: ChartPoint) -> str:
    """What the gravest rule does that rests on a point; "" where none does."""
    found = [rule for rule in _in_order(chart.rules) if rule.rule in point.fired]
    return _effect(found[0]) if found else ""


def _effect(rule: Fired) -> str:
    return "harmless" if rule.harmless else rule.effect


def _role(effect: str, point: ChartPoint) -> Role:
    if point.state not in _GLYPH:
        return Role.MUTED
    return {"fail": Role.ERROR, "warn": Role.WARNING}.get(effect, Role.ACCENT)


# --- below the drawing -------------------------------------------------------------------------

_SPOKEN = {"fail": "fails", "warn": "warns", "harmless": "warns, though better"}


def _bracket(plan: _Plan, rule: Fired, width: int) -> Line:
    """Which points a rule rests on, and beside that what it found."""
    start, end = plan.column_of(rule.first), plan.column_of(rule.last)
    effect = _effect(rule)
    role = {"fail": Role.ERROR, "warn": Role.WARNING}.get(effect, Role.ACCENT)
    line = "╵" if start == end else f"└{'─' * (end - start - 1)}┘"
    words = f"{_SPOKEN.get(effect, effect)}: {safe_text(rule.words, 200)}"
    lead, after = plan.margin + 1 + start, width - (plan.margin + 1 + end) - 2
    if lead - 2 >= min(cells(words), after + 1):
        said = crop(words, lead - 2)
        return (Piece(" " * (lead - cells(said) - 1)), Piece(said, role), Piece(f" {line}", role))
    return (Piece(" " * lead), Piece(f"{line} {crop(words, after)}", role))


def _axis(plan: _Plan, zone: tzinfo) -> str:
    """When points were measured: the last one always, the others as far as they can be read."""
    apart = plan.columns[1] if len(plan.columns) > 1 else 1
    step = -(-_PER_TICK // apart)
    ticks = [(plan.columns[at], plan.points[at].at) for at in range(len(plan.points) - 1, -1, -step)][::-1]
    days = len({in_zone(at, zone).date() for _, at in ticks})
    text, before = "", ""
    for column, at in ticks:
        day, local = day_text(at, zone), in_zone(at, zone)
        words = day if days == len(ticks) else f"{local:%H:%M}" if day == before else f"{day} {local:%H:%M}"
        start = max(0, min(column - len(words) // 2, plan.room - len(words) + 2))
        if not text or start >= len(text) + 1:
            text, before = fit(text, start) + words, day
    return text


def _events(plan: _Plan, lines: int) -> list[Line]:
    """What happened between the points, in at most so many lines; builds that are points come last."""
    shown = {point.candidate for point in plan.points}
    found = []
    for one in plan.chart.happenings:
        column = plan.column_at(one.at)
        if column is not None:
            event = event_of(one, column)
            last = event.words in shown
            found.append(msgspec.structs.replace(event, rank=event.rank + _LAST) if last else event)
    return timeline_lines(found, plan.room, lines)
