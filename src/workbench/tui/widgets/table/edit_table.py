"""A table whose cells are edited in place; what was typed is kept as pending until a screen has saved it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from textual.events import Click, Paste
from textual.geometry import Region
from textual.strip import Strip

from workbench.model.errors import UsageError
from workbench.model.text import number_of
from workbench.tui.theme import styles
from workbench.tui.widgets.columns import Column, Placed
from workbench.tui.widgets.rows import Item, Prepared, Row
from workbench.tui.widgets.table.cell_editor import CellEditor
from workbench.tui.widgets.table.drawing import put
from workbench.tui.widgets.table.editor_drawing import editor_segments, option_segments
from workbench.tui.widgets.table.messages import TableMessage
from workbench.tui.widgets.table.pending import is_draft
from workbench.tui.widgets.table.pending_table import PendingTable

OPTIONS = 8  # shown at once


class EditTable(PendingTable):
    """Cells are edited in place, blocks pasted, new rows begun at the end.

    The table writes nothing itself: edits are *pending* until :meth:`settle` says that they are saved.
    A screen sets the hooks ``closed``, ``check`` and ``options``.
    """

    class Edited(TableMessage["EditTable"]):
        """A cell was edited; the text is pending."""

        def __init__(self, table: EditTable, row: str, column: str, text: str) -> None:
            super().__init__(table)
            self.row = row
            self.column = column
            self.text = text

    class SaveEdits(TableMessage["EditTable"]):
        """Somebody wants these edits saved: texts by row and column, new rows (``is_draft``) last."""

        def __init__(self, table: EditTable, pending: dict[str, dict[str, str]]) -> None:
            super().__init__(table)
            self.pending = pending

    class Pasted(TableMessage["EditTable"]):
        """A block of several cells was pasted: where they go is for :meth:`take` to be told.

        ``block`` is its rows; ``at`` the column key of its first cell, ``fields`` the columns on show that can be edited;
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
            super().__init__(table)
            self.block = block
            self.fields = fields
            self.at = at
            self.below = below

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "Nothing here yet.",
        draft: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(columns, empty=empty, draft=draft, id=id, classes=classes)
        self._editor: CellEditor | None = None
        self._began = -1  # the column where typing began in a row
        self.closed: Callable[[str, str], str | None] = lambda row, column: None
        """Why a cell (row, column) is not edited in the table, though its column is."""
        self.check: Callable[[str, str, str], str | None] = lambda row, column, text: None
        """Why a cell (row, column) cannot hold a text, if it cannot; new rows have keys of their own."""
        self.options: Callable[[str, str], Sequence[str]] = lambda row, column: ()
        """What can be chosen in a cell, where it is not what the column says."""

    # Edits that are not saved

    def unsaved(self) -> dict[str, dict[str, str]]:
        """Texts by row and column that are not saved yet, with what stands in an open editor."""
        texts, editor = self.pending, self._editor
        if editor is not None and editor.is_changed:
            texts.setdefault(editor.row, {})[editor.column] = editor.value
        return texts

    def set_rows(self, items: Iterable[Item] | Prepared) -> None:
        super().set_rows(items)
        self._leave_hidden_cell()

    def update_rows(self, rows: Sequence[tuple[int, Row]], gone: Collection[str] = ()) -> None:
        super().update_rows(rows, gone)
        self._leave_hidden_cell()

    def _leave_hidden_cell(self) -> None:
        """Close the editor where its row is not on show any more."""
        editor = self._editor
        if editor is None or is_draft(editor.row) or self.row(editor.row) is not None:
            return
        self._editor, self._began = None, -1  # nobody types into what is not seen
        if editor.is_changed and any(row.key == editor.row for row in self._lines.all_rows()):
            self._note(editor.row, editor.column, editor.value, self._refusal(editor))

    @property
    def is_editing(self) -> bool:
        """Whether an editor is open in a cell."""
        return self._editor is not None

    def give_up(self) -> None:
        """Forget all edits that are not saved."""
        self._editor = None
        self._pending.clear()
        self._pending_changed()

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

    def add_row(self) -> None:
        """Go to the new row at the end and edit its first cell."""
        column = next((each.index for each in self._layout().places if self.columns[each.index].edit), None)
        if column is None or not self._draft or not self.keep():
            return
        self._go(self._lines.where(self._next_draft))
        self._go_sideways(column)
        self.edit()

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
        text = self.whole_text(row, self.columns.index(column))
        options = self.options(row.key, column.key)
        self._editor = CellEditor(row.key, column.key, text, column.edit, options)
        self.refresh()

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

    def _put(self, key: str, column: str, text: str) -> None:
        self._note(key, column, text, None)
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
        places = (self.columns[place.index] for place in self._layout().places)
        fields = tuple(column.key for column in places if column.edit is not None)
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
        taken, why_not = 0, ""
        for row, texts in {**changed, **new}.items():
            for column, text in texts.items():
                why = self._take(row, column, text)
                why_not = why_not or why or ""
                taken += why is None and row in changed
        self._pending_changed()
        if taken:
            row, column = next((row, column) for row, texts in changed.items() for column in texts)
            self.post_message(self.Edited(self, row, column, changed[row][column]))
        if new:
            self._go(self._lines.where(next(iter(new))))
        said = [number_of(len(new), "new row")] if new else []
        said += [number_of(taken, "cell")] if taken else []
        said += [f"{number_of(len(self._pending.errors), 'cell')} wrong"] if self._pending.errors else []
        said += [f"left out: {', '.join(left_out)}"] if left_out else []
        said += [why_not] if why_not else []
        keys = " · ctrl+s save · esc discard" if self._pending.texts else ""
        self.say("; ".join(said or ["nothing to paste here"]) + keys)

    def _take(self, key: str, column: str, text: str) -> str | None:
        """Make such a text pending, as the choice that it means; what is wrong with it is kept beside it.

        Gives why the cell is not edited in the table, where it is not.
        """
        index = [each.key for each in self.columns].index(column)
        edit = self.columns[index].edit
        if edit is None:
            return f"{self.columns[index].title or column} is not edited here"
        if (why := self.closed(key, column)) is not None:
            return why
        options = self.options(key, column) or edit.options
        chosen = next((each for each in options if each.casefold() == text.casefold()), text)
        error = self.check(key, column, chosen)
        if not edit.free and chosen not in options:
            error = f"“{text}” is none of: {', '.join(options)}"
        self._note(key, column, chosen, error)
        return None

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
        text = self.whole_text(source, self.columns.index(column))
        self.take({key: {column.key: text} for key in targets})

    # Drawing

    def _row_line(self, row: Row, current: bool, width: int) -> Strip:
        strip = super()._row_line(row, current, width)
        editor = self._editor
        if editor is not None and editor.row == row.key:
            strip = self._draw_editor(strip, editor, width)
        return strip

    def _is_typed_in(self, row: str) -> bool:
        return self._editor is not None and self._editor.row == row

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
