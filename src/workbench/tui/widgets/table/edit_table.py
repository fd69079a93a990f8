"""A table whose cells are edited in place; what was typed is kept as pending until a screen has saved it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from textual.events import Click, Paste
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.model.width import cells
from workbench.tui.theme import Role, styles
from workbench.tui.widgets.columns import Column, Placed
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.rows import LIMIT, Cell, Item, Prepared, Row
from workbench.tui.widgets.table.cell_editor import CellEditor
from workbench.tui.widgets.table.cell_table import CellTable
from workbench.tui.widgets.table.drawing import put, row_signs
from workbench.tui.widgets.table.editor_drawing import editor_segments, option_segments
from workbench.tui.widgets.table.pending import Pending, is_draft

OPTIONS = 8  # shown at once


class EditTable(CellTable):
    """Cells are edited in place, blocks pasted, new rows begun at the end.

    The table writes nothing itself: edits are *pending* until :meth:`settle` says that they are saved.
    A screen sets the hooks ``closed``, ``check`` and ``options``.
    """

    class Edited(Message):
        """A cell was edited; the text is pending."""

        def __init__(self, table: EditTable, row: str, column: str, text: str) -> None:
            super().__init__()
            self.table = table
            self.row = row
            self.column = column
            self.text = text

        @property
        def control(self) -> EditTable:
            """The table."""
            return self.table

    class SaveEdits(Message):
        """Somebody wants these edits saved: texts by row and column, new rows (``is_draft``) last."""

        def __init__(self, table: EditTable, pending: dict[str, dict[str, str]]) -> None:
            super().__init__()
            self.table = table
            self.pending = pending

        @property
        def control(self) -> EditTable:
            """The table."""
            return self.table

    class Pasted(Message):
        """A block of several cells was pasted: where they go is for :meth:`take` to be told.

        ``block`` is its rows; ``at`` the column key of its first cell, one of the ``fields`` on show;
        ``below`` are the keys of rows from the cursor on, none where it stands on a new one.
        """

        def __init__(
            self,
            table: EditTable,
            block: list[list[str]],
            fields: tuple[str, ...],
            at: str,
            below: tuple[str, ...],
        ) -> None:
            super().__init__()
            self.table = table
            self.block = block
            self.fields = fields
            self.at = at
            self.below = below

        @property
        def control(self) -> EditTable:
            """The table."""
            return self.table

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
        self._editor: CellEditor | None = None
        self._began = -1  # the column where typing began in a row
        self._next_draft = self._pending.new_draft()
        self.closed: Callable[[str, str], str | None] = lambda row, column: None
        """Why a cell (row, column) is not edited in the table, though its column is."""
        self.check: Callable[[str, str, str], str | None] = lambda row, column, text: None
        """Why a cell (row, column) cannot hold a text, if it cannot; new rows have keys of their own."""
        self.options: Callable[[str, str], Sequence[str]] = lambda row, column: ()
        """What can be chosen in a cell, where it is not what the column says."""
        self._make_tail()

    # Edits that are not saved

    @property
    def pending(self) -> dict[str, dict[str, str]]:
        """Texts by row and column that are not saved yet."""
        return self._pending.copy()

    def unsaved(self) -> dict[str, dict[str, str]]:
        """The same with what stands in an open editor."""
        texts, editor = self.pending, self._editor
        if editor is not None and editor.is_changed:
            texts.setdefault(editor.row, {})[editor.column] = editor.value
        return texts

    @property
    def errors(self) -> dict[tuple[str, str], str]:
        """What is wrong with pending texts, by row and column."""
        return dict(self._pending.errors)

    @property
    def is_editing(self) -> bool:
        """Whether an editor is open in a cell."""
        return self._editor is not None

    def settle(self, saved: Mapping[str, Mapping[str, str]]) -> None:
        """These edits are saved: what was typed meanwhile stays pending."""
        self._pending.settle(saved)
        self._pending_changed()

    def give_up(self) -> None:
        """Forget all edits that are not saved."""
        self._editor = None
        self._pending.clear()
        self._pending_changed()

    def set_error(self, row: str, column: str, text: str) -> None:
        """Say of a pending text why it cannot be saved."""
        self._pending.errors[row, column] = safe_text(text, LIMIT)
        self.refresh()

    def save(self) -> None:
        """Post what is to be saved; nothing while something in it is wrong."""
        if not self.keep():
            return
        if not self._pending.texts:
            self.say("nothing to save: no cell was changed")
        elif self._pending.errors:
            (row, column), error = next(iter(self._pending.errors.items()))
            self.move_to_cell(row, column)
            self.say(f"not saved: {error}")
        else:
            self.post_message(self.SaveEdits(self, self.pending))

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
        if not self._pending.texts:
            return
        known = {row.key for row in self._lines.all_rows()}
        for row in [key for key in self._pending.texts if not is_draft(key) and key not in known]:
            self._pending.forget(row)
            self.say("a row with changes that were not saved has been removed by somebody else")

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

    def add_row(self) -> None:
        """Go to the new row at the end and edit its first cell."""
        column = next((each.index for each in self._layout().places if self.columns[each.index].edit), None)
        if column is None or not self._draft or not self.keep():
            return
        self._go(self._lines.where(self._next_draft))
        self._go_sideways(column)
        self.edit()

    def _make_tail(self) -> None:
        if self._draft:
            if self._next_draft in self._pending.texts:
                self._next_draft = self._pending.new_draft()
            blank = tuple(Cell() for _ in self.columns)
            keys = (*self._pending.copy(), self._next_draft)
            self._lines.end_with(tuple(Row(key, blank) for key in keys if is_draft(key)))

    # Editing

    def edit(self) -> None:
        """Open an editor in the cell under the cursor, or say why not."""
        row, column = self._lines.row(self._cursor), self.column
        if row is None or column is None:
            self.say("there is no cell to edit")
            return
        if column.edit is None:
            self.say(f"{column.title or column.key} is not edited here")
            return
        if (why := self.closed(row.key, column.key)) is not None:
            self.say(why)
            return
        self._drop_block()
        if self._began < 0:
            self._began = self.columns.index(column)
        text = self._text(row, column)
        options = self.options(row.key, column.key)
        self._editor = CellEditor(row.key, column.key, text, column.edit, options)
        self.refresh()

    def _text(self, row: Row, column: Column) -> str:
        """The text of a cell as an editor begins with it."""
        pending = self._pending.text(row.key, column.key)
        return self._saved_text(row, self.columns.index(column)) if pending is None else pending

    def _saved_text(self, row: Row, index: int) -> str:
        return super().whole_text(row, index)

    def whole_text(self, row: Row, column: int) -> str:
        pending = self._pending.text(row.key, self.columns[column].key)
        return super().whole_text(row, column) if pending is None else pending

    def keep(self) -> bool:
        """Keep what stands in the editor as pending and close it; false where the text is refused."""
        editor = self._editor
        if editor is None:
            return True
        if editor.value == editor.first:
            self._editor = None
            return True
        error = self._refusal(editor)
        if error is not None:
            self.say(error)
            return False
        self._editor = None
        self._put(editor.row, editor.column, editor.value)
        return True

    def _refusal(self, editor: CellEditor) -> str | None:
        text = editor.value
        if text and not editor.edit.free and text not in (options := editor.all):
            return f"“{text}” is none of: {', '.join(options)}"
        return self.check(editor.row, editor.column, text)

    def _put(self, key: str, column: str, text: str, error: str | None = None) -> None:
        """Make a text pending."""
        row = self.row(key)
        index = [each.key for each in self.columns].index(column)
        was = self._saved_text(row, index) if row is not None else ""
        self._pending.put(key, column, text, was=was, error=error)
        if cells(text) > self._wants[index]:
            self._wants[index], self._laid = cells(safe_text(text, LIMIT)), None
        self._pending_changed()
        self.post_message(self.Edited(self, key, column, text))

    def take_key(self, key: str, character: str | None) -> bool:
        editor = self._editor
        if editor is None:
            return super().take_key(key, character)
        if editor.press(key, character):
            self.refresh()
        elif key == "escape":
            self._editor, self._began = None, -1
            self.refresh()
        elif key in ("tab", "shift+tab"):
            if self.keep():
                self._edit_next(1 if key == "tab" else -1)
        elif key in ("enter", "up", "down"):
            self._leave(key)
        elif key == "ctrl+s":
            self.save()
        else:
            return key not in ("pageup", "pagedown")  # no letter of a command while something is typed
        return True

    def _leave(self, key: str) -> None:
        row = self._editor.row if self._editor else ""
        if not self.keep():
            return
        began, self._began = self._began, -1
        if key != "enter":
            self.action_move(1 if key == "down" else -1)
        elif is_draft(row) and row in self._pending.texts:
            self.action_move(1)
            self._go_sideways(began)
            self.edit()

    def _edit_next(self, by: int) -> None:
        """Edit the next cell that can be, in this row or the one after it."""
        column, cell = self.column, self.cell
        editable = [place.index for place in self._layout().places if self._is_open(cell, place.index)]
        at = editable.index(self.columns.index(column)) + by if column is not None else 0
        if not 0 <= at < len(editable):
            line = self._cursor
            self.action_move(by)
            if line == self._cursor:
                return
            self._began, at = -1, at % len(editable)
        self._go_sideways(editable[at])
        self.edit()

    def _is_open(self, cell: tuple[str, str] | None, index: int) -> bool:
        """Whether a column is edited in the row of a cell; the cell itself is."""
        column = self.columns[index]
        if column.edit is None or cell is None:
            return False
        return column.key == cell[1] or self.closed(cell[0], column.key) is None

    def check_consume_key(self, key: str, character: str | None) -> bool:
        typed = character is not None and character.isprintable()
        return (self._editor is not None and typed) or super().check_consume_key(key, character)

    def clicked(self, line: int, x: int, event: Click) -> None:
        if self.keep():
            super().clicked(line, x, event)

    # Many cells at once

    def on_paste(self, event: Paste) -> None:
        """Text pasted into an editor or a filter goes in there; elsewhere it is a block of cells."""
        if self._editor is not None:
            event.stop()
            self._editor.paste(event.text)
            self.refresh()
        elif self._typing is not None:
            super().on_paste(event)
        else:
            event.stop()
            self.paste(event.text)

    def paste(self, text: str) -> None:
        """Put one text into the cell or the whole block; a block of them is posted for the screen to spread."""
        from workbench.usecases.pasting import read_block

        cell = self.cell
        if not text.strip() or cell is None:
            self.say("nothing to paste" if cell is not None else "there is no cell to paste into")
            return
        try:
            block = read_block(text)
        except UsageError as error:
            self.say(f"not pasted: {error.what}; {error.hint}")
            return
        if len(block) == 1 and len(block[0]) == 1:
            rows, columns = self.block
            self.take({row: dict.fromkeys(columns, block[0][0]) for row in rows})
            return
        fields = tuple(self.columns[place.index].key for place in self._layout().places)
        lines = (self._lines.row(line) for line in range(self._cursor, len(self._lines.shown)))
        below = tuple(row.key for row in lines if row is not None and not is_draft(row.key))
        self.post_message(self.Pasted(self, block, fields, cell[1], below))

    def take(
        self,
        changed: Mapping[str, Mapping[str, str]],
        added: Sequence[Mapping[str, str]] = (),
        left_out: Sequence[str] = (),
    ) -> None:
        """Make texts pending that nobody typed here: of rows by their key, and of new ones.

        What is wrong with one is kept beside it; what was ``left_out`` is said.
        """
        new = {
            self._next_draft if not number else self._pending.new_draft(): texts
            for number, texts in enumerate(added)
        }
        for row, texts in {**changed, **new}.items():
            for column, text in texts.items():
                self._take(row, column, text)
        self._pending_changed()
        if new:
            self._go(self._lines.where(next(iter(new))))
        count = sum(len(texts) for texts in changed.values())
        said = [_many(len(new), "new row")] if new else []
        said += [_many(count, "cell")] if count else []
        said += [f"{_many(len(self._pending.errors), 'cell')} wrong"] if self._pending.errors else []
        said += [f"left out: {', '.join(left_out)}"] if left_out else []
        self.say("; ".join(said or ["nothing to paste here"]) + " · ctrl+s save · esc give up")

    def _take(self, key: str, column: str, text: str) -> None:
        """Make a text pending that nobody typed here: what is wrong with it is kept beside it."""
        index = [each.key for each in self.columns].index(column)
        edit, row = self.columns[index].edit, self.row(key)
        if edit is None or self.closed(key, column) is not None:
            return
        options = self.options(key, column) or edit.options
        chosen = next((each for each in options if each.casefold() == text.casefold()), text)
        error = self.check(key, column, chosen)
        if not edit.free and chosen not in options:
            error = f"“{text}” is none of: {', '.join(options)}"
        was = self._saved_text(row, index) if row is not None else ""
        self._pending.put(key, column, chosen, was=was, error=error)
        self._wants[index] = max(self._wants[index], cells(safe_text(chosen, LIMIT)))
        self._laid = None

    def fill(self) -> None:
        """This cell's value into the marked rows; none marked: down the block; no block: from the row above."""
        row, column = self._lines.row(self._cursor), self.column
        if row is None or column is None or column.edit is None:
            self.say(
                f"{column.title or column.key} is not edited here" if column else "there is no cell to fill"
            )
            return
        targets: Sequence[str] = self.marked
        source = row
        if not targets:
            lines, _ = self._block()
            first = lines[0] if len(lines) > 1 else self._lines.step(self._cursor - 1, -1, -1)
            above = self._lines.row(first)
            if above is None:
                self.say("there is no row above to fill from")
                return
            source = above
            targets = [each.key for line in lines if (each := self._lines.row(line)) and each is not above]
        text = self._text(source, column)
        self.take({key: {column.key: text} for key in targets})

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
        strip = super()._row_line(self._with_pending(row), current, width)
        editor = self._editor
        if editor is not None and editor.row == row.key:
            strip = self._draw_editor(strip, editor, width)
        return strip

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
        if row.key == self._next_draft and (self._editor is None or self._editor.row != row.key):
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

    def _draw_editor(self, strip: Strip, editor: CellEditor, width: int) -> Strip:
        place = self._place_of(editor)
        if place is None:
            return strip
        x = self._gutter + place.x
        segments = editor_segments(editor, place.width, width - x, styles(self.app), self.rich_style)
        return put(strip, x - 1, segments)

    def _place_of(self, editor: CellEditor) -> Placed | None:
        """Where the cell that is edited is seen."""
        seen = self._seen(range(len(self._layout().places)))
        return next((each for each in seen if self.columns[each.index].key == editor.column), None)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines, with what can be chosen in a cell laid over those below it."""
        strips = super().render_lines(crop)
        editor = self._editor
        options = editor.options if editor is not None else ()
        if editor is None or not options:
            return strips
        return self._over_options(strips, crop, editor, options)

    def _over_options(
        self, strips: list[Strip], crop: Region, editor: CellEditor, options: Sequence[str]
    ) -> list[Strip]:
        place, line = self._place_of(editor), self._lines.where(editor.row)
        if place is None or line < 0:
            return strips
        top = line - round(self.scroll_y) + self._fixed + 1
        most = min(OPTIONS, len(options))
        if top + most > self.size.height:
            top = max(0, top - 1 - most)
        shown = option_segments(options, editor.chosen, most, styles(self.app), self.rich_style)
        for y, segment in enumerate(shown, top - crop.y):
            if 0 <= y < len(strips):
                x = min(self._gutter + place.x - 1, self.size.width - segment.cell_length)
                strips[y] = put(strips[y], max(0, x) - crop.x, [segment])
        return strips


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
