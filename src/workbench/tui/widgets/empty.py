"""What belongs where nothing is yet: a word on it in the middle of the window, and its keys as buttons."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Middle

from workbench.model.text import safe_text
from workbench.model.width import wrap
from workbench.tui.theme import Role
from workbench.tui.widgets.footer import Hint
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, width_of

MEASURE = 64
_BETWEEN = Piece("   ")


class _Words(PieceLines):
    """The words and the buttons, each line in the middle."""

    title = ""
    text = ""
    hints: tuple[Hint, ...] = ()

    def lay_out(self, width: int) -> Sequence[Line]:
        lines: list[Line] = [(Piece(self.title, Role.STRONG),)]
        lines += [(Piece(text, Role.MUTED),) for text in wrap(self.text, min(MEASURE, width - 4))]
        buttons: list[Piece] = []
        for number, hint in enumerate(self.hints):
            look = Role.TEXT if number else Role.FILLED
            buttons += [_BETWEEN] if buttons else []
            buttons.append(Piece(f" {hint.key} {hint.label} ", look, hint.id, bold=not number))
        return [_centred(line, width) for line in (*lines, (), tuple(buttons))]


class EmptyState(Middle):
    """Says what belongs here; a click on a button is ``Chosen`` with its action's id."""

    DEFAULT_CSS = """
    EmptyState { height: 1fr; width: 1fr; display: none; }
    """

    def compose(self) -> ComposeResult:
        yield _Words()

    def show(self, title: str, text: str, hints: Sequence[Hint]) -> None:
        """Say this; the first hint is the thing to do."""
        words = self.query_one(_Words)
        words.title, words.text, words.hints = safe_text(title, 200), safe_text(text, 400), tuple(hints)
        words.changed()
        self.display = True

    def clear(self) -> None:
        """Something is here."""
        self.display = False


def _centred(line: Line, width: int) -> Line:
    room = max(0, (width - width_of(line)) // 2)
    return crop_line((Piece(" " * room), *line), width)
