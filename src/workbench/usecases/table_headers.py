"""Where a table's header stands, and which mark parts its cells: the line that says most of what is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec

from workbench.usecases.table_rows import Row

LOOKED_AT = 20  # so many rows may stand above the header
Fits: TypeAlias = Callable[[Sequence[str]], int]


class Header(msgspec.Struct, frozen=True):
    """Which of the first rows is the header, and what it says; ``above`` are the lines before it."""

    at: int
    cells: tuple[str, ...]
    known: int
    above: tuple[int, ...] = ()


def find_header(rows: Sequence[Row], fits: Fits | None) -> Header | None:
    """The header among the first rows with any text.

    It is the first row, unless a later one holds more columns that ``fits`` knows.  Where names stand
    twice in it, the row above groups them.
    """
    filled = [(number, row) for number, row in enumerate(rows) if any(row.cells)]
    if not filled:
        return None
    best = _header(rows, *filled[0], fits)
    if fits is None or best.known == len([cell for cell in best.cells if cell]):
        return best
    for number, row in filled[1:]:
        if sum(map(bool, row.cells)) > 1:
            found = _header(rows, number, row, fits)
            best = found if found.known > best.known else best
    return msgspec.structs.replace(best, above=tuple(row.line for at, row in filled if at < best.at))


def _header(rows: Sequence[Row], number: int, row: Row, fits: Fits | None) -> Header:
    cells = _grouped(row.cells, rows[number - 1].cells if number else ())
    return Header(number, cells, fits([cell for cell in cells if cell]) if fits else 0)


def _grouped(cells: tuple[str, ...], above: tuple[str, ...]) -> tuple[str, ...]:
    """Names that stand twice, each with what stands above it: “Staging”, nothing, “Production”, nothing."""
    folded = [cell.casefold() for cell in cells]
    twice = {name for name in folded if name and folded.count(name) > 1}
    if not twice or not any(above):
        return cells
    group, named = "", []
    for place, cell in enumerate(cells):
        group = (above[place] if place < len(above) else "") or group
        named.append(f"{group} {cell}".strip() if folded[place] in twice else cell)
    return tuple(named)
