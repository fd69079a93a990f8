"""Lines made of pieces: text with a role, cut to cells, and clickable where it names a target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

import msgspec
from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from workbench.model.width import cells, crop
from workbench.tui.theme import Role, styles


class Piece(msgspec.Struct, frozen=True):
    """A stretch of safe text; a click on it names ``target`` when it has one."""

    text: str
    role: Role = Role.TEXT
    target: str | None = None
    bold: bool = False

    @property
    def width(self) -> int:
        """Width in cells."""
        return cells(self.text)


Line = tuple[Piece, ...]


def width_of(pieces: Iterable[Piece]) -> int:
    """Cells that the pieces take side by side."""
    return sum(piece.width for piece in pieces)


def crop_line(pieces: Sequence[Piece], width: int) -> Line:
    """The pieces in at most ``width`` cells; the piece that does not fit is cut."""
    kept: list[Piece] = []
    room = width
    for piece in pieces:
        if piece.width > room:
            if room > 0:
                kept.append(msgspec.structs.replace(piece, text=crop(piece.text, room)))
            break
        kept.append(piece)
        room -= piece.width
    return tuple(kept)


def spread(left: Sequence[Piece], right: Sequence[Piece], width: int) -> Line:
    """``left`` and ``right`` at both ends of a line; ``left`` is cut first."""
    gap = 2 if left and right else 0
    room = max(0, width - width_of(right) - gap)
    first = crop_line(left, room)
    blanks = width - width_of(first) - width_of(right)
    return crop_line((*first, Piece(" " * max(0, blanks)), *right), width)


def strip(pieces: Sequence[Piece], width: int, widget: Widget, over: Style | None = None) -> Strip:
    """The pieces drawn on the background of ``widget``, exactly ``width`` cells wide."""
    base = widget.rich_style if over is None else widget.rich_style + over
    roles = styles(widget.app)
    bold = Style(bold=True)
    segments = [
        Segment(piece.text, base + roles[piece.role] + bold if piece.bold else base + roles[piece.role])
        for piece in pieces
    ]
    return Strip(segments).adjust_cell_length(width, base)


class PieceLines(Widget):
    """A widget of a few lines of pieces; subclasses say which with :meth:`lay_out`."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    PieceLines { height: auto; width: 1fr; }
    """

    class Chosen(Message):
        """The piece that stands for ``target`` was clicked."""

        def __init__(self, widget: PieceLines, target: str) -> None:
            super().__init__()
            self.widget = widget
            self.target = target

        @property
        def control(self) -> PieceLines:
            """The widget that was clicked."""
            return self.widget

    def lay_out(self, width: int) -> Sequence[Line]:
        """The lines at ``width`` cells."""
        raise NotImplementedError

    def changed(self) -> None:
        """Draw again, after what :meth:`lay_out` reads has changed.

        The screen is laid out anew only where there are more or fewer lines now.
        """
        before, self._laid = self._laid, None
        self.refresh(layout=before is None or len(self._lines(before[0])) != len(before[1]))

    _laid: tuple[int, Sequence[Line]] | None = None

    def _lines(self, width: int) -> Sequence[Line]:
        if self._laid is None or self._laid[0] != width:
            self._laid = (width, self.lay_out(width))
        return self._laid[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def render_line(self, y: int) -> Strip:
        lines = self._lines(self.size.width)
        return strip(lines[y] if y < len(lines) else (), self.size.width, self)

    def on_click(self, event: Click) -> None:
        """Post :class:`Chosen` when a piece with a target was hit."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        lines = self._lines(self.size.width)
        target = target_at(lines[offset.y], offset.x) if offset.y < len(lines) else None
        if target is not None:
            event.stop()
            self.post_message(self.Chosen(self, target))


def target_at(line: Sequence[Piece], x: int) -> str | None:
    """What the piece at cell ``x`` stands for."""
    start = 0
    for piece in line:
        if start <= x < start + piece.width:
            return piece.target
        start += piece.width
    return None
