"""Incidents: those that are open first, and how far each that ended was learnt from."""

from __future__ import annotations

from typing import ClassVar

from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.incident_acts import EDIT, INCIDENT, OnIncident
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.incidents import IncidentLine, read_lines, summary

COLUMNS = (
    Column("title", "Incident", flex=3, least=24, most=90, frozen=True),
    Column("state", "Status", least=18, most=24),
    Column("next", "Next", flex=1, least=14, most=44),
    Column("severity", "Severity", least=8, most=8, drop=1),
    Column("environment", "Where", least=7, most=16, drop=2),
    Column("lead", "Commander", least=8, most=18, drop=3),
)


class IncidentsScreen(OnIncident, TableScreen):
    """The incidents of the project, whatever release is in hand."""

    MODE: ClassVar[str] = "incidents"
    ROWS_OF = ("incident",)
    OWN = (
        Action("add_incident", "a", "declare an incident; one in staging freezes promotion", 9),
        Action("open_incident", "enter", "open the incident: its timeline, its checklist", 8),
        *INCIDENT,
        Action("edit_incident", "e", EDIT, 4),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    NOTHING = (
        "No incident is recorded",
        "Declare one while it happens, or days later: one in staging freezes promotion until you lift it.",
    )
    FILLING = ("add_incident",)
    SUMMED_UP = True
    BESIDE = True

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[str, IncidentLine] = {}

    async def read(self) -> list[Item]:
        found = await self.work.desk.call(read_lines)
        self._lines = {line.id: line for line in found}
        rows: list[Item] = []
        for title, open_ in (("Open", True), ("Ended", False)):
            of = [_row(line) for line in found if line.open is open_]
            rows += [Heading(title), *of] if of else []
        return rows

    def summary(self) -> list[Piece]:
        return pieces(summary(tuple(self._lines.values())))

    def about(self, key: str) -> About | None:
        line = self._lines.get(key)
        if line is None:
            return None
        return About(line.title, f"{line.environment} · {line.severity}", pairs(line.facts))

    def incident_id(self) -> str | None:
        return self.table.cursor_key if self.is_mounted else None

    def is_frozen(self) -> bool:
        line = self._lines.get(self.incident_id() or "")
        return line is not None and line.frozen

    # --- acting --------------------------------------------------------------------------

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the page of the incident."""
        self._open(event.key)

    def do_open_incident(self) -> None:
        """The page of the row."""
        if (key := self.incident_id()) is not None:
            self._open(key)

    def land_on(self, row: str) -> None:
        """Who comes for an incident reads it; ``esc`` leads back."""
        self.stand_on(row)
        self._open(row, self.came_from)

    def _open(self, key: str, came_from: str | None = None) -> None:
        from workbench.tui.screens.incident_page import IncidentScreen

        page = IncidentScreen(key)
        page.came_from = came_from
        self.app.push_screen(page)

    async def do_add_incident(self) -> None:
        """A form; then its page, where the timeline is written."""
        from workbench.tui.screens.incident_forms import open_new

        await open_new(self, self._open)


def _row(line: IncidentLine) -> Row:
    quiet = Role.TEXT if line.open else Role.MUTED
    cells = (
        Cell(line.title, Role.STRONG if line.open else Role.TEXT),
        Cell(line.state, quiet),
        Cell(line.next),
        Cell(line.severity, quiet),
        Cell(line.environment, quiet),
        Cell(line.lead, quiet),
    )
    return Row(line.id, cells, line.mark, not line.counts)
