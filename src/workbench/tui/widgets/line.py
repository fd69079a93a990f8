"""Lines made of pieces: text with a role, cut to cells, and clickable where it names a target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from workbench.tui.theme import styles
from workbench.usecases.views.pieces import Line as Line
from workbench.usecases.views.pieces import Piece as Piece
from workbench.usecases.views.pieces import crop_line as crop_line
from workbench.usecases.views.pieces import spread as spread
from workbench.usecases.views.pieces import width_of as width_of


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
