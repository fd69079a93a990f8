"""What the keys do on a screen with a table: mark, sort, copy, edit cells, choose columns."""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar

import msgspec
from textual import work

from workbench.model.errors import WorkbenchError
from workbench.model.text import number_of, safe_text
from workbench.tui.actions import Action
from workbench.tui.screens.base import WorkScreen
from workbench.tui.widgets.columns import Shape
from workbench.tui.widgets.status import StatusLine
from workbench.tui.widgets.table import CellTable, EditTable
from workbench.usecases.table_views import LAST, TableView, read_views, remove_view, save_view


def _shared(id: str, key: str, does: str, footer: int = 0) -> Action:
    return Action(id, key, does, footer, shared=True)


# Of every screen with a table; of those whose cells are edited in it; of those that do something with many rows.
MARKING = (
    _shared("mark_row", "space", "mark the row, to act on several at once", 4),
    _shared("mark_alike", "m", "mark all rows with the same value in this column"),
)
TABLE = (
    _shared("sort_up", "less_than_sign", "sort by the column under the cursor, up; again: not sorted"),
    _shared("sort_down", "greater_than_sign", "sort by the column under the cursor, down; again: not sorted"),
    _shared("columns", "C", "choose columns, their order and width, and which stay in sight"),
    _shared("saved_views", "v", "named views of the table: columns, order and filter"),
    _shared("copy_cells", "ctrl+c", "copy the cell, or the block chosen with shift and arrows"),
)
EDITING = (
    _shared("edit_cell", "e", "edit the cell; tab keeps it and goes to the next, esc discards it", 7),
    _shared(
        "fill_cells",
        "equals_sign",
        "copy this cell's value into the marked rows; if none are marked, copy the value above",
    ),
    _shared("paste_cells", "ctrl+v", "paste a cell, or a block from a spreadsheet"),
    _shared("save_edits", "ctrl+s", "save the edited cells and new rows", 8),
)
_WANTS_A_CELL = frozenset({"sort_up", "sort_down", "copy_cells", "mark_alike", "edit_cell", "fill_cells"})


def shape_of(view: TableView) -> Shape:
    """A view as the table takes it."""
    return Shape(**msgspec.structs.asdict(view))


