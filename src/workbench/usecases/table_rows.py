"""The rows of a team's table, whatever file they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from workbench.model.errors import UsageError

MOST_BYTES = 20_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 200


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row: the line that it begins on, and a cell for each column."""

    line: int
    cells: tuple[str, ...]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table as it stands in a file; ``notes`` say what was guessed when reading it."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def table_of(found: Sequence[tuple[int, Mapping[str, str]]], shown: str) -> Table:
    """A table of rows that name their columns: (line, cell by column)."""
    if not found:
        raise UsageError(f"{shown} is empty", hint="a list of rows is expected")
    columns = tuple(dict.fromkeys(name for _, cells in found for name in cells))
    if len(columns) > MOST_COLUMNS:
        raise UsageError(f"{shown} has more than {MOST_COLUMNS} columns", hint="is this the right file?")
    rows = tuple(Row(line, tuple(cells.get(name, "") for name in columns)) for line, cells in found)
    return Table(file=shown, columns=columns, rows=rows)


def require_room(count: int, shown: str) -> None:
    """``UsageError`` for more rows than are taken in at once."""
    if count > MOST_ROWS:
        raise UsageError(f"{shown} has more than {MOST_ROWS:,} rows", hint="split it")
