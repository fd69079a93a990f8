"""The pictures on a benchmark's page: one that a key changes, and in a wide window the samples beside it."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.benchmarks.charted import ControlChart, Histograms
from workbench.benchmarks.judge import Judged
from workbench.tui.screens import benchmark_page as page
from workbench.tui.screens.measuring import Measuring
from workbench.tui.widgets.chart import ChartLines
from workbench.tui.widgets.ruled import Ruled
from workbench.usecases.views.charts.control import left_out
from workbench.usecases.views.charts.course import Chart
from workbench.usecases.views.material import Material
from workbench.usecases.views.pictures import SAMPLES, Drawing, OverTime, builds_title, samples_title
from workbench.usecases.views.standing import span_words

WIDE, TALL = 120, 30
_FRAME, _TIGHT_FRAME = 15, 11  # header, verdict, next step, footer: what is not for the chart and the rows
_LEAST_CHART, _MOST_CHART, _LEAST_ROWS = 5, 24, 4
BESIDE_HEIGHT = 14  # lines of the samples in a wide window


def chart_height(height: int, rows: int) -> int:
    """How many lines a chart gets in a window with ``rows`` to be seen below it; 0 where there is no room."""
    room = height - (_FRAME if height >= TALL else _TIGHT_FRAME)
    lines = min(_MOST_CHART, room - min(rows + 3, max(_LEAST_ROWS, room // 3)))
    return lines if lines >= _LEAST_CHART else 0


class Pictured(Measuring):
    """A page with two places for pictures, the second of them beside."""

    _over: OverTime | None = None
    _pictures: Mapping[str, Drawing] = {}
    _picture = ""  # the one that was asked for; "" is the first

    def _show(self) -> None:
        """Draw the whole page again."""
        raise NotImplementedError

    def _show_pictures(self, judged: Judged | None, kept: Material, rows: int) -> None:
        """The one that was asked for, and in a wide window the samples beside it.

        ``rows`` are to be seen below it, as far as there is room.
        """
        found = self._pictures = page.pictures_of(judged, kept, self._over) if judged else {}
        left, right = self.query(ChartLines)
        titles = self.query(Ruled)
        beside = found.get(SAMPLES) if self._is_roomy() and len(found) > 1 else None
        name = self._shown_picture(beside is not None)
        height = chart_height(self.size.height, rows)
        self._show_picture(
            left, titles[0], found.get(name), height, kept, self._another(name, beside is not None)
        )
        self._show_picture(right, titles[1], beside, BESIDE_HEIGHT, kept, "")

    def _is_roomy(self) -> bool:
        return self.size.width >= WIDE and self.size.height >= TALL

    def _turns(self, beside: bool) -> list[str]:
        """The pictures that the key goes through: not the one that stands beside anyway."""
        return [name for name in self._pictures if not (beside and name == SAMPLES)]

    def _shown_picture(self, beside: bool) -> str:
        turns = self._turns(beside)
        return self._picture if self._picture in turns else turns[0] if turns else ""

    def _another(self, name: str, beside: bool) -> str:
        """``v builds``: the next picture, where there is another."""
        turns = self._turns(beside)
        if len(turns) < 2:
            return ""
        after = turns[(turns.index(name) + 1) % len(turns)]
        return f"{self.keyboard.spoken(self.ACTIONS['next_picture'].key)} {after}"

    def _show_picture(
        self, lines: ChartLines, title: Ruled, drawn: Drawing | None, height: int, kept: Material, note: str
    ) -> None:
        lines.show(drawn, height, self.zone())
        lines.display = title.display = drawn is not None and height > 0
        if isinstance(drawn, ControlChart):
            width = lines.size.width or self.size.width
            title.show(builds_title(drawn, left_out(drawn, width, height), self.zone()), note)
        elif isinstance(drawn, Histograms):
            title.show(samples_title(drawn), note)
        elif isinstance(drawn, Chart):
            title.show(self._course_title(kept), note)
        else:
            title.show("measured once", note)

    def _course_title(self, kept: Material) -> str:
        found = self.require()
        span = span_words(kept.staging, found.now, self.zone())
        if kept.course_of in (None, found.held.candidate_id):
            return span
        return f"{span} · measured for {kept.candidates.get(kept.course_of or '', 'another build')}"

    def do_next_picture(self) -> None:
        """Another picture of the same benchmark."""
        beside = self._is_roomy() and SAMPLES in self._pictures and len(self._pictures) > 1
        turns = self._turns(beside)
        self._picture = turns[(turns.index(self._shown_picture(beside)) + 1) % len(turns)]
        self._show()

    def obstacle(self, id: str) -> str | None:
        if id == "next_picture" and len(self._pictures) < 2:
            return "there is no other picture of it"
        return super().obstacle(id)
