"""Taking in flows and differences from a team's table: what would change, then one act.

Each row is compared with the record and with what the row said when it was last imported.
What only the file changed goes in, what only the record changed stays, and what both
changed is a conflict: nothing of that row goes in until somebody chooses a side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from workbench.definitions.files import Unusable, inside
from workbench.flows import fields as flow_fields
from workbench.flows import model as flows
from workbench.flows import table as flow_table
from workbench.flows.model import Flow
from workbench.model.canonical import plain, sha256
from workbench.model.cells import CellError, plain_words
from workbench.model.errors import DefinitionError, Problem, UsageError
from workbench.model.files import write_whole
from workbench.model.keys import is_slug, nearest, slug
from workbench.model.noun_fields import Field
from workbench.model.text import safe_text
from workbench.parity import fields as parity_fields
from workbench.parity import model as parity
from workbench.parity import table as parity_table
from workbench.parity.model import Difference
from workbench.record import Change, Commit, EntityKind, Stored
from workbench.usecases.context import Context, commit
from workbench.usecases.tables import Row, Table, read_table

REMEMBERED = Path(".workbench") / "columns.json"
Side = Literal["file", "record"]


class Kind(StrEnum):
    """What a table holds."""

    DIFFERENCES = "differences"
    FLOWS = "flows"


class Subject(msgspec.Struct, frozen=True):
    """How one kind of table meets the record: its fields and the ones that are compared by."""

    kind: Kind
    one: str
    shape: type[msgspec.Struct]
    fields: tuple[Field, ...]
    imported: EntityKind
    needed: tuple[str, ...]  # one of these columns has to be there

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


SUBJECTS: dict[Kind, Subject] = {
    Kind.DIFFERENCES: Subject(
        Kind.DIFFERENCES, "difference", Difference, parity_fields.FIELDS, parity_table.IMPORTED, ("title",)
    ),
    Kind.FLOWS: Subject(Kind.FLOWS, "flow", Flow, flow_fields.FIELDS, flow_table.IMPORTED, ("key", "name")),
}


# --- which column is which ---------------------------------------------------------------


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """Which column is which: field → column.

    ``unclear`` are columns that fit nothing and would be left out; ``missing`` says that
    the one column that is needed was not found; ``remembered`` that somebody said so before.
    """

    mapping: Mapping[str, str]
    unclear: tuple[str, ...] = ()
    missing: bool = False
    remembered: bool = False


def guess(columns: Sequence[str], kind: Kind) -> Guess:
    """Which column is probably which, by their names."""
    subject = SUBJECTS[kind]
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
    subject: Subject, columns: Sequence[str], mapping: Mapping[str, str], remembered: bool = False
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


def columns_of(context: Context | Path, table: Table, kind: Kind) -> Guess:
    """Which column is which: as said before for a table with these columns, else the guess."""
    root = context if isinstance(context, Path) else context.root
    kept = _remembered(root).get(_header(table, kind))
    subject = SUBJECTS[kind]
    if kept and all(subject.field(name) and column in table.columns for name, column in kept.items()):
        return _guess(subject, table.columns, kept, remembered=True)
    return guess(table.columns, kind)


def mapping_from(texts: Sequence[str], table: Table, kind: Kind, start: Mapping[str, str]) -> dict[str, str]:
    """The mapping that ``FIELD=COLUMN`` texts say, on top of ``start``; ``FIELD=`` leaves a field out."""
    subject = SUBJECTS[kind]
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


def _field(subject: Subject, name: str) -> Field:
    words = plain_words(name)
    for field in subject.fields:
        if words in (plain_words(field.name), plain_words(field.title)):
            return field
    meant = nearest(name, [field.name for field in subject.fields])
    known = ", ".join(field.name for field in subject.fields)
    raise UsageError(
        f"a {subject.one} has no “{safe_text(name, 60)}”",
        hint=f"did you mean {meant}?" if meant else f"known: {known}",
    )


def _column(table: Table, name: str) -> str:
    for column in table.columns:
        if column == name or plain_words(column) == plain_words(name):
            return column
    known = ", ".join(f"“{safe_text(column, 40)}”" for column in table.columns)
    raise UsageError(f"{table.file} has no column “{safe_text(name, 60)}”", hint=f"it has {known}")


def remember_columns(context: Context, table: Table, kind: Kind, mapping: Mapping[str, str]) -> None:
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


def _header(table: Table, kind: Kind) -> str:
    return sha256("\0".join((kind.value, *table.columns)).encode())


# --- what would change -------------------------------------------------------------------


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One row that goes in: ``fields`` are (title of the field, before, after) as text."""

    line: int
    title: str
    fields: tuple[tuple[str, str, str], ...] = ()


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """One row that the file and the record both changed.

    ``fields`` are (title of the field, as last imported, in the file, in the record);
    what was last imported is ``None`` where the row never was.
    """

    line: int
    title: str
    fields: tuple[tuple[str, str | None, str, str], ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What importing a table would do; ``changes`` is the act itself."""

    kind: Kind
    file: str
    new: tuple[Step, ...]
    changed: tuple[Step, ...]
    same: int
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]


class Imported(msgspec.Struct, frozen=True):
    """What a row said when it was last imported, as canonical text by field."""

    texts: dict[str, str]
    file: str = ""


class _Wrong(Exception):
    def __init__(self, what: str, hint: str | None = None) -> None:
        super().__init__(what)
        self.what, self.hint = what, hint


def plan(
    context: Context, table: Table, kind: Kind, mapping: Mapping[str, str], take: Side | None = None
) -> Plan:
    """Compare a table with the record.  Nothing is written.

    ``take`` settles conflicts for one side.  Rows with a problem are left out of the act.
    """
    subject = SUBJECTS[kind]
    if not any(name in mapping for name in subject.needed):
        needed = " or ".join(f"“{field.title}”" for field in map(subject.field, subject.needed) if field)
        raise UsageError(
            f"which column says {needed}?",
            where=f"{table.file} has: {', '.join(safe_text(c, 40) for c in table.columns)}",
            hint=f'say it with --map {subject.needed[0]}="COLUMN"',
        )
    return _Planning(context, table, subject, mapping, take).run()


class _Planning:
    """One comparison: looks everything up once, then walks the rows."""

    def __init__(
        self, context: Context, table: Table, subject: Subject, mapping: Mapping[str, str], take: Side | None
    ) -> None:
        self.context, self.table, self.subject, self.take = context, table, subject, take
        self.now = context.now  # one moment for the whole act
        self.zone: tzinfo = ZoneInfo(context.definitions.project.timezone)
        self.places = {
            field: table.columns.index(mapping[field.name])
            for field in subject.fields
            if field.name in mapping
        }
        self.column = {field.name: mapping[field.name] for field in self.places}
        self.record = _present(context, subject)
        self.last = {
            stored.id: (stored, stored.decode(Imported))
            for stored in context.record.all(subject.imported.name)
        }
        self.defaults = _texts(subject, _empty(subject), self.zone)
        self.seen: dict[str, int] = {}
        self.keys = {
            value.key for found in self.record.values() for _, value in found if isinstance(value, Flow)
        }
        self.new: list[Step] = []
        self.changed: list[Step] = []
        self.same = 0
        self.conflicts: list[Conflict] = []
        self.problems: list[Problem] = []
        self.changes: list[Change] = []

    def run(self) -> Plan:
        for row in self.table.rows:
            try:
                self._row(row)
            except _Wrong as wrong:
                self._problem(row, wrong.what, wrong.hint)
        return Plan(
            kind=self.subject.kind,
            file=self.table.file,
            new=tuple(self.new),
            changed=tuple(self.changed),
            same=self.same,
            conflicts=tuple(self.conflicts),
            problems=tuple(self.problems),
            changes=tuple(self.changes),
        )

    def _problem(self, row: Row, what: str, hint: str | None) -> None:
        self.problems.append(Problem(self.table.file, row.line, 1, what, hint))

    def _row(self, row: Row) -> None:
        values = self._values(row)
        if values is None:
            return
        name = self._name(values)
        before = self.seen.setdefault(name, row.line)
        if before != row.line:
            raise _Wrong(
                f"“{safe_text(self._title(values), 60)}” stands in line {before} already", "keep one of them"
            )
        found = self.record.get(name, [])
        if len(found) > 1:
            raise _Wrong(
                f"the record has {len(found)} {self.subject.kind.value} called “{safe_text(self._title(values), 60)}”",
                "give one of them another name in the record",
            )
        if found:
            self._meet(row, values, *found[0])
        else:
            self._add(row, values)

    def _values(self, row: Row) -> dict[Field, Any] | None:
        """The cells of a row as values; empty cells are left out.  ``None``: nothing to import."""
        values: dict[Field, Any] = {}
        wrong = False
        for field, place in self.places.items():
            cell = row.cells[place]
            if not cell:
                continue
            try:
                values[field] = field.read(cell, self.zone)
            except CellError as error:
                self._problem(
                    row, f"column “{safe_text(self.column[field.name], 40)}”: {error.what}", error.hint
                )
                wrong = True
        if wrong or not any(row.cells[place] for place in self.places.values()):
            return None
        if not self._title(values):
            first = self.subject.field(self.subject.needed[0])
            raise _Wrong(
                f"this row does not say “{first.title.lower() if first else 'name'}”",
                "fill it in, or delete the row",
            )
        return values

    def _title(self, values: Mapping[Field, Any]) -> str:
        said = {field.name: value for field, value in values.items()}
        return next((said[name] for name in self.subject.needed if said.get(name)), "")

    def _name(self, values: Mapping[Field, Any]) -> str:
        """What a row is found by: its title or key, or a flow's name where it has no key."""
        title = self._title(values)
        if self.subject.kind is Kind.DIFFERENCES:
            return match_name(title)
        said = {field.name: value for field, value in values.items()}
        if said.get("key"):
            if not is_slug(title):
                raise _Wrong(f"“{safe_text(title, 60)}” cannot be a key", f"write {slug(title)}")
            return title
        by_name = [
            key for key, found in self.record.items() if match_name(found[0][1].name) == match_name(title)
        ]
        return by_name[0] if by_name else slug(title)

    def _add(self, row: Row, values: dict[Field, Any]) -> None:
        said = {field.name: value for field, value in values.items()}
        if self.subject.kind is Kind.FLOWS:
            said.setdefault("key", self._name(values))
            said.setdefault("name", said["key"])
        value = self.subject.shape(**said)
        change = self._checked(value, None)
        self.new.append(Step(line=row.line, title=self._title(values)))
        self._act(change, change.id, self._row_texts(row, values))

    def _meet(self, row: Row, values: dict[Field, Any], stored: Stored, value: Any) -> None:
        """Three-way: what the row says now, what it said last, what the record says."""
        now = _texts(self.subject, value, self.zone)
        texts = self._row_texts(row, values)
        base = self.last[stored.id][1].texts if stored.id in self.last else {}
        wanted: dict[str, str] = {}
        clashes: list[tuple[str, str | None, str, str]] = []
        for field in self.places:
            name = field.name
            told = base.get(name)
            if (
                texts[name] in (now[name], told)
                or (told is None and field not in values)
                or self._is_name(name)
            ):
                continue
            if (
                told == now[name]
                or (told is None and now[name] == self.defaults[name])
                or self.take == "file"
            ):
                wanted[name] = texts[name]
            elif self.take is None:
                clashes.append((field.title, told, texts[name], now[name]))
        if clashes:
            self.conflicts.append(Conflict(line=row.line, title=self._title(values), fields=tuple(clashes)))
            return
        if wanted:
            edited = self._edited(value, wanted, values)
            steps = tuple((self._title_of(name), now[name], text) for name, text in wanted.items())
            self._act(self._checked(edited, stored), stored.id, texts)
            self.changed.append(Step(line=row.line, title=self._title(values), fields=steps))
        else:
            self.same += 1
            self._act(None, stored.id, texts)

    def _is_name(self, name: str) -> bool:
        """A difference is found by its title whatever its case, so that is no change."""
        return self.subject.kind is Kind.DIFFERENCES and name == "title"

    def _title_of(self, name: str) -> str:
        field = self.subject.field(name)
        return field.title if field else name

    def _edited(self, value: Any, wanted: Mapping[str, str], values: Mapping[Field, Any]) -> Any:
        said = {field.name: item for field, item in values.items()}
        empty = _empty(self.subject)
        changes = {name: said.get(name, getattr(empty, name)) for name in wanted}
        if "decision" in changes and isinstance(value, Difference):
            # Who decided is not told by the file; the ledger says who imported it.
            changes = {"decided_by": None, "decided_at": None, **changes}
        return msgspec.structs.replace(value, **changes)

    def _checked(self, value: Any, stored: Stored | None) -> Change:
        try:
            if isinstance(value, Difference):
                if stored is None:
                    return parity.new_difference(value, self.now)
                return parity.edited(stored, value)
            if stored is None:
                self._key_is_free(value.key)
                return flows.new_flow(self.context.record, value, self.now)
            return flows.edited(stored, value)
        except UsageError as error:
            raise _Wrong(error.what, error.hint) from None

    def _key_is_free(self, key: str) -> None:
        if key in self.keys:
            raise _Wrong(f"there is a flow “{key}” already", "give this one a key of its own")
        self.keys.add(key)

    def _row_texts(self, row: Row, values: Mapping[Field, Any]) -> dict[str, str]:
        """What the row says, in canonical text; an empty cell says the default."""
        return {
            field.name: field.write(values[field], self.zone)
            if field in values
            else self.defaults[field.name]
            for field in self.places
        }

    def _act(self, change: Change | None, id: str, texts: dict[str, str]) -> None:
        if change is not None:
            self.changes.append(change)
        stored, last = self.last.get(id, (None, None))
        merged = {**(last.texts if last else {}), **texts}
        if last is None or last.texts != merged:
            value = plain(Imported(merged, self.table.file))
            base = stored.base if stored else None
            self.changes.append(Change(self.subject.imported.name, id, "imported", value, base))


def match_name(title: str) -> str:
    """What two titles have in common that are meant to be the same."""
    return " ".join(title.casefold().split())


def _present(context: Context, subject: Subject) -> dict[str, list[tuple[Stored, Any]]]:
    found: dict[str, list[tuple[Stored, Any]]] = {}
    if subject.kind is Kind.DIFFERENCES:
        for stored, difference in parity.all_differences(context.record):
            found.setdefault(match_name(difference.title), []).append((stored, difference))
    else:
        for stored, flow in flows.all_flows(context.record):
            found.setdefault(flow.key, []).append((stored, flow))
    return found


def _empty(subject: Subject) -> Any:
    return Difference(title="") if subject.kind is Kind.DIFFERENCES else Flow(key="", name="")


def _texts(subject: Subject, value: Any, zone: tzinfo) -> dict[str, str]:
    return {field.name: field.write(getattr(value, field.name), zone) for field in subject.fields}


def apply(context: Context, planned: Plan) -> Commit | None:
    """Write the plan in one act; ``None`` where there is nothing to write."""
    return commit(context, planned.changes) if planned.changes else None


# --- a new record ------------------------------------------------------------------------


def start_record(context: Context) -> Commit | None:
    """Fill a new record from the files that the project names under ``start_from``.

    Any problem in them raises ``DefinitionError`` with file and line, and nothing goes in.
    """
    named = context.definitions.project.start_from
    if named is None:
        return None
    changes: list[Change] = []
    problems: list[Problem] = []
    for kind, text in ((Kind.FLOWS, named.flows), (Kind.DIFFERENCES, named.parity)):
        if text is None:
            continue
        try:
            path = inside(context.root, text)
        except Unusable as error:
            problems.append(error.problem("workbench.yaml"))
            continue
        if not path.exists():
            continue
        table = read_table(path, text)
        planned = plan(context, table, kind, columns_of(context, table, kind).mapping)
        problems.extend(planned.problems)
        changes.extend(planned.changes)
    if problems:
        raise DefinitionError(problems)
    return commit(context, changes) if changes else None


def fields_of(kind: Kind) -> list[tuple[str, str]]:
    """(name, title) of everything a column can be, for forms and help."""
    return [(field.name, field.title) for field in SUBJECTS[kind].fields]
