"""Lines of text for both front ends: pieces with a role, cut to the cells of a terminal.

The app turns roles into colours; as plain text the pieces are read one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from workbench.model.width import cells, crop


class Role(StrEnum):
    """What a piece of text is for."""

    TEXT = "text"
    STRONG = "strong"
    HEADING = "heading"
    MUTED = "muted"
    ACCENT = "accent"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"
    # On a ground of their own: how the release stands, the one action, and where one is.
    BLOCKED = "blocked"
    PASSED = "passed"
    FILLED = "filled"
    HERE = "here"
    DIVIDER = "divider"  # a line that only divides


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


def plain(lines: Iterable[Line]) -> str:
    """The lines as text without colour, none with blanks at its end."""
    return "\n".join("".join(piece.text for piece in line).rstrip() for line in lines)
