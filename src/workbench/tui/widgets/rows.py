"""What a table shows: rows, headings, and the order and choice of lines made from them.

Everything is made safe here, once, so that drawing a line only cuts and pads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from workbench.model.text import safe_text
from workbench.model.width import cells
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Align, Column

LIMIT = 400


# Cells and rows never form a circle: looking through 80,000 of them for one takes longer than making them.
class Cell(msgspec.Struct, frozen=True, gc=False):
    """One cell; ``order`` sorts, and ``value`` is edited and copied, in place of the text when given."""

    text: str = ""
    role: Role = Role.TEXT
    align: Align | None = None
    order: float | str | None = None
    value: str | None = None

    @property
    def whole(self) -> str:
        """The text to edit and to copy."""
        return self.text if self.value is None else self.value


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row that the cursor can stand on; ``key`` is unique within the table."""

    key: str
    cells: tuple[Cell, ...]
    mark: Mark | None = None
    dim: bool = False


class Heading(msgspec.Struct, frozen=True):
    """A section heading with a note beside it; the cursor passes over it.

    A heading without rows below it shows only when ``keep`` is set.
    """

    title: str
    note: str = ""
    mark: Mark | None = None
    role: Role = Role.HEADING
    keep: bool = False


Item = Row | Heading
TableLine = Row | Heading | None  # None is an empty line


class Section(msgspec.Struct, frozen=True):
    """A heading, if there is one, the rows below it, and what a filter looks at of each, once one was typed."""

    heading: Heading | None
    rows: list[Row]
    texts: list[str] = []


def sections(items: Iterable[Item]) -> list[Section]:
    """The items by heading, every text made safe."""
    found = [Section(None, [])]
    for item in items:
        if isinstance(item, Row):
            found[-1].rows.append(safe_row(item))
        else:
            safe = msgspec.structs.replace(
                item, title=safe_text(item.title, LIMIT), note=safe_text(item.note, LIMIT)
            )
            found.append(Section(safe, []))
    return found


def safe_row(row: Row) -> Row:
    """``row`` itself when all its texts are plain, otherwise a safe copy."""
    for cell in row.cells:
        text = cell.text
        if not (text.isascii() and text.isprintable() and len(text) <= LIMIT):
            break
    else:
        return row
    cells = tuple(
        cell
        if (safe := safe_text(cell.text, LIMIT)) is cell.text
        else Cell(safe, cell.role, cell.align, cell.order, cell.text if cell.value is None else cell.value)
        for cell in row.cells
    )
    return Row(row.key, cells, row.mark, row.dim)


def with_words(row: Row, words: str) -> Row:
    """The row as one that blocks, with ``words`` before its title, where no narrow column cuts them.

    What is edited and copied, and where the row is sorted, stays as it was.
    """
    first, *rest = row.cells
    order = first.text if first.order is None else first.order
    title = Cell(f"{words} · {first.text}", first.role, first.align, order, first.whole)
    return Row(row.key, (title, *rest), Mark.BLOCKS, dim=False)


def widest(columns: Sequence[Column], found: Sequence[Section]) -> list[int]:
    """The widest contents of each column in cells, titles included; 0 of one that hides while it is empty."""
    titles = [cells(column.title) for column in columns]
    wants = [0 if column.hides else title for column, title in zip(columns, titles, strict=True)]
    count = len(columns)
    for section in found:
        for row in section.rows:
            for index, cell in enumerate(row.cells[:count]):
                text = cell.text
                size = len(text) if text.isascii() else cells(text)
                if size > wants[index]:
                    wants[index] = size
    return [max(want, title) if want else 0 for want, title in zip(wants, titles, strict=True)]


class Prepared(msgspec.Struct, frozen=True):
    """Rows made ready for a table, where there are so many that it is better done beside the event loop."""

    sections: list[Section]
    wants: list[int]


def prepare(columns: Sequence[Column], items: Iterable[Item]) -> Prepared:
    """Make everything safe and ready to be searched, and see how wide the columns would like to be."""
    found = sections(items)
    for section in found:
        section.texts.extend(map(folded, section.rows))
    return Prepared(found, widest(columns, found))


def folded(row: Row) -> str:
    """What a filter looks at: every cell's text, capitals or not."""
    return "\0".join([cell.text for cell in row.cells]).casefold()


def order_by(index: int) -> Callable[[Row], tuple[int, float, str]]:
    """A key for sorting by the cell at ``index``: numbers first, then words, then nothing."""

    def order(row: Row) -> tuple[int, float, str]:
        cell = row.cells[index] if index < len(row.cells) else Cell()
        value = cell.order if cell.order is not None else cell.text
        if isinstance(value, str):
            return (1, 0.0, value.casefold()) if value else (2, 0.0, "")
        return (0, float(value), "")

    return order
