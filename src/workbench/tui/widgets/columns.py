"""How wide the columns of a table are, and which give way when there is too little room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

Align = Literal["left", "right", "center"]
GAP = 2
WIDEST_GAP = 4
# Eyes lose the line when a column gets much wider than what stands in it.
SLACK = 16


class Edit(msgspec.Struct, frozen=True):
    """How a cell is edited: as text, with ``options`` to choose from; ``free`` allows other text, too."""

    options: tuple[str, ...] = ()
    free: bool = True


TEXT = Edit()


def choice(*options: str) -> Edit:
    """A cell that holds one of these."""
    return Edit(options, free=False)


class Column(msgspec.Struct, frozen=True):
    """A column of a :class:`~workbench.tui.widgets.table.RecordTable`.

    ``width`` fixes its cells; 0 makes it as wide as its contents, at most ``most``.
    ``flex`` > 0 gives it that share of the cells left over.  No column gets below
    ``least`` unless nothing else helps.  ``drop`` > 0 lets it give way when the window is
    narrow, the highest number first: it vanishes, or stands at the right where one scrolls to.
    One that ``hides`` takes no room while nothing stands in it but its title.
    A ``frozen`` column and those left of it never scroll sideways; one with ``edit`` takes text.
    """

    key: str
    title: str = ""
    width: int = 0
    flex: int = 0
    least: int = 6
    most: int = 40
    align: Align = "left"
    drop: int = 0
    hides: bool = False
    edit: Edit | None = None
    frozen: bool = False


class Shape(msgspec.Struct, frozen=True):
    """How somebody has made a table for themselves.

    ``columns`` are those shown, by key and in order; none: as they come.  ``widths`` are cells of
    columns made wider or narrower; those up to ``frozen`` do not scroll sideways (empty: as they come).
    ``order`` is a column and whether the last ones come first; ``filter`` the words that rows have to hold.
    """

    columns: tuple[str, ...] = ()
    widths: Mapping[str, int] = {}
    frozen: str = ""
    order: tuple[str, bool] | None = None
    filter: str = ""


def shaped(columns: Sequence[Column], shape: Shape) -> tuple[list[Column], list[int] | None]:
    """The columns as a shape has them, and which are shown, in order; ``None``: those that fit, as they come.

    What the shape names and the table does not have any more is passed over.
    """
    place = {column.key: index for index, column in enumerate(columns)}
    made = [
        msgspec.structs.replace(
            column,
            width=max(1, shape.widths[column.key]) if column.key in shape.widths else column.width,
            frozen=column.key == shape.frozen if shape.frozen in place else column.frozen,
        )
        for column in columns
    ]
    chosen = [place[key] for key in shape.columns if key in place]
    return made, chosen or None


class Placed(msgspec.Struct, frozen=True):
    """A column that is shown: its place in the cells of a row, where it starts, its cells."""

    index: int
    x: int
    width: int


class Layout(msgspec.Struct, frozen=True):
    """Where columns stand in ``room`` cells; the first ``frozen`` of them stay when the others scroll."""

    places: tuple[Placed, ...]
    room: int
    frozen: int = 0

    @property
    def edge(self) -> int:
        """Where the columns that scroll begin."""
        return self.places[self.frozen].x if self.frozen < len(self.places) else self.room

    @property
    def end(self) -> int:
        """The cell after the last column."""
        return self.places[-1].x + self.places[-1].width if self.places else 0

    def visible(self, offset: int) -> tuple[Placed, ...]:
        """What is seen with the columns that scroll moved ``offset`` cells to the left."""
        seen = list(self.places[: self.frozen])
        for place in self.places[self.frozen :]:
            x = place.x - offset
            if self.edge <= x < self.room:
                seen.append(Placed(place.index, x, min(place.width, self.room - x)))
        return tuple(seen)

    def reveal(self, number: int, offset: int) -> int:
        """The offset that shows the place ``number`` whole; ``offset`` itself where it does already."""
        place = self.places[number]
        if number < self.frozen:
            return offset
        if place.x - offset < self.edge:
            return place.x - self.edge
        need = place.x + place.width - self.room
        if need <= offset:
            return offset
        # The columns move by whole ones, so that none at the left is cut.
        starts = (each.x - self.edge for each in self.places[self.frozen : number + 1])
        return next(start for start in starts if start >= need or start == place.x - self.edge)


def arrange_columns(
    columns: Sequence[Column],
    wants: Sequence[int],
    room: int,
    *,
    scrolls: bool = False,
    chosen: Sequence[int] | None = None,
) -> Layout:
    """Places for the columns in ``room`` cells; where one ``scrolls``, those that give way stand beyond them.

    ``wants`` are the widest contents of each column in cells, titles included, of one that is hidden 0.  Of ``chosen`` columns
    none gives way to another: the last ones stand beyond the edge.
    """
    if chosen is None:
        filled = [index for index in range(len(columns)) if wants[index] or columns[index].width]
        shown, gone = _fitting(columns, wants, filled, room)
    else:
        shown, gone = list(chosen), []
        while len(shown) > 1 and _total(_at_least(columns, wants, shown)) > room:
            gone.insert(0, shown.pop())
    places = _placed(columns, wants, shown, room)
    if not scrolls:
        return Layout(places, room)
    kept = max((place for place, index in enumerate(shown) if columns[index].frozen), default=-1) + 1
    x = places[-1].x + places[-1].width if places else 0
    beyond = []
    for index in [*shown[len(places) :], *gone]:
        width = columns[index].width or max(1, min(wants[index], columns[index].most))
        beyond.append(Placed(index, x + GAP, width))
        x += GAP + width
    return Layout((*places, *beyond), room, min(kept, len(places)))


def lay_out(columns: Sequence[Column], wants: Sequence[int], room: int) -> tuple[Placed, ...]:
    """Places for the columns that fit into ``room`` cells."""
    return arrange_columns(columns, wants, room).places


def _fitting(
    columns: Sequence[Column], wants: Sequence[int], chosen: Sequence[int], room: int
) -> tuple[list[int], list[int]]:
    """Of the chosen columns, those that fit at their least, and those that gave way."""
    shown, gone = list(chosen), []
    while _total(_at_least(columns, wants, shown)) > room:
        droppable = [index for index in shown if columns[index].drop]
        if not droppable:
            break
        worst = max(droppable, key=lambda index: (columns[index].drop, index))
        shown.remove(worst)
        gone.append(worst)
    return shown, sorted(gone)


def _placed(
    columns: Sequence[Column], wants: Sequence[int], shown: Sequence[int], room: int
) -> tuple[Placed, ...]:
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
