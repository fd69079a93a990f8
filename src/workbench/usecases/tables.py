"""Reading a team's table: CSV as spreadsheets write it, or YAML with the same columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from workbench.model.cells import clean, unguarded, write_list
from workbench.model.errors import UsageError
from workbench.model.text import safe_text

MOST_BYTES = 20_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_KNOWN = 10_000
_DELIMITERS = ",;\t"


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


def read_table(path: Path, name: str | None = None) -> Table:
    """The table in a file: YAML by its ending, else CSV.

    ``name`` is what the file is called in errors.  Anything that is no table raises
    ``UsageError`` with the line.
    """
    shown = name or str(path)
    data = _bytes(path, shown)
    encoding, notes = _encoding(data, shown)
    if path.suffix.lower() in (".yaml", ".yml"):
        table = _from_yaml(data.decode(encoding), shown)
    else:
        table = _from_csv(data, encoding, shown)
    return msgspec.structs.replace(table, notes=(*notes, *table.notes))


def _bytes(path: Path, shown: str) -> bytes:
    try:
        if not path.is_file():
            what = f"{shown} is a folder" if path.is_dir() else f"there is no file {shown}"
            raise UsageError(what, hint="name a CSV or YAML file")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {error.strerror}", hint="check the path") from None
    if len(data) > MOST_BYTES:
        raise UsageError(f"{shown} is larger than {MOST_BYTES // 1_000_000} MB", hint="split it")
    return data


def _encoding(data: bytes, shown: str) -> tuple[str, tuple[str, ...]]:
    """How the file is to be decoded, and what was guessed about it."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UsageError(
            f"{shown} is a spreadsheet, not a CSV file", hint="save it as CSV (UTF-8) and import that"
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        if _wrong_at(data, "utf-16") is not None:
            raise UsageError(f"{shown} is damaged: it begins like UTF-16", hint="save it as UTF-8")
        return "utf-16", ("read as UTF-16",)
    if b"\0" in data:
        raise UsageError(f"{shown} is no text file", hint="save the table as CSV (UTF-8)")
    wrong = _wrong_at(data, "utf-8-sig")
    if wrong is None:
        return "utf-8-sig", ()
    line = data[:wrong].count(b"\n") + 1
    if _wrong_at(data, "cp1252") is not None:
        raise UsageError(
            f"{shown} is neither UTF-8 nor Windows-1252", where=f"{shown}:{line}", hint="save it as UTF-8"
        )
    return "cp1252", (f"not UTF-8 (line {line}), so read as Windows-1252: check its umlauts",)


