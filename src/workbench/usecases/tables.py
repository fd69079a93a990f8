"""Reading a team's table: CSV as spreadsheets write it, or YAML with the same columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from workbench.model.cells import clean, unguarded
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.usecases.catalog_tables import from_catalog, is_catalog
from workbench.usecases.json_tables import from_json
from workbench.usecases.markdown_tables import markdown_rows
from workbench.usecases.table_headers import LOOKED_AT, Fits, Header, find_header
from workbench.usecases.table_rows import MOST_BYTES, MOST_COLUMNS, Row, Table, require_room
from workbench.usecases.yaml_tables import from_yaml

MOST_KNOWN = 10_000
_DELIMITERS = ",;\t|"


def read_table(
    path: Path, name: str | None = None, fits: Fits | None = None, *, data: bytes | None = None
) -> Table:
    """The table in a file: YAML or JSON by its ending or its beginning, Markdown by its dashes, else CSV.

    ``name`` is what the file is called in errors, ``data`` what is in it where somebody has read it.  ``fits`` says how many of some columns are known,
    by which the header is found below other lines.  Anything that is no table raises ``UsageError``
    with the line.
    """
    shown = name or str(path)
    data = _bytes(path, shown) if data is None else data
    encoding, notes = _encoding(data, shown)
    if path.suffix.lower() in (".yaml", ".yml"):
        text = data.decode(encoding)
        table = from_catalog(text, shown, path.parent) if is_catalog(text) else from_yaml(text, shown)
    elif path.suffix.lower() == ".json" or _begins_json(data, encoding):
        table = from_json(data.decode(encoding), shown)
    else:
        table = _from_csv(data, encoding, shown, fits)
    return msgspec.structs.replace(table, notes=(*notes, *table.notes))


def _begins_json(data: bytes, encoding: str) -> bool:
    """Whether a text begins as a list of objects does, or as an object."""
    head = "".join(data[:4000].decode(encoding, "ignore").split())
    return head.startswith(("[{", '{"'))


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
        raise UsageError(f"{shown} is not a text file", hint="save the table as CSV (UTF-8)")
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


def _from_csv(data: bytes, encoding: str, shown: str, fits: Fits | None) -> Table:
    """The table, decoded as it is read: a text of many megabytes is never held beside its rows."""
    head = list(islice(_lines(data, encoding), 50))
    if any("|" in line and "--" in line for line in head):
        rows = markdown_rows([line.rstrip("\r\n") for line in _lines(data, encoding)], shown)
        if rows is not None:
            return _table(iter(rows), Header(0, rows[0].cells, 0), shown)
    skipped, delimiters = 0, _DELIMITERS
    if head and head[0][:4].lower() == "sep=":  # a spreadsheet's own way to name the delimiter
        skipped, delimiters = 1, head[0][4:].strip("\r\n") or ","
        if len(delimiters) != 1:
            what = f"{shown} names a delimiter of more than one character"
            raise UsageError(what, where=f"{shown}:1", hint="use ; or ,")
    found = [(mark, _sniffed(data, encoding, mark, skipped, fits)) for mark in delimiters]
    mark, header = max(found, key=lambda pair: _worth(pair[1]))
    records = _records(_lines(data, encoding, skipped), mark, shown, skipped)
    if header is None:
        for _ in records:  # what is wrong with the first rows is told with its line
            pass
        raise UsageError(f"{shown} is empty", hint="its first line names the columns")
    return _table(records, header, shown)


def _worth(header: Header | None) -> tuple[int, int]:
    """How good a header is: known columns count first, then columns as such."""
    return (header.known, sum(map(bool, header.cells))) if header else (-1, 0)


def _sniffed(data: bytes, encoding: str, mark: str, skipped: int, fits: Fits | None) -> Header | None:
    """The header that a delimiter gives."""
    rows: list[Row] = []
    try:
        for number, cells in enumerate(
            csv.reader(_lines(data, encoding, skipped), delimiter=mark, strict=True)
        ):
            rows.append(
                Row(
                    number,
                    tuple(map(clean, cells)) if any(c.strip(_DELIMITERS + "\r ") for c in cells) else (),
                )
            )
            if len(rows) >= LOOKED_AT:
                break
    except csv.Error:
        pass
    return find_header(rows, fits)


def _table(records: Iterator[Row], header: Header, shown: str) -> Table:
    """The rows below the header, each with a cell for each of its columns."""
    above = [record.line for record in islice(records, header.at + 1) if any(record.cells)][:-1]
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
                    hint="put a cell that holds the delimiter in double quotes, and delete lines above the header",
                )
            if len(cells) < width:
                short.append(record.line)
            record = Row(record.line, (*cells, *[""] * (width - len(cells)))[:width])
        rows.append(record)
        require_room(len(rows), shown)
    notes = (*_left_out(above), *_short_rows(short))
    return Table(file=shown, columns=columns, rows=tuple(rows), notes=notes)


def _left_out(above: list[int]) -> tuple[str, ...]:
    if not above:
        return ()
    if len(above) == 1:
        return (f"line {above[0]} is above the header and is skipped",)
    return (f"lines {above[0]} to {above[-1]} are above the header and are skipped",)


def _lines(data: bytes, encoding: str, skipped: int = 0) -> Iterator[str]:
    """The lines of a file with their ends, as they are."""
    return islice(io.TextIOWrapper(io.BytesIO(data), encoding, newline=""), skipped, None)


def _short_rows(lines: list[int]) -> tuple[str, ...]:
    if not lines:
        return ()
    named = ", ".join(map(str, lines[:5])) + (" …" if len(lines) > 5 else "")
    return (f"fewer cells than columns in line {named}: the rest is taken as empty",)


def _records(lines: Iterator[str], delimiter: str, shown: str, skipped: int) -> Iterator[Row]:
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
            "this row opens a double quote and never closes it",
            'write a quote inside a cell twice: ""',
        )
    if "expected after" in error:
        return "there is text after a closing double quote", 'write a quote inside a cell twice: ""'
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
