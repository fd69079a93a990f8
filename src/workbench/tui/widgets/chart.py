"""A drawing in as many lines as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

from workbench.benchmarks.charted import ControlChart, Histograms
from workbench.tui.widgets.line import Line, PieceLines
from workbench.usecases.views.charts.bullet import Scale, bullet_lines
from workbench.usecases.views.charts.control import control_lines
from workbench.usecases.views.charts.course import Chart, chart_lines
from workbench.usecases.views.charts.histogram import histogram_lines
from workbench.usecases.views.pictures import Drawing


class ChartLines(PieceLines):
    """A drawing in as many lines as it is told; one value's :class:`Scale` takes what it needs."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[Drawing | None, int, tzinfo] = (None, 0, UTC)

    def show(self, what: Drawing | None, height: int, zone: tzinfo = UTC) -> None:
        """Draw this from now on."""
        if self._shown != (shown := (what, height, zone)):
            self._shown = shown
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        match self._shown:
            case (Chart() as chart, height, zone):
                return chart_lines(chart, width, height, zone)
            case (ControlChart() as chart, height, zone):
                return control_lines(chart, width, height, zone)
            case (Histograms() as found, height, _):
                return histogram_lines(found, width, height)
            case (Scale() as scale, _, _):
                return bullet_lines(scale, width)
        return []
