"""The lines of a table: what it holds, how its columns are laid out, and how each line is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from workbench.model.text import safe_text
from workbench.tui.theme import Role, styles
from workbench.tui.widgets.columns import Column, Layout, Shape, arrange_columns, shaped
from workbench.tui.widgets.line import Piece, crop_line, strip
from workbench.tui.widgets.rows import Heading, Row
from workbench.tui.widgets.table.drawing import (
    GUTTER,
    SIGN,
    Ink,
    filter_pieces,
    heading_pieces,
    put,
    row_signs,
    row_strip,
    title_text,
)
from workbench.tui.widgets.table.lines import Lines
from workbench.tui.widgets.table.typing_line import TypingLine


class DrawnTable(ScrollView, can_focus=True):
    """Lines with a cursor and marks, of which it draws those that are seen.  What keys do to them comes on top."""

    ALLOW_SELECT: ClassVar[bool] = False
    SCROLLS: ClassVar[bool] = False  # columns that do not fit stand beyond the edge, and are scrolled to
    DEFAULT_CSS = """
    DrawnTable {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        background: $background;
        color: $foreground;
    }
    """

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
        self._signs = marks
        self._gutter = GUTTER + (SIGN if marks else 0)
        self._lines = Lines()
        self._cursor = -1
        self._marked: set[str] = set()
        self._typing: TypingLine | None = None
        self._searched = ""
        self._wants: list[int] = [0] * len(self.columns)
        self._laid: tuple[int, Layout] | None = None
        self._offset = 0
        self._shape = Shape()

    @property
    def _key(self) -> str | None:
        row = self._lines.row(self._cursor)
        return row.key if row is not None else None

    @property
    def _fixed(self) -> int:
        """Lines at the top that do not scroll."""
        return int(self._titles) + int(self._typing is not None or bool(self._lines.filter))

    def _refresh_at(self, line: int) -> None:
        y = line - round(self.scroll_y) + self._fixed
        if self._fixed <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _layout(self) -> Layout:
        room = self.scrollable_content_region.width - self._gutter - 1
        if self._laid is None or self._laid[0] != room:
            columns, chosen = shaped(self.columns, self._shape)
            laid = arrange_columns(columns, self._wants, room, scrolls=self.SCROLLS, chosen=chosen)
            self._laid = (room, laid)
        return self._laid[1]

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
            titles = self._titles and y == self._fixed - 1
            return self._title_line(width) if titles else self._filter_line(width)
        index = y - self._fixed + round(self.scroll_y)
        if len(self._lines.shown) == len(self._lines.tail) and index >= len(self._lines.shown):
            return self._empty_line(index - len(self._lines.shown), width)
        line = self._lines.shown[index] if index < len(self._lines.shown) else None
        if line is None:
            return Strip.blank(width, self.rich_style)
        if isinstance(line, Heading):
            return strip(crop_line(heading_pieces(line), width), width, self)
        return self._row_line(line, index == self._cursor, width)

    def _title_line(self, width: int) -> Strip:
        shown = self._layout().visible(self._offset)
        text = title_text(self.columns, shown, self._lines.order, self._gutter)
        layout = self._layout()
        line = [Piece(text, Role.MUTED)]
        if self._offset:  # more at the left of the columns that scroll
            at = self._gutter + layout.edge - 1
            line = [Piece(text[:at], Role.MUTED), Piece("‹", Role.ACCENT), Piece(text[at + 1 :], Role.MUTED)]
        titles = strip(line, width, self)
        if layout.end - self._offset > layout.room:  # and at the right
            titles = put(titles, width - 1, [Segment("›", self.rich_style + styles(self.app)[Role.ACCENT])])
        return titles

    def _filter_line(self, width: int) -> Strip:
        typing = self._typing
        typed = (typing.text[: typing.caret], typing.text[typing.caret :]) if typing is not None else None
        pieces = filter_pieces(typed, self._lines.filter, self._lines.seen, self._lines.count)
        return strip(crop_line(pieces, width), width, self)

    def _empty_line(self, y: int, width: int) -> Strip:
        if y != 1:
            return Strip.blank(width, self.rich_style)
        text = self._empty
        if self._lines.filter:
            text = f"Nothing here contains “{self._lines.filter}”. esc shows all {self._lines.count:,}."
        return strip(crop_line([Piece("   " + text, Role.MUTED)], width), width, self)

    def _row_line(self, row: Row, current: bool, width: int) -> Strip:
        return row_strip(
            row,
            self.columns,
            self._layout().visible(self._offset),
            self._ink(current),
            signs=self._signs_of(row, current),
            width=width,
            words=self._lines.filter,
        )

    def _ink(self, current: bool) -> Ink:
        return Ink(styles(self.app), self.rich_style, current=current, focused=self.has_focus)

    def _signs_of(self, row: Row, current: bool) -> list[Piece]:
        return row_signs(
            row, marked=row.key in self._marked, current=current, changed=False, mark=self._signs
        )
