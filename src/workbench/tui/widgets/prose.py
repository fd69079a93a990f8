"""A pane to read in: titles, pairs, paragraphs; scrolls, can be selected and copied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import ClassVar

import msgspec
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content, Span
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget

from workbench.model.text import safe_lines, safe_text
from workbench.model.width import cells, fit, pieces, wrap
from workbench.tui.binding import bind
from workbench.tui.theme import Mark, Role, role_of, styles
from workbench.tui.widgets.line import Line, Piece
from workbench.usecases.views.marks import Fact


class Title(msgspec.Struct, frozen=True):
    """A title with an empty line above it, unless it comes first."""

    text: str
    role: Role = Role.STRONG


class Pair(msgspec.Struct, frozen=True):
    """A label at the left and what there is to say beside it; a ``button`` stands above that: the one thing to do."""

    label: str
    text: str
    mark: Mark | None = None
    role: Role = Role.TEXT
    button: str = ""


class Paragraph(msgspec.Struct, frozen=True):
    """Text; its line breaks are kept."""

    text: str
    role: Role = Role.TEXT


class Verbatim(msgspec.Struct, frozen=True):
    """Text whose blanks are kept; a line that is too long goes on below its beginning."""

    text: str
    role: Role = Role.TEXT


class Gap(msgspec.Struct, frozen=True):
    """An empty line."""


Block = Title | Pair | Paragraph | Verbatim | Gap


def pairs(facts: Iterable[Fact]) -> list[Block]:
    """The facts of a view as pairs."""
    return [Pair(one.label, one.text, one.mark, Role.MUTED if one.aside else Role.TEXT) for one in facts]


def prose_lines(blocks: Sequence[Block], width: int, indent: int = 1) -> list[Line]:
    """The blocks in lines of at most ``width`` cells; values of pairs hang beside their labels."""
    lines: list[Line] = []
    for block, own in zip(blocks, _each_in_lines(blocks, width, indent), strict=True):
        if isinstance(block, Title) and lines and lines[-1]:
            lines.append(())
        lines += own
    return lines


def _each_in_lines(blocks: Sequence[Block], width: int, indent: int) -> list[list[Line]]:
    """The lines of each block."""
    labels = [cells(safe_text(block.label, 40)) for block in blocks if isinstance(block, Pair)]
    beside = min(max(labels, default=0) + 2, max(8, width // 3))
    lead = Piece(" " * indent)
    room = width - indent

    def lines(block: Block) -> list[Line]:
        if isinstance(block, Gap):
            return [()]
        if isinstance(block, Title):
            return [(lead, Piece(text, block.role)) for text in wrap(safe_text(block.text), room)]
        if isinstance(block, Pair):
            return _pair_lines(block, beside, lead, room)
        texts = safe_lines(block.text)
        if isinstance(block, Paragraph):
            return [
                (lead, Piece(part, block.role)) for text in texts for part in wrap(text, min(room, MEASURE))
            ]
        return [(lead, Piece(part, block.role)) for text in texts for part in _kept(text, room)]

    return [lines(block) for block in blocks]


# Nobody reads a longer line with pleasure.
MEASURE = 84
_NARROWEST = 56
_BETWEEN = 3


def side_by_side(blocks: Sequence[Block], width: int) -> list[Line]:
    """The blocks in as many columns as can be read in ``width`` cells, none wider than a reading measure."""
    count = min(3, (width + _BETWEEN) // (_NARROWEST + _BETWEEN))
    if count < 2:
        return prose_lines(blocks, min(width, MEASURE))
    room = min(MEASURE, (width + _BETWEEN) // count - _BETWEEN)
    each = _each_in_lines(blocks, room, 1)
    high = -(-sum(map(len, each)) // count)
    columns: list[list[Line]] = [[]]
    for own in each:
        # A block begins the next column where more than half of it would stand too low.
        if columns[-1] and len(columns) < count and len(columns[-1]) + len(own) / 2 > high:
            columns.append([])
        columns[-1] += own
    return [_beside(line, room) for line in zip_longest(*columns, fillvalue=())]


def _beside(parts: Sequence[Line], room: int) -> Line:
    """Lines of columns as one."""
    found: list[Piece] = []
    for place, part in enumerate(parts):
        found += part
        if place + 1 < len(parts):
            used = sum(piece.width for piece in part)
            found.append(Piece(" " * (room - used + _BETWEEN)))
    return tuple(found)


def _kept(text: str, room: int) -> list[str]:
    if cells(text) <= room:
        return [text]
    inset = text[: min(len(text) - len(text.lstrip()), room // 2)]
    words = [part for word in re.findall(r"\s*\S+", text.strip()) for part in pieces(word, room - len(inset))]
    lines = [inset]
    for word in words:
        if lines[-1].strip() and cells(lines[-1] + word) > room:
            lines.append(inset)
        lines[-1] += word if lines[-1].strip() else word.lstrip()
    return lines


def _pair_lines(pair: Pair, beside: int, lead: Piece, room: int) -> list[Line]:
    mark = (Piece(pair.mark.symbol + " ", role_of(pair.mark)),) if pair.mark else ()
    room = min(room - beside - (2 if mark else 0), MEASURE)
    texts = [part for text in safe_lines(pair.text) for part in wrap(text, room)]
    label = Piece(fit(safe_text(pair.label, 40), beside - 1) + " ", Role.MUTED)
    hanging = Piece(" " * (beside + (2 if mark else 0)))
    first: Line = (lead, label, *mark, Piece(texts[0], pair.role))
    if pair.button:
        first = (lead, label, Piece(f" {safe_text(pair.button, 40)} ", Role.FILLED))
        texts = ["", *texts]
    return [first, *((lead, hanging, Piece(text, pair.role)) for text in texts[1:])]


def to_content(lines: Sequence[Line], widget: Widget) -> Content:
    """The lines as one text that the mouse can select."""
    look = styles(widget.app)
    parts: list[str] = []
    spans: list[Span] = []
    at = 0
    for number, line in enumerate(lines):
        for piece in (Piece("\n" if number else ""), *line):
            parts.append(piece.text)
            end = at + len(piece.text)
            if piece.role is not Role.TEXT and end > at:
                spans.append(Span(at, end, Style.from_rich_style(look[piece.role])))
            at = end
    return Content("".join(parts), spans=spans)


class Page(Widget):
    """Blocks without scrolling, as high as they are."""

    DEFAULT_CSS = """
    Page { height: auto; width: 1fr; }
    """

    def __init__(self, blocks: Sequence[Block] = (), *, id: str | None = None, columns: bool = False) -> None:
        """``columns`` lays the blocks side by side where there is room."""
        super().__init__(id=id)
        self._blocks = tuple(blocks)
        self._lay_out = side_by_side if columns else prose_lines

    def show(self, blocks: Sequence[Block]) -> None:
        """Show these blocks from now on."""
        if self._blocks != (shown := tuple(blocks)):
            self._blocks = shown
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lay_out(self._blocks, width))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def render(self) -> Content:
        """All lines at the width there is."""
        return to_content(self._lay_out(self._blocks, self.size.width), self)


class Scroller(VerticalScroll, can_focus=True):
    """Scrolls what is in it, by the keys that move in a table."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "scroll_up", "a line up"),
        bind("down", "scroll_down", "a line down"),
        bind("g", "scroll_home", "to the beginning"),
        bind("G", "scroll_end", "to the end"),
        bind("ctrl+u", "page_up", "a window up"),
        bind("ctrl+d", "page_down", "a window down"),
    ]


class Prose(Scroller):
    """Blocks in a pane that scrolls."""

    DEFAULT_CSS = """
    Prose { height: 1fr; scrollbar-size-vertical: 1; background: $background; color: $foreground; }
    """

    def __init__(
        self, blocks: Sequence[Block] = (), *, id: str | None = None, classes: str | None = None
    ) -> None:
        self._page = Page(blocks)
        super().__init__(self._page, id=id, classes=classes)

    def show(self, blocks: Sequence[Block], *, keep_place: bool = False) -> None:
        """Show these blocks; from their beginning unless ``keep_place``."""
        self._page.show(blocks)
        if not keep_place:
            self.scroll_home(animate=False)
