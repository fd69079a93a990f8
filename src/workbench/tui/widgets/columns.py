"""How wide the columns of a table are, and which give way when there is too little room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

Align = Literal["left", "right", "center"]
GAP = 2
WIDEST_GAP = 4
# Eyes lose the line when a column gets much wider than what stands in it.
SLACK = 16


class Column(msgspec.Struct, frozen=True):
    """A column of a :class:`~workbench.tui.widgets.table.RecordTable`.

    ``width`` fixes its cells; 0 makes it as wide as its contents, at most ``most``.
    ``flex`` > 0 gives it that share of the cells left over.  No column gets below
    ``least`` unless nothing else helps.  ``drop`` > 0 lets it vanish when the window is
    narrow, the highest number first.
    """

    key: str
    title: str = ""
    width: int = 0
    flex: int = 0
    least: int = 6
    most: int = 40
    align: Align = "left"
    drop: int = 0


class Placed(msgspec.Struct, frozen=True):
    """A column that is shown: its place in the cells of a row, where it starts, its cells."""

    index: int
    x: int
    width: int


def lay_out(columns: Sequence[Column], wants: Sequence[int], room: int) -> tuple[Placed, ...]:
    """Places for the columns that fit into ``room`` cells.

    ``wants`` are the widest contents of each column in cells, titles included.
    """
    shown = [index for index in range(len(columns)) if wants[index] or columns[index].width]
    while _total(_at_least(columns, wants, shown)) > room:
        droppable = [index for index in shown if columns[index].drop]
        if not droppable:
            break
        shown.remove(max(droppable, key=lambda index: (columns[index].drop, index)))
    widths = _at_least(columns, wants, shown)
    _shrink(columns, shown, widths, _total(widths) - room)
    _stretch(columns, wants, shown, widths, room - _total(widths))
    between = max(1, len(widths) - 1)
    gap = GAP + min(WIDEST_GAP - GAP, max(0, room - _total(widths)) // between)
    placed, x = [], 0
    for index, width in zip(shown, widths, strict=True):
        placed.append(Placed(index, x, min(width, max(0, room - x))))
        x += width + gap
    return tuple(place for place in placed if place.width > 0)


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * max(0, len(widths) - 1)


def _at_least(columns: Sequence[Column], wants: Sequence[int], shown: Sequence[int]) -> list[int]:
    widths = []
    for index in shown:
        column = columns[index]
        if column.width:
            widths.append(column.width)
        elif column.flex:
            widths.append(min(column.least, max(1, wants[index])))
        else:
            widths.append(min(wants[index], column.most))
    return widths


def _shrink(columns: Sequence[Column], shown: Sequence[int], widths: list[int], excess: int) -> None:
    """Take ``excess`` cells from the widest columns that are as wide as their contents."""
    while excess > 0:
        spare = [
            place
            for place, index in enumerate(shown)
            if not columns[index].width and widths[place] > min(columns[index].least, 3)
        ]
        if not spare:
            return
        widths[max(spare, key=lambda place: widths[place])] -= 1
        excess -= 1


def _stretch(
    columns: Sequence[Column], wants: Sequence[int], shown: Sequence[int], widths: list[int], left: int
) -> None:
    """Share ``left`` cells: first until contents fit, then by ``flex`` up to some slack."""
    flexible = [place for place, index in enumerate(shown) if columns[index].flex]
    for slack in (0, SLACK):
        open_places = list(flexible)
        while left > 0 and open_places:
            shares = sum(columns[shown[place]].flex for place in open_places)
            before = left
            for place in list(open_places):
                index = shown[place]
                give = max(1, before * columns[index].flex // shares)
                give = min(give, wants[index] + slack - widths[place], left)
                if give <= 0:
                    open_places.remove(place)
                    continue
                widths[place] += give
                left -= give
