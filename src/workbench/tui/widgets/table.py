"""The one table of the workbench: it draws its visible lines itself and keeps its place by key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar

import msgspec
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Blur, Click, Focus, Key, Paste
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from workbench.model.text import safe_text
from workbench.model.width import fit
from workbench.tui.theme import Role, role_of, styles
from workbench.tui.widgets.columns import Column, Placed, lay_out
from workbench.tui.widgets.line import Piece, crop_line, strip
from workbench.tui.widgets.rows import (
    Cell,
    Heading,
    Item,
    Row,
    Section,
    TableLine,
    arrange,
    order_by,
    safe_row,
    sections,
    widest,
)

_GUTTER = 3
_MARK = 2


class RecordTable(ScrollView, can_focus=True):
    """Rows of one line each, with headings, a cursor, marks, sorting and a filter.

    No key marks by itself: only a screen that does something with marked rows has one.
    """

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    RecordTable {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        background: $background;
        color: $foreground;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "first", "First", show=False),
        Binding("end", "last", "Last", show=False),
        Binding("enter", "activate", "Open", show=False),
        Binding("slash", "filter", "Filter", show=False),
    ]

    class Selected(Message):
        """The cursor came to another row, or (``key`` is ``None``) there is none left."""

        def __init__(self, table: RecordTable, key: str | None) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> RecordTable:
            """The table."""
            return self.table

    class Activated(Message):
        """``enter`` or a double click on the row ``key``."""

        def __init__(self, table: RecordTable, key: str) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> RecordTable:
            """The table."""
            return self.table

    class Marked(Message):
        """The set of marked rows changed; ``keys`` are in the order of the table."""

        def __init__(self, table: RecordTable, keys: tuple[str, ...]) -> None:
            super().__init__()
            self.table = table
            self.keys = keys

        @property
        def control(self) -> RecordTable:
            """The table."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "Nothing here yet.",
        titles: bool = True,
        marks: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """``empty`` says what belongs here and which key puts it there; ``marks`` leaves
        room for each row's sign; ``titles`` shows the column titles."""
        super().__init__(id=id, classes=classes)
        self.columns = tuple(
            msgspec.structs.replace(column, title=safe_text(column.title, 80)) for column in columns
        )
        self._empty = safe_text(empty, 400)
        self._titles = titles
        self._gutter = _GUTTER + (_MARK if marks else 0)
        self._sections: list[Section] = []
        self._lines: list[TableLine] = []
        self._line_of: dict[str, int] = {}
        self._count = 0
        self._cursor = -1
        self._marked: set[str] = set()
        self._filter = ""
        self._typing = False
        self._sorted: tuple[int, bool] | None = None
        self._wants: list[int] = [0] * len(self.columns)
        self._placed: tuple[int, tuple[Placed, ...]] | None = None

    # What it shows

    def set_rows(self, items: Iterable[Item]) -> None:
        """Show these rows and headings; the cursor stays on its row or the nearest left."""
        self._sections = sections(items)
        self._count = sum(len(section.rows) for section in self._sections)
        self._wants = widest(self.columns, self._sections)
        self._placed = None
        if self._marked:
            self._marked &= {row.key for section in self._sections for row in section.rows}
        self._arrange()

    def set_empty(self, text: str) -> None:
        """Say this where there are no rows: what belongs here, once one knows that nothing is."""
        self._empty = safe_text(text, 400)
        self.refresh()

    def update_rows(self, rows: Sequence[tuple[int, Row]], gone: Collection[str] = ()) -> None:
        """Put rows where they stand now, each with its place among all rows, in order; take those off
        that are ``gone``.  ``ValueError`` for a table with headings: rows have no such place there.
        """
        if len(self._sections) != 1:
            raise ValueError("among headings a row has no place of its own")
        kept = self._sections[0].rows
        safe = [(place, safe_row(row)) for place, row in rows]
        aside = {row.key for _, row in safe} | set(gone)
        old = [row for row in kept if row.key in aside]
        stay = len(old) == len(safe) and all(kept[place].key == row.key for place, row in safe)
        if stay:
            for place, row in safe:
                kept[place] = row
        else:
            kept[:] = [row for row in kept if row.key not in aside]
            for place, row in safe:
                kept.insert(place, row)
        self._count = len(kept)
        self._marked.difference_update(gone)
        fits = self._fit(old, [row for _, row in safe])
        if stay and fits and not (self._sorted or self._filter):
            for place, row in safe:  # without headings, a row's place is its line
                self._lines[place] = row
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
            widest(self.columns, self._sections)
            if left
            else [max(pair) for pair in zip(now, self._wants, strict=True)]
        )
        if wants == self._wants:
            return True
        self._wants, self._placed = wants, None
        return False

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor."""
        line = self._lines[self._cursor] if 0 <= self._cursor < len(self._lines) else None
        return line.key if isinstance(line, Row) else None

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the rows on show, in order."""
        return tuple(self._line_of)

    @property
    def marked(self) -> tuple[str, ...]:
        """Keys of the marked rows in the order of the table."""
        return tuple(row.key for section in self._sections for row in section.rows if row.key in self._marked)

    @property
    def filter_text(self) -> str:
        """What the rows on show are filtered by."""
        return self._filter

    @property
    def sorted_by(self) -> tuple[str, bool] | None:
        """Column key and whether descending; ``None`` is the order the rows came in."""
        return None if self._sorted is None else (self.columns[self._sorted[0]].key, self._sorted[1])

    def row(self, key: str) -> Row | None:
        """The row on show with this key."""
        line = self._line_of.get(key)
        found = self._lines[line] if line is not None else None
        return found if isinstance(found, Row) else None

    def move_to(self, key: str | None) -> bool:
        """Put the cursor on the row ``key``; false when it is not on show."""
        line = self._line_of.get(key) if key is not None else None
        if line is None:
            return False
        self._go(line)
        return True

    def clear_marks(self) -> None:
        """Take all marks off."""
        if self._marked:
            self._marked.clear()
            self.refresh()
            self.post_message(self.Marked(self, ()))

    def set_filter(self, text: str) -> None:
        """Show only rows in which every word of ``text`` occurs."""
        self._filter = safe_text(text, 200)
        self._arrange()

    def sort_by(self, column: str | None, *, descending: bool = False) -> None:
        """Sort within each section by a column's key; ``None`` is the order given."""
        if column is None:
            self._sorted = None
        else:
            index = [each.key for each in self.columns].index(column)
            self._sorted = (index, descending)
        self._arrange()

    # Lines, and the cursor among them

    def _arrange(self) -> None:
        before = self._lines
        was, where = self.cursor_key, self._cursor - round(self.scroll_y)
        by, descending = self._sorted or (0, False)
        order = order_by(by) if self._sorted else None
        self._lines = arrange(self._sections, self._filter, order, descending)
        # Asked by its class, which is the quickest: there may be 100,000 lines.
        self._line_of = {line.key: at for at, line in enumerate(self._lines) if line.__class__ is Row}
        self._cursor = self._nearest(was, before, self._cursor)
        self._resize()
        if self._cursor >= 0:
            self.scroll_to(y=max(0, self._cursor - where), animate=False, immediate=True)
            self._reveal()
        self.refresh()
        if self.cursor_key != was:
            self.post_message(self.Selected(self, self.cursor_key))

    def _nearest(self, key: str | None, before: Sequence[TableLine], at: int) -> int:
        """The line of ``key``, or of the first row after it that is left, or before it."""
        if key in self._line_of:
            return self._line_of[key]
        if key is not None:
            for line in (*before[at + 1 :], *reversed(before[:at])):
                if isinstance(line, Row) and line.key in self._line_of:
                    return self._line_of[line.key]
        return next(iter(self._line_of.values()), -1)

    @property
    def _fixed(self) -> int:
        """Lines at the top that do not scroll."""
        return int(self._titles) + int(self._typing or bool(self._filter))

    def _resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._lines) + self._fixed)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1 if self._lines else 3, len(self._lines)) + self._fixed

    def on_resize(self) -> None:
        """The cursor stays in sight when the window gets smaller."""
        if self._cursor >= 0:
            self.call_after_refresh(self._reveal)

    def _reveal(self) -> None:
        """Scroll so that the cursor, and a heading right above it, can be seen."""
        top = self._cursor
        while top > 0 and not isinstance(self._lines[top - 1], Row):
            top -= 1
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
        self._reveal()
        self._refresh_at(old)
        self._refresh_at(line)
        self.post_message(self.Selected(self, self.cursor_key))

    def _refresh_at(self, line: int) -> None:
        y = line - round(self.scroll_y) + self._fixed
        if self._fixed <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _step(self, start: int, direction: int) -> int:
        """The nearest row from line ``start`` on in ``direction``, or the cursor."""
        line = start
        while 0 <= line < len(self._lines):
            if isinstance(self._lines[line], Row):
                return line
            line += direction
        return self._cursor

    def action_move(self, by: int) -> None:
        """To the next (1) or previous (-1) row."""
        line = self._step(self._cursor + by, by)
        if line == self._cursor and by < 0:
            self.scroll_to(y=0, animate=False, immediate=True)
        self._go(line)

    def action_page(self, by: int) -> None:
        """One window up or down."""
        page = max(1, self.scrollable_content_region.height - self._fixed - 1)
        aim = min(max(self._cursor + by * page, 0), len(self._lines) - 1)
        line = self._step(aim, by)
        self._go(line if line != self._cursor else self._step(aim, -by))

    def action_first(self) -> None:
        """To the first row."""
        self._go(self._step(0, 1))

    def action_last(self) -> None:
        """To the last row."""
        self._go(self._step(len(self._lines) - 1, -1))

    def action_activate(self) -> None:
        """Open the row under the cursor."""
        if (key := self.cursor_key) is not None:
            self.post_message(self.Activated(self, key))

    def action_mark(self) -> None:
        """Mark or unmark the row under the cursor and go on to the next."""
        if (key := self.cursor_key) is None:
            return
        self._marked ^= {key}
        self._refresh_at(self._cursor)
        self.post_message(self.Marked(self, self.marked))
        self.action_move(1)

    def action_filter(self) -> None:
        """Begin to type a filter."""
        self._typing = True
        self._arrange()

    # Keys and mouse

    def on_key(self, event: Key) -> None:
        """While a filter is typed, keys are its text; ``esc`` takes a filter off."""
        if event.key == "escape" and (self._typing or self._filter):
            self._typing = False
            self.set_filter("")
        elif not self._typing:
            return
        elif event.key in ("enter", "tab"):
            self._typing = False
            self._arrange()
        elif event.key == "backspace":
            self.set_filter(self._filter[:-1])
        elif event.key == "ctrl+u":
            self.set_filter("")
        elif event.character is not None and event.is_printable:
            self.set_filter(self._filter + event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return self._typing and character is not None and character.isprintable()

    def on_paste(self, event: Paste) -> None:
        """Text pasted while a filter is typed goes into it."""
        if self._typing:
            event.stop()
            self.set_filter(self._filter + event.text)

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
        if offset.y >= self._fixed and line < len(self._lines) and isinstance(self._lines[line], Row):
            self._go(line)
            if event.chain >= 2:
                self.action_activate()

    def _sort_at(self, x: int) -> None:
        for place in self._places(self.size.width):
            if self._gutter + place.x <= x < self._gutter + place.x + place.width + 1:
                key = self.columns[place.index].key
                if self._sorted is None or self._sorted[0] != place.index:
                    self.sort_by(key)
                elif self._sorted[1]:
                    self.sort_by(None)
                else:
                    self.sort_by(key, descending=True)

    def on_focus(self, event: Focus) -> None:
        self._refresh_at(self._cursor)

    def on_blur(self, event: Blur) -> None:
        self._refresh_at(self._cursor)

    # Drawing

    def _places(self, width: int) -> tuple[Placed, ...]:
        if self._placed is None or self._placed[0] != width:
            self._placed = (width, lay_out(self.columns, self._wants, width - self._gutter - 1))
        return self._placed[1]

    _base: Style | None = None

    @property
    def rich_style(self) -> Style:
        """The style of the table's background; worked out from all that it stands in."""
        return super().rich_style if self._base is None else self._base

    def render_lines(self, crop: Region) -> list[Strip]:
        """All lines that are asked for, on one background: it takes as long to find as a line to draw."""
        self._base = self.rich_style
        try:
            return super().render_lines(crop)
        finally:
            self._base = None

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if y < self._fixed:
            return (
                self._title_line(width) if self._titles and y == self._fixed - 1 else self._filter_line(width)
            )
        index = y - self._fixed + round(self.scroll_y)
        if not self._lines:
            return self._empty_line(y - self._fixed, width)
        line = self._lines[index] if index < len(self._lines) else None
        if line is None:
            return Strip.blank(width, self.rich_style)
        if isinstance(line, Heading):
            return self._heading_line(line, width)
        return self._row_line(line, index == self._cursor, width)

    def _title_line(self, width: int) -> Strip:
        text = [" " * self._gutter]
        end = 0
        for place in self._places(width):
            column = self.columns[place.index]
            title = column.title
            if self._sorted and self._sorted[0] == place.index:
                title += " ↓" if self._sorted[1] else " ↑"
            text.append(" " * (place.x - end) + fit(title, place.width, column.align))
            end = place.x + place.width
        return strip([Piece("".join(text), Role.MUTED)], width, self)

    def _filter_line(self, width: int) -> Strip:
        cursor = "█" if self._typing else ""
        shown = f"   {len(self._line_of)} of {self._count}"
        hint = "   enter keep   esc show all" if self._typing else "   esc show all"
        pieces = (
            Piece(" / ", Role.ACCENT),
            Piece(self._filter + cursor, Role.STRONG),
            Piece(shown, Role.MUTED),
            Piece(hint, Role.MUTED),
        )
        return strip(crop_line(pieces, width), width, self)

    def _empty_line(self, y: int, width: int) -> Strip:
        if y != 1:
            return Strip.blank(width, self.rich_style)
        text = self._empty
        if self._filter:
            text = f"Nothing here has “{self._filter}”. esc shows all {self._count}."
        return strip(crop_line([Piece("   " + text, Role.MUTED)], width), width, self)

    def _heading_line(self, heading: Heading, width: int) -> Strip:
        pieces = [Piece(" ")]
        if heading.mark is not None:
            pieces.append(Piece(heading.mark.symbol + " ", role_of(heading.mark)))
        pieces.append(Piece(heading.title, heading.role))
        if heading.note:
            pieces.append(Piece("   " + heading.note, Role.MUTED))
        return strip(crop_line(pieces, width), width, self)

    def _row_line(self, row: Row, current: bool, width: int) -> Strip:
        look = styles(self.app)
        base = self.rich_style
        here = current and self.has_focus
        if current:
            base += look.cursor if here else look.cursor_blurred

        def tone(role: Role) -> Style:
            return base + (look.on_cursor(role) if here else look[role])

        marked = row.key in self._marked
        segments = [
            Segment("┃" if marked else " ", tone(Role.ACCENT)),
            Segment("▸ " if current else "  ", tone(Role.ACCENT)),
        ]
        if self._gutter > _GUTTER:
            sign = (row.mark.symbol + " ") if row.mark else "  "
            segments.append(Segment(sign, tone(role_of(row.mark) if row.mark else Role.TEXT)))
        end = 0
        places = self._places(width)
        for number, place in enumerate(places):
            cell = _cell(row, place)
            if place.x < end or (not cell.text and number):
                continue
            if place.x > end:
                segments.append(Segment(" " * (place.x - end), base))
            align = cell.align or self.columns[place.index].align
            cells = place.width if align != "left" else _room(row, places, number)
            text = fit(cell.text, cells, align)
            style = tone(Role.MUTED if row.dim else cell.role)
            if self._filter:
                segments.extend(_highlighted(text, self._filter, style, look.match))
            else:
                segments.append(Segment(text, style))
            end = place.x + cells
        return Strip(segments).adjust_cell_length(width, base)


def _cell(row: Row, place: Placed) -> Cell:
    return row.cells[place.index] if place.index < len(row.cells) else Cell()


def _room(row: Row, places: Sequence[Placed], number: int) -> int:
    """Cells for a text at the left: its column and the empty ones that follow it."""
    start = end = places[number].x
    for place in places[number:]:
        if place.x > start and _cell(row, place).text:
            break
        end = place.x + place.width
    return end - start


def _highlighted(text: str, filter_text: str, style: Style, match: Style) -> list[Segment]:
    """``text`` with the first occurrence of each filter word set off."""
    folded = text.casefold()
    if len(folded) != len(text):  # folding moved the letters: positions would be wrong
        return [Segment(text, style)]
    spans = []
    for word in filter_text.casefold().split():
        if (start := folded.find(word)) >= 0:
            spans.append((start, start + len(word)))
    segments, end = [], 0
    for start, stop in sorted(spans):
        if start < end:
            continue
        segments += [Segment(text[end:start], style), Segment(text[start:stop], style + match)]
        end = stop
    return [segment for segment in (*segments, Segment(text[end:], style)) if segment.text]
