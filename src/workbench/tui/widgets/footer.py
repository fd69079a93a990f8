"""The bottom line: the few keys that matter here."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.model.text import safe_text
from workbench.tui.theme import Role
from workbench.tui.widgets.line import Line, Piece, PieceLines, width_of

MOST = 6


class Hint(msgspec.Struct, frozen=True):
    """A key and what it does; ``reason`` says why it cannot be used now.

    ``filled`` draws it as a button: it is the one thing to do.
    """

    id: str
    key: str
    label: str
    reason: str | None = None
    priority: int = 1
    filled: bool = False


def footer_line(hints: Sequence[Hint], width: int) -> Line:
    """At most six hints in the order given; the least important go first when it is narrow."""
    kept = list(hints)
    while kept and (len(kept) > MOST or width_of(_pieces(kept)) > width):
        least = min(kept, key=lambda hint: (hint.priority, -kept.index(hint)))
        kept.remove(least)
    return tuple(_pieces(kept))


def _pieces(hints: Sequence[Hint]) -> list[Piece]:
    pieces = [Piece(" ")]
    for place, hint in enumerate(hints):
        off = hint.reason is not None
        pieces.append(Piece("   " if place else ""))
        if hint.filled and not off:
            pieces.append(
                Piece(f" {safe_text(hint.key, 12)} {safe_text(hint.label, 40)} ", Role.FILLED, hint.id)
            )
            continue
        pieces += [
            Piece(safe_text(hint.key, 12), Role.MUTED if off else Role.ACCENT, hint.id, bold=not off),
            Piece(" " + safe_text(hint.label, 24), Role.MUTED if off else Role.TEXT, hint.id),
        ]
    return pieces


class FooterLine(PieceLines):
    """Hints, each clickable (``Chosen.target`` is the hint's id), also when greyed."""

    DEFAULT_CSS = """
    FooterLine { dock: bottom; background: $surface; color: $foreground; height: 1; }
    """

    def __init__(self, hints: Sequence[Hint] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.hints = tuple(hints)

    def show(self, hints: Sequence[Hint]) -> None:
        """Hint at these from now on."""
        if tuple(hints) != self.hints:
            self.hints = tuple(hints)
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return [footer_line(self.hints, width)]
