"""Two histograms on common buckets, one over the other: where they overlap is solid.

Staging is filled, with every other dot where production has less; production is an outline.  Each side is
drawn by its shares, so that unequal numbers of samples compare.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import isfinite

from workbench.benchmarks.charted import Histograms
from workbench.model.quantity import find_unit, from_float, show, show_in, with_unit
from workbench.model.width import cells, crop
from workbench.usecases.views.charts.canvas import ACROSS, UP, Canvas
from workbench.usecases.views.pieces import Line, Piece, Role, crop_line

LEAST_WIDTH, LEAST_HEIGHT = 40, 7
_MARKS = 2  # lines below the axis, one for each side
_LABEL = 12  # cells at the left
_PER_TICK = 9


def histogram_lines(found: Histograms, width: int, height: int) -> list[Line]:
    """The two in ``height`` lines of at most ``width`` cells: the key, the drawing, the axis, and p50 and p99 of each.

    [] where there is nothing to draw, or no room for it.
    """
    buckets = len(found.edges) - 1
    shares = [_shares(counts) for counts in (found.staging, found.production)]
    if buckets < 1 or not any(map(any, shares)) or width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return []
    each = max(1, (width - _LABEL - 2) // buckets)
    room = min(width - _LABEL - 2, each * buckets)
    canvas = Canvas(height - 2 - _MARKS, room)
    _draw(canvas, *shares)
    lead = Piece(" " * _LABEL)
    lines: list[Line] = [crop_line((lead, Piece(_key(found), Role.MUTED)), width)]
    top = max(max(each) for each in shares)
    for row in reversed(range(canvas.rows)):
        words = f"{top:>{_LABEL - 1}.0%} " if row == canvas.rows - 1 else " " * _LABEL
        lines.append(crop_line((Piece(words, Role.MUTED), *canvas.pieces(row)), width))
    lines.append(crop_line((lead, Piece(_axis(found, room), Role.MUTED)), width))
    staging, production = _percentiles(found)
    for name, marked, role in ((found.own, staging, Role.ACCENT), (found.other, production, Role.TEXT)):
        lead = Piece(f"{crop(name, _LABEL - 1):>{_LABEL - 1}} ", role)
        lines.append(crop_line((lead, *_marked(marked, found, room, role)), width))
    return lines


def _key(found: Histograms) -> str:
    return f"⣿ both  ⡪ only {found.own}  ⡏ only {found.other}"


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [count / total if total else 0.0 for count in counts]


def _draw(canvas: Canvas, staging: Sequence[float], production: Sequence[float]) -> None:
    """Dot by dot; every bucket that is not empty has at least one line of dots."""
    across, up = canvas.columns * ACROSS, canvas.rows * UP
    top = max(max(staging), max(production))

    def heights(shares: Sequence[float]) -> list[int]:
        found = [max(1, round(share / top * up)) if share else 0 for share in shares]
        return [found[x * len(shares) // across] for x in range(across)]

    filled, outline = heights(staging), heights(production)
    for x in range(across):
        before, after = outline[x - 1] if x else 0, outline[x + 1] if x + 1 < across else 0
        for y in range(max(filled[x], outline[x])):
            mine, theirs = y < filled[x], y < outline[x]
            edge = theirs and (y == outline[x] - 1 or y >= before or y >= after)
            if (mine and theirs) or (mine and (x + y) % 2 == 0) or edge:
                canvas.dot(x, y, Role.ACCENT if mine else Role.TEXT)


def _place(value: float, edges: Sequence[float], room: int) -> int:
    """The column of a value: within its bucket by its share of the width."""
    bucket = min(len(edges) - 2, max(0, bisect_right(edges, value) - 1))
    low, high = edges[bucket], edges[bucket + 1]
    share = min(1.0, max(0.0, (value - low) / (high - low))) if isfinite(high) and high > low else 0.0
    return min(room - 1, int((bucket + share) / (len(edges) - 1) * room))


def _axis(found: Histograms, room: int) -> str:
    """The edges of buckets, as many as can be read; the first bears the unit."""
    texts = show(*(from_float(edge) for edge in found.edges[:-1]), digits=2)
    text, end = "", -2
    for number, words in enumerate(texts):
        at = number * room // len(texts)
        words = words if text else with_unit(words, find_unit(found.unit))
        if at >= end + 2 and at + len(words) <= room:
            text, end = f"{text:<{at}}{words}", max(at + len(words), at + _PER_TICK - 2)
    return text


_Percentiles = dict[str, float]


def _percentiles(found: Histograms) -> tuple[_Percentiles, _Percentiles]:
    return (
        {"p50": found.staging_p50, "p99": found.staging_p99},
        {"p50": found.production_p50, "p99": found.production_p99},
    )


def _marked(percentiles: _Percentiles, found: Histograms, room: int, role: Role) -> list[Piece]:
    """The percentiles of one side, each with a tick at its place; the higher one finds its place first."""
    placed: list[tuple[int, str]] = []
    end = room + 1
    for name, value in reversed(percentiles.items()):
        if isfinite(value):
            words, at = f"{name} {show_in(value, find_unit(found.unit))}", _place(value, found.edges, room)
            fits = at + cells(words) + 1 <= end
            start = at if fits else max(0, min(at, end - 1) - cells(words))
            placed.append((start, f"╵{words}" if fits else f"{words}╵"))
            end = start - 2
    pieces: list[Piece] = []
    end = 0
    for start, words in reversed(placed):
        pieces += [Piece(" " * (start - end)), Piece(words, role)]
        end = max(end, start) + cells(words)
    return pieces
