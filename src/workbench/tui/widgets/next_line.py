"""What to do next: one button that is filled, what may be done instead, and a note."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.text import safe_text
from workbench.model.width import wrap
from workbench.tui.theme import Role
from workbench.tui.widgets.footer import Hint
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, width_of

_LABEL = " Next    "


def next_lines(first: Hint | None, others: Sequence[Hint], note: str, width: int) -> list[Line]:
    """The buttons on one line, those that do not fit left out, and the note below."""
    if first is None and not others and not note:
        return []
    pieces = [Piece(_LABEL, Role.MUTED)]
    if first is not None:
        look = Role.MUTED if first.reason is not None else Role.FILLED
        pieces.append(Piece(f" {safe_text(first.key, 12)} {safe_text(first.label, 40)} ", look, first.id))
    for hint in others:
        off = hint.reason is not None
        button = [
            Piece("   " if len(pieces) > 1 else ""),
            Piece(safe_text(hint.key, 12), Role.MUTED if off else Role.ACCENT, hint.id, bold=not off),
            Piece(f" {safe_text(hint.label, 40)}", Role.MUTED if off else Role.TEXT, hint.id),
        ]
        if width_of(pieces) + width_of(button) < width:
            pieces += button
    indent = " " * len(_LABEL)
    notes = wrap(safe_text(note, 300), max(20, width - len(indent) - 1)) if note else []
    if first is None and not others:
        return [crop_line((pieces[0], Piece(notes[0], Role.MUTED)), width)]
    lines: list[Line] = [crop_line(pieces, width)]
    return lines + [crop_line((Piece(indent), Piece(text, Role.MUTED)), width) for text in notes]


class NextLine(PieceLines):
    """The line of one thing; a click on a button is ``Chosen`` with its action's id."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._first: Hint | None = None
        self._others: tuple[Hint, ...] = ()
        self._note = ""

    def show(self, first: Hint | None, others: Sequence[Hint] = (), note: str = "") -> None:
        """Say this from now on; nothing at all takes no line."""
        shown = (first, tuple(others), note)
        if shown != (self._first, self._others, self._note):
            self._first, self._others, self._note = shown
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return next_lines(self._first, self._others, self._note, width)
