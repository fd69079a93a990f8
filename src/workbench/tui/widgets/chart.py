"""A value against its limits, and a history: pictures of numbers in characters.

plotext is used here only, and imported when the first history is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor, log10
from typing import Any, ClassVar

import msgspec
from rich.text import Text
from textual.widget import Widget

from workbench.model.text import safe_text
from workbench.tui.theme import Role, series_tones
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line

Cells = Callable[[float], int]


class Point(msgspec.Struct, frozen=True):
    """A number on a scale with its words: ``Point(0.54, "limit 0.54 s")``."""

    value: float
    label: str
    role: Role = Role.TEXT


class Scale(msgspec.Struct, frozen=True):
    """A value and what it is measured against.

    ``value`` may be missing ("no data").  ``low`` and ``high`` bound what is allowed.
    """

    value: Point | None
    baseline: Point | None = None
    high: Point | None = None
    low: Point | None = None


def bullet_lines(scale: Scale, width: int) -> list[Line]:
    """A bar up to the value, the part beyond a limit set off, and marks with words below."""
    points = [point for point in (scale.low, scale.baseline, scale.high) if point is not None]
    everything = [*points, *([scale.value] if scale.value else [])]
    if not everything or width < 20:
        return []
    room = width - 2
    smallest = min(0.0, *(point.value for point in everything))
    span = max(max(point.value for point in everything) - smallest, 1e-300) * 1.08

    def cell(value: float) -> int:
        return min(room - 1, max(0, int((value - smallest) / span * room)))

    lines: list[Line] = []
    if scale.value is not None:
        label = safe_text(scale.value.label, 60)
        lines.append(_label_line(cell(scale.value.value), label, scale.value.role, room, "▾"))
    lines.append(_bar(scale, cell, room))
    lines += _marks(points, cell, room)
    return [crop_line((Piece(" "), *line), width) for line in lines]


def _bar(scale: Scale, cell: Cells, room: int) -> Line:
    if scale.value is None:
        return (Piece("╌" * room, Role.MUTED),)
    end = cell(scale.value.value) + 1
    over = scale.high is not None and scale.value.value > scale.high.value
    under = scale.low is not None and scale.value.value < scale.low.value
    if over and scale.high is not None:
        start = min(cell(scale.high.value), end - 1)
        bar = [Piece("━" * start, Role.ACCENT), Piece("═" * (end - start), Role.ERROR)]
    else:
        bar = [Piece("━" * end, Role.ERROR if under else Role.ACCENT)]
    return (*(piece for piece in bar if piece.text), Piece("─" * (room - end), Role.MUTED))


def _marks(points: Sequence[Point], cell: Cells, room: int) -> list[Line]:
    """Each point's mark under the bar with its words, on as few lines as can be read."""
    rows: list[list[tuple[int, str, Role]]] = []
    ends: list[int] = []
    for point in sorted(points, key=lambda point: point.value):
        text = "▏" + safe_text(point.label, 60)
        at = max(0, min(cell(point.value), room - 1))
        if at + len(text) > room:
            text = safe_text(point.label, 60) + "▕"
            at = max(0, at - len(text) + 1)
        row = next((row for row, end in enumerate(ends) if end + 1 < at), len(rows))
        if row == len(rows):
            rows.append([])
            ends.append(0)
        rows[row].append((at, text, point.role))
        ends[row] = at + len(text)
    return [_placed(row) for row in rows]


def _placed(row: Sequence[tuple[int, str, Role]]) -> Line:
    pieces: list[Piece] = []
    end = 0
    for at, text, role in row:
        pieces += [Piece(" " * (at - end)), Piece(text, role)]
        end = at + len(text)
    return tuple(piece for piece in pieces if piece.text)


def _label_line(at: int, label: str, role: Role, room: int, tip: str) -> Line:
    left = at + 2 + len(label) > room
    text = f"{label} {tip}" if left else f"{tip} {label}"
    start = max(0, at - len(text) + 1) if left else at
    return (Piece(" " * start), Piece(text, role, bold=True))


