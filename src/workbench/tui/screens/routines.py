"""Routines: what is done again and again, what is due first, and saying that it was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work

from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import WorkbenchError
from workbench.routines.due import DueState
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Block, Pair, pairs
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.usecases import routines
from workbench.usecases.context import Context
from workbench.usecases.views.routines import Line, Page, read_lines, read_page, summary

if TYPE_CHECKING:
    from workbench.tui.widgets.form import Values

COLUMNS = (
    Column("title", "Routine", flex=2, least=24, most=60, frozen=True),
    Column("state", "State", flex=1, least=22, most=44),
    Column("every", "How often", most=28, least=10, drop=1),
    Column("last", "Last done", most=28, least=10, drop=2),
    Column("owner", "Whose", most=16, drop=3),
)
_SECTIONS = (
    ("Overdue", (DueState.OVERDUE,)),
    ("Due", (DueState.DUE,)),
    ("Later", (DueState.DONE, DueState.WAITING)),
)
_TONES = {Mark.BLOCKS: Role.ERROR, Mark.OPEN: Role.TEXT}


class RoutinesScreen(TableScreen):
    """What is due first, and how it is done; ``y`` says that it was."""

    MODE: ClassVar[str] = "routines"
    ROWS_OF = ("routine_done",)
    OWN = (
        Action("routine_done", "y", "mark the routine done, with evidence", 9),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    NOTHING = (
        "Every routine is left out",
        "Routines are listed under routines: in workbench.yaml; those that come with the workbench fall due unless they say every: never.",
    )
    FILLING = ("edit_file",)
    SUMMED_UP = True
    _lines: tuple[Line, ...] = ()

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Item]:
        self._lines = await self.work.desk.call(read_lines)
        return list(_items(self._lines))

    def summary(self) -> list[Piece]:
        return pieces(summary(self._lines)) if self._lines else []

    def line(self, key: str | None) -> Line | None:
        """The routine of a row."""
        return next((line for line in self._lines if line.key == key), None)

    def show_detail(self, key: str | None) -> None:
        """How often it was done is read when the cursor comes to the routine."""
        if key is None:
            self.show_about(None, None)
        else:
            self._read_detail(key)

    @work(group="detail", exclusive=True)
    async def _read_detail(self, key: str) -> None:
        try:
            page = await self.work.desk.call(read_page, key)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self.show_about(key, _about(page))

    def place(self) -> Place | None:
        """Where the routine is defined; a built-in one stands nowhere."""
        key = self.table.cursor_key if self.is_mounted else None
        return self.view.definitions.mark("routine", key) if key else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """Routines fall due without any release."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id == "routine_done" and self.line(self.table.cursor_key if self.is_mounted else None) is None:
            return "there is no routine under the cursor"
        return super().obstacle(id)

    def do_routine_done(self) -> None:
        """Done: asks for evidence in the same breath."""
        from workbench.tui.widgets.form import Field, FormScreen

        line = self.line(self.table.cursor_key)
        if line is None:
            return
        routine = line.due.routine
        what = Field(
            "what",
            "Evidence",
            required=bool(routine.needs_evidence),
            hint="a link, the path of a file, or a note",
        )
        comment = Field("comment", "What came of it", hint="Optional")
        when = Field("at", "When", hint="now, unless you say: 2026-12-01, or yesterday")

        async def submit(values: Values) -> None:
            await self.submit(_done, routine.key, values)
            self.say(f"done: {routine.title}")

        self.app.push_screen(
            FormScreen(
                "Mark the routine done",
                (what, comment, when),
                intro=_intro(line),
                submit=submit,
                save_label="mark done",
            )
        )


def _items(lines: Sequence[Line]) -> Iterable[Item]:
    for title, states in _SECTIONS:
        rows = [line for line in lines if line.due.state in states]
        if rows:
            yield Heading(title, f"{len(rows):,}")
            yield from map(_row, rows)


def _row(line: Line) -> Row:
    tone = _TONES.get(line.mark, Role.MUTED)
    at = line.due.due_at
    return Row(
        line.key,
        (
            Cell(line.title, Role.STRONG if line.due.overdue else Role.TEXT),
            Cell(line.state, tone, None, at.timestamp() if at else float("inf")),
            Cell(line.every, Role.MUTED),
            Cell(line.last, Role.MUTED, None, line.due.last.at.timestamp() if line.due.last else 0.0),
            Cell(line.owner, Role.MUTED),
        ),
        line.mark,
    )


def _about(page: Page) -> About:
    line = page.line
    meta = " · ".join(filter(None, (line.every, line.state, line.owner)))
    return About(line.title, meta, pairs((*page.facts, *page.told)))


def _intro(line: Line) -> list[Block]:
    routine = line.due.routine
    wanted = [Pair("Accepts", routine.evidence)] if routine.evidence else []
    return [Pair("Routine", f"{routine.title}, {line.state}"), *wanted]


def _done(context: Context, key: str, values: Values) -> None:
    from workbench.usecases import filling
    from workbench.usecases.evidence_typed import read_evidence

    typed = values["what"].strip()
    given = read_evidence(typed) if typed else routines.NOTHING
    at = filling.moment(values["at"].strip() or None, context.now, context.zone)
    due = routines.find_due(context, key)
    routines.done(context, due, at=at, words=values["comment"], given=given)
