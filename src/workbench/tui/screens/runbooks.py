"""The runbooks: what each is for, and whether it was rehearsed."""

from __future__ import annotations

from typing import ClassVar

from workbench.definitions.shapes import Mark as Place
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Block, Pair, Title, pairs
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.context import Context
from workbench.usecases.views.runbooks import RunbookLine, decisions, read_runbooks, summary
from workbench.usecases.views.walks import Walk, read_walk

NOTHING = (
    "No runbooks yet",
    "A runbook says how something is done when it has to be done. List some under runbooks: in workbench.yaml.",
)
COLUMNS = (
    Column("title", "Runbook", flex=2, least=24, most=60, frozen=True),
    Column("state", "Stands", flex=3, least=24, most=90),
    Column("purpose", "For", least=8, most=12, drop=1),
    Column("owner", "Owner", least=5, most=16, drop=2),
)
PAST = 5  # so many drills are told in the detail


class RunbooksScreen(TableScreen):
    """The runbooks as a table; the one under the cursor with its last drills."""

    MODE: ClassVar[str] = "runbooks"
    ROWS_OF = ("drill",)
    OWN = (
        Action("open_runbook", "enter", "open the runbook, to read or to drill it", 9, own_label="open"),
        Action("start_drill", "S", "begin a drill of it: its clock runs from then on", 8),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    NOTHING = NOTHING
    FILLING = ("edit_file",)
    SUMMED_UP = True
    _lines: tuple[RunbookLine, ...] = ()
    _walks: dict[str, Walk]

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Row]:
        self._lines, self._walks = await self.work.desk.call(_read)
        return [_row(line, self._walks[line.key]) for line in self._lines]

    def summary(self) -> list[Piece]:
        return pieces(summary(list(self._lines)))

    def about(self, key: str) -> About | None:
        walk = self._walks.get(key)
        if walk is None:
            return None
        blocks: list[Block] = pairs(walk.said)
        if walk.past:
            blocks.append(Title("Drills"))
            blocks += [Pair(one.when, f"{one.result}, {one.took}", one.mark) for one in walk.past[:PAST]]
        for question, options in decisions(walk.playbook) if walk.playbook else ():
            blocks += [Title(question), *pairs(options)]
        return About(walk.title, walk.line.purpose, blocks)

    def place(self) -> Place | None:
        """Where the runbook is defined."""
        key = self.table.cursor_key if self.is_mounted else None
        return self.view.definitions.mark("runbook", key) if key else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """Runbooks can be drilled before there is any release."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id in ("open_runbook", "start_drill") and not self._lines:
            return "no runbook is listed"
        if id == "start_drill" and (walk := self._walks.get(self.table.cursor_key or "")) and walk.running:
            return "it is being drilled already: enter to go there"
        return None

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the page of the runbook."""
        self._open(event.key)

    def do_open_runbook(self) -> None:
        """The page of the row."""
        if (key := self.table.cursor_key) is not None:
            self._open(key)

    def land_on(self, row: str) -> None:
        """The page of a runbook, from which ``esc`` leads back to where one came from."""
        self.stand_on(row)
        self._open(row, self.came_from)

    def _open(self, key: str, came_from: str | None = None) -> None:
        from workbench.tui.screens.runbook_page import RunbookScreen

        page = RunbookScreen(key)
        page.came_from = came_from
        self.app.push_screen(page)

    def do_start_drill(self) -> None:
        """Begin, and go to its page."""
        from workbench.tui.screens.drilling import open_start

        if (key := self.table.cursor_key) is not None:
            open_start(self, self._walks[key], lambda: self._open(key))


def _read(context: Context) -> tuple[tuple[RunbookLine, ...], dict[str, Walk]]:
    lines = tuple(read_runbooks(context))
    walks = {line.key: walk for line in lines if (walk := read_walk(context, line.key)) is not None}
    return lines, walks


def _row(line: RunbookLine, walk: Walk) -> Row:
    mark = Mark.UNDER_WAY if walk.running else line.mark
    state = f"being drilled since {walk.running.began}" if walk.running else line.state.why
    return Row(
        line.key,
        (
            Cell(line.runbook.title, Role.STRONG),
            Cell(state, Role.TEXT if mark in (Mark.WARNS, Mark.UNDER_WAY) else Role.MUTED),
            Cell(line.purpose, Role.MUTED),
            Cell(line.owner, Role.MUTED),
        ),
        mark,
    )
