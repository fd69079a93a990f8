"""Differences planted into what a database counted."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbench.probes.captured import Capture, Plant
from workbench.probes.databases import first, table_of, with_value, without_row
from workbench.probes.figures import number
from workbench.probes.kinds.data_profile.figure import count

_DAY = 86_400


def of(capture: Capture) -> Iterator[Plant]:
    """Nulls, ranges, counts, values and rows that are others."""
    yield from first(_rows(capture))
    yield from first(_nulls(capture))
    yield from first(_ranges(capture))
    yield from first(_frequent(capture))
    yield from first(_columns(capture))
    for name, key, title in (("values", "missing-value", "value"), ("segments", "changed-row", "segment")):
        yield from first(_dropped(capture, name, key, title), 2)


def _all(capture: Capture, name: str) -> Iterator[tuple[int, dict[str, str | None]]]:
    table = table_of(capture, name)
    for at, row in enumerate(table.rows):
        yield at, dict(zip(table.columns, row, strict=True))


def _rows(capture: Capture) -> Iterator[Plant]:
    for at, row in _all(capture, "profile"):
        if row["column"] is None:
            more = str(count(row["rows"]) * 400 + 400)
            title = f"{row['table']} has {more} rows"
            yield Plant("row-count", title, with_value(capture, "profile", at, "rows", more))


def _nulls(capture: Capture) -> Iterator[Plant]:
    for at, row in _all(capture, "profile"):
        rows, filled = count(row["rows"]), count(row["filled"])
        if row["column"] is not None and filled > 20:
            fewer = filled // 2
            title = f"{(rows - fewer) * 100 // rows} % of {row['table']}.{row['column']} are null"
            yield Plant("null-share", title, with_value(capture, "profile", at, "filled", str(fewer)))


def _ranges(capture: Capture) -> Iterator[Plant]:
    for at, row in _all(capture, "profile"):
        low, high = number(row["low"]), number(row["high"])
        if low is None or high is None or row["sort"] not in ("number", "text"):
            continue
        beyond = str(high + (high - low) + _DAY)
        title = f"{row['table']}.{row['column']} goes up to {beyond}"
        yield Plant("value-range", title, with_value(capture, "profile", at, "high", beyond))


def _frequent(capture: Capture) -> Iterator[Plant]:
    by_value = {(row["table"], row["column"]) for _, row in _all(capture, "values")}
    for at, row in _all(capture, "profile"):
        filled, most = count(row["filled"]), count(row["most"])
        if (row["table"], row["column"]) in by_value:
            continue
        if most and filled > 20 and 1 < count(row["distinct"]) < filled:
            other = filled if Decimal(most) / filled < Decimal("0.5") else filled // 10
            title = f"the most frequent value of {row['table']}.{row['column']} has {other} rows"
            yield Plant("key-distribution", title, with_value(capture, "profile", at, "most", str(other)))


def _columns(capture: Capture) -> Iterator[Plant]:
    for at, row in _all(capture, "profile"):
        if row["column"] is not None:
            title = f"column {row['table']}.{row['column']} is missing"
            yield Plant("missing-column", title, without_row(capture, "profile", at))


def _dropped(capture: Capture, name: str, key: str, title: str) -> Iterator[Plant]:
    for at, row in _all(capture, name):
        thing = row.get("value") or row.get("segment")
        if count(row["rows"]) > 20 or name == "segments":
            yield Plant(key, f"{title} {thing} of {row['table']} is missing", without_row(capture, name, at))
