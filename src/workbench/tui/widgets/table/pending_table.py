"""A table some of whose cells are to become something else: edits that are not saved, and new rows at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from textual.strip import Strip

from workbench.model.text import safe_text
from workbench.model.width import cells
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.rows import LIMIT, Cell, Item, Prepared, Row
from workbench.tui.widgets.table.cell_table import CellTable
from workbench.tui.widgets.table.drawing import row_signs
from workbench.tui.widgets.table.pending import Pending, is_draft


class PendingTable(CellTable):
    """Texts that cells are to have are *pending* until :meth:`settle` says that they are saved."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "Nothing here yet.",
        draft: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """``draft`` invites to begin a new row at the end; without it there are no new rows."""
        super().__init__(columns, empty=empty, id=id, classes=classes)
        self._draft = safe_text(draft, LIMIT)
        self._pending = Pending()
        self._next_draft = self._pending.new_draft()
        self._make_tail()

    @property
    def pending(self) -> dict[str, dict[str, str]]:
        """Texts by row and column that are not saved yet."""
        return self._pending.copy()

    def unsaved(self) -> dict[str, dict[str, str]]:
        """The same with what is being typed; tables with an editor add it."""
        return self.pending

    @property
    def errors(self) -> dict[tuple[str, str], str]:
        """What is wrong with pending texts, by row and column."""
        return dict(self._pending.errors)

    def settle(self, saved: Mapping[str, Mapping[str, str]]) -> None:
        """These edits are saved: what was typed meanwhile stays pending."""
        self._pending.settle(saved)
        self._pending_changed()

    def set_error(self, row: str, column: str, text: str) -> None:
        """Say of a pending text why it cannot be saved."""
        self._pending.errors[row, column] = safe_text(text, LIMIT)
        self.refresh()

    def _note(self, key: str, column: str, text: str, error: str | None) -> None:
        """Make a text pending, and its column as wide as that asks for."""
        index = [each.key for each in self.columns].index(column)
        row = self.row(key)
        was = super().whole_text(row, index) if row is not None else ""
        self._pending.put(key, column, text, was=was, error=error)
        if cells(safe_text(text, LIMIT)) > self._wants[index]:
            self._wants[index], self._laid = cells(safe_text(text, LIMIT)), None

    def _pending_changed(self) -> None:
        """Show the new rows that there are now; no other row moves."""
        was = self._key
        self._make_tail()
        if self._key != was:
            line = self._lines.where(was)
            self._cursor = line if line >= 0 else min(self._cursor, len(self._lines.shown) - 1)
        self._resize()
        self.refresh()

    # Rows, with those that are new

    def set_rows(self, items: Iterable[Item] | Prepared) -> None:
        super().set_rows(items)
        if unsaved := self.unsaved():
            known = {row.key for row in self._lines.all_rows()}
            self._let_go(unsaved, [key for key in unsaved if not is_draft(key) and key not in known])

    def update_rows(self, rows: Sequence[tuple[int, Row]], gone: Collection[str] = ()) -> None:
        unsaved = self.unsaved() if gone else {}
        super().update_rows(rows, gone)
        self._let_go(unsaved, [key for key in unsaved if key in gone])

    def _let_go(self, unsaved: Mapping[str, Mapping[str, str]], gone: Iterable[str]) -> None:
        """Texts of rows that are gone keep nothing else from being saved; they are told, to be typed elsewhere."""
        for row in gone:
            self._pending.forget(row)
            self.say(f"somebody else removed the row; you had typed {self._typed_in(unsaved[row])}")

    def _typed_in(self, texts: Mapping[str, str]) -> str:
        """Texts of a row by the titles of their columns, to be read again among the messages."""
        titles = {column.key: column.title or column.key for column in self.columns}
        return "; ".join(f"{titles[column]}: {safe_text(text, LIMIT)}" for column, text in texts.items())

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor; ``None`` for one that is new and not saved."""
        key = self._key
        return None if key is not None and is_draft(key) else key

    @property
    def on_new_row(self) -> bool:
        """Whether the cursor stands on a row that is not saved yet."""
        return self._key is not None and is_draft(self._key)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for key in self._lines.index if not is_draft(key))

    def _make_tail(self) -> None:
        if self._draft:
            if self._next_draft in self._pending.texts:
                self._next_draft = self._pending.new_draft()
            blank = tuple(Cell() for _ in self.columns)
            keys = (*self._pending.copy(), self._next_draft)
            self._lines.end_with(tuple(Row(key, blank) for key in keys if is_draft(key)))

    def whole_text(self, row: Row, column: int) -> str:
        pending = self._pending.text(row.key, self.columns[column].key)
        return super().whole_text(row, column) if pending is None else pending

    def told(self) -> str:
        """What is wrong with the cell under the cursor, or what it does not show."""
        error = self._pending.errors.get(self.cell) if self.cell is not None else None
        return error or super().told()

    def _alike(self, index: int, text: str) -> set[str]:
        found = super()._alike(index, text)
        for key in (*self._pending.texts, self._next_draft):
            row = self.row(key)
            same = row is not None and key != self._next_draft and self.whole_text(row, index) == text
            (found.add if same else found.discard)(key)
        return found

    # Drawing

    def _signs_of(self, row: Row, current: bool) -> list[Piece]:
        changed = row.key in self._pending.texts
        signs = row_signs(
            row, marked=row.key in self._marked, current=current, changed=changed, mark=self._signs
        )
        return [*signs[:3], Piece("+ ", Role.ACCENT)] if is_draft(row.key) and self._signs else signs

    def _row_line(self, row: Row, current: bool, width: int) -> Strip:
        return super()._row_line(self._with_pending(row), current, width)

    def _with_pending(self, row: Row) -> Row:
        """The row with the texts that it is to have."""
        texts = self._pending.texts.get(row.key)
        if texts:
            shown = [
                Cell(safe_text(texts[column.key], LIMIT) or "–", self._role(row.key, column.key))
                if column.key in texts
                else (row.cells[index] if index < len(row.cells) else Cell())
                for index, column in enumerate(self.columns)
            ]
            return Row(row.key, tuple(shown), row.mark, row.dim)
        if row.key == self._next_draft and not self._is_typed_in(row.key):
            places = self._layout().places
            index = places[self._first_place()].index if places else 0
            shown = [
                Cell(self._draft, Role.MUTED, "left") if at == index else Cell()
                for at in range(len(self.columns))
            ]
            return Row(row.key, tuple(shown))
        return row

    def _role(self, row: str, column: str) -> Role:
        return Role.ERROR if (row, column) in self._pending.errors else Role.ACCENT

    def _is_typed_in(self, row: str) -> bool:
        """Whether somebody types in this row now; tables with an editor override it."""
        return False
