"""Which column of a team's table says what: guessed by its name, or as somebody said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from workbench.model.canonical import sha256
from workbench.model.cells import plain_words
from workbench.model.errors import UsageError
from workbench.model.files import write_whole
from workbench.model.keys import nearest
from workbench.model.noun_fields import Field
from workbench.model.text import safe_text
from workbench.usecases.context import Context
from workbench.usecases.tables import Table
from workbench.usecases.team_tables import TABLES, TeamTable

REMEMBERED = Path(".workbench") / "columns.json"


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """Which column is which: field → column.

    ``unclear`` are columns that fit nothing and would be left out; ``missing`` says that
    the one column that is needed was not found; ``remembered`` that somebody said so before.
    """

    mapping: Mapping[str, str]
    unclear: tuple[str, ...] = ()
    missing: bool = False
    remembered: bool = False


def guess(columns: Sequence[str], kind: str) -> Guess:
    """Which column is probably which, by their names."""
    subject = TABLES[kind]
    mapping: dict[str, str] = {}
    words = {column: plain_words(column) for column in columns}
    for match in (_is_name, _is_other_name, _holds_name):
        for field in subject.fields:
            for column in columns:
                if (
                    field.name not in mapping
                    and column not in mapping.values()
                    and match(field, words[column])
                ):
                    mapping[field.name] = column
    return _guess(subject, columns, mapping)


def _guess(
    subject: TeamTable, columns: Sequence[str], mapping: Mapping[str, str], remembered: bool = False
) -> Guess:
    return Guess(
        mapping={field.name: mapping[field.name] for field in subject.fields if field.name in mapping},
        unclear=tuple(column for column in columns if column not in mapping.values()),
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
    root = context if isinstance(context, Path) else context.root
    kept = _remembered(root).get(_header(table, kind))
    subject = TABLES[kind]
    names = {field.name for field in subject.fields}
    if kept and all(name in names and column in table.columns for name, column in kept.items()):
        return _guess(subject, table.columns, kept, remembered=True)
    return guess(table.columns, kind)


def mapping_from(texts: Sequence[str], table: Table, kind: str, start: Mapping[str, str]) -> dict[str, str]:
    """The mapping that ``FIELD=COLUMN`` texts say, on top of ``start``; ``FIELD=`` leaves a field out."""
    subject = TABLES[kind]
    mapping = dict(start)
    for text in texts:
        name, equals, column = (part.strip() for part in text.partition("="))
        if not equals:
            raise UsageError(
                f"“{safe_text(text, 60)}” says no column", hint='write --map title="What differs"'
            )
        field = _field(subject, name)
        mapping.pop(field.name, None)
        if column:
            found = _column(table, column)
            mapping = {other: taken for other, taken in mapping.items() if taken != found}
            mapping[field.name] = found
    return mapping


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


def remember_columns(context: Context, table: Table, kind: str, mapping: Mapping[str, str]) -> None:
    """Keep the answer beside the record, so that it is asked once."""
    path = context.root / REMEMBERED
    kept = {**_remembered(context.root), _header(table, kind): dict(mapping)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, msgspec.json.format(msgspec.json.encode(kept, order="sorted")) + b"\n")
    except OSError as error:
        raise UsageError(f"the columns cannot be remembered: {error.strerror}", where=str(path)) from None


def _remembered(root: Path) -> dict[str, dict[str, str]]:
    try:
        return msgspec.json.decode((root / REMEMBERED).read_bytes(), type=dict[str, dict[str, str]])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def _header(table: Table, kind: str) -> str:
    return sha256("\0".join((kind, *table.columns)).encode())


def fields_of(kind: str) -> list[tuple[str, str]]:
    """(name, title) of everything a column can be, for forms and help."""
    return [(field.name, field.title) for field in TABLES[kind].fields]
