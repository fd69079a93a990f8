"""Which lines a table shows, and where: what filter, order and the rows kept in sight make of its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from workbench.tui.widgets.rows import Row, Section, TableLine, folded, order_by, safe_row

NEAR = 2_000


class Lines:
    """Rows and headings, and the lines that are made of them.

    ``pinned`` rows stand at the end, against filter and order; ``tail`` rows follow them.
    There may be 100,000 rows: what is found once is kept, and where a row stands is only looked up
    when somebody asks.
    """

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.shown: list[TableLine] = []
        self.count = 0
        self.seen = 0  # rows on show
        self.filter = ""
        self.order: tuple[int, bool] | None = None
        self.pinned: tuple[str, ...] = ()
        self.tail: tuple[Row, ...] = ()
        self._index: dict[str, int] | None = None
        self._ranked: list[Sequence[int]] | None = None  # of each section, its rows in order
        # Each filter on the way to the present one, and what it left: a letter less finds that again.
        self._found: list[tuple[str, list[Sequence[int]]]] = []

    def take(self, found: list[Section]) -> None:
        """Hold these rows and headings from now on."""
        self.sections = found
        self.count = sum(len(section.rows) for section in self.sections)
        self._forget()

    def update(
        self, rows: Sequence[tuple[int, Row]], gone: Collection[str]
    ) -> tuple[list[Row], list[Row], bool]:
        """Put rows where they stand now, each with its place among all rows, in order; take ``gone`` ones off.

        Gives the rows that were there, those that came, and whether each stayed at its place.
        ``ValueError`` for a table with headings: rows have no such place there.
        """
        if len(self.sections) != 1:
            raise ValueError("among headings a row has no place of its own")
        section = self.sections[0]
        kept = section.rows
        safe = [(place, safe_row(row)) for place, row in rows]
        aside = {row.key for _, row in safe} | set(gone)
        old = [row for row in kept if row.key in aside]
        stay = len(old) == len(safe) and all(kept[place].key == row.key for place, row in safe)
        texts = section.texts
        if stay:
            for place, row in safe:
                kept[place] = row
                if texts:
                    texts[place] = folded(row)
        else:
            kept[:] = [row for row in kept if row.key not in aside]
            for place, row in safe:
                kept.insert(place, row)
            texts.clear()
        self.count = len(kept)
        self._forget()
        return old, [row for _, row in safe], stay

    def put(self, place: int, row: Row) -> None:
        """Show this row on its line, where rows stand as they came."""
        self.shown[place] = row

    # The lines

    def arrange(self) -> None:
        """Make the lines again."""
        words = self.filter.casefold().split()
        pinned = set(self.pinned)
        lines: list[TableLine] = []
        seen = 0
        for section, places in zip(self.sections, self._matching(words), strict=True):
            rows = section.rows
            shown = rows if len(places) == len(rows) and self.order is None else [rows[at] for at in places]
            if pinned:
                shown = [row for row in shown if row.key not in pinned]
            heading = section.heading
            if heading is not None and (shown or (heading.keep and not words)):
                if lines:
                    lines.append(None)
                lines.append(heading)
            lines += shown
            seen += len(shown)
        last = self._pinned_rows() if pinned else []
        self.shown = [*lines, *last, *self.tail]
        self.seen = seen + len(last)
        self._index = None

    def _pinned_rows(self) -> list[Row]:
        by_key = {row.key: row for section in self.sections for row in section.rows if row.key in self.pinned}
        return [by_key[key] for key in self.pinned if key in by_key]

    def _in_order(self) -> list[Sequence[int]]:
        """The places of each section's rows, in order."""
        if self._ranked is None:
            if self.order is None:
                self._ranked = [range(len(section.rows)) for section in self.sections]
            else:
                by, descending = self.order
                self._ranked = [_ranked(section.rows, by, descending) for section in self.sections]
        return self._ranked

    def sort(self, order: tuple[int, bool] | None) -> None:
        """Let rows stand in this order from now on: by a column, and whether the last ones come first."""
        self.order = order
        self._forget()

    def _forget(self) -> None:
        self._ranked = None
        self._found.clear()

    def _matching(self, words: Sequence[str]) -> list[Sequence[int]]:
        """The places of each section's rows that have all words, in order."""
        found = self._found
        while found and not (words and self.filter.startswith(found[-1][0])):
            found.pop()
        if not words:
            return self._in_order()
        if found and found[-1][0] == self.filter:
            return found[-1][1]
        # What is typed on at the end of a filter narrows what it has found: its last word, and those behind it.
        before, left = found[-1] if found else ("", self._in_order())
        for word in words[max(0, len(before.split()) - 1) :]:
            left = [
                _with_word(section, places, word) for section, places in zip(self.sections, left, strict=True)
            ]
        found.append((self.filter, left))
        return left

    def end_with(self, tail: tuple[Row, ...]) -> None:
        """Let these rows follow all others; no other line moves."""
        if self.tail and self.shown and self.shown[-1] is self.tail[-1]:
            del self.shown[len(self.shown) - len(self.tail) :]
        self.tail = tail
        self.shown += tail
        self._index = None

    @property
    def height(self) -> int:
        """Lines there are without a filter."""
        headings = sum(section.heading is not None for section in self.sections)
        return self.count + len(self.tail) + 2 * headings

    # What stands where

    def where(self, key: str | None) -> int:
        """The line of the row ``key``; -1 where it is not on show."""
        return -1 if key is None else self.index.get(key, -1)

    @property
    def index(self) -> dict[str, int]:
        """The line of each row on show, in order."""
        if self._index is None:
            # Asked by its class, which is the quickest.
            self._index = {line.key: at for at, line in enumerate(self.shown) if line.__class__ is Row}
        return self._index

    def row(self, at: int) -> Row | None:
        """The row on line ``at``; ``None`` for a heading, an empty line, and beyond the end."""
        line = self.shown[at] if 0 <= at < len(self.shown) else None
        return line if isinstance(line, Row) else None

    def all_rows(self) -> Iterator[Row]:
        """Every row there is, on show or not."""
        return (row for section in self.sections for row in section.rows)

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
        if key is not None:
            for line in range(min(at, len(self.shown) - 1), max(-1, at - NEAR), -1):  # most often it is there
                row = self.row(line)
                if row is not None and row.key == key:
                    return line
            if (line := self.where(key)) >= 0:
                return line
            for places in (range(at + 1, len(before)), range(at - 1, -1, -1)):
                for place in places:
                    other = before[place]
                    if isinstance(other, Row) and (line := self.where(other.key)) >= 0:
                        return line
        return self.step(0, 1, -1)

    def next_match(self, text: str, at: int, direction: int) -> int | None:
        """The next line from ``at`` in ``direction`` with every word of ``text``, around the ends; or none."""
        words = text.casefold().split()
        count = len(self.shown)
        for step in range(1, count + 1):
            row = self.row((at + direction * step) % count)
            if row is not None and words and all(word in folded(row) for word in words):
                return (at + direction * step) % count
        return None

    def top_of(self, at: int) -> int:
        """The first line of the headings right above line ``at``."""
        while at > 0 and not isinstance(self.shown[at - 1], Row):
            at -= 1
        return at


def _ranked(rows: Sequence[Row], by: int, descending: bool) -> list[int]:
    order = order_by(by)
    keys = [order(row) for row in rows]
    return sorted(range(len(rows)), key=keys.__getitem__, reverse=descending)


def _with_word(section: Section, places: Sequence[int], word: str) -> list[int]:
    texts = section.texts
    if not texts:
        texts += map(folded, section.rows)
    if len(places) == len(texts) and isinstance(places, range):
        return [at for at, text in enumerate(texts) if word in text]
    return [at for at in places if word in texts[at]]
