"""One value against its limits: a bar, and marks with words below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from workbench.model.text import safe_text
from workbench.usecases.views.pieces import Line, Piece, Role, crop_line

Cells = Callable[[float], int]


class Point(msgspec.Struct, frozen=True):
    """A number on a scale with its words: ``Point(0.54, "upper limit 0.54 s")``."""

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
