"""The matrix: a row for each flow, a column for each dimension; ``enter`` opens the worst benchmark of a square."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from workbench.definitions.shapes import Dimension, Tier
from workbench.definitions.shapes import Mark as Place
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import CellTable, RecordTable
from workbench.usecases.views.flows import TIER_WORDS
from workbench.usecases.views.matrix import NO_FLOW, Square, dimension_word
from workbench.usecases.views.matrix_page import (
    ALL,
    MatrixPage,
    MatrixRow,
    RollUp,
    read_matrix,
    square_facts,
    square_title,
    summary,
)

_OTHER = "other"  # the column of benchmarks without a dimension
# How narrow a column may be, where its title asks for more than its marks do.
_LEAST = {Dimension.DATA_FIDELITY: 6, Dimension.FLOW_COMPLETENESS: 12}
COLUMNS = (
    Column("flow", "Flow", flex=2, least=16, most=40, frozen=True),
    Column("gate", "Gate", least=13, most=16),
    *(
        Column(each.value, dimension_word(each).capitalize(), least=_LEAST.get(each, 8), most=14)
        for each in Dimension
    ),
    Column(_OTHER, "Other", least=6, most=12, drop=1),
    Column("touched", "This candidate", least=14, most=26, drop=2),
    Column("gaps", "Not covered", flex=3, least=20, most=90, drop=3),
)
_ROW = "flow "  # begins the keys of rows: benchmarks of no flow have one, too


class MatrixScreen(TableScreen):
    """How every flow stands in each dimension."""

    MODE: ClassVar[str] = "matrix"
    OWN = (
        Action(
            "open_square",
            "enter",
            "open the worst benchmark of the square; of a flow, its page",
            9,
            own_label="open",
        ),
        Action("fetch", "f", "fetch measurements again", 7),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    NOTHING = (
        "No flow and no benchmark yet",
        "The matrix shows each flow of the inventory by its benchmarks. 7 lists flows.",
    )
    SUMMED_UP = True
    _page: MatrixPage | None = None

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Item]:
        found = self.evaluation
        self._page = await self.work.desk.call(read_matrix, found) if found is not None else None
        return list(self._items(self._page)) if self._page else []

    def _items(self, page: MatrixPage) -> Iterable[Item]:
        """The flows below their tiers."""
        for tier in (*(TIER_WORDS[each] for each in Tier), ""):
            yield Heading(tier.capitalize() or "Not in the inventory", page.tiers.get(tier, ""))
            yield from (_row(row) for row in page.rows if row.tier == tier)

    def summary(self) -> list[Piece]:
        return pieces(summary(self._page)) if self._page else []

    def _at(self, key: str | None) -> MatrixRow | None:
        rows = self._page.rows if self._page else ()
        return next((row for row in rows if _ROW + row.line.key == key), None)

    def _dimension(self) -> Dimension | str | None:
        """The dimension under the cursor; :data:`ALL` in a column that is none."""
        column = self.table.column
        name = column.key if column is not None else ""
        return Dimension(name) if name in list(Dimension) else None if name == _OTHER else ALL

    def about(self, key: str) -> About | None:
        row, page = self._at(key), self._page
        if row is None or page is None:
            return None
        dimension = self._dimension()
        facts = square_facts(page, row, dimension, self.require(), self.zone())
        return About(square_title(row, dimension), row.tier, pairs(facts))

    def on_cell_table_cell_selected(self, event: CellTable.CellSelected) -> None:
        """Another square, other benchmarks."""
        with self.telling():
            self.show_detail(event.row)

    def place(self) -> Place | None:
        """Where the worst benchmark of the square is defined."""
        benchmark = self._worst()
        return self.view.definitions.mark("benchmark", benchmark) if benchmark else None

    # --- acting --------------------------------------------------------------------------

    def obstacle(self, id: str) -> str | None:
        if id == "open_square" and self.table.cursor_key is None:
            return "there is nothing to open"
        return super().obstacle(id)

    def _worst(self) -> str:
        """The worst benchmark of the square under the cursor."""
        row, dimension = self._at(self.table.cursor_key), self._dimension()
        if row is None or (isinstance(dimension, str) and not isinstance(dimension, Dimension)):
            return ""
        square = row.line.squares.get(dimension)
        return square.first if square else ""

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the benchmark, or the flow."""
        await self.action_do("open_square")

    def do_open_square(self) -> None:
        """The worst benchmark of the square, or the flow's page."""
        from workbench.tui.screens.benchmark_detail import BenchmarkDetail
        from workbench.tui.screens.flow_page import FlowScreen

        row, benchmark = self._at(self.table.cursor_key), self._worst()
        if benchmark:
            self.app.push_screen(BenchmarkDetail(benchmark))
        elif row is not None and row.line.key in self.require().flows:
            self.app.push_screen(FlowScreen(row.line.key))
        else:
            self.say("no benchmark here")

    async def leave(self) -> None:
        """Back to the list."""
        self.dismiss()


def _row(row: MatrixRow) -> Row:
    line = row.line
    touched = _rolled(row.touched) if row.touched else Cell()
    return Row(
        _ROW + line.key,
        (
            Cell(
                line.title if line.key != NO_FLOW else "No flow",
                Role.STRONG if row.gate.mark is Mark.BLOCKS else Role.TEXT,
            ),
            _rolled(row.gate),
            *(_square(line.squares.get(each)) for each in Dimension),
            _square(line.squares.get(None)),
            touched,
            Cell("; ".join(line.gaps), Role.MUTED),
        ),
    )


def _rolled(found: RollUp) -> Cell:
    role = Role.MUTED if found.mark is Mark.NOT_APPLICABLE else role_of(found.mark)
    return Cell(f"{found.mark.symbol} {found.words}", role)


def _square(square: Square | None) -> Cell:
    if square is None:
        return Cell(Mark.NOT_APPLICABLE.symbol, Role.MUTED)
    return Cell(f"{square.mark.symbol} {square.words}", role_of(square.mark))