class TableKeys(WorkScreen):
    """A screen with a table of cells; it is made as it was left, at once or before it ``READS`` its rows."""

    READS: ClassVar[bool] = False

    def on_mount(self) -> None:
        """The columns as they were left."""
        if not self.READS:
            self.run_worker(self.take_last_shape(), group="shape")

    @property
    def table(self) -> CellTable:
        """The table."""
        return self.query_one(CellTable)

    @property
    def sheet(self) -> EditTable | None:
        """The table, where its cells are edited in it."""
        table = self.table if self.is_mounted else None
        return table if isinstance(table, EditTable) else None

    def why_not(self, action: Action) -> str | None:
        if action not in (*MARKING, *TABLE, *EDITING):
            return super().why_not(action)
        return self._table_obstacle(action.id)

    def _table_obstacle(self, id: str) -> str | None:
        if not self.is_mounted or (id in _WANTS_A_CELL and self.table.cell is None):
            return "the table is empty"
        if id == "mark_row" and self.table.cursor_key is None:
            return "there is no row to mark"
        column, sheet = self.table.column, self.sheet
        if id in ("edit_cell", "fill_cells") and column is not None and column.edit is None:
            return f"{column.title or column.key} is not edited in the table"
        if id == "save_edits" and sheet is not None and not (sheet.pending or sheet.is_editing):
            return "no cell was edited"
        return None

    # --- what is under the cursor ----------------------------------------------------------

    def on_cell_table_cell_selected(self, event: CellTable.CellSelected) -> None:
        """The status line tells what the cell does not show."""
        if event.table is self.table:
            self.tell_cell()

    def on_edit_table_edited(self, event: EditTable.Edited) -> None:
        """What can be saved has changed."""
        self.tell_cell()
        self.refresh_hints()

    def tell_cell(self) -> None:
        """Say in the status line what the cell under the cursor does not show."""
        for line in self.query(StatusLine):
            line.show(self.table.told())

    # --- acting --------------------------------------------------------------------------

    def do_mark_row(self) -> None:
        """Mark the row, or take its mark off."""
        self.table.action_mark()

    def do_mark_alike(self) -> None:
        """Mark the rows with the same value in this column."""
        self.table.mark_alike()

    def do_sort_up(self) -> None:
        """By the column under the cursor, up."""
        self.table.sort_here(descending=False)

    def do_sort_down(self) -> None:
        """By the column under the cursor, down."""
        self.table.sort_here(descending=True)

    def do_copy_cells(self) -> None:
        """The cell or the block."""
        self.table.copy()

    def do_columns(self) -> None:
        """Choose columns before one's eyes; they stay so in the next sitting."""
        from workbench.tui.screens.columns_panel import ColumnsPanel

        table = self.table

        def kept(shape: Shape | None) -> None:
            if shape is not None:
                self._keep(LAST, msgspec.structs.replace(shape, order=None, filter=""))

        self.app.push_screen(ColumnsPanel(table.columns, table.shape, table.widths, table.take_shape), kept)

    async def do_saved_views(self) -> None:
        """Show a view, save this one, or remove one."""
        from workbench.tui.screens.views_panel import Chosen, ViewsPanel

        table = self.table
        views = {name: shape_of(view) for name, view in (await self._views()).items() if name != LAST}
        titles = {column.key: column.title for column in table.columns}

        def chosen(choice: Chosen | None) -> None:
            if choice is None:
                return
            if choice.act == "show":
                table.take_shape(views.get(choice.name, Shape()))
                self.say(f"view: {choice.name}")
            elif choice.act == "save":
                self._keep(choice.name, table.shape, f"saved as view “{choice.name}”: v shows it again")
            else:
                self._remove(choice.name)

        self.app.push_screen(ViewsPanel(views, titles), chosen)

    async def _views(self) -> dict[str, TableView]:
        try:
            return await self.work.desk.call(read_views, self.MODE)
        except WorkbenchError as error:  # no folder for a person's own things
            self.work.tell(error)
            return {}

    @work
    async def _keep(self, name: str, shape: Shape, done: str = "") -> None:
        view = TableView(**msgspec.structs.asdict(shape))
        try:
            await self.work.desk.call(save_view, self.MODE, name, view)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if done:
            self.say(done)

    @work
    async def _remove(self, name: str) -> None:
        try:
            await self.work.desk.call(remove_view, self.MODE, name)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self.say(f"removed the view “{name}”")

    async def take_last_shape(self) -> None:
        """The columns as they were left in the last sitting."""
        with suppress(WorkbenchError):
            last = (await self.work.desk.call(read_views, self.MODE)).get(LAST)
            if last is not None and self.is_mounted:
                order, words = (
                    self.table.sorted_by,
                    self.table.filter_text,
                )  # these come back with the sitting
                self.table.take_shape(msgspec.structs.replace(shape_of(last), order=order, filter=words))

    def do_edit_cell(self) -> None:
        """Open the cell."""
        if (sheet := self.sheet) is not None:
            sheet.focus()
            sheet.edit()

    def do_fill_cells(self) -> None:
        """This value into several rows."""
        if (sheet := self.sheet) is not None:
            sheet.fill()

    def do_paste_cells(self) -> None:
        """What was copied."""
        if (sheet := self.sheet) is not None:
            sheet.paste(self.app.clipboard)

    def do_save_edits(self) -> None:
        """All that is pending."""
        if (sheet := self.sheet) is not None:
            sheet.save()

    def unsaved_edits(self) -> list[str]:
        sheet = self.sheet
        if sheet is None:
            return []
        titles = {column.key: column.title or column.key for column in sheet.columns}
        return [
            "; ".join(f"{titles[column]}: {safe_text(text, 200)}" for column, text in texts.items())
            for texts in sheet.unsaved().values()
        ]

    async def key_escape(self) -> None:
        """From the detail to the table; then edits and marks are given up; then back."""
        table, sheet = self.table, self.sheet
        if not table.has_focus and table.is_on_screen:
            table.focus()
        elif sheet is not None and sheet.pending:
            self._ask_to_give_up(sheet)
        elif table.marked:
            table.clear_marks()
        else:
            await super().key_escape()

    def _ask_to_give_up(self, sheet: EditTable) -> None:
        from workbench.tui.widgets.dialog import Confirm

        edits, errors = sheet.pending, len(sheet.errors)
        cells = sum(map(len, edits.values()))
        said = (
            f"{number_of(cells, 'cell')} {'was' if cells == 1 else 'were'} edited "
            f"in {number_of(len(edits), 'row')} and not saved."
        )
        wrong = f" Wrong so far: {errors}." if errors else ""

        def answered(yes: bool | None) -> None:
            if yes:
                sheet.give_up()
                self.refresh_hints()
                self.say("edits discarded; nothing was saved")

        panel = Confirm("Discard your edits?", said + wrong, yes="discard them", no="keep them")
        self.app.push_screen(panel, answered)
