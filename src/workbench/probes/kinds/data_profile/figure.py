"""One figure about a table or column, from what the database counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.probes.captured import Capture
from workbench.probes.databases import Record, records
from workbench.probes.figures import number, percent

What = Literal["thing", "count", "nulls", "bound", "share", "value", "distinct", "each"]
_BOUNDS = {"number": ("lowest", "highest"), "time": ("earliest", "latest"), "text": ("shortest", "longest")}
FEW = 50  # distinct values up to which their number says something


class Figure(msgspec.Struct, frozen=True):
    """A figure: ``part`` of ``whole`` rows for a share, ``value`` for everything that can be subtracted."""

    parts: tuple[str, ...]
    what: What
    text: str
    part: int = 0
    whole: int = 0
    value: Decimal | None = None


def figures_of(capture: Capture) -> Iterator[Figure]:
    """All figures of a capture."""
    wholes: dict[tuple[str, str], int] = {}
    told = {
        (row["table"], row["column"]) for row in records(capture, "values")
    }  # value by value: that is enough
    for row in records(capture, "profile"):
        table, column = row["table"] or "", row["column"]
        rows = count(row["rows"])
        if column is None:
            yield Figure((table,), "thing", "table")
            yield Figure((table, "rows"), "count", f"{rows:,}", value=Decimal(rows))
        else:
            wholes[table, column] = count(row["filled"])
            yield from _of_column(table, column, row, rows)
            if (table, column) not in told and row["distinct"] is not None and count(row["filled"]):
                yield from _of_keys(table, column, row)
    for row in records(capture, "values"):
        table, column, rows = row["table"] or "", row["column"] or "", count(row["rows"])
        whole = wholes.get((table, column), 0)
        parts = (table, column, f"value {row['value']}")
        yield Figure(parts, "value", percent(rows, whole), rows, whole)


def _of_column(table: str, column: str, row: Record, rows: int) -> Iterator[Figure]:
    filled = count(row["filled"])
    yield Figure((table, column), "thing", "column")
    yield Figure((table, column, "null"), "nulls", percent(rows - filled, rows), rows - filled, rows)
    if row["sort"] == "bool":
        true = count(row["high"])
        yield Figure((table, column, "true"), "share", percent(true, filled), true, filled)
    for name, bound in zip(_BOUNDS.get(row["sort"] or "", ()), (row["low"], row["high"]), strict=False):
        if bound is not None:
            yield Figure((table, column, name), "bound", bound, value=number(bound))


def _of_keys(table: str, column: str, row: Record) -> Iterator[Figure]:
    distinct, most, filled = count(row["distinct"]), count(row["most"]), count(row["filled"])
    yield Figure((table, column, "distinct"), "distinct", f"{distinct:,}", value=Decimal(distinct))
    if distinct > FEW and distinct < filled:
        each = Decimal(filled) / distinct
        yield Figure((table, column, "rows for each value"), "each", f"{each:.1f}", value=each)
    if most and 1 < distinct < filled:
        yield Figure((table, column, "most frequent"), "share", percent(most, filled), most, filled)


def count(text: str | None) -> int:
    """A count as the database wrote it; none is 0."""
    if not text:
        return 0
    if re.fullmatch(r"[0-9]{1,18}(?:\.0+)?", text) is None:
        raise SourceError(f"the database answered “{safe_text(text, 40)}” where a count was expected")
    return int(text.partition(".")[0])