class Bullet(PieceLines):
    """A :class:`Scale` drawn as wide as there is room."""

    def __init__(self, scale: Scale | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scale = scale

    def show(self, scale: Scale | None) -> None:
        """Draw this scale from now on."""
        self.scale = scale
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return bullet_lines(self.scale, width) if self.scale else []


class Series(msgspec.Struct, frozen=True):
    """A named line of points ``(x, y)``, such as staging or production."""

    name: str
    points: tuple[tuple[float, float], ...]


class History(msgspec.Struct, frozen=True):
    """Series on one time scale.

    ``ticks`` label places on it; ``limit`` is a level across with its words; ``unit`` goes
    beside the numbers.
    """

    series: tuple[Series, ...]
    limit: Point | None = None
    ticks: tuple[tuple[float, str], ...] = ()
    unit: str = ""


# A line of dots and a row of points: the series differ in shape as well as in colour.
_SIGNS = (("braille", "⠤"), ("•", "•"))
_PLAIN_SIGNS = (("●", "●"), ("○", "○"))


def history_chart(history: History, width: int, height: int, tones: tuple[str, str] | None = None) -> Text:
    """The history as text of ``width`` × ``height`` cells.

    ``tones`` are the colours of the first and second series (``#rrggbb`` or a name that
    terminals know); without them the series differ by their signs only.
    """
    shown = [series for series in history.series if series.points]
    if not shown:
        return Text(" No history yet.", style="dim")
    if width < 20 or height < 5:
        return Text("")
    import plotext

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(width - 1, height - 1)
    plotext.frame(False)
    signs = _SIGNS if tones else _PLAIN_SIGNS
    for place, series in enumerate(shown):
        xs, ys = zip(*series.points, strict=True)
        draw = plotext.plot if tones and place == 0 and len(xs) > 1 else plotext.scatter
        draw(xs, ys, color=_tone(tones, place), marker=signs[place % 2][0])
    if history.limit is not None:
        plotext.hline(history.limit.value, color="default")
    _ticks(plotext, history)
    _levels(plotext, history, shown, height - 1 - bool(history.ticks))
    drawing = Text.from_ansi(plotext.build())
    plotext.clear_figure()
    chart = _legend(history, shown, width, tones)
    for line in drawing.split("\n"):
        chart.append("\n ").append_text(line)
    return chart


def _levels(plotext: Any, history: History, shown: Sequence[Series], rows: int) -> None:
    """Label rows with the level in their middle: left to itself, plotext puts more labels than there are rows."""
    levels = [y for series in shown for _, y in series.points]
    levels += [history.limit.value] if history.limit else []
    low, high = min(levels), max(levels)
    if low == high:
        margin = abs(low) / 10 or 1.0
        low, high = low - margin, high + margin
    plotext.ylim(low, high)
    step = 1 if rows <= 6 else 2
    ticks = [low + (high - low) * row / (rows - 1) for row in range(0, rows, step)]
    places = max(0, 2 - floor(log10(high - low)))
    plotext.yticks(ticks, [f"{tick:.{places}f}" for tick in ticks])


def _tone(tones: tuple[str, str] | None, place: int) -> Any:
    """The colour of a series as plotext wants it."""
    tone = tones[place % 2] if tones else "default"
    return tuple(int(tone[at : at + 2], 16) for at in (1, 3, 5)) if tone.startswith("#") else tone


def _ticks(plotext: Any, history: History) -> None:
    if history.ticks:
        xs, words = zip(*history.ticks, strict=True)
        plotext.xticks(xs, [safe_text(word, 20) for word in words])
    else:
        plotext.xticks([], [])


def _legend(history: History, shown: Sequence[Series], width: int, tones: tuple[str, str] | None) -> Text:
    legend = Text(" ", no_wrap=True)
    signs = _SIGNS if tones else _PLAIN_SIGNS
    for place, series in enumerate(shown):
        legend.append(signs[place % 2][1], style=tones[place % 2] if tones else "")
        legend.append(f" {safe_text(series.name, 30)}   ")
    if history.limit is not None:
        legend.append(f"─ {safe_text(history.limit.label, 40)}   ")
    if history.unit:
        legend.append(f"in {safe_text(history.unit, 20)}", style="dim")
    legend.truncate(width, overflow="ellipsis")
    return legend


class HistoryChart(Widget):
    """A :class:`History` that fills its widget; give it at least 8 lines."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    HistoryChart { height: 10; width: 1fr; }
    """

    def __init__(self, history: History | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.history = history

    def show(self, history: History | None) -> None:
        """Draw this history from now on."""
        self.history = history
        self.refresh()

    def render(self) -> Text:
        """The chart at the size there is."""
        if self.history is None:
            return Text("")
        return history_chart(self.history, self.size.width, self.size.height, series_tones(self.app))
