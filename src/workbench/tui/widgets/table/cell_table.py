"""A table with a cursor on a cell: moving sideways, blocks, copies, and what the column under the cursor sorts and marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Click
from textual.strip import Strip

from workbench.model.text import number_of, safe_text
from workbench.model.width import cells
from workbench.tui.binding import bind
from workbench.tui.theme import styles
from workbench.tui.widgets.columns import Column, Placed
from workbench.tui.widgets.rows import LIMIT, Row
from workbench.tui.widgets.table.drawing import Ink, over
from workbench.tui.widgets.table.messages import TableMessage
from workbench.tui.widgets.table.record_table import RecordTable


class CellTable(RecordTable):
    """Rows and columns with a cell under the cursor.

    Columns that do not fit stand at the right, beyond the edge: the cursor scrolls there.
    """

    SCROLLS: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("left", "side(-1)", "to the cell on the left"),
        bind("right", "side(1)", "to the cell on the right; scrolls to columns beyond the edge"),
        bind("shift+up", "extend(-1, 0)", "extend the selection up"),
        bind("shift+down", "extend(1, 0)", "extend the selection down"),
        bind("shift+left", "extend(0, -1)", "extend the selection to the left"),
        bind("shift+right", "extend(0, 1)", "extend the selection to the right"),
    ]

    class CellSelected(TableMessage["CellTable"]):
        """The cursor came to another cell."""

        def __init__(self, table: CellTable, row: str, column: str) -> None:
            super().__init__(table)
            self.row = row
            self.column = column

    _column = -1  # the column under the cursor, by its place in ``columns``
    _anchor: tuple[int, int] | None = None  # line and column where a block begins

    # The cell under the cursor

    @property
    def cell(self) -> tuple[str, str] | None:
        """Row and column key of the cell under the cursor."""
        row, column = self._lines.row(self._cursor), self.column
        return (row.key, column.key) if row is not None and column is not None else None

    @property
    def column(self) -> Column | None:
        """The column under the cursor."""
        at = self._place()
        return self.columns[self._layout().places[at].index] if at is not None else None

    @property
    def widths(self) -> dict[str, int]:
        """Cells of each column that is laid out, by key."""
        return {self.columns[place.index].key: place.width for place in self._layout().places}

    def move_to_cell(self, row: str, column: str) -> bool:
        """Put the cursor on a cell; false when it is not on show."""
        places = self._layout().places
        index = next((each.index for each in places if self.columns[each.index].key == column), None)
        if index is None or self._lines.where(row) < 0:
            return False
        self._go(self._lines.where(row))
        self._go_sideways(index)
        return True

    def whole_text(self, row: Row, column: int) -> str:
        """The text of a cell as it is edited and copied."""
        return row.cells[column].whole if column < len(row.cells) else ""

    def _place(self) -> int | None:
        """Where the column under the cursor stands among those that are laid out."""
        places = self._layout().places
        if not places:
            return None
        at = next((at for at, place in enumerate(places) if place.index == self._column), None)
        return self._first_place() if at is None else at

    def _first_place(self) -> int:
        """Where the cursor begins: in the name, which is frozen, or else the widest column."""
        layout = self._layout()
        widest = max(range(len(layout.places)), key=lambda at: layout.places[at].width)
        return layout.frozen - 1 if layout.frozen else widest

    def action_side(self, by: int) -> None:
        """To the column at the left (-1) or right (1)."""
        self._drop_block()
        self._sideways(by)

    def _sideways(self, by: int) -> None:
        places, at = self._layout().places, self._place()
        if at is not None and 0 <= at + by < len(places):
            self._go_sideways(places[at + by].index)

    def _go_sideways(self, index: int) -> None:
        self._column = index
        at = self._place()
        assert at is not None
        offset = self._layout().reveal(at, self._offset)
        if offset != self._offset:
            self._offset = offset
            self.refresh()
        elif self._anchor is not None:
            self.refresh()
        else:
            self._refresh_at(self._cursor)
        self._cell_changed()

    def _cell_changed(self) -> None:
        if (cell := self.cell) is not None:
            self.post_message(self.CellSelected(self, *cell))

    def _go(self, line: int) -> None:
        moved = line != self._cursor
        super()._go(line)
        if self._anchor is not None:
            self.refresh()
        if moved:
            self._cell_changed()

    def clicked(self, line: int, x: int, event: Click) -> None:
        if event.shift:
            self._anchor = self._anchor or (self._cursor, self._column)
        else:
            self._drop_block()
        index = self.column_at(x)
        self._go(line)
        if index is not None:
            self._go_sideways(index)

    def told(self) -> str:
        """What the cell under the cursor does not show: its whole text, where it is cut."""
        row, at = self._lines.row(self._cursor), self._place()
        if row is None or at is None:
            return ""
        place = self._layout().places[at]
        column = self.columns[place.index]
        text = self.whole_text(row, place.index)
        shown = row.cells[place.index].text if place.index < len(row.cells) else ""
        if cells(safe_text(shown, LIMIT)) <= place.width and text in ("", shown):
            return ""
        return f"{column.title or column.key}: {text}"

    # Blocks

    @property
    def block(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Keys of the rows and columns that are selected; of the cell under the cursor where no block is."""
        lines, places = self._block()
        rows = (self._lines.row(line) for line in lines)
        layout = self._layout().places
        return (
            tuple(row.key for row in rows if row is not None),
            tuple(self.columns[layout[at].index].key for at in places),
        )

    def _block(self) -> tuple[range, range]:
        """Lines, and places of columns, of the block or the cell."""
        at = self._place()
        if at is None or self._cursor < 0:
            return range(0), range(0)
        line, place = self._cursor, at
        if self._anchor is not None:
            line = min(self._anchor[0], len(self._lines.shown) - 1)
            found = (n for n, each in enumerate(self._layout().places) if each.index == self._anchor[1])
            place = next(found, at)
        return (
            range(min(line, self._cursor), max(line, self._cursor) + 1),
            range(min(place, at), max(place, at) + 1),
        )

    def action_extend(self, down: int, right: int) -> None:
        """Make the block larger or smaller."""
        at = self._place()
        if at is None or self._cursor < 0:
            return
        if self._anchor is None:
            self._anchor = (self._cursor, self._layout().places[at].index)
        if down:
            self._go(self._step(self._cursor + down, down))
        else:
            self._sideways(right)
        self.refresh()

    def _drop_block(self) -> bool:
        if self._anchor is None:
            return False
        self._anchor = None
        self.refresh()
        return True

    def action_move(self, by: int) -> None:
        self._drop_block()
        super().action_move(by)

    def action_page(self, by: int, parts: int = 1) -> None:
        self._drop_block()
        super().action_page(by, parts)

    def action_first(self) -> None:
        self._drop_block()
        super().action_first()

    def action_last(self) -> None:
        self._drop_block()
        super().action_last()

    def _arrange(self) -> None:
        self._anchor = None  # the lines that it was made of may stand elsewhere
        super()._arrange()

    def take_key(self, key: str, character: str | None) -> bool:
        if key == "escape" and self._typing is None and self._drop_block():
            return True
        return super().take_key(key, character)

    def copy(self) -> None:
        """Copy the cell, or the block, as a spreadsheet takes it."""
        from workbench.usecases.pasting import write_block

        lines, places = self._block()
        indexes = [self._layout().places[at].index for at in places]
        # A block that is pasted again passes over what cannot be edited.
        indexes = [at for at in indexes if self.columns[at].edit is not None] or indexes
        rows = [row for line in lines if (row := self._lines.row(line)) is not None]
        if not rows or not indexes:
            self.say("nothing to copy")
            return
        texts = [[self.whole_text(row, index) for index in indexes] for row in rows]
        self.app.copy_to_clipboard(write_block(texts))
        count = len(rows) * len(indexes)
        self.say(f"copied {count:,} cells" if count > 1 else f"copied “{texts[0][0]}”")

    # What the column under the cursor is good for

    def sort_here(self, *, descending: bool) -> None:
        """Sort by the column under the cursor; once more the same way: as the rows came."""
        if (column := self.column) is None:
            return
        if self.sorted_by == (column.key, descending):
            self.sort_by(None)
            self.say("no longer sorted")
        else:
            self.sort_by(column.key, descending=descending)
            self.say(f"sorted by {column.title or column.key}, {'down' if descending else 'up'}")

    def mark_alike(self) -> None:
        """Mark the rows on show with the same value in this column; all marked already: take the marks off."""
        row, column = self._lines.row(self._cursor), self.column
        if row is None or column is None:
            return
        index = self.columns.index(column)
        text = self.whole_text(row, index)
        alike = self._alike(index, text)
        rows = number_of(len(alike), "row")
        if alike <= self._marked:
            self._marked -= alike
            self.say(f"{rows} unmarked: {column.title} is “{text}”")
        else:
            self._marked |= alike
            self.say(f"{rows} marked: {column.title} is “{text}”")
        self._marks_changed()

    def _alike(self, index: int, text: str) -> set[str]:
        """Keys of the rows on show with this text in a column."""
        return {
            line.key
            for line in self._lines.shown
            if isinstance(line, Row) and (line.cells[index].whole if index < len(line.cells) else "") == text
        }

    # Drawing

    def _ink(self, current: bool) -> Ink:
        """Where a reversed row would hide the reversed cell in it, the row is only bold."""
        look = styles(self.app)
        return Ink(look, self.rich_style, current=current, focused=self.has_focus and not look.is_plain)

    def _row_line(self, row: Row, current: bool, width: int) -> Strip:
        strip = super()._row_line(row, current, width)
        look = styles(self.app)
        if self._anchor is not None and self.has_focus:
            lines, places = self._block()
            if self._lines.where(row.key) in lines:
                for place in self._seen(places):
                    strip = over(strip, self._gutter + place.x - 1, place.width + 2, look.block)
        if current and self.has_focus and (at := self._place()) is not None:
            for place in self._seen(range(at, at + 1)):
                strip = over(strip, self._gutter + place.x - 1, place.width + 2, look.cell)
        return strip

    def _seen(self, places: Sequence[int]) -> list[Placed]:
        """Those of the places that are seen now, where they are seen."""
        layout = self._layout()
        wanted = {layout.places[at].index for at in places}
        return [place for place in layout.visible(self._offset) if place.index in wanted]
