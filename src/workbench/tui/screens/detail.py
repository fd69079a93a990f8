"""A table with the detail of one row below it, or beside it where there is room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from workbench.model.text import safe_text
from workbench.model.width import wrap
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, width_of
from workbench.tui.widgets.prose import Block, Page, Scroller
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.marks import Phrase

BESIDE = 120


class Summary(PieceLines):
    """One line of pieces: how the whole stands."""

    DEFAULT_CSS = """
    Summary { height: 1; margin-bottom: 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._pieces: tuple[Piece, ...] = ()

    def show(self, parts: Sequence[Piece]) -> None:
        """Show these parts from now on, with dots between them."""
        dotted: list[Piece] = [Piece(" ")]
        for part in parts:
            dotted += [Piece(" · ", Role.MUTED)] if len(dotted) > 1 else []
            dotted.append(part)
        if self._pieces != (shown := tuple(dotted)):
            self._pieces = shown
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return [crop_line(self._pieces, width)]


def pieces(phrases: Iterable[Phrase]) -> list[Piece]:
    """The phrases of a view in a line; the first one stands out."""
    return [_piece(phrase, first=not place) for place, phrase in enumerate(phrases)]


def _piece(phrase: Phrase, *, first: bool) -> Piece:
    if first:
        return Piece(phrase.text, Role.STRONG)
    if phrase.mark:
        return Piece(phrase.text, role_of(phrase.mark), bold=phrase.mark is Mark.BLOCKS)
    return Piece(phrase.text, Role.MUTED if phrase.aside else Role.TEXT)


class _Head(PieceLines):
    """The title in bold, and what kind of thing it is, on the same line if they fit."""

    title = ""
    meta = ""

    def show(self, title: str, meta: str) -> None:
        """Say this from now on."""
        if (title, meta) != (self.title, self.meta):
            self.title, self.meta = title, meta
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        title, meta = Piece(self.title, Role.STRONG), Piece(self.meta, Role.MUTED)
        beside = (Piece(" "), title, Piece(" · ", Role.MUTED), meta)
        if width_of(beside) < width:
            return [beside if meta.text else beside[:2]]
        lines = [(title, Role.STRONG), (meta, Role.MUTED)]
        return [
            (Piece(" "), Piece(text, role))
            for piece, role in lines
            if piece.text
            for text in wrap(piece.text, width - 2)
        ]


class Detail(Scroller):
    """What there is to know about one row; as high as it needs to be, then it scrolls."""

    DEFAULT_CSS = """
    Detail {
        height: auto; max-height: 45%; scrollbar-size-vertical: 1;
        background: $background; border-top: solid $border-blurred;
    }
    Detail:focus { border-top: solid $accent; }
    """

    def __init__(self) -> None:
        self._head, self._page = _Head(), Page()
        super().__init__(self._head, self._page)
        self.display = False

    def show(self, title: str, meta: str, blocks: Sequence[Block], *, same: bool = False) -> None:
        """Show this from now on; from its beginning unless it is the ``same`` row."""
        self._head.show(safe_text(title, 400), safe_text(meta, 400))
        self._page.show(blocks)
        self.display = True
        if not same:
            self.scroll_home(animate=False)

    def clear(self) -> None:
        """Show nothing."""
        self.display = False


class Split(Container):
    """A table and its detail; ``beside`` allows the detail at the right of a wide window."""

    DEFAULT_CSS = """
    Split { height: 1fr; width: 1fr; layout: vertical; }
    Split.-beside { layout: horizontal; }
    Split.-beside RecordTable { width: 1fr; }
    Split.-beside Detail {
        width: 34%; max-width: 72; height: 1fr; max-height: 100%; padding-left: 1;
        border-top: none; border-left: solid $border-blurred;
    }
    Split.-beside Detail Page { margin-top: 1; }
    Split.-beside Detail:focus { border-top: none; border-left: solid $accent; }
    """

    def __init__(self, table: RecordTable, *, beside: bool = True) -> None:
        super().__init__()
        self._table, self._may = table, beside
        # Before any style is read: a first picture laid out otherwise would have to be made twice.
        self._settle(self.app.size.width)

    def compose(self) -> ComposeResult:
        yield self._table
        yield Detail()

    def on_resize(self, event: Resize) -> None:
        """Beside or below, as there is room."""
        self._settle(event.size.width)

    def _settle(self, width: int) -> None:
        self.set_class(self._may and width >= BESIDE, "-beside")
