"""Flows and differences as files that :mod:`workbench.usecases.importing` reads back unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from workbench.model.cells import clean, guarded
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.usecases.context import Context
from workbench.usecases.row_marks import COLUMN, mark_of
from workbench.usecases.team_tables import TABLES, TeamTable, text_of

Form = Literal["csv", "yaml"]


def export(context: Context, kind: str, form: Form = "csv") -> str:
    """The table as text: the same record gives the same text.

    The last column tells importing what a row said then (:mod:`workbench.usecases.row_marks`).

    CSV cells that a spreadsheet would take for a formula get an apostrophe, which importing
    takes off again.
    """
    subject = TABLES[kind]
    zone = ZoneInfo(context.definitions.project.timezone)
    values = [value for _, value in subject.everything(context.record)]
    return _csv(subject, values, zone) if form == "csv" else _yaml(subject, values, zone)


def export_table(context: Context, name: str, form: Literal["csv", "json"] = "csv") -> str:
    """A projected table with every column, as it lies in the record; ``UsageError`` names those there are.

    In CSV each entity's value is JSON text, and cells that a spreadsheet would take for a formula
    get an apostrophe; in JSON values are objects.
    """
    record = context.record
    if name not in record.table_names:
        meant = nearest(name, record.table_names)
        raise UsageError(
            f"there is no table “{name}” in the record",
            hint=f"did you mean {meant}?" if meant else f"there are: {', '.join(record.table_names)}",
        )
    columns, rows = record.table(name)
    if form == "csv":
        return _table_csv(columns, rows)
    told = [_told(dict(zip(columns, row, strict=True))) for row in rows]
    document = {"schema": "workbench.table.1", "table": name, "rows": told}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _table_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(guarded(cell) if isinstance(cell, str) else cell for cell in row)
    return file.getvalue()


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """An entity's value as what it is, not as text."""
    return row | {"value": msgspec.Raw(row["value"].encode())} if "base" in row else row


def form_of(path: Path) -> Form:
    """The form that a file's name asks for."""
    ending = path.suffix.lower()
    if ending == ".csv":
        return "csv"
    if ending in (".yaml", ".yml"):
        return "yaml"
    raise UsageError(f"“{path.name}” has no ending that says its format", hint="end it in .csv or .yaml")


def _csv(subject: TeamTable, values: list[Any], zone: tzinfo) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow((*(field.name for field in subject.fields), COLUMN))
    for value in values:
        cells = (guarded(text_of(subject, field, value, zone)) for field in subject.fields)
        writer.writerow((*cells, mark_of(subject, value, zone)))
    return file.getvalue()


def _yaml(subject: TeamTable, values: list[Any], zone: tzinfo) -> str:
    import yaml

    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    rows = [_row(subject, value, zone) for value in values]
    return str(yaml.dump(rows, Dumper=dumper, allow_unicode=True, sort_keys=False, width=100))


def _row(subject: TeamTable, value: Any, zone: tzinfo) -> dict[str, Any]:
    """The fields that say something; lists stay lists."""
    row: dict[str, Any] = {}
    for field in subject.fields:
        held = getattr(value, field.name)
        if isinstance(held, tuple):
            row[field.name] = [text for item in held if (text := clean(item))]
        else:
            row[field.name] = text_of(subject, field, value, zone)
    row[COLUMN] = mark_of(subject, value, zone)
    return {name: cell for name, cell in row.items() if cell}
