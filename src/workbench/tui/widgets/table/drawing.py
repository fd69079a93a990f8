"""How a line of a table is drawn: its signs, its cells, its title, and what is set off in it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from workbench.model.width import cells, crop, fit
from workbench.tui.theme import Role, Styles, role_of
from workbench.tui.widgets.columns import Column, Placed
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.rows import Cell, Heading, Row

GUTTER = 3
SIGN = 2
UP, DOWN = "↑", "↓"


class Ink:
    """The styles of one row: what it stands on, and whether the cursor is there."""

    def __init__(self, look: Styles, base: Style, *, current: bool = False, focused: bool = False) -> None:
        self.look = look
        self.on_cursor = current and focused
        self.base = base + (look.cursor if focused else look.cursor_blurred) if current else base

    def of(self, role: Role) -> Style:
        """The style of a role in this row."""
        return self.base + (self.look.on_cursor(role) if self.on_cursor else self.look[role])


def row_strip(
    row: Row,
    columns: Sequence[Column],
    places: Sequence[Placed],
    ink: Ink,
    *,
    signs: Sequence[Piece],
    width: int,
    words: str = "",
) -> Strip:
    """A row: its ``signs``, then its cells; the filter's ``words`` are set off."""
    segments = [Segment(sign.text, ink.of(sign.role)) for sign in signs]
    end = 0
    for number, place in enumerate(places):
        cell = cell_of(row, place)
        if place.x < end or (not cell.text and number):
            continue
        if place.x > end:
            segments.append(Segment(" " * (place.x - end), ink.base))
        align = cell.align or columns[place.index].align
        room = place.width if align != "left" else _room(row, places, number)
        text = fit(cell.text, room, align)
        style = ink.of(Role.MUTED if row.dim else cell.role)
        if words:
            segments.extend(_highlighted(text, words, style, ink.look.match))
        else:
            segments.append(Segment(text, style))
        end = place.x + room
    return Strip(segments).adjust_cell_length(width, ink.base)


def row_signs(row: Row, *, marked: bool, current: bool, changed: bool, mark: bool) -> list[Piece]:
    """Before the cells: marked, under the cursor, with changes that are not saved, and the row's own mark."""
    signs = [
        Piece("┃" if marked else " ", Role.ACCENT),
        Piece("▸" if current else " ", Role.ACCENT),
        Piece("*" if changed else " ", Role.WARNING),
    ]
    if mark:
        sign = row.mark.symbol + " " if row.mark else "  "
        signs.append(Piece(sign, role_of(row.mark) if row.mark else Role.TEXT))
    return signs


def title_text(
    columns: Sequence[Column], places: Sequence[Placed], order: tuple[int, bool] | None, gutter: int
) -> str:
    """The titles; the sign of the order stands in the gap beside its title, and is never cut."""
    text, end = " " * gutter, 0
    for place in places:
        column = columns[place.index]
        title = fit(column.title, place.width, column.align)
        start = place.x
        if order is not None and order[0] == place.index:
            sign = DOWN if order[1] else UP
            if column.align == "right" and start > end:
                title = _signed_before(title, sign)
                start -= 1
            else:
                title = (title.rstrip() + sign).ljust(place.width)
        text += " " * (start - end) + title
        end = start + cells(title)
    return text


def _signed_before(title: str, sign: str) -> str:
    """The sign right before a title at the right, one cell wider."""
    words = title.lstrip()
    return " " * (len(title) - len(words)) + sign + words


def filter_pieces(typed: tuple[str, str] | None, text: str, shown: int, count: int) -> tuple[Piece, ...]:
    """The filter, how many rows it leaves, and the keys; ``typed`` is what stands before and after the caret."""
    before, after = typed or (text, "")
    caret = "█" if typed is not None else ""
    hint = "   enter keep   esc show all" if typed is not None else "   n next   esc show all"
    return (
        Piece(" / ", Role.ACCENT),
        Piece(before + caret + after, Role.STRONG),
        Piece(f"   {shown:,} of {count:,}", Role.MUTED),
        Piece(hint, Role.MUTED),
    )


def heading_pieces(heading: Heading) -> list[Piece]:
    """A heading with its mark and its note."""
    pieces = [Piece(" ")]
    if heading.mark is not None:
        pieces.append(Piece(heading.mark.symbol + " ", role_of(heading.mark)))
    pieces.append(Piece(heading.title, heading.role))
    if heading.note:
        pieces.append(Piece("   " + heading.note, Role.MUTED))
    return pieces


def over(strip: Strip, x: int, width: int, style: Style) -> Strip:
    """``strip`` with ``style`` laid over the cells from ``x`` on."""
    x, width = max(0, x), width + min(0, x)
    end = min(strip.cell_length, x + width)
    if end <= x:
        return strip
    middle = [Segment(text, (old or Style()) + style) for text, old, _ in strip.crop(x, end)]
    return Strip.join([strip.crop(0, x), Strip(middle), strip.crop(end)])


def put(strip: Strip, x: int, segments: Sequence[Segment]) -> Strip:
    """``strip`` with ``segments`` in place of what stands from ``x`` on."""
    patch = Strip(segments)
    end = x + patch.cell_length
    if end > strip.cell_length:
        patch, end = patch.crop(0, max(0, strip.cell_length - x)), strip.cell_length
    return Strip.join([strip.crop(0, x), patch, strip.crop(end)])


def cell_of(row: Row, place: Placed) -> Cell:
    """The cell of a row at a place; an empty one where the row has none."""
    return row.cells[place.index] if place.index < len(row.cells) else Cell()


def _room(row: Row, places: Sequence[Placed], number: int) -> int:
    """Cells for a text at the left: its column and the empty ones that follow it."""
    start = end = places[number].x
    for place in places[number:]:
        if place.x > start and cell_of(row, place).text:
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


def dropdown(options: Sequence[str], chosen: int, most: int) -> list[str]:
    """At most ``most`` options around the ``chosen`` one, as wide as each other."""
    first = max(0, min(chosen - most // 2, len(options) - most))
    width = max((cells(option) for option in options), default=0)
    return [fit(crop(option, width), width) for option in options[first : first + most]]
