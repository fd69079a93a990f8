"""The probes: how each stands, how its runs went over time, whether it is proven."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work

from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import WorkbenchError
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.table_keys import MARKING, TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.probe_list import Line, Probes, bearing, read_probes, summary
from workbench.usecases.views.probe_page import about, facts, more_facts, read_page

NOTHING = (
    "No probes yet",
    "A probe compares staging with production and says what differs. List some under probes: in workbench.yaml.",
)
COLUMNS = (
    Column("title", "Probe", flex=3, least=24, most=60, frozen=True),
    Column("state", "State", flex=3, least=20, most=60),
    Column("pattern", "Last runs", width=10),
    Column("proof", "Proof", least=8, most=16),
    Column("ran", "Ran", most=14, align="right", drop=1),
    Column("kind", "Kind", most=16, drop=2),
    Column("where", "Looks at", most=28, drop=3),
)


class ProbesScreen(TableScreen):
    """The probes as a table, with what the one under the cursor found below it."""

    MODE: ClassVar[str] = "probes"
    OWN = (
        Action("open_probe", "enter", "open the probe, and what it found", 9, own_label="open"),
        Action("probe", "p", "run the marked probes, or all of them", 8),
        Action("prove", "t", "plant differences for the marked probes, or all of them, to find", 6),
        FIND,
        *MARKING,
        *TABLE,
    )
    COLUMNS = COLUMNS
    NOTHING = NOTHING
    FILLING = ("edit_file",)
    SUMMED_UP = True
    _probes: Probes | None = None

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Row]:
        self._probes = await self.work.desk.call(read_probes, bearing(self.evaluation))
        return [row_of(line) for line in self._probes.lines]

    def summary(self) -> list[Piece]:
        if marked := len(self.table.marked):
            return [
                Piece(f"{marked} marked", Role.ACCENT, bold=True),
                Piece("p to run them, t to prove them"),
            ]
        return pieces(summary(self._probes)) if self._probes and self._probes.lines else []

    def show_detail(self, key: str | None) -> None:
        """What was found is read when the cursor comes to the probe."""
        if key is None:
            self.show_about(None, None)
        else:
            self._read_detail(key)

    @work(group="detail", exclusive=True)
    async def _read_detail(self, key: str) -> None:
        try:
            page = await self.work.desk.call(read_page, key, bearing(self.evaluation))
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if page is not None:
            self.show_about(
                key, About(page.line.title, about(page), pairs([*facts(page), *more_facts(page)]))
            )

    def place(self) -> Place | None:
        """Where the probe is defined."""
        key = self.table.cursor_key if self.is_mounted else None
        return self.view.definitions.mark("probe", key) if key else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """Probes look before there is any."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id in ("open_probe", "probe", "prove") and not self.view.definitions.project.probes:
            return "there is no probe"
        return None

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the page of the probe."""
        self._open(event.key)

    def do_open_probe(self) -> None:
        """The page of the row."""
        if (key := self.table.cursor_key) is not None:
            self._open(key)

    def land_on(self, row: str) -> None:
        """The page of a probe, from which ``esc`` leads back to where one came from."""
        self.stand_on(row)
        self._open(row, self.came_from)

    def _open(self, key: str, came_from: str | None = None) -> None:
        from workbench.tui.screens.probe_page import ProbeScreen

        page = ProbeScreen(key)
        page.came_from = came_from
        self.app.push_screen(page)

    def _chosen(self) -> Sequence[str]:
        """The marked ones; none marked, all."""
        return self.table.marked

    async def do_probe(self) -> None:
        """Look again."""
        from workbench.tui.probing import run_probes

        await run_probes(self, self._chosen())

    async def do_prove(self) -> None:
        """Plant differences."""
        from workbench.tui.probing import run_probes

        await run_probes(self, self._chosen(), prove=True)


def row_of(line: Line) -> Row:
    """A probe as a row of the table."""
    mark, proof = line.said.mark, line.proof
    strong = mark is Mark.BLOCKS
    state = Role.ERROR if strong else Role.TEXT if mark is Mark.WARNS else Role.MUTED
    return Row(
        line.key,
        (
            Cell(line.title, Role.STRONG if strong else Role.TEXT),
            Cell(line.said.text, state, None, line.said.place),
            Cell(line.pattern, Role.MUTED),
            Cell(proof.text, Role.MUTED if proof.mark is Mark.DONE else Role.WARNING, None, proof.place),
            Cell(line.ran, Role.MUTED, None, line.at.timestamp() if line.at else 0.0),
            Cell(line.kind.replace("_", " "), Role.MUTED),
            Cell(line.where, Role.MUTED),
        ),
        mark,
    )
