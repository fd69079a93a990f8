"""Differences planted into what the catalogs answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbench.probes.captured import Capture, Plant
from workbench.probes.databases import first, table_of, with_rows, with_value, without_row
from workbench.sources.sql.session import Answer, Row

Which = Callable[[dict[str, str | None]], bool]


def of(capture: Capture) -> Iterator[Plant]:
    """Dropped, added and changed things of every sort that there is."""
    yield from first(_dropped(capture, "objects", "dropped-table", "{kind} {name}"))
    yield from first(_dropped(capture, "columns", "dropped-column", "column {table}.{column}"))
    yield from first(
        _changed(capture, "columns", "type", "changed-type", "the type of {table}.{column}", "planted")
    )
    yield from first(
        _changed(
            capture, "columns", "default", "changed-default", "the default of {table}.{column}", "'planted'"
        )
    )
    yield from first(
        _changed(capture, "columns", "null", "changed-null", "whether {table}.{column} may be null", None)
    )
    yield from first(_renamed(capture, "columns", "column", "renamed-column", "column {table}.{column}"))
    for kind in ("index", "constraint", "trigger", "policy"):
        yield from first(
            _dropped(capture, "parts", f"dropped-{kind}", f"{kind} {{name}} of {{table}}", _kind(kind))
        )
        yield from first(
            _changed(
                capture,
                "parts",
                "definition",
                f"changed-{kind}",
                f"{kind} {{name}} of {{table}}",
                "planted",
                _kind(kind),
            ),
            1,
        )
    yield from first(_dropped(capture, "grants", "revoked-grant", "what {who} may do with {name}"))
    yield from first(
        _changed(capture, "grants", "may", "changed-grant", "what {who} may do with {name}", "TRUNCATE"), 1
    )
    for kind in ("extension", "enum", "domain", "sequence", "function", "server"):
        yield from first(
            _changed(
                capture, "others", "definition", f"changed-{kind}", f"{kind} {{name}}", "planted", _kind(kind)
            ),
            1,
        )
    yield from first(
        _dropped(capture, "migrations", "missing-migration", "migration {migration}", _last(capture)), 1
    )
    yield from _added_column(capture)


def _kind(kind: str) -> Which:
    return lambda row: row["kind"] == kind


def _last(capture: Capture) -> Which:
    table = table_of(capture, "migrations")
    last = table.rows[-1] if table.rows else []
    return lambda row: list(row.values()) == last and row["migration"] is not None


def _rows(capture: Capture, name: str, which: Which) -> Iterator[tuple[int, dict[str, str | None]]]:
    table = table_of(capture, name)
    for at, row in enumerate(table.rows):
        named = dict(zip(table.columns, row, strict=True))
        if which(named):
            yield at, named


def _dropped(
    capture: Capture, name: str, key: str, title: str, which: Which = lambda row: True
) -> Iterator[Plant]:
    for at, row in _rows(capture, name, which):
        yield Plant(key, f"{title.format(**row)} is missing", without_row(capture, name, at))


def _changed(
    capture: Capture, name: str, column: str, key: str, title: str, value: str | None,
    which: Which = lambda row: True,
) -> Iterator[Plant]:  # fmt: skip
    for at, row in _rows(capture, name, which):
        if row[column] is not None:
            yield Plant(
                key, f"{title.format(**row)} is changed", with_value(capture, name, at, column, value)
            )


def _renamed(capture: Capture, name: str, column: str, key: str, title: str) -> Iterator[Plant]:
    for at, row in _rows(capture, name, lambda row: True):
        planted = with_value(capture, name, at, column, f"{row[column]}_planted")
        yield Plant(key, f"{title.format(**row)} is renamed", planted)


def _added_column(capture: Capture) -> Iterator[Plant]:
    for _, row in first_row(capture):
        new: dict[str, str | None] = {**row, "column": "planted", "type": "text"}

        def added(table: Answer, new: dict[str, str | None] = new) -> list[Row]:
            return [*table.rows, [new[column] for column in table.columns]]

        yield Plant(
            "added-column", f"column {row['table']}.planted is added", with_rows(capture, "columns", added)
        )


def first_row(capture: Capture) -> Iterator[tuple[int, dict[str, str | None]]]:
    """The first column that there is, if there is one."""
    for found in _rows(capture, "columns", lambda row: True):
        yield found
        return
