"""A table whose cells are edited in it: what was typed and pasted is read, shown once more, and saved as one change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from textual import work

from workbench.model.errors import WorkbenchError
from workbench.model.noun_fields import DECIDE, EDIT, Field
from workbench.model.text import number_of, safe_text
from workbench.record import Stored
from workbench.tui.screens.detail import Split
from workbench.tui.screens.saving import OVERTAKEN
from workbench.tui.screens.table_screen import TableScreen
from workbench.tui.theme import Role
from workbench.tui.widgets import form
from workbench.tui.widgets.conflict import Conflict, Difference
from workbench.tui.widgets.empty import EmptyState
from workbench.tui.widgets.prose import Block, Pair, Paragraph
from workbench.tui.widgets.table import EditTable
from workbench.tui.widgets.table.pending import is_draft
from workbench.usecases import cell_edits, cell_reading, filling, pasting
from workbench.usecases.cell_sheet import Edits, Overtaken, Sheet, WrongCells
from workbench.usecases.plans import Step

SHOWN = 8  # so many rows are named before they are saved
Texts = dict[str, dict[str, str]]


class SheetScreen(TableScreen):
    """A table of nouns of one ``KIND``; its columns go by the fields of the noun, which are ``FIELDS``."""

    KIND: ClassVar[str] = ""
    FIELDS: ClassVar[tuple[Field, ...]] = ()
    DRAFT: ClassVar[str] = ""
    _begun: dict[str, Stored]  # rows as they were when the first of their cells was edited

    def __init__(self) -> None:
        super().__init__()
        self._begun = {}
        self._fields = {field.name: field for field in self.FIELDS}

    def make_table(self) -> EditTable:
        """A table that asks the fields what its cells can hold."""
        table = EditTable(self.COLUMNS, empty="", draft=self.DRAFT)
        table.closed, table.check, table.options = self._not_here, self._mistake, self._options
        return table

    def has_nothing(self) -> bool:
        """Nothing is there, and nothing is being typed either."""
        return super().has_nothing() and not (self.cells.pending or self.cells.is_editing)

    def begin_row(self) -> None:
        """Type a new row in the table."""
        self.query_one(EmptyState).clear()
        self.query_one(Split).display = True
        self.cells.focus()
        self.cells.add_row()

    @property
    def cells(self) -> EditTable:
        """The table, as one that is edited."""
        return self.query_one(EditTable)

    # --- what a cell can hold --------------------------------------------------------------

    def _not_here(self, row: str, column: str) -> str | None:
        """Why a cell is not edited in the table: decisions have their own form, and all that they need."""
        field = self._fields.get(column)
        if is_draft(row) or field is None or EDIT in field.verbs:
            return None
        return (
            "press d to decide on this row"
            if DECIDE in field.verbs
            else f"{field.title} cannot be edited here"
        )

    def _mistake(self, row: str, column: str, text: str) -> str | None:
        """What is wrong with a text as such; what the record says of it is asked before it is saved."""
        field = self._fields[column]
        return filling.mistakes([field], {column: text}, self.zone()).get(column)

    def _options(self, row: str, column: str) -> tuple[str, ...]:
        """People and flows that can be named, beside what is typed."""
        field, found = self._fields.get(column), self.evaluation
        if field is None or field.refers == "":
            return ()
        if field.refers == "person":
            return tuple(person.key for person in self.view.definitions.project.people)
        return tuple(found.flows) if found else ()

    # --- edits that are not saved ----------------------------------------------------------

    def on_edit_table_edited(self, event: EditTable.Edited) -> None:
        """The row that somebody began to edit is remembered as they saw it."""
        super().on_edit_table_edited(event)
        self._remember()

    @work(group="seen")
    async def _remember(self) -> None:
        """Keep the rows with edits as they are now; forget those without."""
        pending = self.cells.pending
        self._begun = {row: seen for row, seen in self._begun.items() if row in pending}
        rows = [row for row in pending if row not in self._begun and not is_draft(row)]
        if rows:
            found = await self.work.desk.call(cell_reading.look_up, self.KIND, rows)
            self._begun = {**found, **self._begun}

    @work(group="paste")
    async def on_edit_table_pasted(self, event: EditTable.Pasted) -> None:
        """A block goes where its header or the cursor says."""
        try:
            found = await self.work.desk.call(
                pasting.spread, self.KIND, event.block, event.fields, event.at, event.below
            )
            self._begun = {
                **await self.work.desk.call(cell_reading.look_up, self.KIND, list(found.changed)),
                **self._begun,
            }
        except WorkbenchError as error:
            self.work.tell(error)
            return
        event.table.take(found.changed, found.added, found.left_out)
        self.refresh_hints()

    def _edits(self, pending: Texts) -> Edits:
        return Edits(
            kind=self.KIND,
            changed={row: texts for row, texts in pending.items() if not is_draft(row)},
            added={row: texts for row, texts in pending.items() if is_draft(row)},
            seen=self._begun,
        )

    # --- saving ------------------------------------------------------------------------------

    @work(group="save", exclusive=True)
    async def on_edit_table_save_edits(self, event: EditTable.SaveEdits) -> None:
        """Look at all of it, show what it would do, and save it for one reason."""
        await self._ask(self._edits(event.pending), event.pending)

    async def _ask(self, edits: Edits, pending: Texts) -> None:
        try:
            sheet = await self.work.desk.call(cell_edits.prepare, edits)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if sheet.problems:
            self._show_wrong(WrongCells(sheet.problems))
        elif sheet.clashes:
            self._ask_which(edits, pending, Overtaken(sheet.clashes, sheet.now))
        elif not sheet.changes:
            self._saved(pending, {}, "nothing to save: already there")
        elif sheet.changed:
            self._ask_why(edits, pending, sheet)
        else:
            await self._save_new(edits, pending, sheet)

    async def _save_new(self, edits: Edits, pending: Texts, sheet: Sheet) -> None:
        """New rows change nothing that is there: nobody has to say why."""
        try:
            saved = await self.submit(cell_edits.save, edits)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self._saved(pending, saved.rows, f"saved {_counted(sheet)} · u undo")

    def _show_wrong(self, wrong: WrongCells) -> None:
        """Mark every wrong cell, and go to the first."""
        table, known = self.cells, {column.key for column in self.COLUMNS}
        for each in wrong.problems:
            if each.field in known:
                table.set_error(each.row, each.field, f"{each.what}{f'; {each.hint}' if each.hint else ''}")
        first = wrong.problems[0]
        table.move_to_cell(first.row, first.field)
        more = f" · {len(wrong.problems)} invalid cells" if len(wrong.problems) > 1 else ""
        self.notify(f"not saved: {first.what}{more}", severity="warning")
        self.tell_cell()

    def _ask_why(self, edits: Edits, pending: Texts, sheet: Sheet) -> None:
        met: list[Overtaken] = []

        async def submit(values: form.Values) -> None:
            try:
                saved = await self.submit(cell_edits.save, edits, values["reason"])
            except Overtaken as overtaken:
                met.append(overtaken)
                return
            self._saved(pending, saved.rows, f"saved {_counted(sheet)} · u undo")

        def left(values: form.Values | None) -> None:
            if met:
                self._ask_which(edits, pending, met[0])

        self.app.push_screen(
            form.FormScreen(
                f"Save {_counted(sheet)}",
                (form.Field("reason", "Why", hint="for the history; optional"),),
                intro=sheet_blocks(sheet),
                submit=submit,
            ),
            left,
        )

    def _ask_which(self, edits: Edits, pending: Texts, overtaken: Overtaken) -> None:
        """Both versions of cells that somebody else changed, too."""

        async def answered(side: Any) -> None:
            if side is not None:
                self._begun = {**self._begun, **overtaken.now}
                await self._ask(cell_edits.settled(edits, overtaken, side), pending)

        sides = [
            Difference(f"{clash.title}: {title}", mine, theirs)
            for clash in overtaken.clashes
            for _, title, mine, theirs in clash.fields
        ]
        self.app.push_screen(Conflict("Somebody saved a change before you", OVERTAKEN, sides), answered)

    def _saved(self, pending: Texts, rows: Mapping[str, str], said: str) -> None:
        """The edits are in the record; new rows stay in sight until one leaves them."""
        self.cells.settle(pending)
        self._remember()
        if rows:
            self.cells.keep_in_sight(rows.values())
            self.follow()
        self.say(said)
        self.refresh_hints()


def _counted(sheet: Sheet) -> str:
    """How much is saved: ``5 cells and 10 new rows``."""
    cells = sum(len(step.fields) for step in sheet.changed)
    parts = [(cells, "cell"), (len(sheet.new), "new row")]
    return " and ".join(number_of(count, noun) for count, noun in parts if count)


def sheet_blocks(sheet: Sheet) -> list[Block]:
    """Each row with what changes in it, and the new ones by name."""
    blocks: list[Block] = [*_some(sheet.changed)]
    if sheet.new:
        names = [safe_text(step.title, 60) for step in sheet.new]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        blocks.append(Pair("New", ", ".join(names[:SHOWN]) + more))
    return blocks


def _some(steps: Iterable[Step]) -> list[Block]:
    steps = list(steps)
    blocks: list[Block] = [Pair(safe_text(step.title, 30), _fields(step)) for step in steps[:SHOWN]]
    if len(steps) > SHOWN:
        blocks.append(Paragraph(f"and {len(steps) - SHOWN} rows more", Role.MUTED))
    return blocks


def _fields(step: Step) -> str:
    return "; ".join(f"{title}: {_or_nothing(old)} → {_or_nothing(new)}" for title, old, new in step.fields)


def _or_nothing(text: str) -> str:
    return safe_text(text, 40) if text else "nothing"
