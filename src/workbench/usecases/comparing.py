"""What importing a team's table would change: each row beside what it said last, and beside the record.

What it said last is what the record said when the row was exported, or else what was last imported.  What only the file changed goes in, what only the record changed stays, and what both
changed is a conflict: nothing of that row goes in until somebody chooses a side.  A row with a cell
that cannot be read goes in all the same, as strictly as can be, and a remark says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Literal

import msgspec

from workbench.model.cells import CellError, plain_words
from workbench.model.errors import Problem, UsageError
from workbench.model.keys import new_ids
from workbench.model.noun_fields import Field, Holds
from workbench.model.tables import Known, match_name
from workbench.model.text import number_of, safe_text
from workbench.record import Change, Stored
from workbench.usecases.cell_readers import CellReader, Meaning
from workbench.usecases.columns import NO_WORDS, Words, require_meanings
from workbench.usecases.context import Context
from workbench.usecases.flow_names import flow_names, known_flows
from workbench.usecases.people import key_or_text
from workbench.usecases.plans import Conflict, Plan, Step
from workbench.usecases.row_marks import Marked, Marks, mark_of_texts
from workbench.usecases.spreadsheets import may_be_day, rewritten
from workbench.usecases.table_names import unknown_names
from workbench.usecases.table_rows import Row, Table
from workbench.usecases.team_tables import NOT_JUDGED, TABLES, TeamTable, field_of, named, text_of, titles

AT_ONCE = 500  # so many rows are looked up in the record together
Side = Literal["file", "record"]


class Imported(msgspec.Struct, frozen=True):
    """What a row said when it was last imported, as canonical text by field, and the mark that it bore."""

    texts: dict[str, str]
    file: str = ""
    mark: str = ""


class Same(msgspec.Struct, frozen=True):
    """One row that says what the record says."""


class NoDifference(msgspec.Struct, frozen=True):
    """One new row that says the same of both sides."""


class Met(msgspec.Struct, frozen=True):
    """What became of one row, in how many changes, and those where somebody means to write them."""

    what: Step | Conflict | Problem | Same | NoDifference
    count: int = 0
    changes: tuple[Change, ...] = ()
    remarks: tuple[Problem, ...] = ()


class Acts(Collection[Change]):
    """The changes of a plan.  They are made when they are asked for: of a large table no copy is held."""

    def __init__(self, comparison: Comparison, count: int) -> None:
        self._comparison, self._count = comparison, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Change]:
        for met in self._comparison.rows(writing=True):
            yield from met.changes

    def __contains__(self, change: object) -> bool:
        return any(change == each for each in self)


def plan(
    context: Context,
    table: Table,
    kind: str,
    mapping: Mapping[str, str],
    take: Side | None = None,
    words: Words = NO_WORDS,
) -> Plan:
    """Compare a table with the record.  Nothing is written.

    ``take`` settles conflicts for one side, ``words`` say what cells mean.  Rows with a problem are
    left out of the act.  ``UsageError`` where the needed column, or what numbers mean, is not known.
    """
    subject = TABLES[kind]
    if not any(name in mapping for name in subject.needed):
        needed = " or ".join(f"“{title}”" for title in titles(subject, subject.needed))
        raise UsageError(
            f"which column holds {needed}?",
            where=f"{table.file} has: {', '.join(safe_text(c, 40) for c in table.columns)}",
            hint=f'say it with --map {subject.needed[0]}="COLUMN"',
        )
    require_meanings(table, kind, mapping, words)
    comparison = Comparison(context, table, subject, mapping, take, words)
    found: dict[type, list[Any]] = {Step: [], Conflict: [], Problem: [], Same: [], NoDifference: []}
    count = 0
    remarks: list[Problem] = []
    for met in comparison.rows():
        count += met.count
        found[type(met.what)].append(met.what)
        remarks += met.remarks
    return Plan(
        kind=kind,
        file=table.file,
        new=tuple(step for step in found[Step] if not step.fields),
        changed=tuple(step for step in found[Step] if step.fields),
        same=len(found[Same]),
        conflicts=tuple(found[Conflict]),
        problems=tuple(found[Problem]),
        changes=Acts(comparison, count) if count else (),
        remarks=tuple(remarks),
        no_difference=len(found[NoDifference]),
        notes=(*unknown_names(context, table, subject, mapping), *comparison.left_out()),
    )


class _Read(msgspec.Struct, frozen=True):
    """A row as it was read: what it says by field, its title, what it is found by, and the id of that.

    ``instead`` is the text of fields that say something other than their cell, ``None`` where the
    field says nothing; ``remarks`` tell why.  ``marked`` is what the mark of an exported row says.
    """

    row: Row
    said: dict[str, Any]
    title: str
    name: str
    ident: str | None
    marked: Marked | None = None
    instead: Mapping[str, str | None] = {}
    remarks: tuple[Problem, ...] = ()


_SAME = Same()
_NO_DIFFERENCE = NoDifference()


class Comparison:
    """A table beside the record: walked as often as one likes, each time as the record is then."""

    def __init__(
        self,
        context: Context,
        table: Table,
        subject: TeamTable,
        mapping: Mapping[str, str],
        take: Side | None,
        words: Words,
    ) -> None:
        self.context, self.table, self.subject, self.take = context, table, subject, take
        self.zone = context.zone
        self.fields = [field for field in subject.fields if field.name in mapping]
        self.columns = {field.name: mapping[field.name] for field in self.fields}
        self.places = [
            (
                field.name,
                table.columns.index(mapping[field.name]),
                CellReader(field, self.zone, words.get(field.name, {}), self._meaning(field, context)),
            )
            for field in self.fields
        ]
        self.defaults = {field.name: self._text(field, subject.empty) for field in subject.fields}

    @staticmethod
    def _meaning(field: Field, context: Context) -> Meaning | None:
        """How a cell that names something of the project becomes its key."""
        if field.refers == "flow":
            known = known_flows(flow_names(context))
            return lambda keys: tuple(known.get(match_name(key), key) for key in keys)
        if field.refers != "person":
            return None
        people = context.definitions.project.people
        return (lambda text: key_or_text(people, text)) if people else None

    def rows(self, *, writing: bool = False) -> Iterator[Met]:
        """What becomes of each row, and with ``writing`` its changes; rows without a word are left out."""
        self.writing = writing
        self.now = self.context.now  # one moment for the whole act
        self.idents = new_ids(self.now)
        self.known = self.subject.known(self.context.record)
        self.known.given.update(self._chosen())
        self.marks = Marks(self.table, self.subject, self.context.record, self.zone)
        self.seen: dict[str, Row] = {}
        self.met: set[str] = set()
        rest = iter(self.table.rows)
        while some := list(islice(rest, AT_ONCE)):
            yield from self._meet_some(some)
        self.known, self.seen = Known(), {}

    def left_out(self) -> tuple[Problem, ...]:
        """What there is to say about things that an exported table no longer has: they stay."""
        count = self.context.record.count(self.subject.noun) - len(self.met)
        if not self.marks.lines or count <= 0:
            return ()
        words = f"{number_of(count, self.subject.noun)} of the record {'is' if count == 1 else 'are'} not in this file"
        return (
            Problem(self.table.file, 1, 1, f"{words}; {'it stays' if count == 1 else 'they stay'}", None),
        )

    def _chosen(self) -> Iterator[str]:
        """The names that rows choose for themselves: no other row is given one of them."""
        for name, place, _ in self.places:
            if name == self.subject.chosen:
                yield from (row.cells[place] for row in self.table.rows)

    def _meet_some(self, rows: Sequence[Row]) -> Iterator[Met]:
        read = [self._read(row) for row in rows]
        idents = [each.ident for each in read if isinstance(each, _Read) and each.ident]
        self.met.update(idents)
        present = self._stored(self.subject.noun, idents)
        last = self._stored(f"imported_{self.subject.noun}", idents)
        for each in read:
            if isinstance(each, _Read):
                yield self._met(each, present.get(each.ident or ""), last.get(each.ident or ""))
            else:
                yield from each

    def _stored(self, entity: str, idents: Sequence[str]) -> dict[str, Stored]:
        if not idents:
            return {}
        marks = ", ".join("?" * len(idents))
        return {row.id: row for row in self.context.record.all(entity, f"id IN ({marks})", idents)}

    def _met(self, read: _Read, present: Stored | None, last: Stored | None) -> Met:
        if present is None and self.subject.says_no_difference(read.said):
            return Met(_NO_DIFFERENCE)
        try:
            value = present.decode(type(self.subject.empty)) if present else self.subject.empty
            read = self._possible(read, value)
            return self._meet(read, present, value, last) if present else self._add(read)
        except UsageError as error:
            return Met(self._problem(read.row, error.what, error.hint), remarks=read.remarks)

    def _possible(self, read: _Read, before: Any) -> _Read:
        """The row as it can go in: a decision that lacks something is none."""
        why = self.subject.impossible(read.said, before)
        if not why:
            return read
        values, words = self.subject.instead({})
        remark = self._problem(read.row, f"{words}: {why}", None)
        return msgspec.structs.replace(
            read,
            said={**read.said, **values},
            instead={**read.instead, **self._texts_instead(values, {})},
            remarks=(*read.remarks, remark),
        )

    def _problem(self, row: Row, what: str, hint: str | None) -> Problem:
        return Problem(self.table.file, row.line, 1, what, hint)

    # --- reading a row -------------------------------------------------------------------

    def _read(self, row: Row) -> _Read | list[Met]:
        """A row, or its problem; nothing where it says nothing."""
        said: dict[str, Any] = {}
        unread: dict[str, str] = {}
        wrong: dict[str, CellError] = {}
        for name, place, reader in self.places:
            cell = row.cells[place]
            if cell:
                value = reader.values.get(cell)
                if value is not None:
                    said[name] = value
                    continue
                try:
                    said[name] = reader.read(cell)
                except CellError as error:
                    unread[name] = cell
                    wrong[name] = error
        if not said and not unread:
            return []
        if unread and (then := self._as_exported(row, said)) is not None:
            for name, cell in tuple(unread.items()):
                held = getattr(then, name)
                if isinstance(held, datetime) and may_be_day(cell, held, self.zone):
                    said[name] = held
                    del unread[name]
        try:
            return self._find(row, said) if not unread else self._find_unread(row, said, unread, wrong)
        except UsageError as error:
            return [Met(self._problem(row, error.what, error.hint))]

    def _as_exported(self, row: Row, said: Mapping[str, Any]) -> Any | None:
        """What the thing of a row said when it was exported; ``None`` where that cannot be told."""
        marked = self.marks.of(row)
        if marked is None or not named(self.subject, said):
            return None
        try:
            ident = marked.ident or self.known.ids.get(self.subject.name(said, self.known))
        except UsageError:
            return None
        stored = self.context.record.get(self.subject.noun, ident) if ident else None
        if stored is None or ident is None:
            return None
        return self.marks.as_exported(marked.mark, ident, stored.decode(type(self.subject.empty)))

    def _find_unread(
        self, row: Row, said: dict[str, Any], unread: Mapping[str, str], wrong: Mapping[str, CellError]
    ) -> _Read:
        """A row with cells that cannot be read: what they might say stands in it as strictly as can be."""
        values, words = self.subject.instead(unread)
        remarks = tuple(
            self._problem(
                row,
                f"column “{safe_text(self.columns[name], 40)}”: {wrong[name].what}; {words}",
                wrong[name].hint,
            )
            for name in unread
            if name not in self.subject.written or plain_words(unread[name]) != NOT_JUDGED
        )
        found = self._find(row, {**said, **values})
        return msgspec.structs.replace(
            found,
            instead={**found.instead, **self._texts_instead(values, unread)},
            remarks=(*found.remarks, *remarks),
        )

    def _texts_instead(self, values: Mapping[str, Any], unread: Mapping[str, str]) -> dict[str, str | None]:
        texts: dict[str, str | None] = dict.fromkeys(unread)
        for field in self.fields:
            if field.name in values:
                kept = self.subject.written.get(field.name, "")
                texts[field.name] = values.get(kept) or field.write(values[field.name], self.zone)
        return texts

    def _find(self, row: Row, said: dict[str, Any]) -> _Read:
        subject = self.subject
        title = named(subject, said)
        remark = ""
        if not title:
            title = subject.instead_of_name(said)
            first = field_of(subject, subject.needed[0]).title.lower()
            if not title:
                raise UsageError(f"this row has no “{first}”", hint="fill it in, or delete the row")
            said = {**said, subject.title: title}
            remark = f"this row has no “{first}”; imported as “{safe_text(title, 60)}”"
        marked = self.marks.of(row)
        if marked is not None and marked.ident is not None and subject.renamed:
            return _Read(row, said, title, "", marked.ident, marked)
        name = subject.name(said, self.known)
        before = self.seen.get(name)
        if before is not None:
            if before.cells == row.cells or said.get(subject.chosen):
                raise UsageError(
                    f"“{safe_text(title, 60)}” is already in line {before.line}", hint="keep one of them"
                )
            said, name = self._numbered(said, title)
            remark = (
                f"“{safe_text(title, 60)}” is already in line {before.line} with something else; "
                f"imported as “{safe_text(said[subject.title], 70)}”"
            )
            title = said[subject.title]
        self.seen[name] = row
        if name in self.known.several:
            count = self.known.several[name]
            raise UsageError(
                f"the record has {count} {subject.kind} called “{safe_text(title, 60)}”",
                hint="give one of them another name in the record",
            )
        ident = self.known.ids.get(name)
        if subject.renamed and ident in self.marks.lines:
            raise UsageError(
                f"“{safe_text(title, 60)}” is already in line {self.marks.lines[ident]}",
                hint="keep one of them",
            )
        read = _Read(row, said, title, name, ident, marked)
        if not remark:
            return read
        told = self._problem(row, remark, "give each its own name")
        return msgspec.structs.replace(read, instead={subject.title: title}, remarks=(told,))

    def _numbered(self, said: dict[str, Any], title: str) -> tuple[dict[str, Any], str]:
        """The row under a title of its own, and what it is found by."""
        for number in range(2, len(self.table.rows) + 2):
            own = {**said, self.subject.title: f"{title} ({number})"}
            name = self.subject.name(own, self.known)
            if name not in self.seen:
                break
        return own, name

    # --- beside the record ---------------------------------------------------------------

    def _add(self, read: _Read) -> Met:
        if read.marked is not None and self._removed_since(read, read.marked.mark):
            what = f"“{safe_text(read.title, 60)}” was removed from the record after this file was exported"
            remark = self._problem(read.row, f"{what}; it stays removed", "edit the row to add it again")
            return Met(_SAME, remarks=(*read.remarks, remark))
        change = self.subject.added(self.context.record, read.said, read.name, self.now, next(self.idents))
        step = Step(line=read.row.line, title=read.title)
        if not self.writing:
            return Met(step, 2, (), read.remarks)
        return Met(step, 2, (change, self._remembered(change.id, self._texts(read), None)), read.remarks)

    def _removed_since(self, read: _Read, mark: str) -> bool:
        """Whether the row is as it was exported, and somebody has removed its thing since."""
        texts = dict(self._texts(read))
        return mark_of_texts(texts) == mark and self.marks.was_removed(mark)

    def _meet(self, read: _Read, present: Stored, value: Any, last: Stored | None) -> Met:
        """Three-way: what the row says now, what it said last, what the record says."""
        now = {field.name: self._text(field, value) for field in self.fields}
        texts = self._texts(read)
        imported = last.decode(Imported) if last else Imported({})
        base, exported = imported.texts, False
        if read.marked is not None and imported.mark != read.marked.mark:
            then = self.marks.as_exported(read.marked.mark, present.id, value)
            if then is not None:  # exported after the last import, or never imported
                base, exported = {field.name: self._text(field, then) for field in self.fields}, True
        wanted: list[str] = []
        clashes: list[tuple[str, str | None, str, str]] = []
        for field in self.fields:
            name = field.name
            told = base.get(name)
            if told and name in texts and field.holds is Holds.TEXT and rewritten(told, texts[name]):
                texts[name] = told
            if (
                name not in texts
                or texts[name] in (now[name], told)
                or (told is None and name not in read.said)
                or (name in self.subject.never_changed and not self._renames(read))
            ):
                continue
            untouched = told == now[name] or (told is None and now[name] == self.defaults[name])
            if untouched or self.take == "file":
                wanted.append(name)
            elif self.take is None:
                clashes.append((field.title, told, texts[name], now[name]))
        line, title = read.row.line, read.title
        if clashes:
            return Met(Conflict(line=line, title=title, fields=tuple(clashes)), remarks=read.remarks)
        merged = {**imported.texts, **base, **texts}
        if exported and merged == {**imported.texts, **base}:
            kept: tuple[Change, ...] = ()  # nobody has edited this row
        elif last and imported.texts == merged:
            kept = ()
        else:
            mark = read.marked.mark if read.marked is not None else imported.mark
            kept = (self._remembered(present.id, merged, last, mark),)
        if not wanted:
            return Met(_SAME, len(kept), kept, read.remarks)
        if self._renames(read) and set(wanted) & set(self.subject.never_changed):
            self._require_own_name(read, value)
        empty = self.subject.empty
        written = [self.subject.written[name] for name in wanted if name in self.subject.written]
        change = self.subject.edited(
            present, value, {name: read.said.get(name, getattr(empty, name)) for name in (*wanted, *written)}
        )
        fields = tuple(
            (title, now[name], texts[name])
            for name, title in zip(wanted, titles(self.subject, wanted), strict=True)
        )
        step = Step(line=line, title=title, fields=fields)
        return Met(step, 1 + len(kept), (change, *kept), read.remarks)

    def _renames(self, read: _Read) -> bool:
        return read.marked is not None and read.marked.ident is not None and self.subject.renamed

    def _require_own_name(self, read: _Read, value: Any) -> None:
        """``UsageError`` where a row gives its thing the name of another one."""
        names = {name: getattr(value, name) for name in self.subject.never_changed}
        name = self.subject.own_name({**names, **read.said}, self.known)
        if self.known.ids.get(name, read.ident) != read.ident:
            raise UsageError(
                f"another {self.subject.noun} is called “{safe_text(read.title, 60)}” already",
                hint="give this one another name",
            )

    def _text(self, field: Field, value: Any) -> str:
        return text_of(self.subject, field, value, self.zone)

    def _texts(self, read: _Read) -> dict[str, str]:
        """What the row says, in canonical text; an empty cell says the default, one that cannot be read nothing."""
        cells = read.row.cells
        if not read.instead:
            said = read.said
            return {
                name: (reader.texts.get(cell) or reader.write(cell, said[name]))
                if (cell := cells[place])
                else self.defaults[name]
                for name, place, reader in self.places
            }
        texts = {}
        for name, place, reader in self.places:
            if name in read.instead:
                text = read.instead[name]
            else:
                text = reader.text(cells[place]) if cells[place] else self.defaults[name]
            if text is not None:
                texts[name] = text
        return texts

    def _remembered(self, ident: str, texts: dict[str, str], last: Stored | None, mark: str = "") -> Change:
        """What the row says now, kept for the next time."""
        value = Imported(texts, self.table.file, mark)
        entity = f"imported_{self.subject.noun}"
        return Change(entity, ident, "imported", value, last.base if last else None)
