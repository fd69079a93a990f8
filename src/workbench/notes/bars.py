"""A benchmark as a bar: its value, the values that its limit accepts, and the baseline."""

from __future__ import annotations

from decimal import Decimal
from html import escape

import msgspec

from workbench.notes.model import VerdictLine

WIDTH = 220
HEIGHT = 22
_ROOM = Decimal("1.12")  # the scale ends a little beyond the largest number


class Scale(msgspec.Struct, frozen=True):
    """From a number to a place between 0 and :data:`WIDTH`."""

    low: Decimal
    high: Decimal

    def place(self, number: Decimal) -> str:
        """The place as text with one decimal, the same on every machine."""
        share = (min(max(number, self.low), self.high) - self.low) / (self.high - self.low)
        return str((share * WIDTH).quantize(Decimal("0.1")))


def scale(line: VerdictLine) -> Scale | None:
    """A scale from 0 (or the smallest negative number) to beyond the largest; none without numbers."""
    numbers = [
        n
        for n in (line.value, line.baseline, line.limit, line.accepts_from, line.accepts_to)
        if n is not None
    ]
    if line.value is None or not all(n.is_finite() and abs(n.adjusted()) < 40 for n in numbers):
        return None
    low, high = min(Decimal(0), *numbers), max(Decimal(0), *numbers)
    if low == high:
        high = Decimal(1)
    whole = line.unit == "%" and 50 < high <= 100  # nothing lies beyond all of them
    return Scale(low * _ROOM, Decimal(100) if whole else high * _ROOM)


def bar(line: VerdictLine, tone: str) -> str:
    """The bar as inline SVG; empty where there is no number to draw."""
    axis = scale(line)
    if axis is None or line.value is None:
        return ""
    parts = [f'<rect class="track" x="0" y="7" width="{WIDTH}" height="8" rx="2"/>']
    if line.accepts_from is not None or line.accepts_to is not None:
        start = axis.place(line.accepts_from if line.accepts_from is not None else axis.low)
        end = axis.place(line.accepts_to if line.accepts_to is not None else axis.high)
        parts.append(
            f'<rect class="accepts" x="{start}" y="4" width="{_gap(start, end)}" height="14" rx="2"/>'
        )
    zero, value = axis.place(Decimal(0)), axis.place(line.value)
    start, end = sorted((zero, value), key=Decimal)
    parts.append(
        f'<rect class="value {tone}" x="{start}" y="8.5" width="{_gap(start, end)}" height="5" rx="1.5"/>'
    )
    for limit in (line.accepts_from, line.accepts_to):
        if limit is not None:
            x = axis.place(limit)
            parts.append(f'<line class="limit" x1="{x}" x2="{x}" y1="2" y2="20"/>')
    if line.baseline is not None:
        parts.append(f'<circle class="baseline" cx="{axis.place(line.baseline)}" cy="11" r="3"/>')
    said = [f"value {line.value_text}"]
    said += [f"limit {line.limit_text}"] if line.limit_text else []
    said += [f"baseline {line.baseline_text}"] if line.baseline_text else []
    label = escape(", ".join(said), quote=True)
    head = f'<svg class="bar" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img"'
    return f'{head} aria-label="{label}">{"".join(parts)}</svg>'


def _gap(start: str, end: str) -> str:
    return str(Decimal(end) - Decimal(start))
