"""Which column of a team's table says what, and what its words mean: guessed, or as somebody said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from pathlib import Path
from typing import TypeAlias

import msgspec

from workbench.model.canonical import plain, sha256
from workbench.model.cells import CellError, plain_words, word_of
from workbench.model.errors import UsageError
from workbench.model.files import read_regular
from workbench.model.keys import nearest
from workbench.model.noun_fields import Field, Holds
from workbench.model.text import safe_text
from workbench.record import Change
from workbench.usecases.context import Context, commit
from workbench.usecases.row_marks import is_column
from workbench.usecases.table_readings import TableReading
from workbench.usecases.table_rows import Table
from workbench.usecases.tables import read_table
from workbench.usecases.team_tables import TABLES, TeamTable

REMEMBERED = Path(".workbench") / "columns.json"
SHOWN = 12  # so many words of a column are shown
Words: TypeAlias = Mapping[str, Mapping[str, str]]
NO_WORDS: Words = {}


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """Which column is which: field → column.

    ``unclear`` are columns that fit nothing and would be left out; ``missing`` says that
    the one column that is needed was not found; ``remembered`` that somebody said so before.
    ``words`` are what cells mean: field → word → value.
    """

    mapping: Mapping[str, str]
    unclear: tuple[str, ...] = ()
    missing: bool = False
    remembered: bool = False
    words: Words = {}


class Unclear(msgspec.Struct, frozen=True):
    """Numbers in a column of words: whether 1 is the least or the most only the team knows."""

    field: str
    title: str
    column: str
    cells: tuple[str, ...]
    choices: tuple[str, ...]


def guess(columns: Sequence[str], kind: str) -> Guess:
    """Which column is probably which, by their names."""
    subject = TABLES[kind]
    mapping: dict[str, str] = {}
    words = {column: plain_words(column) for column in columns}
    # The one column of a table is what it says, and not what its heading merely holds.
    matches = (_is_name, _is_other_name, _holds_name) if len(columns) > 1 else (_is_name, _is_other_name)
    for match in matches:
        for field in subject.fields:
            for column in columns:
                if (
                    field.name not in mapping
                    and column not in mapping.values()
                    and match(field, words[column])
                ):
                    mapping[field.name] = column
    return _guess(subject, columns, mapping)


def read(path: Path, kind: str, name: str | None = None, *, data: bytes | None = None) -> Table:
    """The table in a file, its header found by what columns of such tables are called.

    ``data`` is what is in it where somebody has read it.
    """
    subject = TABLES[kind]

    def fits(columns: Sequence[str]) -> int:
        mapping = guess(columns, kind).mapping
        return len(mapping) if any(field in mapping for field in subject.needed) else 0

    return read_table(path, name, fits, data=data)


def _guess(
    subject: TeamTable, columns: Sequence[str], mapping: Mapping[str, str], remembered: bool = False
) -> Guess:
    return Guess(
        mapping={field.name: mapping[field.name] for field in subject.fields if field.name in mapping},
        unclear=tuple(
            column for column in columns if column not in mapping.values() and not is_column(column)
        ),
        missing=not any(name in mapping for name in subject.needed),
        remembered=remembered,
    )


def _is_name(field: Field, words: str) -> bool:
    return words in (plain_words(field.name), plain_words(field.title))


def _is_other_name(field: Field, words: str) -> bool:
    return words in {plain_words(name) for name in field.also}


def _holds_name(field: Field, words: str) -> bool:
    """Titles of more than one word, or the field's own name, inside a longer heading."""
    longer = [plain_words(name) for name in (field.title, *field.also)]
    own = plain_words(field.name)
    inside = f" {words} "
    return f" {own} " in inside or any(f" {name} " in inside for name in longer if " " in name)


def columns_of(context: Context | Path, table: Table, kind: str) -> Guess:
    """Which column is which: as said before for a table with these columns, else the guess."""
    kept = _remembered(context, table, kind)
    subject = TABLES[kind]
    names = {field.name for field in subject.fields}
    columns = kept.columns
    if columns and all(name in names and column in table.columns for name, column in columns.items()):
        found = _guess(subject, table.columns, columns, remembered=True)
    else:
        found = guess(table.columns, kind)
    return msgspec.structs.replace(found, words=kept.words)


def mapping_from(texts: Sequence[str], table: Table, kind: str, start: Mapping[str, str]) -> dict[str, str]:
    """The mapping that ``FIELD=COLUMN`` texts say, on top of ``start``; ``FIELD=`` leaves a field out."""
    subject = TABLES[kind]
    mapping = dict(start)
    for text in texts:
        name, equals, column = (part.strip() for part in text.partition("="))
        if not equals:
            raise UsageError(
                f"“{safe_text(text, 60)}” names no column", hint='write --map title="What differs"'
            )
        field = _field(subject, name)
        mapping.pop(field.name, None)
        if column:
            found = _column(table, column)
            mapping = {other: taken for other, taken in mapping.items() if taken != found}
            mapping[field.name] = found
    return mapping


def words_from(texts: Sequence[str], kind: str, mapping: Mapping[str, str], start: Words) -> Words:
    """What cells mean, as ``FIELD:WORD=VALUE`` texts say, on top of ``start``; ``FIELD`` may be the column."""
    subject = TABLES[kind]
    words = {name: dict(known) for name, known in start.items()}
    for text in texts:
        name, colon, rest = text.partition(":")
        word, equals, value = rest.rpartition("=")
        if not (colon and equals and word.strip() and value.strip()):
            raise UsageError(
                f"“{safe_text(text, 60)}” does not say what a word means",
                hint="write --map-value severity:1=high",
            )
        by_column = {plain_words(column): field for field, column in mapping.items()}
        field = _field(subject, by_column.get(plain_words(name), name.strip()))
        words.setdefault(field.name, {})[word_of(word)] = _meant(field, value.strip())
    return words


