"""A pane to read in: titles, pairs, paragraphs; scrolls, can be selected and copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

import msgspec
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content, Span
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget

from workbench.model.text import safe_lines, safe_text
from workbench.model.width import cells, fit, wrap
from workbench.tui.theme import Mark, Role, role_of, styles
from workbench.tui.widgets.line import Line, Piece
from workbench.usecases.views.marks import Fact


class Title(msgspec.Struct, frozen=True):
    """A title with an empty line above it, unless it comes first."""

    text: str
    role: Role = Role.STRONG


class Pair(msgspec.Struct, frozen=True):
    """A label at the left and what there is to say beside it."""

    label: str
    text: str
    mark: Mark | None = None
    role: Role = Role.TEXT


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
    labels = [cells(safe_text(block.label, 40)) for block in blocks if isinstance(block, Pair)]
    beside = min(max(labels, default=0) + 2, max(8, width // 3))
    lead = Piece(" " * indent)
    room = width - indent
    lines: list[Line] = []
    for block in blocks:
        if isinstance(block, Gap):
            lines.append(())
        elif isinstance(block, Title):
            if lines and lines[-1]:
                lines.append(())
            lines += [(lead, Piece(text, block.role)) for text in wrap(safe_text(block.text), room)]
        elif isinstance(block, Paragraph):
            for text in safe_lines(block.text):
                lines += [(lead, Piece(part, block.role)) for part in wrap(text, room)]
        elif isinstance(block, Verbatim):
            for text in safe_lines(block.text):
                lines += [(lead, Piece(part, block.role)) for part in _kept(text, room)]
        else:
            lines += _pair_lines(block, beside, lead, room)
    return lines


def _kept(text: str, room: int) -> list[str]:
    if cells(text) <= room:
        return [text]
    inset = text[: min(len(text) - len(text.lstrip()), room // 2)]
    return [inset + part for part in wrap(text, room - len(inset))]


def _pair_lines(pair: Pair, beside: int, lead: Piece, room: int) -> list[Line]:
    mark = (Piece(pair.mark.symbol + " ", role_of(pair.mark)),) if pair.mark else ()
    room = room - beside - (2 if mark else 0)
    texts = [part for text in safe_lines(pair.text) for part in wrap(text, room)]
    label = Piece(fit(safe_text(pair.label, 40), beside - 1) + " ", Role.MUTED)
    hanging = Piece(" " * (beside + (2 if mark else 0)))
    first: Line = (lead, label, *mark, Piece(texts[0], pair.role))
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

    def __init__(self, blocks: Sequence[Block] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks = tuple(blocks)

    def show(self, blocks: Sequence[Block]) -> None:
        """Show these blocks from now on."""
        if self._blocks != (shown := tuple(blocks)):
            self._blocks = shown
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(prose_lines(self._blocks, width))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def render(self) -> Content:
        """All lines at the width there is."""
        return to_content(prose_lines(self._blocks, self.size.width), self)


class Scroller(VerticalScroll, can_focus=True):
    """Scrolls what is in it, also by ``j`` and ``k``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False),
        Binding("k", "scroll_up", "Up", show=False),
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
