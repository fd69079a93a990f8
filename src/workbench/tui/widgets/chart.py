"""A value against its limits, and a history: pictures of numbers in characters.

plotext is used here only, and imported when the first history is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from rich.text import Text
from textual.widget import Widget

from workbench.model.text import safe_text
from workbench.tui.theme import Role
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
        bar = [Piece("━" * start, Role.ACCENT), Piece("█" * (end - start), Role.ERROR)]
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


_LOOKS = (("cyan", "braille"), ("gray", "dot"))
_PLAIN = (("default", "●"), ("default", "○"))


def history_chart(history: History, width: int, height: int, *, color: bool = True) -> Text:
    """The history as text of ``width`` × ``height`` cells.

    Without colour, series differ by their signs.
    """
    shown = [series for series in history.series if series.points]
    if not shown or width < 20 or height < 5:
        return Text("No history yet." if not shown else "", style="dim")
    import plotext

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(width, height - 1)
    plotext.frame(False)
    for place, series in enumerate(shown):
        tone, sign = (_LOOKS if color else _PLAIN)[place % 2]
        xs, ys = zip(*series.points, strict=True)
        if color and len(xs) > 1:
            plotext.plot(xs, ys, color=tone, marker=sign)
        else:
            plotext.scatter(xs, ys, color=tone, marker=sign)
    if history.limit is not None:
        plotext.hline(history.limit.value, color="red" if color else "default")
    if history.ticks:
        xs, words = zip(*history.ticks, strict=True)
        plotext.xticks(xs, [safe_text(word, 20) for word in words])
    else:
        plotext.xticks([], [])
    drawing = Text.from_ansi(plotext.build())
    plotext.clear_figure()
    return _legend(history, shown, width, color).append("\n").append(drawing)


def _legend(history: History, shown: Sequence[Series], width: int, color: bool) -> Text:
    legend = Text(" ", no_wrap=True)
    for place, series in enumerate(shown):
        tone, _ = _LOOKS[place % 2]
        sign = "━" if color and place % 2 == 0 else ("●" if place % 2 == 0 or color else "○")
        legend.append(sign, style=_legend_tone(tone) if color else "")
        legend.append(f" {safe_text(series.name, 30)}   ")
    if history.limit is not None:
        legend.append("─", style="red" if color else "")
        legend.append(f" {safe_text(history.limit.label, 40)}   ")
    if history.unit:
        legend.append(safe_text(history.unit, 20), style="dim")
    legend.truncate(width, overflow="ellipsis")
    return legend


def _legend_tone(tone: str) -> str:
    return "bright_black" if tone == "gray" else tone


class HistoryChart(Widget):
    """A :class:`History` that fills its widget; give it at least 8 lines."""

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
        return history_chart(self.history, self.size.width, self.size.height, color=not self.app.no_color)