def _meant(field: Field, value: str) -> str:
    """A value as an export writes it; only a value's own name tells what a word means."""
    if field.holds not in (Holds.CHOICE, Holds.FLAG):
        raise UsageError(
            f"“{field.title}” has no fixed values to map words to",
            hint="only columns with a choice of values have them",
        )
    values = [value for value, _ in field.choices] or ["yes", "no"]
    for known in values:
        if plain_words(known) == plain_words(value):
            return known
    raise UsageError(
        f"“{safe_text(value, 60)}” is not a valid {field.title.lower()}", hint=f"one of {', '.join(values)}"
    )


def unclear_numbers(table: Table, kind: str, mapping: Mapping[str, str], words: Words) -> list[Unclear]:
    """Numbers in columns of words that nobody has explained yet."""
    found = []
    for field in TABLES[kind].fields:
        if field.holds is not Holds.CHOICE or field.name not in mapping:
            continue
        column = mapping[field.name]
        known = words.get(field.name, {})
        cells = [cell for cell in _cells(table, column) if _is_number(cell) and word_of(cell) not in known]
        if cells:
            choices = tuple(value for value, _ in field.choices)
            found.append(Unclear(field.name, field.title, column, tuple(sorted(cells, key=float)), choices))
    return found


def require_meanings(table: Table, kind: str, mapping: Mapping[str, str], words: Words) -> None:
    """``UsageError`` where numbers stand in a column of words; nothing is written before they are explained."""
    for item in unclear_numbers(table, kind, mapping, words)[:1]:
        shown = ", ".join(item.cells[:8])
        options = " ".join(f"--map-value {item.field}:{cell}=VALUE" for cell in item.cells[:4])
        raise UsageError(
            f"column “{safe_text(item.column, 40)}” says {shown}: which {item.title.lower()} is each?",
            where=table.file,
            hint=f"say it once: {options}; VALUE is one of {', '.join(item.choices)}",
        )


def meanings(table: Table, kind: str, mapping: Mapping[str, str], words: Words) -> list[tuple[str, str]]:
    """(title of the field, ``“hoch” = high, …``) for words that are no value's own name."""
    found = []
    for field in TABLES[kind].fields:
        if field.holds not in (Holds.CHOICE, Holds.FLAG) or field.name not in mapping:
            continue
        said = []
        for cell in _cells(table, mapping[field.name]):
            value = words.get(field.name, {}).get(word_of(cell)) or _read(field, cell)
            if value and plain_words(value) != plain_words(cell):
                said.append(f"“{safe_text(cell, 30)}” = {value.replace('_', ' ')}")
        if said:
            more = f" and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
            found.append((field.title, ", ".join(said[:SHOWN]) + more))
    return found


def _read(field: Field, cell: str) -> str:
    try:
        return field.write(field.read(cell, UTC), UTC)
    except CellError:
        return ""


def _cells(table: Table, column: str) -> list[str]:
    """What stands in a column, each once, in order."""
    place = table.columns.index(column)
    return [cell for cell in dict.fromkeys(row.cells[place] for row in table.rows) if cell]


def _is_number(cell: str) -> bool:
    return cell.isascii() and cell.replace(".", "", 1).isdigit()


def _field(subject: TeamTable, name: str) -> Field:
    words = plain_words(name)
    for field in subject.fields:
        if words in (plain_words(field.name), plain_words(field.title)):
            return field
    meant = nearest(name, [field.name for field in subject.fields])
    known = ", ".join(field.name for field in subject.fields)
    raise UsageError(
        f"a {subject.noun} has no “{safe_text(name, 60)}”",
        hint=f"did you mean {meant}?" if meant else f"known: {known}",
    )


def _column(table: Table, name: str) -> str:
    for column in table.columns:
        if column == name or plain_words(column) == plain_words(name):
            return column
    known = ", ".join(f"“{safe_text(column, 40)}”" for column in table.columns)
    raise UsageError(f"{table.file} has no column “{safe_text(name, 60)}”", hint=f"it has {known}")


def remember_columns(
    context: Context, table: Table, kind: str, mapping: Mapping[str, str], words: Words = NO_WORDS
) -> None:
    """Keep the answer in the record, so that it is asked once of everybody."""
    ident = _header(table, kind)
    value = TableReading(kind=kind, file=Path(table.file).name, columns=dict(mapping), words=words)
    stored = context.record.get("table_reading", ident)
    before = stored.decode(TableReading) if stored else None
    if before and (before.columns, before.words) == (value.columns, value.words):
        return
    commit(context, [Change("table_reading", ident, "said", plain(value), stored.base if stored else None)])


def _remembered(context: Context | Path, table: Table, kind: str) -> TableReading:
    """What was said of such a table, here or, by an older workbench, in a file beside the record."""
    ident = _header(table, kind)
    root = context if isinstance(context, Path) else context.root
    if not isinstance(context, Path) and (stored := context.record.get("table_reading", ident)):
        return stored.decode(TableReading)
    try:
        kept = msgspec.json.decode(read_regular(root / REMEMBERED), type=dict[str, dict[str, str]])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        kept = {}
    return TableReading(kind=kind, columns=kept.get(ident, {}))


def _header(table: Table, kind: str) -> str:
    return sha256("\0".join((kind, *table.columns)).encode())


def fields_of(kind: str) -> list[tuple[str, str]]:
    """(name, title) of everything a column can be, for forms and help."""
    return [(field.name, field.title) for field in TABLES[kind].fields]
