"""A table with a cursor on a row: marks, filter, order, and a place that is kept by key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import ClassVar

import msgspec
from textual.binding import BindingType
from textual.events import Blur, Click, Focus, Key, Paste
from textual.geometry import Size

from workbench.model.text import safe_text
from workbench.tui.binding import bind
from workbench.tui.widgets.columns import Shape
from workbench.tui.widgets.rows import Item, Prepared, Row, Section, prepare, widest
from workbench.tui.widgets.table.drawn_table import DrawnTable
from workbench.tui.widgets.table.messages import TableMessage
from workbench.tui.widgets.table.typing_line import TypingLine

FILTER_LIMIT = 200


class RecordTable(DrawnTable):
    """Rows of one line each, with headings, a cursor, marks, sorting and a filter.

    No key marks by itself: only a screen that does something with marked rows has one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "move(-1)", "to the row above"),
        bind("down", "move(1)", "to the row below"),
        bind("ctrl+u", "page(-1, 2)", "half a window up", also=False),
        bind("ctrl+d", "page(1, 2)", "half a window down", also=False),
        bind("pageup", "page(-1)", "a window up"),
        bind("pagedown", "page(1)", "a window down"),
        bind("g", "first", "to the first row"),
        bind("G", "last", "to the last row"),
        bind("enter", "activate", "the main action for the row"),
        bind("slash", "filter", "show only rows that contain what you type"),
    ]

    class Said(TableMessage["RecordTable"]):
        """Something to be said of the table: what a key found, or why it did nothing."""

        def __init__(self, table: RecordTable, text: str) -> None:
            super().__init__(table)
            self.text = text

    class Selected(TableMessage["RecordTable"]):
        """The cursor came to another row, or (``key`` is ``None``) there is none left."""

        def __init__(self, table: RecordTable, key: str | None) -> None:
            super().__init__(table)
            self.key = key

    class Activated(TableMessage["RecordTable"]):
        """``enter`` or a double click on the row ``key``."""

        def __init__(self, table: RecordTable, key: str) -> None:
            super().__init__(table)
            self.key = key

    several: Mapping[str, str] = {}  # the keys of rows of which ``enter`` chooses a version, and of what

    class Chooses(TableMessage["RecordTable"]):
        """``enter`` or a double click on a row whose thing ``id`` has several versions."""

        def __init__(self, table: RecordTable, id: str) -> None:
            super().__init__(table)
            self.id = id

    class Marked(TableMessage["RecordTable"]):
        """The set of marked rows changed; ``keys`` are in the order of the table."""

        def __init__(self, table: RecordTable, keys: tuple[str, ...]) -> None:
            super().__init__(table)
            self.keys = keys

    # What it shows

    def set_rows(self, items: Iterable[Item] | Prepared) -> None:
        """Show these rows and headings; the cursor stays on its row or the nearest left."""
        ready = items if isinstance(items, Prepared) else prepare(self.columns, items)
        self._lines.take(ready.sections)
        self._wants = list(ready.wants)
        self._laid = None
        if self._marked:
            self._marked &= {row.key for row in self._lines.all_rows()}
        self._arrange()

    def set_empty(self, text: str) -> None:
        """Say this where there are no rows: what belongs here, once one knows that nothing is."""
        self._empty = safe_text(text, 400)
        self.refresh()

    def update_rows(self, rows: Sequence[tuple[int, Row]], gone: Collection[str] = ()) -> None:
        """Put rows where they stand now, each with its place among all rows, in order; take those off
        that are ``gone``.  ``ValueError`` for a table with headings: rows have no such place there.
        """
        old, new, stay = self._lines.update(rows, gone)
        self._marked.difference_update(gone)
        fits = self._fit(old, new)
        if stay and fits and not (self._lines.order or self._lines.filter or self._lines.pinned):
            for (place, _), row in zip(rows, new, strict=True):  # without headings, a row's place is its line
                self._lines.put(place, row)
                self._refresh_at(place)
        else:
            self._arrange()

    def _fit(self, old: Sequence[Row], new: Sequence[Row]) -> bool:
        """Keep how wide each column would like to be; look at all rows only if a widest one left.

        Returns whether the columns stay where they are.
        """
        was, now = (widest(self.columns, [Section(None, list(rows))]) for rows in (old, new))
        left = any(before == want > after for before, after, want in zip(was, now, self._wants, strict=True))
        wants = (
            widest(self.columns, self._lines.sections)
            if left
            else [max(pair) for pair in zip(now, self._wants, strict=True)]
        )
        if wants == self._wants:
            return True
        self._wants, self._laid = wants, None
        return False

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor."""
        return self._key

    @property
    def count(self) -> int:
        """How many rows there are, on show or not."""
        return self._lines.count

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the rows on show, in order."""
        return tuple(self._lines.index)

    @property
    def marked(self) -> tuple[str, ...]:
        """Keys of the marked rows in the order of the table."""
        if not self._marked:
            return ()
        on_show = [(line, key) for key in self._marked if (line := self._lines.where(key)) >= 0]
        if len(on_show) == len(self._marked):
            return tuple(key for _, key in sorted(on_show))
        return tuple(row.key for row in self._lines.all_rows() if row.key in self._marked)

    @property
    def filter_text(self) -> str:
        """What the rows on show are filtered by."""
        return self._lines.filter

    @property
    def sorted_by(self) -> tuple[str, bool] | None:
        """Column key and whether descending; ``None`` is the order the rows came in."""
        order = self._lines.order
        return None if order is None else (self.columns[order[0]].key, order[1])

    def row(self, key: str) -> Row | None:
        """The row on show with this key."""
        return self._lines.row(self._lines.where(key))

    def move_to(self, key: str | None) -> bool:
        """Put the cursor on the row ``key``; false when it is not on show."""
        line = self._lines.where(key)
        if line < 0:
            return False
        self._go(line)
        return True

    @property
    def at_top(self) -> bool:
        """Whether the cursor is on the first row, and nothing above it out of sight."""
        return self._cursor == self._lines.step(0, 1, -1) and not self.scroll_y

    def keep_in_sight(self, keys: Iterable[str]) -> None:
        """Show these rows at the end, against filter and order, until the cursor has left them.

        The cursor goes to the first of them.
        """
        self._lines.pinned = tuple(keys)
        self._arrange()
        first = next((key for key in self._lines.pinned if self._lines.where(key) >= 0), None)
        self.move_to(first)

    def clear_marks(self) -> None:
        """Take all marks off."""
        if self._marked:
            self._marked.clear()
            self._marks_changed()

    def set_filter(self, text: str) -> None:
        """Show only rows in which every word of ``text`` occurs."""
        self._lines.filter = safe_text(text, FILTER_LIMIT)
        if self._lines.filter:
            self._searched = self._lines.filter
        self._arrange()

    def sort_by(self, column: str | None, *, descending: bool = False) -> None:
        """Sort within each section by a column's key; ``None`` is the order given."""
        if column is None:
            self._lines.sort(None)
        else:
            index = [each.key for each in self.columns].index(column)
            self._lines.sort((index, descending))
        self._arrange()

    @property
    def shape(self) -> Shape:
        """How the table was made: its columns, order and filter."""
        return msgspec.structs.replace(self._shape, order=self.sorted_by, filter=self._lines.filter)

    def take_shape(self, shape: Shape) -> None:
        """Make the table like this."""
        self._shape, self._laid, self._offset = shape, None, 0
        known = [column.key for column in self.columns]
        order = shape.order if shape.order is not None and shape.order[0] in known else None
        self._lines.sort((known.index(order[0]), order[1]) if order is not None else None)
        self.set_filter(shape.filter)

    def say(self, text: str) -> None:
        """Post what is to be said."""
        self.post_message(self.Said(self, text))

    # Lines, and the cursor among them

    def _arrange(self) -> None:
        before = self._lines.shown
        was, where = self._key, self._cursor - round(self.scroll_y)
        self._lines.arrange()
        self._cursor = self._lines.nearest(was, before, self._cursor)
        self._resize()
        if self._cursor >= 0:
            self.scroll_to(y=max(0, self._cursor - where), animate=False, immediate=True)
            self._reveal()
        self.refresh()
        if self._key != was:
            self.post_message(self.Selected(self, self.cursor_key))

    def _resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._lines.shown) + self._fixed)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # As if all were shown: what stands below does not move while a filter is typed.
        return max(3, self._lines.height, len(self._lines.shown)) + int(self._titles)

    def on_resize(self) -> None:
        """The cursor stays in sight when the window gets smaller."""
        if self._cursor >= 0:
            self.call_after_refresh(self._reveal)

    def _reveal(self) -> None:
        """Scroll so that the cursor, and a heading right above it, can be seen."""
        top = self._lines.top_of(self._cursor)
        height = max(1, self.scrollable_content_region.height - self._fixed)
        first = round(self.scroll_y)
        if self._cursor - top >= height:
            top = self._cursor
        if top < first:
            self.scroll_to(y=top, animate=False, immediate=True)
        elif self._cursor >= first + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False, immediate=True)

    def _go(self, line: int) -> None:
        if line == self._cursor:
            return
        old, self._cursor = self._cursor, line
        key = self._key
        if self._lines.pinned and key not in self._lines.pinned:
            self._lines.pinned = ()
            self._arrange()
        else:
            self._reveal()
            self._refresh_at(old)
            self._refresh_at(line)
        self.post_message(self.Selected(self, self.cursor_key))

    def _step(self, start: int, direction: int) -> int:
        return self._lines.step(start, direction, self._cursor)

    def action_move(self, by: int) -> None:
        """To the next (1) or previous (-1) row."""
        line = self._step(self._cursor + by, by)
        if line == self._cursor and by < 0:
            self.scroll_to(y=0, animate=False, immediate=True)
        self._go(line)

    def action_page(self, by: int, parts: int = 1) -> None:
        """One window up or down, or one of several ``parts`` of it."""
        page = max(1, (self.scrollable_content_region.height - self._fixed - 1) // parts)
        aim = min(max(self._cursor + by * page, 0), len(self._lines.shown) - 1)
        line = self._step(aim, by)
        self._go(line if line != self._cursor else self._step(aim, -by))

    def action_first(self) -> None:
        """To the first row."""
        self._go(self._step(0, 1))

    def action_last(self) -> None:
        """To the last row."""
        self._go(self._step(len(self._lines.shown) - 1, -1))

    def action_activate(self) -> None:
        """Open the row under the cursor."""
        if (key := self.cursor_key) is None:
            return
        if (id := self.several.get(key)) is not None:
            self.post_message(self.Chooses(self, id))
        else:
            self.post_message(self.Activated(self, key))

    def action_mark(self) -> None:
        """Mark or unmark the row under the cursor and go on to the next."""
        if (key := self.cursor_key) is None:
            return
        self._marked ^= {key}
        self._marks_changed()
        self.action_move(1)

    def _marks_changed(self) -> None:
        self.refresh()
        self.post_message(self.Marked(self, self.marked))

    # Filter and search

    def action_filter(self) -> None:
        """Begin to type a filter."""
        self._typing = TypingLine(self._lines.filter)
        self._arrange()

    def next_match(self, direction: int) -> None:
        """To the next (1) or previous (-1) row that has what was last searched for."""
        if not self._searched:
            self.say("no filter yet: / to start one")
            return
        line = self._lines.next_match(self._searched, self._cursor, direction)
        if line is None:
            self.say(f"no row contains “{self._searched}”")
        elif line == self._cursor:
            self.say(f"this is the only row that contains “{self._searched}”")
        else:
            self._go(line)

    def on_key(self, event: Key) -> None:
        """While a filter is typed, keys are its text; ``esc`` takes a filter off."""
        if self.take_key(event.key, event.character if event.is_printable else None):
            event.stop()
            event.prevent_default()

    def take_key(self, key: str, character: str | None) -> bool:
        """Do what a key does to text that is being typed; false when it is meant for something else."""
        typing = self._typing
        if key == "escape" and (typing or self._lines.filter):
            self._typing = None
            self.set_filter("")
        elif typing is None:
            return False
        elif key in ("enter", "tab", "down"):
            self._typing = None
            self._arrange()
        elif typing.press(key, character):
            self.set_filter(typing.text)
        else:
            return False
        return True

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return self._typing is not None and character is not None and character.isprintable()

    def on_paste(self, event: Paste) -> None:
        """Text pasted while a filter is typed goes into it."""
        if self._typing is not None:
            event.stop()
            self._typing.insert(event.text)
            self.set_filter(self._typing.text)

    # Mouse and focus

    def on_click(self, event: Click) -> None:
        """Cursor to the row; twice opens it; a title sorts: up, down, as it came."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        if self._titles and offset.y == self._fixed - 1:
            self._sort_at(offset.x)
            return
        line = offset.y - self._fixed + round(self.scroll_y)
        if offset.y >= self._fixed and self._lines.row(line) is not None:
            self.clicked(line, offset.x, event)
            if event.chain >= 2:
                self.action_activate()

    def clicked(self, line: int, x: int, event: Click) -> None:
        """A row was clicked at the cell ``x``."""
        self._go(line)

    def column_at(self, x: int) -> int | None:
        """The column shown at the cell ``x``, with the gap behind it."""
        x -= self._gutter
        shown = self._layout().visible(self._offset)
        return next((place.index for place in shown if place.x <= x < place.x + place.width + 1), None)

    def _sort_at(self, x: int) -> None:
        if (index := self.column_at(x)) is None:
            return
        key, now = self.columns[index].key, self._lines.order
        if now is None or now[0] != index:
            self.sort_by(key)
        elif now[1]:
            self.sort_by(None)
        else:
            self.sort_by(key, descending=True)

    def on_focus(self, event: Focus) -> None:
        self._refresh_at(self._cursor)

    def on_blur(self, event: Blur) -> None:
        self._refresh_at(self._cursor)
