"""A table with the detail of one row below it, or beside it where there is room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from workbench.model.text import safe_text
from workbench.model.width import crop
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, width_of
from workbench.tui.widgets.prose import Block, Page, Scroller
from workbench.tui.widgets.table import CellTable, RecordTable
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
    """The line between table and detail: the title in it, and what kind of thing it is at its right end."""

    DEFAULT_CSS = """
    _Head { height: 1; }
    """
    title = ""
    meta = ""
    focused = False
    line = True

    def show(self, title: str, meta: str) -> None:
        """Say this from now on."""
        if (title, meta) != (self.title, self.meta):
            self.title, self.meta = title, meta
            self.changed()

    def look(self, *, focused: bool, line: bool) -> None:
        """Stand out while one reads in the detail; the ``line`` is left out where it divides nothing."""
        if (focused, line) != (self.focused, self.line):
            self.focused, self.line = focused, line
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return [divider(self.title, self.meta, width, focused=self.focused, rule="─" if self.line else " ")]


def divider(title: str, meta: str, width: int, *, focused: bool = False, rule: str = "─") -> Line:
    """A line across with a title in it; of what is too long the ``meta`` is cut first."""
    tone = Role.ACCENT if focused else Role.MUTED
    if not title:
        return (Piece(rule * width, tone),)
    begin = Piece(rule * 2 + " ", tone)
    name = Piece(crop(title, max(0, width - 4)), Role.ACCENT if focused else Role.STRONG, bold=True)
    room = width - begin.width - name.width
    said = Piece(crop(meta, room - 8) if meta and room > 16 else "", Role.MUTED)
    end = (Piece(" ", tone), said, Piece(" " + rule * 2, tone)) if said.text else ()
    fill = max(0, room - width_of(end) - 1)
    return crop_line((begin, name, Piece(" " + rule * fill, tone), *end), width)


class Detail(Scroller):
    """What there is to know about one row, in the lines that it is given; more than these scrolls."""

    DEFAULT_CSS = """
    Detail {
        height: auto; max-height: 45%; scrollbar-size-vertical: 1; background: $background;
    }
    Detail Page { margin-right: 1; }
    """

    def __init__(self) -> None:
        self._head, self._page = _Head(), Page(columns=True)
        super().__init__(self._head, self._page)
        self.display = False

    @property
    def title(self) -> str:
        """The title that is shown."""
        return self._head.title

    def show(self, title: str, meta: str, blocks: Sequence[Block], *, same: bool = False) -> None:
        """Show this from now on; from its beginning unless it is the ``same`` row."""
        self._head.show(safe_text(title, 400), safe_text(meta, 400))
        self._page.show(blocks)
        self._stand(seen=True)
        if not same:
            self.scroll_home(animate=False)

    def clear(self) -> None:
        """Show nothing; the table has all the room."""
        self._stand(seen=False)

    def _stand(self, *, seen: bool) -> None:
        self.display = seen
        if self.parent is not None:
            self.parent.set_class(not seen, "-alone")

    def blank(self) -> None:
        """Keep the place, with nothing in it."""
        self._head.show("", "")
        self._page.show(())

    def watch_has_focus(self, has_focus: bool) -> None:
        """Its title stands out while one reads in it."""
        super().watch_has_focus(has_focus)
        self.look()

    def look(self) -> None:
        """Draw the head as it stands: below a table, or beside it."""
        beside = self.parent is not None and self.parent.has_class("-beside")
        self._head.look(focused=self.has_focus, line=not beside)


class Split(Container):
    """A table and its detail; ``beside`` allows the detail at the right of a wide window.

    Otherwise it stands below, and its height depends on the window and on how many rows there are,
    never on the row under the cursor.
    """

    DEFAULT_CSS = """
    Split { height: 1fr; width: 1fr; layout: vertical; }
    Split.-beside { layout: horizontal; }
    Split.-beside RecordTable { width: 1fr; }
    Split.-beside Detail {
        width: 34%; max-width: 72; height: 1fr; max-height: 100%; padding-left: 1;
        border-left: solid $border-blurred;
    }
    Split.-beside Detail Page { margin-top: 1; }
    Split.-beside Detail:focus { border-left: solid $accent; }
    Split.-below RecordTable { height: auto; min-height: 40%; max-height: 62%; }
    Split.-below Detail { height: 1fr; max-height: 100%; }
    Split.-alone RecordTable { height: 1fr; max-height: 100%; }
    """

    def __init__(self, table: RecordTable, *, beside: bool = True) -> None:
        super().__init__()
        self._table, self._may = table, beside
        self.add_class("-alone")  # until there is something to tell of a row
        # Before any style is read: a first picture laid out otherwise would have to be made twice.
        self._settle(self.app.size.width)

    def compose(self) -> ComposeResult:
        yield self._table
        yield Detail()

    def on_resize(self, event: Resize) -> None:
        """Beside or below, as there is room."""
        self._settle(event.size.width)
        self.query_one(Detail).look()

    def _settle(self, width: int) -> None:
        self.set_class(self._may and width >= BESIDE, "-beside")
        below = isinstance(self._table, CellTable) and not self.has_class("-beside")
        self.set_class(below, "-below")
