"""The head of a benchmark's page: what it is, its verdict, what is allowed, and since when."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.text import safe_text
from workbench.model.width import cells, wrap
from workbench.tui.screens import benchmark_page as page
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.line import Line, Piece, PieceLines, width_of


def head_lines(title: str, about: str, width: int) -> list[Line]:
    """A title and what stands beside it; below it where the two are too long for one line."""
    one = [Piece(" "), Piece(title, Role.STRONG), Piece(f"   {about}" if about else "", Role.MUTED)]
    if width_of(one) <= width:
        return [tuple(one)]
    lines: list[Line] = [(Piece(" "), Piece(text, Role.STRONG)) for text in wrap(title, width - 2)]
    return lines + [(Piece(" "), Piece(text, Role.MUTED)) for text in wrap(about, width - 2)]


class VerdictLines(PieceLines):
    """Title and circumstances, on one line where they fit; below it the verdict, what is allowed, and since when."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[str, str, Mark | None, str, str, tuple[str, ...]] = ("", "", None, "", "", ())

    def show(
        self,
        title: str,
        about: Sequence[str],
        mark: Mark | None,
        said: str,
        allowed: str = "",
        notes: Sequence[str] = (),
    ) -> None:
        """Say this from now on."""
        circumstances = " · ".join(safe_text(part, 200) for part in about if part)
        told = tuple(safe_text(note, 600) for note in notes if note)
        shown = (safe_text(title, 300), circumstances, mark, safe_text(said), safe_text(allowed), told)
        if shown != self._shown:
            self._shown = shown
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        title, about, mark, said, allowed, notes = self._shown
        sign = f"{mark.symbol} " if mark else ""
        role = role_of(mark) if mark in (Mark.BLOCKS, Mark.WARNS) and mark else Role.TEXT
        lead = [Piece(" "), Piece(sign, role_of(mark) if mark else Role.TEXT)]
        indent, room = " " * (1 + len(sign)), width - 2 - len(sign)
        lines = head_lines(title, about, width)
        beside = len(lines) + 1
        for text in wrap(said, room):
            lines.append((*lead, Piece(text, role, bold=mark is Mark.BLOCKS)))
            lead = [Piece(indent)]
        if allowed and len(lines) == beside and cells(said) + cells(allowed) + 2 <= room:
            lines[-1] = (*lines[-1], Piece(f"  {allowed}", Role.MUTED))
        elif allowed:
            notes = (allowed, *notes)
        for note in notes:
            lines += [
                (Piece(indent), Piece(text, Role.MUTED)) for text in wrap(note, min(room, page.MEASURE))
            ]
        return lines
