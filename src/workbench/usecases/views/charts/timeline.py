"""What happened, under a chart: each with a tick at its column, in as few lines as can be read."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.benchmarks.charted import Happening
from workbench.model.text import safe_text
from workbench.model.width import cells, crop
from workbench.usecases.views.pieces import Line, Piece, Role

_TICK, _MOST = "╵", 32  # cells of one event's words


class Event(msgspec.Struct, frozen=True):
    """Words for a column; of several that want one place the lowest ``rank`` gets it."""

    column: int
    words: str
    rank: int = 0


# Of what happened at one time, the first of these is named.
_ORDER = ("phase", "deployment", "limits", "baseline", "refresh", "configuration")


def event_of(one: Happening, column: int) -> Event:
    """``2.14.0 rc2`` of ``2.14.0 rc2, commit a1b2c3d: what for``: what follows is read in full elsewhere."""
    words = safe_text(one.words, 200).partition(", ")[0].partition(": ")[0]
    words = words.removesuffix(" to production").removesuffix(" in production")
    return Event(column, words, _ORDER.index(one.what) if one.what in _ORDER else len(_ORDER))


def timeline_lines(events: Sequence[Event], room: int, most: int) -> list[Line]:
    """The events in at most ``most`` lines; what finds no place is counted at the end."""
    if most < 1:
        return []
    rows: list[list[tuple[int, str]]] = [[] for _ in range(most)]
    lost = 0
    for event in sorted(events, key=lambda each: each.rank):
        if not any(_placed(row, event, room) for row in rows):
            lost += 1
    lines = [_line(sorted(row)) for row in rows if row]
    if lines and lost:
        lines[-1] = (*lines[-1], Piece(f"  +{lost} more", Role.MUTED))
    return lines


def _placed(row: list[tuple[int, str]], event: Event, room: int) -> bool:
    """Whether the event found a place in the row; near the right end its words stand before its tick."""
    words = crop(event.words, _MOST)
    width = cells(words) + 1
    fits = event.column + width <= room
    start = event.column if fits else event.column - width + 1
    text = f"{_TICK}{words}" if fits else f"{words}{_TICK}"
    if start < 0 or any(start < at + cells(other) + 1 and at < start + width + 1 for at, other in row):
        return False
    row.append((start, text))
    return True


def _line(row: Sequence[tuple[int, str]]) -> Line:
    pieces: list[Piece] = []
    end = 0
    for start, text in row:
        pieces += [Piece(" " * (start - end)), Piece(text, Role.MUTED)]
        end = start + cells(text)
    return tuple(piece for piece in pieces if piece.text)
