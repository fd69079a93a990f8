"""Environments: the data, use and lifetime of each, and how far its word can be trusted."""

from __future__ import annotations

from typing import ClassVar

from workbench.definitions.shapes import Mark as Place
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens import environment_forms
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views import environments as views
from workbench.usecases.views.environment_judging import (
    Line,
    brief,
    line_mark,
    read_lines,
    summary,
    worth_words,
)

NOTHING = (
    "List your environments",
    "Write production and staging under environments: in workbench.yaml; E opens the file.",
)
COLUMNS = (
    Column("title", "Environment", flex=1, least=16, most=40, frozen=True),
    Column("kind", "Kind", flex=1, least=10, most=40, drop=3),
    Column("data", "Data", least=10, most=32),
    Column("occupied", "Occupied", flex=1, least=12, most=44, drop=2),
    Column("ends", "Ends", most=24, drop=4),
    Column("worth", "What its word is worth", flex=2, least=20, most=80, drop=1),
    Column("owner", "Owner", most=14, least=5, drop=5),
)


class EnvironmentsScreen(TableScreen):
    """The environments as a table, with the one under the cursor in detail."""

    MODE: ClassVar[str] = "environments"
    ROWS_OF = ("refresh", "occupancy", "end_of_life")
    OWN = (
        Action("open_environment", "enter", "open the environment in full", 9, own_label="open"),
        Action("add_happening", "a", "record who uses it, or a refresh of its data", 8),
        Action("mark_environment", "M", "mark it as validated, free, or at its end", 6),
        Action("staging_needed", "t", "answer questions that say whether this change needs staging", 5),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    NOTHING = NOTHING
    FILLING = ("edit_file",)
    SUMMED_UP = True
    _lines: tuple[Line, ...] = ()

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Row]:
        self._lines = await self.work.desk.call(read_lines, self.evaluation)
        return [self._row(line) for line in self._lines]

    def _row(self, line: Line) -> Row:
        state, zone = line.state, self.zone()
        one, mark = state.environment, line_mark(line)
        return Row(
            state.key,
            (
                Cell(state.title, Role.STRONG),
                Cell(views.kind_words(one), Role.MUTED),
                Cell(views.data_words(state)),
                Cell(views.occupied_words(state, zone), Role.TEXT if state.occupied else Role.MUTED),
                Cell(views.life_words(state, zone), Role.WARNING if state.over else Role.MUTED),
                Cell(worth_words(line)),
                Cell(self.who(one.owner) if one.owner else "unassigned", Role.MUTED),
            ),
            mark,
        )

    def summary(self) -> list[Piece]:
        return pieces(summary(self._lines)) if self._lines else []

    def line(self, key: str | None) -> Line | None:
        """The environment with that key."""
        return next((line for line in self._lines if line.state.key == key), None)

    def about(self, key: str) -> About | None:
        line = self.line(key)
        if line is None:
            return None
        state = line.state
        said = [*views.standing_facts(state, self.zone()), *brief(line)]
        return About(state.title, views.kind_words(state.environment), pairs(said))

    def place(self) -> Place | None:
        """Where it is defined."""
        key = self.table.cursor_key
        return self.view.definitions.mark("environment", key) if key else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """Environments are there before any release."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id in ("open_environment", "add_happening", "mark_environment"):
            return None if self.table.cursor_key else "no environment is listed"
        return None

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the page of the environment."""
        self._open(event.key)

    def _open(self, key: str) -> None:
        from workbench.tui.screens.environment_page import EnvironmentScreen

        self.app.push_screen(EnvironmentScreen(key))

    def do_open_environment(self) -> None:
        """The page of the row."""
        if (key := self.table.cursor_key) is not None:
            self._open(key)

    def do_add_happening(self) -> None:
        """Who uses it, or a refresh."""
        if (line := self.line(self.table.cursor_key)) is not None:
            environment_forms.open_add(self, line.state)

    def do_mark_environment(self) -> None:
        """Validated, free, or at its end."""
        if (line := self.line(self.table.cursor_key)) is not None:
            environment_forms.open_mark(self, line.state)

    async def do_staging_needed(self) -> None:
        """Questions about the change, and the reasoning."""
        from workbench.tui.screens.environment_needed import open_needed

        await open_needed(self)
