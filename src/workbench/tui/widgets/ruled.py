"""A line across with a title in it, which costs no line of its own."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.text import safe_text
from workbench.model.width import crop
from workbench.tui.theme import Role
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line


class Ruled(PieceLines):
    """``── last 24 hours ─────────────── 96 values ──``."""

    def __init__(self, title: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title, self._note = title, ""

    def show(self, title: str, note: str = "") -> None:
        """Bear this title from now on, and at the other end this note."""
        if (self._title, self._note) != (shown := (safe_text(title, 200), safe_text(note, 200))):
            self._title, self._note = shown
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return [ruled_line(self._title, self._note, width)]


def ruled_line(title: str, note: str, width: int) -> Line:
    """The line; the note goes first where there is too little room."""
    head = [
        Piece("── ", Role.DIVIDER),
        Piece(crop(title, max(0, width - 8)), Role.MUTED),
        Piece(" ", Role.DIVIDER),
    ]
    if not title:  # nothing is known yet
        head = [Piece("───", Role.DIVIDER)]
    taken = sum(piece.width for piece in head)
    tail = [Piece(f" {note} ", Role.MUTED), Piece("──", Role.DIVIDER)] if note else []
    if taken + sum(piece.width for piece in tail) + 4 > width:
        tail = []
    between = width - taken - sum(piece.width for piece in tail)
    return crop_line((*head, Piece("─" * max(0, between), Role.DIVIDER), *tail), width)
