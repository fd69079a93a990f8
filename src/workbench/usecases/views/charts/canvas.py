"""Cells to draw into, and words at the side of a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from workbench.model.text import safe_text
from workbench.usecases.views.pieces import Piece, Role

BLANK = " "
# The dots of a braille cell, by column and by row from below.
_DOTS = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
_EMPTY = 0x2800
ACROSS, UP = 2, 4  # dots in a cell


class Beside(msgspec.Struct, frozen=True):
    """Words that want to stand beside a drawing, so many rows above its lowest."""

    place: float
    text: str
    role: Role = Role.MUTED


class Canvas:
    """``rows`` by ``columns`` cells, the lowest row first."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self._cells: list[list[tuple[str, Role]]] = [[(BLANK, Role.TEXT)] * columns for _ in range(rows)]

    def put(self, row: int, column: int, char: str, role: Role) -> None:
        """A character in place of what stood there; outside the canvas nothing happens."""
        if 0 <= row < self.rows and 0 <= column < self.columns:
            self._cells[row][column] = (char, role)

    def across(self, row: int, char: str, role: Role, *, each: int = 1, over: bool = True) -> None:
        """A line in every ``each``-th column; ``over`` replaces what stands there."""
        for column in range(0, self.columns, each):
            if over or self._cells[row][column][0] == BLANK:
                self.put(row, column, char, role)

    def dot(self, x: int, y: int, role: Role) -> None:
        """A dot; ``x`` counts two to a cell, ``y`` four, from below. It joins the dots that are there."""
        row, column = y // UP, x // ACROSS
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            return
        char = ord(self._cells[row][column][0])
        before = char - _EMPTY if _EMPTY <= char < _EMPTY + 0x100 else 0
        self.put(row, column, chr(_EMPTY + (before | _DOTS[x % ACROSS][y % UP])), role)

    def pieces(self, row: int) -> list[Piece]:
        """A row as pieces, neighbours of one role as one."""
        found: list[Piece] = []
        for char, role in self._cells[row]:
            if found and found[-1].role is role:
                found[-1] = Piece(found[-1].text + char, role)
            else:
                found.append(Piece(char, role))
        return found


def between(one: tuple[int, int], other: tuple[int, int]) -> Iterator[tuple[int, int, float]]:
    """The dots of a straight line between two, without its ends, and how far along each is (0 to 1)."""
    steps = max(abs(other[0] - one[0]), abs(other[1] - one[1]), 1)
    for step in range(1, steps):
        share = step / steps
        yield (
            round(one[0] + (other[0] - one[0]) * share),
            round(one[1] + (other[1] - one[1]) * share),
            share,
        )


def beside(wanted: Sequence[Beside], rows: int) -> dict[int, Piece]:
    """Words by row: each as near to its place as the others let it; what finds no row is left out."""
    chosen = sorted(wanted, key=lambda each: each.place)[:rows]
    places: list[int] = []
    for each in chosen:
        lowest = places[-1] + 1 if places else 0
        places.append(max(min(rows - 1, max(0, round(each.place))), lowest))
    for at in reversed(range(len(places))):  # what was pushed over the top moves the others down
        highest = rows - len(places) + at if at == len(places) - 1 else places[at + 1] - 1
        places[at] = min(places[at], highest)
    return {row: Piece(safe_text(each.text, 40), each.role) for row, each in zip(places, chosen, strict=True)}
