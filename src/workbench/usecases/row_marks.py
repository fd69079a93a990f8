"""The mark of an exported row: the digest of all that it said then, in a column of its own.

With it what somebody edits in the file is told from what changed in the record meanwhile, also for
rows that were never imported, and a new title is an edit and no new row.  The same row has the same
mark in every record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

import msgspec

from workbench.model.canonical import encode_plain, sha256
from workbench.record import Record
from workbench.usecases.table_rows import Row, Table
from workbench.usecases.team_tables import TeamTable, text_of

COLUMN = "row"
_LENGTH = 16  # characters, all but the first those of a digest
_EARLIER = 1000  # so many entries are looked through


class Marked(msgspec.Struct, frozen=True):
    """A row's mark, and the id of the thing that it was made of, as far as the record knows one."""

    mark: str
    ident: str | None = None


def is_column(column: str) -> bool:
    """Whether a column holds marks by its name."""
    return column.strip().casefold() == COLUMN


def mark_of(subject: TeamTable, value: Any, zone: tzinfo) -> str:
    """The mark of a thing as it stands; fields that say nothing do not count."""
    return mark_of_texts({field.name: text_of(subject, field, value, zone) for field in subject.fields})


def mark_of_texts(texts: Mapping[str, str]) -> str:
    """The same of what its fields say.  It begins with a letter, so that it is taken for no number."""
    return "w" + sha256(encode_plain({name: text for name, text in texts.items() if text}))[: _LENGTH - 1]


class Marks:
    """The marks of a table's rows.  One that stands on several rows, as a copied row has it, says nothing.

    ``lines`` are the lines of the things that rows were made of, by id.
    """

    def __init__(self, table: Table, subject: TeamTable, record: Record, zone: tzinfo) -> None:
        self._record, self._subject, self._zone = record, subject, zone
        self._place = next((at for at, name in enumerate(table.columns) if is_column(name)), None)
        self._found: dict[str, Marked] = {}
        self.lines: dict[str, int] = {}
        if self._place is None:
            return
        count = Counter(row.cells[self._place] for row in table.rows)
        now = {mark_of(subject, value, zone): stored.id for stored, value in subject.everything(record)}
        for row in table.rows:
            mark = row.cells[self._place]
            if count[mark] == 1 and len(mark) == _LENGTH:
                ident = now.get(mark)
                self._found[mark] = Marked(mark, ident)
                if ident is not None:
                    self.lines[ident] = row.line

    def of(self, row: Row) -> Marked | None:
        """What the mark of a row says; ``None`` where it has none."""
        return self._found.get(row.cells[self._place]) if self._place is not None else None

    def was_removed(self, mark: str) -> bool:
        """Whether the record held what bears this mark, and somebody has removed it since."""
        gone = (
            entry.before
            for entry in self._record.history(self._subject.noun, limit=_EARLIER)
            if entry.value is None and entry.before is not None
        )
        return any(self._mark_of_entry(value) == mark for value in gone)

    def _mark_of_entry(self, value: Mapping[str, Any]) -> str:
        return mark_of(self._subject, self._decoded(value), self._zone)

    def _decoded(self, value: Mapping[str, Any]) -> Any:
        return msgspec.convert(value, type(self._subject.empty))

    def as_exported(self, mark: str, ident: str, value: Any) -> Any | None:
        """What a thing said when it bore the mark; ``None`` where the record knows of no such time.

        ``value`` is what it says now.
        """
        if mark_of(self._subject, value, self._zone) == mark:
            return value
        for entry in self._record.history(self._subject.noun, ident, limit=_EARLIER):
            if entry.value is not None:
                then = self._decoded(entry.value)
                if mark_of(self._subject, then, self._zone) == mark:
                    return then
        return None
