"""A drawing in as many lines as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

from workbench.tui.widgets.line import Line, PieceLines
from workbench.usecases.views.charts.bullet import Scale, bullet_lines
from workbench.usecases.views.charts.course import Chart, chart_lines


class ChartLines(PieceLines):
    """A :class:`Chart` in as many lines as it is told, or one value's :class:`Scale` where there is no course."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[Chart | Scale | None, int, tzinfo] = (None, 0, UTC)

    def show(self, what: Chart | Scale | None, height: int, zone: tzinfo = UTC) -> None:
        """Draw this from now on."""
        if self._shown != (shown := (what, height, zone)):
            self._shown = shown
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        what, height, zone = self._shown
        if isinstance(what, Chart):
            return chart_lines(what, width, height, zone)
        return bullet_lines(what, width) if what else []
