"""A block of cells from a spreadsheet: read, given back, and spread over the cells of a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any

import msgspec

from workbench.model.cells import CellError, clean, guarded, plain_words, unguarded, word_of
from workbench.model.errors import UsageError
from workbench.model.noun_fields import ADD, DECIDE, EDIT, Field, Holds
from workbench.model.text import number_of, safe_text
from workbench.usecases import columns
from workbench.usecases.context import Context
from workbench.usecases.table_rows import MOST_BYTES, MOST_ROWS, Row, Table
from workbench.usecases.team_tables import TABLES, TeamTable, field_of

CLIPBOARD = "the pasted block"
Block = Sequence[Sequence[str]]


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """Which text of a block goes into which cell, by row and field; ``added`` are rows that are new.

    ``left_out`` are columns that go nowhere, in words.
    """

    changed: Mapping[str, Mapping[str, str]] = {}
    added: tuple[Mapping[str, str], ...] = ()
    left_out: tuple[str, ...] = ()


def read_block(text: str) -> list[list[str]]:
    """The rows of a block as spreadsheets copy it: cells between tabs, those with line breaks in double quotes.

    ``UsageError`` for more than fits.
    """
    if len(text) > MOST_BYTES:
        raise UsageError("this is too much to paste", hint="save it as CSV and import the file")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    csv.field_size_limit(MOST_BYTES)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True))
    except csv.Error:  # a quote that stands for itself
        rows = [line.split("\t") for line in text.removesuffix("\n").split("\n")]
    rows = [[clean(unguarded(clean(cell))) for cell in row] or [""] for row in rows or [[""]]]
    if len(rows) > MOST_ROWS:
        raise UsageError(f"this has more than {MOST_ROWS:,} rows", hint="save it as CSV and import the file")
    return rows


def write_block(rows: Block) -> str:
    """The block that spreadsheets take, and that :func:`read_block` reads back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for row in rows:
        # A single empty cell would be written in quotes.
        writer.writerow([guarded(cell) for cell in row]) if any(row) else out.write(
            "\t" * (len(row) - 1) + "\n"
        )
    return out.getvalue() if len(rows) > 1 else out.getvalue().removesuffix("\n")


def spread(
    context: Context, kind: str, block: Block, fields: Sequence[str], at: str, rows: Sequence[str]
) -> Spread:
    """Where the cells of a block go: from the field ``at`` on, through ``rows`` and then into new ones.

    ``fields`` are the columns on show, in order; ``rows`` the rows from the cursor on, none where it stands
    below them all.  A block with a header says its columns itself; where it names the rows, too, these are
    found by their names, and the others are new.
    """
    subject = TABLES[kind]
    header = _header(context, block, kind)
    if header is None:
        named = list(fields[fields.index(at) :]) if at in fields else []
        return _placed(subject, block, named, rows)
    names, body = header
    if subject.title not in names and subject.chosen not in names:
        return _placed(subject, body, names, rows)
    return _by_name(context, subject, body, names)


def _placed(subject: TeamTable, body: Block, names: Sequence[str], rows: Sequence[str]) -> Spread:
    """Row by row as they stand."""
    below = max(0, len(body) - len(rows))
    known, new = _cells(subject, body[: len(body) - below], names), _cells(subject, body[len(rows) :], names)
    changed = {key: _only(subject, texts, EDIT) for key, texts in zip(rows, known, strict=False)}
    added = [_only(subject, texts, ADD, DECIDE) for texts in new]
    width = max(map(len, body), default=0)
    return _spread(subject, changed, added, names[:width], width)


