"""What was typed into cells, read as a form reads it and compared with the record: every cell that is wrong is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from workbench.model.cells import clean, read_list
from workbench.model.errors import UsageError
from workbench.model.keys import new_ids
from workbench.model.noun_fields import ADD, DECIDE, EDIT, Field, Holds, write_form
from workbench.model.tables import Known
from workbench.model.text import safe_text
from workbench.record import Change, Stored
from workbench.usecases import filling
from workbench.usecases.cell_sheet import CellProblem, Clash, Edits, Sheet, Texts
from workbench.usecases.context import Context
from workbench.usecases.plans import Step
from workbench.usecases.team_tables import TABLES, TeamTable, field_of


def look_up(context: Context, kind: str, rows: Iterable[str]) -> dict[str, Stored]:
    """Rows of a table as they are now, by what they go by; those that are gone are left out."""
    subject, wanted = TABLES[kind], list(rows)
    if not wanted:
        return {}
    if not subject.chosen:
        found = (context.record.get(subject.noun, row) for row in wanted)
        return {stored.id: stored for stored in found if stored is not None}
    marks = ", ".join("?" * len(wanted))
    stored_rows = context.record.all(subject.noun, f"{subject.chosen} IN ({marks})", wanted)
    return {getattr(_decoded(subject, stored), subject.chosen): stored for stored in stored_rows}


class Preparing:
    """The edits beside the record, row by row; names are compared once all rows are read."""

    def __init__(self, context: Context, edits: Edits) -> None:
        self.context, self.edits = context, edits
        self.subject = TABLES[edits.kind]
        self.now = context.now
        self.problems: list[CellProblem] = []
        self.clashes: list[Clash] = []
        self.overtaken: dict[str, Stored] = {}

    def sheet(self) -> Sheet:
        present = look_up(self.context, self.edits.kind, self.edits.changed)
        edited = [
            row
            for key, texts in self.edits.changed.items()
            if (row := self._edited(key, texts, present.get(key))) is not None
        ]
        said = {
            key: found
            for key, texts in self.edits.added.items()
            if any(map(str.strip, texts.values())) and (found := self._said(key, texts)) is not None
        }
        names = self._names(edited, said)
        changes = [change for row in edited if (change := self._change(row)) is not None]
        steps = [row.step for row in edited]
        rows: dict[str, str] = {}
        new: list[Step] = []
        idents = new_ids(self.now)
        for key, values in said.items():
            made = self._added(key, values, names.get(key, ""), next(idents))
            if made is not None:
                changes.append(made)
                rows[key] = names[key] if self.subject.chosen else made.id
                new.append(Step(line=0, title=values[self.subject.title]))
        return Sheet(
            new=tuple(new),
            changed=tuple(steps),
            problems=tuple(self.problems),
            clashes=tuple(self.clashes),
            changes=tuple(changes),
            rows=rows,
            now=self.overtaken,
        )

    # rows that the record has

    def _edited(self, key: str, texts: Texts, now: Stored | None) -> _Edited | None:
        """A row with what was typed in it; ``None`` where nothing is to be saved of it."""
        subject, seen = self.subject, self.edits.seen.get(key) or now
        before = _decoded(subject, seen) if seen is not None else subject.empty
        title = getattr(before, subject.title)
        if now is None or now.contested:
            what = (
                "the row was removed in the meantime" if now is None else "there are two versions of this row"
            )
            hint = "discard your edits to it" if now is None else "choose one of them first: enter opens it"
            for name in texts:
                self._wrong(key, name, title, what, hint)
            return None
        typed = self._typed(key, texts, before, title, EDIT)
        present = before if seen is None or now.base == seen.base else _decoded(subject, now)
        mine = {name: value for name, value in typed.items() if value != getattr(present, name)}
        both = [name for name in mine if getattr(present, name) != getattr(before, name)]
        if both:
            self._clash(key, title, both, mine, present, now)
            return None
        if not mine:
            return None
        return _Edited(key, title, now, present, mine, self._step(title, present, mine))

    def _step(self, title: str, before: Any, mine: Mapping[str, Any]) -> Step:
        after = msgspec.structs.replace(before, **mine)
        fields = []
        for field in self._columns(mine):
            fields.append((field.title, self._told(field, before), self._told(field, after)))
        return Step(line=0, title=title, fields=tuple(fields))

    def _clash(
        self, key: str, title: str, both: Sequence[str], mine: Mapping[str, Any], theirs: Any, now: Stored
    ) -> None:
        after = msgspec.structs.replace(theirs, **mine)
        fields = self._columns(both)
        told = tuple(
            (field.name, field.title, self._told(field, after), self._told(field, theirs)) for field in fields
        )
        self.clashes.append(Clash(row=key, title=title, fields=told))
        self.overtaken[key] = now

    def _change(self, row: _Edited) -> Change | None:
        try:
            return self.subject.edited(row.stored, row.before, row.mine)
        except UsageError as error:
            name = next((name for name in ("severity", self.subject.title) if name in row.mine), "")
            self._wrong(row.key, name or next(iter(row.mine)), row.title, error.what, error.hint or "")
            return None

    # rows that are new

    def _said(self, key: str, texts: Texts) -> dict[str, Any] | None:
        """What a new row says by field; ``None`` where a cell of it is wrong."""
        subject, count = self.subject, len(self.problems)
        title = clean(texts.get(subject.title, ""))
        said = {
            name: value
            for name, value in self._typed(key, texts, subject.empty, title, ADD, DECIDE).items()
            if value != getattr(subject.empty, name)
        }
        if not title and len(self.problems) == count:
            self._needed(key, field_of(subject, subject.title), title)
        if len(self.problems) > count:
            return None
        return self._decided(key, title, said)

    def _decided(self, key: str, title: str, said: dict[str, Any]) -> dict[str, Any] | None:
        """The same where the row decides: whoever types it decides it, and has to say all that this needs."""
        lacking = self.subject.lacking(said, self.now)
        for name, error in lacking.items():
            self._wrong(key, name, title, error.what, error.hint or "")
        return None if lacking else said | self.subject.decided(said, self.context.author().actor, self.now)

    def _added(self, key: str, said: Mapping[str, Any], name: str, ident: str) -> Change | None:
        if not name:
            return None  # another row has its name
        try:
            return self.subject.added(self.context.record, said, name, self.now, ident)
        except UsageError as error:
            self._wrong(key, self.subject.title, said[self.subject.title], error.what, error.hint or "")
            return None

    # cells

    def _typed(self, key: str, texts: Texts, before: Any, title: str, *verbs: str) -> dict[str, Any]:
        """What was typed by field, where it is not what stood there; what cannot be read is told."""
        typed: dict[str, Any] = {}
        for name, text in texts.items():
            field = field_of(self.subject, name)
            if clean(text) == clean(_text(self.context, self.subject, field, before)):
                continue
            if not set(verbs) & set(field.verbs):
                what, hint = _not_typed(field)
                self._wrong(key, name, title, what, hint)
            elif field.needed and not clean(text):
                self._needed(key, field, title)
            else:
                try:
                    typed[name] = self._value(field, text, before)
                    if kept := self.subject.written.get(name):
                        typed[kept] = ""  # what could not be read has been judged
                except UsageError as error:
                    self._wrong(key, name, title, error.what, error.hint or "")
        return typed

    def _value(self, field: Field, text: str, before: Any) -> Any:
        if field.holds is Holds.CHOICE and not clean(text):  # a choice has no empty value: nothing is said
            return getattr(self.subject.empty, field.name)
        given = read_list(text) if field.holds is Holds.LIST else text  # in one line or in several
        return filling.value_of(self.context, field, given, getattr(before, field.name))

    def _needed(self, key: str, field: Field, title: str) -> None:
        self._wrong(key, field.name, title, f"“{field.title}” is empty", "every row needs it: type one")

    def _wrong(self, key: str, name: str, title: str, what: str, hint: str) -> None:
        column = field_of(self.subject, name).title
        self.problems.append(CellProblem(key, name, title, column, what, hint))

    def _columns(self, names: Iterable[str]) -> list[Field]:
        """The columns among some fields."""
        return [field for field in self.subject.fields if field.name in set(names)]

    def _told(self, field: Field, value: Any) -> str:
        return field.tell(getattr(value, field.name), self.context.zone)

    # names

    def _names(self, edited: Sequence[_Edited], said: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
        """What each row is told apart by from now on; two rows with the same name are told."""
        subject, parts = self.subject, set(self.subject.never_changed)
        renamed = [row for row in edited if parts & row.mine.keys()]
        if not (renamed or said):
            return {}
        titles = [str(row.mine.get(subject.title, row.title)) for row in renamed]
        titles += [str(values.get(subject.title) or "") for values in said.values()]
        known = subject.known(self.context.record, titles)
        leaving = {row.stored.id for row in renamed}
        taken = {name for name, ident in known.ids.items() if ident not in leaving or name in known.several}
        found: dict[str, str] = {}
        for row in renamed:
            after = msgspec.structs.asdict(msgspec.structs.replace(row.before, **row.mine))
            self._take(row.key, after, known, taken, found)
        for key, values in said.items():
            self._take(key, values, known, taken, found)
        return found

    def _take(
        self, key: str, said: Mapping[str, Any], known: Known, taken: set[str], found: dict[str, str]
    ) -> None:
        subject = self.subject
        title = str(said.get(subject.title) or "")
        try:
            name = subject.own_name(said, known)
        except UsageError as error:
            self._wrong(key, subject.chosen or subject.title, title, error.what, error.hint or "")
            return
        if name in taken:
            what = f"“{safe_text(title, 60)}” is in {subject.about} already"
            self._wrong(key, subject.title, title, what, "edit that row, or give this one another name")
            return
        taken.add(name)
        found[key] = name


class _Edited(msgspec.Struct, frozen=True):
    """A row of the record with the values that were typed: ``before`` is made from ``stored``."""

    key: str
    title: str
    stored: Stored
    before: Any
    mine: dict[str, Any]
    step: Step


def _decoded(subject: TeamTable, stored: Stored) -> Any:
    return stored.decode(type(subject.empty))


def _text(context: Context, subject: TeamTable, field: Field, value: Any) -> str:
    kept = subject.written.get(field.name)
    words: str = getattr(value, kept) if kept else ""
    if words or field.holds is not Holds.LIST:
        return words or write_form(field, getattr(value, field.name), context.zone)
    return field.write(getattr(value, field.name), context.zone)  # one line, whatever a form makes of it


def _not_typed(field: Field) -> tuple[str, str]:
    if DECIDE in field.verbs:
        return "decisions are not typed into cells", "press d to decide on this row"
    return "this cell cannot be changed", "leave it as it is"
