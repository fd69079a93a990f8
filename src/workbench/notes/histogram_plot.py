"""The samples of two environments as histograms over each other, as SVG: one filled, one as an outline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from workbench.benchmarks.charted import Histograms
from workbench.model.quantity import find_unit, show_in
from workbench.notes.svg import HEIGHT, LEFT, RIGHT, across, plot, short, text

_TICKS = 6


def histogram_svg(found: Histograms) -> str:
    """Both histograms as one ``svg`` element, with p50 and p99 of each."""
    return _Overlaid(found).drawn()


class _Overlaid:
    """Two histograms being drawn."""

    def __init__(self, found: Histograms) -> None:
        self.found, self.unit = found, find_unit(found.unit)
        self.top, self.bottom = 60.0, 60.0 + HEIGHT
        shares = [self._shares(side) for side in (found.staging, found.production)]
        self.staging, self.production = shares
        self.most = max(*self.staging, *self.production)

    @staticmethod
    def _shares(counts: Sequence[float]) -> list[float]:
        total = sum(counts)
        return [count / total for count in counts]

    def drawn(self) -> str:
        found = self.found
        words = f"{found.own} and {found.other} have {found.overlap:.2f} in common"
        if found.own_overlap is not None:
            words += f"; two draws of one of them would have about {found.own_overlap:.2f}"
        parts = [
            text(LEFT, 20, "Samples of both environments", "title"),
            text(LEFT, 38, words, "soft"),
            *self._bars(self.staging, "staging"),
            *self._bars(self.production, "production"),
            across("axis", self.bottom),
            *self._ticks(),
            *self._percentiles(),
        ]
        return plot(self.bottom + 62, "Samples of both environments", words, parts)

    def _x(self, number: int) -> float:
        return LEFT + number * (RIGHT - LEFT) / len(self.staging)

    def _at(self, value: float) -> float:
        """Where a value lies: buckets are equally wide, whatever they hold."""
        edges = self.found.edges
        for number, (low, high) in enumerate(pairwise(edges)):
            if value <= high or number == len(edges) - 2:
                share = (value - low) / (high - low) if high > low else 0.5
                return self._x(number) + min(max(share, 0.0), 1.0) * (self._x(1) - self._x(0))
        return float(RIGHT)

    def _bars(self, shares: Sequence[float], kind: str) -> Iterator[str]:
        places = [(self._x(n), self.bottom - share / self.most * HEIGHT) for n, share in enumerate(shares)]
        width = self._x(1) - self._x(0)
        steps = "".join(f"V{short(y)}H{short(x + width)}" for x, y in places)
        yield f'<path class="{kind}-bars" d="M{LEFT} {short(self.bottom)}{steps}V{short(self.bottom)}z"/>'

    def _ticks(self) -> Iterator[str]:
        edges = self.found.edges
        step = -(-len(edges) // _TICKS)
        for number in range(0, len(edges), step):
            words = show_in(edges[number], self.unit)
            yield text(self._x(number), self.bottom + 18, words, "soft", "middle")

    def _percentiles(self) -> Iterator[str]:
        found = self.found
        pairs = (
            ("staging", found.own, found.staging_p50, found.staging_p99, self.bottom + 38),
            ("production", found.other, found.production_p50, found.production_p99, self.bottom + 56),
        )
        for kind, name, p50, p99, y in pairs:
            for value in (p50, p99):
                x = short(self._at(value))
                yield f'<line class="{kind}-percentile" x1="{x}" x2="{x}" y1="{short(self.top)}" y2="{short(self.bottom)}"/>'
            words = f"{name}: p50 {show_in(p50, self.unit)}, p99 {show_in(p99, self.unit)}"
            yield f'<rect class="{kind}-bars" x="{LEFT}" y="{short(y - 9)}" width="14" height="9"/>'
            yield text(LEFT + 20, y, words, "soft")