def _wrong_at(data: bytes, encoding: str) -> int | None:
    """Where some bytes are not of an encoding; ``None`` where all are."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return None


# --- CSV ---------------------------------------------------------------------------------


def _from_csv(data: bytes, encoding: str, shown: str) -> Table:
    """The table, decoded as it is read: a text of many megabytes is never held beside its rows."""
    lines = _lines(data, encoding)
    first = next(lines, "")
    skipped = 0
    delimiter = None
    if first[:4].lower() == "sep=":  # a spreadsheet's own way to name the delimiter
        skipped, delimiter = 1, first[4:].strip("\r\n") or ","
    records = _records(_lines(data, encoding, skipped), delimiter or _sniffed(data, encoding), shown, skipped)
    header = next((record for record in records if any(record.cells)), None)
    if header is None:
        raise UsageError(f"{shown} is empty", hint="its first line names the columns")
    columns = _columns(header.cells, shown)
    width = len(columns)
    rows: list[Row] = []
    short: list[int] = []
    for record in records:
        cells = record.cells
        if not any(cells):
            continue
        if len(cells) != width:
            if any(cells[width:]):
                raise UsageError(
                    f"this row has {len(cells)} cells, the header {width}",
                    where=f"{shown}:{record.line}",
                    hint="put a cell that holds the delimiter in double quotes",
                )
            if len(cells) < width:
                short.append(record.line)
            record = Row(record.line, (*cells, *[""] * (width - len(cells)))[:width])
        rows.append(record)
        if len(rows) > MOST_ROWS:
            raise UsageError(f"{shown} has more than {MOST_ROWS:,} rows", hint="split it")
    return Table(file=shown, columns=columns, rows=tuple(rows), notes=_short_rows(short))


def _lines(data: bytes, encoding: str, skipped: int = 0) -> Iterator[str]:
    """The lines of a file with their ends, as they are."""
    return islice(io.TextIOWrapper(io.BytesIO(data), encoding, newline=""), skipped, None)


def _short_rows(lines: list[int]) -> tuple[str, ...]:
    if not lines:
        return ()
    named = ", ".join(map(str, lines[:5])) + (" …" if len(lines) > 5 else "")
    return (f"fewer cells than columns in line {named}: the rest is taken as empty",)


def _sniffed(data: bytes, encoding: str) -> str:
    """The delimiter that cuts the header into most columns; a comma if none does."""
    return max(_DELIMITERS, key=lambda mark: len(_first_record(_lines(data, encoding), mark)))


def _first_record(lines: Iterator[str], delimiter: str) -> list[str]:
    try:
        records = csv.reader(lines, delimiter=delimiter, strict=True)
        return next((cells for cells in records if any(cell.strip(",;\t\r ") for cell in cells)), [])
    except csv.Error:
        return []


def _records(lines: Iterator[str], delimiter: str, shown: str, skipped: int) -> Iterator[Row]:
    if len(delimiter) != 1:
        raise UsageError(
            f"{shown} names a delimiter of several characters", where=f"{shown}:1", hint="use ; or ,"
        )
    csv.field_size_limit(MOST_BYTES)  # what the record can hold must come back
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begins = skipped + 1
    known: dict[str, str] = {}  # most cells of a large table stand in it many times: read and held once
    try:
        for cells in reader:
            yield Row(begins, tuple([_cell(cell, known) for cell in cells]))
            begins = reader.line_num + skipped + 1
    except csv.Error as error:
        what, hint = _explained(str(error))
        raise UsageError(what, where=f"{shown}:{begins}", hint=hint) from None


def _cell(text: str, known: dict[str, str]) -> str:
    found = known.get(text)
    if found is None:
        found = clean(unguarded(clean(text)))
        if found == text:
            found = text
        if len(known) < MOST_KNOWN:
            known[text] = found
    return found


def _explained(error: str) -> tuple[str, str]:
    if "unexpected end" in error:
        return (
            "a double quote is opened in this row and never closed",
            'write a quote inside a cell twice: ""',
        )
    if "expected after" in error:
        return "something stands behind a closing double quote", 'write a quote inside a cell twice: ""'
    return f"this row cannot be read: {error}", "save the file as CSV again"


def _columns(cells: tuple[str, ...], shown: str) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise UsageError(f"{shown} has more than {MOST_COLUMNS} columns", hint="is this the right file?")
    named = tuple(" ".join(cell.split()) or f"column {number}" for number, cell in enumerate(cells, 1))
    seen: set[str] = set()
    for name in named:
        if name.casefold() in seen:
            raise UsageError(
                f"two columns are called “{safe_text(name, 60)}”", where=f"{shown}:1", hint="rename one"
            )
        seen.add(name.casefold())
    return named


# --- YAML --------------------------------------------------------------------------------


def _from_yaml(text: str, shown: str) -> Table:
    import yaml

    found: list[tuple[int, dict[str, str]]] = []
    try:
        for row in _YamlRows(text, shown):
            found.append(row)
            if len(found) > MOST_ROWS:
                raise UsageError(f"{shown} has more than {MOST_ROWS:,} rows", hint="split it")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{shown}:{mark.line + 1}" if mark else shown
        what = getattr(error, "problem", None) or str(error)
        raise UsageError(f"this is no YAML: {what}", where=where, hint="a list of rows is expected") from None
    if not found:
        raise UsageError(f"{shown} is empty", hint="a list of rows is expected")
    columns = tuple(dict.fromkeys(name for _, cells in found for name in cells))
    if len(columns) > MOST_COLUMNS:
        raise UsageError(f"{shown} has more than {MOST_COLUMNS} columns", hint="is this the right file?")
    rows = tuple(Row(line, tuple(cells.get(name, "") for name in columns)) for line, cells in found)
    return Table(file=shown, columns=columns, rows=rows)


class _YamlRows:
    """The rows of a YAML list: line and cells by column.

    Read from the parser's events, which neither nest deeper than a row needs nor repeat
    what an alias names, however the file is made.
    """

    def __init__(self, text: str, shown: str) -> None:
        import yaml

        self._yaml: Any = yaml
        self._shown = shown
        self._events = self._without_frame(text)

    def _without_frame(self, text: str) -> Iterator[Any]:
        yaml = self._yaml
        frame = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
        events = yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return (event for event in events if not isinstance(event, frame))

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        yaml = self._yaml
        first = next(self._events, None)
        if first is None:
            return
        if not isinstance(first, yaml.SequenceStartEvent):
            raise self._wrong(first, "a list of rows is expected")
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            if not isinstance(event, yaml.MappingStartEvent):
                raise self._wrong(event, "a row is written as names and values")
            yield event.start_mark.line + 1, self._row()
        rest = next(self._events, None)
        if rest is not None:
            raise self._wrong(rest, "a second document begins here")

    def _row(self) -> dict[str, str]:
        yaml = self._yaml
        cells: dict[str, str] = {}
        for key in self._events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            if not isinstance(key, yaml.ScalarEvent) or not clean(key.value):
                raise self._wrong(key, "a column's name is expected")
            name = clean(key.value)
            if name in cells:
                raise self._wrong(key, f"“{safe_text(name, 60)}” stands twice in this row")
            cells[name] = self._cell(next(self._events))
        return cells

    def _cell(self, event: Any) -> str:
        yaml = self._yaml
        if isinstance(event, yaml.ScalarEvent):
            # libyaml says "" for a text without quotes, PyYAML's own parser None
            empty = not event.style and event.value in ("", "~", "null", "Null", "NULL")
            return "" if empty else clean(event.value)
        if not isinstance(event, yaml.SequenceStartEvent):
            raise self._wrong(event, "text, or a list of texts, is expected here")
        items: list[str] = []
        for item in self._events:
            if isinstance(item, yaml.SequenceEndEvent):
                break
            if not isinstance(item, yaml.ScalarEvent):
                raise self._wrong(item, "a text is expected here")
            items.append(item.value)
        return write_list(items)

    def _wrong(self, event: Any, what: str) -> UsageError:
        mark = event.start_mark
        hint = "- title: load balancer\n  staging: none"
        return UsageError(what, where=f"{self._shown}:{mark.line + 1}:{mark.column + 1}", hint=hint)
