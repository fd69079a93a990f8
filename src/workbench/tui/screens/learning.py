"""Learning: how far staging can be trusted, figure by figure, each with what it counts and leaves out beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from workbench.model.errors import WorkbenchError
from workbench.tui.actions import Action
from workbench.tui.registry import FIND, showing
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.dialog import Confirm
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.context import Context
from workbench.usecases.views.figure_words import SPAN
from workbench.usecases.views.learning import SECTIONS, Learning, Line, lines_of, read_learning, summary
from workbench.usecases.views.learning_page import Quarterly, default_name, read_quarterly, write_page

COLUMNS = (
    Column("title", "", flex=1, least=24, most=56, frozen=True),
    Column("count", "Counted", least=9, most=24),
    Column("value", "Says", flex=1, least=14, most=44),
    Column("span", "0 to 100 %", least=SPAN, most=SPAN, drop=1),
    Column("note", "", most=40, drop=2),
)


class LearningScreen(TableScreen):
    """What the past teaches; nothing here passes or fails, so nothing has a colour."""

    MODE: ClassVar[str] = "learning"
    OWN = (
        Action(
            "open_learnt",
            "enter",
            "go to the difference or the benchmark that it is about",
            9,
            own_label="open",
        ),
        Action("write_review", "w", "write the quarterly review to a file in this folder, as a page", 8),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    NOTHING = (
        "Nothing to learn from yet",
        "Once releases have gone out and been watched for seven days, what staging was right about stands here.",
    )
    SUMMED_UP = True
    BESIDE = True
    _found: Learning | None = None
    _lines: tuple[Line, ...] = ()

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Item]:
        self._found = await self.work.desk.call(read_learning)
        self._lines = lines_of(self._found)
        return list(_items(self._lines))

    def summary(self) -> list[Piece]:
        return pieces(summary(self._found)) if self._found else []

    def _at(self, key: str | None) -> Line | None:
        return next((line for line in self._lines if line.key == key), None)

    def about(self, key: str) -> About | None:
        line = self._at(key)
        if line is None:
            return None
        return About(line.title, ", ".join(filter(None, (line.count, line.value))), pairs(line.facts))

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """What was learnt is there without any release in hand."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id == "open_learnt":
            line = self._at(self.table.cursor_key if self.is_mounted else None)
            if line is None:
                return "there is nothing to open"
            return None if line.opens else "it is about many things, which stand beside it"
        return super().obstacle(id)

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: what it is about."""
        await self.action_do("open_learnt")

    async def do_open_learnt(self) -> None:
        """The difference, or the benchmark."""
        line = self._at(self.table.cursor_key)
        if line is not None and line.opens:
            noun, _, row = line.opens.partition("/")
            await self.go(showing(noun), row)

    async def do_write_review(self) -> None:
        """Write the page of the last quarter here; a file that is there is only overwritten when told so."""
        try:
            found = await self.work.desk.call(read_quarterly)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        name = default_name(found)
        if not Path(name).exists():
            await self._write(found, overwrite=False)
            return

        async def answered(yes: bool | None) -> None:
            if yes:
                await self._write(found, overwrite=True)
            else:
                self.say(f"{name} is unchanged")

        text = f"{name} in {Path.cwd()} already exists. Overwriting it loses what it holds now."
        self.app.push_screen(Confirm("Overwrite the file?", text, yes="overwrite", no="keep it"), answered)

    async def _write(self, found: Quarterly, *, overwrite: bool) -> None:
        try:
            written = await self.work.desk.call(_written, found, overwrite)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self.say(f"written: {written.resolve()}")


def _written(context: Context, found: Quarterly, overwrite: bool) -> Path:
    return write_page(found, Path(), overwrite=overwrite)


def _items(lines: Iterable[Line]) -> Iterable[Item]:
    """The lines under their sections; nothing at all where nothing ever went out or happened."""
    known = list(lines)
    for section, title in SECTIONS.items():
        yield Heading(title)
        yield from (_row(line) for line in known if line.section == section)


def _row(line: Line) -> Row:
    tone = Role.TEXT if line.certain else Role.MUTED
    cells = (
        Cell(line.title),
        Cell(line.count),
        Cell(line.value, tone),
        Cell(line.span, Role.MUTED),
        Cell(line.note, Role.MUTED),
    )
    return Row(line.key, cells, line.mark)
