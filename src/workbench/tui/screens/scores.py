"""Scores over time: each flow and environment build by build, and what probes measured, with its course."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.events import Resize
from textual.widget import Widget

from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.chart import ChartLines
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.ruled import Ruled
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.scores_page import BUILDS, MOST, PROBES, ScoreRow, read_score_rows, summary

COLUMNS = (
    Column("title", "Score of", flex=2, least=22, most=60, frozen=True),
    Column("now", "Now", least=11, most=20, align="right"),
    Column("bars", "Course", least=12, most=30),
    Column("of", "Over, or limit", least=14, most=24),
    Column("moved", "Moved", flex=3, least=20, most=90, drop=1),
)
_SECTIONS = {BUILDS: "Benchmarks, build by build", PROBES: "Probes, run by run"}
TALL, CHART = 34, 11  # lines of a window that has room for a drawing, and of that


class ScoresScreen(TableScreen):
    """What went up or down, and with which build."""

    MODE: ClassVar[str] = "scores"
    OWN = (
        Action(
            "open_score",
            "enter",
            "go to what failed with the latest build, or to the probe",
            9,
            own_label="open",
        ),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    NOTHING = (
        "No score yet",
        "Benchmarks and probes make scores once they have run: f under 3 measures, p under Probes looks.",
    )
    SUMMED_UP = True
    DEFAULT_CSS = """
    ScoresScreen ChartLines { margin: 0 1; }
    """
    _rows: tuple[ScoreRow, ...] = ()

    def body(self) -> Iterable[Widget]:
        yield from super().body()
        yield Ruled()
        yield ChartLines()

    async def read(self) -> list[Item]:
        self._rows = tuple(await self.work.desk.call(read_score_rows))
        items: list[Item] = []
        for section, title in _SECTIONS.items():
            note = self._too_many() if section == BUILDS else ""
            items.append(Heading(title, note, keep=bool(note)))
            items += [_row(row) for row in self._rows if row.section == section]
        return items

    def _too_many(self) -> str:
        """Where builds are left out, which command shows them."""
        count = len(self.view.definitions.project.benchmarks)
        return (
            f"{count:,} benchmarks: workbench scores --flow KEY shows those of one flow"
            if count > MOST
            else ""
        )

    def summary(self) -> list[Piece]:
        return pieces(summary(self._rows)) if self._rows else []

    def _at(self, key: str | None) -> ScoreRow | None:
        return next((row for row in self._rows if row.key == key), None)

    def about(self, key: str) -> About | None:
        row = self._at(key)
        return About(row.title, row.now, pairs(row.facts)) if row is not None else None

    def show_detail(self, key: str | None) -> None:
        super().show_detail(key)
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """The course is drawn where there is room for it."""
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        row, lines, title = self._at(self.table.cursor_key), self.query_one(ChartLines), self.query_one(Ruled)
        drawn = row.course if row and len(row.course.points) > 1 and self.size.height >= TALL else None
        lines.show(drawn, CHART, self.zone())
        lines.display = title.display = drawn is not None
        title.show(row.title if row else "", row.now if row else "")

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """Scores are there without any release in hand."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id == "open_score" and self.table.cursor_key is None:
            return "there is nothing to open"
        return super().obstacle(id)

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: where it comes from."""
        await self.action_do("open_score")

    async def do_open_score(self) -> None:
        """The probe; or the benchmark that failed with the latest build, else the first one of the flow."""
        row, found = self._at(self.table.cursor_key), self.evaluation
        if row is None:
            return
        if row.section == PROBES:
            await self.go("probes", row.opens[0])
            return
        flow = row.key.removeprefix(f"{BUILDS}/")
        judged = found.judged if found else ()
        own = [item.key for item in judged if (item.resolved.benchmark.flow or "") == flow]
        await self.go("benchmarks", next(iter((*row.opens, *own)), None))


def _row(row: ScoreRow) -> Row:
    tone = Role.TEXT if row.mark is Mark.WARNS else Role.MUTED
    return Row(
        row.key,
        (
            Cell(row.title),
            Cell(row.now, Role.TEXT),
            Cell(row.bars, Role.ACCENT),
            Cell(row.of, Role.MUTED),
            Cell(row.moved, tone),
        ),
        row.mark,
    )
