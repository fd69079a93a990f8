"""Which lines a table shows, and where: what filter, order and the rows kept in sight make of its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from workbench.tui.widgets.rows import (
    Heading,
    Item,
    Row,
    Section,
    TableLine,
    arrange,
    matches,
    order_by,
    safe_row,
    sections,
)


class Lines:
    """Rows and headings, and the lines that are made of them.

    ``pinned`` rows stand at the end, against filter and order; ``tail`` rows follow them.
    """

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.shown: list[TableLine] = []
        self.line_of: dict[str, int] = {}
        self.count = 0
        self.filter = ""
        self.order: tuple[int, bool] | None = None
        self.pinned: tuple[str, ...] = ()
        self.tail: tuple[Row, ...] = ()

    def take(self, items: Iterable[Item]) -> None:
        """Hold these rows and headings from now on."""
        self.sections = sections(items)
        self.count = sum(len(section.rows) for section in self.sections)

    def update(
        self, rows: Sequence[tuple[int, Row]], gone: Collection[str]
    ) -> tuple[list[Row], list[Row], bool]:
        """Put rows where they stand now, each with its place among all rows, in order; take ``gone`` ones off.

        Gives the rows that were there, those that came, and whether each stayed at its place.
        ``ValueError`` for a table with headings: rows have no such place there.
        """
        if len(self.sections) != 1:
            raise ValueError("among headings a row has no place of its own")
        kept = self.sections[0].rows
        safe = [(place, safe_row(row)) for place, row in rows]
        aside = {row.key for _, row in safe} | set(gone)
        old = [row for row in kept if row.key in aside]
        stay = len(old) == len(safe) and all(kept[place].key == row.key for place, row in safe)
        if stay:
            for place, row in safe:
                kept[place] = row
        else:
            kept[:] = [row for row in kept if row.key not in aside]
            for place, row in safe:
                kept.insert(place, row)
        self.count = len(kept)
        return old, [row for _, row in safe], stay

    def arrange(self) -> None:
        """Make the lines again."""
        by, descending = self.order or (0, False)
        pinned = set(self.pinned)
        found, last = self.sections, []
        if pinned:
            last = [row for section in found for row in section.rows if row.key in pinned]
            last.sort(key=lambda row: self.pinned.index(row.key))
            found = [
                Section(section.heading, [row for row in section.rows if row.key not in pinned])
                for section in found
            ]
        self.shown = arrange(found, self.filter, order_by(by) if self.order else None, descending)
        self.shown += [*last, *self.tail]
        # Asked by its class, which is the quickest: there may be 100,000 lines.
        self.line_of = {line.key: at for at, line in enumerate(self.shown) if line.__class__ is Row}

    def end_with(self, tail: tuple[Row, ...]) -> None:
        """Let these rows follow all others; no other line moves."""
        for row in self.tail:
            if self.line_of.pop(row.key, None) is not None:
                self.shown.pop()
        self.tail = tail
        self.line_of |= {row.key: at for at, row in enumerate(tail, len(self.shown))}
        self.shown += tail

    @property
    def height(self) -> int:
        """Lines there are without a filter."""
        headings = sum(section.heading is not None for section in self.sections)
        return self.count + len(self.tail) + 2 * headings

    def row(self, at: int) -> Row | None:
        """The row on line ``at``; ``None`` for a heading, an empty line, and beyond the end."""
        line = self.shown[at] if 0 <= at < len(self.shown) else None
        return line if isinstance(line, Row) else None

    def step(self, start: int, direction: int, otherwise: int) -> int:
        """The nearest row from line ``start`` on in ``direction``, or ``otherwise``."""
        line = start
        while 0 <= line < len(self.shown):
            if isinstance(self.shown[line], Row):
                return line
            line += direction
        return otherwise

    def nearest(self, key: str | None, before: Sequence[TableLine], at: int) -> int:
        """The line of ``key``, or of the first row after it in the lines ``before`` that is left, or before it."""
        if key in self.line_of:
            return self.line_of[key]
        if key is not None:
            for line in (*before[at + 1 :], *reversed(before[:at])):
                if isinstance(line, Row) and line.key in self.line_of:
                    return self.line_of[line.key]
        return next(iter(self.line_of.values()), -1)

    def next_match(self, text: str, at: int, direction: int) -> int | None:
        """The next line from ``at`` in ``direction`` with every word of ``text``, around the ends; or none."""
        words = text.casefold().split()
        count = len(self.shown)
        for step in range(1, count + 1):
            line = self.shown[(at + direction * step) % count]
            if isinstance(line, Row) and words and matches(line, words):
                return (at + direction * step) % count
        return None

    def top_of(self, at: int) -> int:
        """The first line of the headings right above line ``at``."""
        while at > 0 and not isinstance(self.shown[at - 1], Row):
            at -= 1
        return at

    @property
    def has_headings(self) -> bool:
        """Whether rows stand below headings."""
        return any(isinstance(section.heading, Heading) for section in self.sections)