def _by_name(context: Context, subject: TeamTable, body: Block, names: Sequence[str]) -> Spread:
    """Each row where its name stands; of a row that is there empty cells say nothing."""
    known = subject.known(context.record)
    keys = {ident: name for name, ident in known.ids.items()} if subject.chosen else {}
    changed: dict[str, dict[str, str]] = {}
    added = []
    for texts in _cells(subject, body, names):
        if not any(texts.values()):
            continue
        ident = _found(subject, texts, known)
        if ident is None:
            added.append(_only(subject, texts, ADD, DECIDE))
        else:
            called = subject.never_changed or (() if texts.get(subject.chosen) else (subject.title,))
            filled = {name: text for name, text in texts.items() if text and name not in called}
            changed.setdefault(keys.get(ident, ident), {}).update(_only(subject, filled, EDIT))
    return _spread(subject, changed, added, names, len(names))


def _found(subject: TeamTable, texts: Mapping[str, str], known: Any) -> str | None:
    said = {name: text for name, text in texts.items() if text}
    if not any(said.get(name) for name in subject.needed):
        return None
    try:
        name = subject.name(said, known)
    except UsageError:  # it fits several, or nothing: said when it is saved
        return None
    return None if name in known.several else known.ids.get(name)


def _spread(
    subject: TeamTable,
    changed: Mapping[str, Mapping[str, str]],
    added: Iterable[Mapping[str, str]],
    names: Sequence[str],
    width: int,
) -> Spread:
    told = [f"“{safe_text(name[1:], 40)}”" for name in names if name.startswith("?")]
    if changed:
        fields = [field_of(subject, name) for name in names if not name.startswith("?")]
        told += [f"{field.title} of rows that are there" for field in fields if EDIT not in field.verbs]
    if width > len(names):
        more = width - len(names)
        told.append(f"{number_of(more, 'column')} at the right")
    return Spread(
        changed={row: texts for row, texts in changed.items() if texts},
        added=tuple(texts for texts in added if any(texts.values())),
        left_out=tuple(told),
    )


def _cells(subject: TeamTable, body: Block, names: Sequence[str]) -> list[dict[str, str]]:
    fields = [None if name.startswith("?") else field_of(subject, name) for name in names]
    return [
        {
            field.name: _plain(field, text)
            for field, text in zip(fields, row, strict=False)
            if field is not None
        }
        for row in body
    ]


def _plain(field: Field, text: str) -> str:
    """A word for one of a few values as the value itself; any other text as it stands."""
    if field.holds not in (Holds.CHOICE, Holds.FLAG) or not text:
        return text
    try:
        return field.write(field.read(text, UTC), UTC)
    except CellError:
        return text


def _only(subject: TeamTable, texts: Mapping[str, str], *verbs: str) -> dict[str, str]:
    """The texts of fields that people set in this way."""
    return {name: text for name, text in texts.items() if set(verbs) & set(field_of(subject, name).verbs)}


def _header(context: Context, block: Block, kind: str) -> tuple[list[str], Block] | None:
    """The field of each column where the first line names them (``?`` before one that is not known), and the rest.

    It is a header where at least half of its cells are known, the thing's title among them; or where each is a
    field's own name.
    """
    first = [" ".join(cell.split()) for cell in block[0]] if len(block) > 1 else []
    filled = [cell.casefold() for cell in first if cell]
    if not filled or len(set(filled)) < len(filled):
        return None
    subject = TABLES[kind]
    table = Table(file=CLIPBOARD, columns=tuple(first), rows=(Row(1, tuple(first)),))
    found = columns.columns_of(context, table, kind)
    known = {column: name for name, column in found.mapping.items()}
    own = {plain_words(text) for field in subject.fields for text in (field.name, field.title, field.label)}
    names_all = all(plain_words(cell) in own for cell in first)
    names_most = 2 * len(known) >= len(first) and len(known) > 1
    if not (names_all or (names_most and {subject.title, subject.chosen} & set(known.values()))):
        return None
    names = [known.get(cell, f"?{cell}") for cell in first]
    meant = [found.words.get(name, {}) for name in names]
    return names, [[_meant(cell, meant, place) for place, cell in enumerate(row)] for row in block[1:]]


def _meant(cell: str, words: Sequence[Mapping[str, str]], place: int) -> str:
    """A word as somebody has said what it means in such a table."""
    return words[place].get(word_of(cell), cell) if place < len(words) and words[place] else cell
