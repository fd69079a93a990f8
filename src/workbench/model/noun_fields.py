"""A noun's fields, told once: table columns, forms, options, details and schemas come from them.

A room lists the fields of its noun in ``FIELDS``.  Adding one is a line there and a field of
the struct; the first place in ``FIELDS`` is the first column of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from enum import Enum, StrEnum
from typing import Any, TypeAlias, TypedDict, TypeVar, Unpack

import msgspec
from msgspec.structs import replace

from workbench.model.cells import (
    CellError,
    clean,
    plain_words,
    read_list,
    read_moment,
    read_past,
    short_text,
    write_list,
    write_moment,
    write_when,
)
from workbench.model.dates import end_text
from workbench.model.times import day_text, in_zone, moment_text

E = TypeVar("E", bound=Enum)
Reads: TypeAlias = Callable[[str, tzinfo], Any]
Writes: TypeAlias = Callable[[Any, tzinfo], str]
ADD, EDIT, DECIDE, PROPOSE = "add", "edit", "decide", "propose"


class Holds(StrEnum):
    """What a field holds."""

    TEXT = "text"
    CHOICE = "choice"
    FLAG = "flag"
    LIST = "list"
    MOMENT = "moment"


def _as_it_is(text: str, zone: tzinfo) -> Any:
    return text


def _cleaned(value: Any, zone: tzinfo) -> str:
    return clean(str(value or ""))


class Field(msgspec.Struct, frozen=True):
    """One field of a noun.

    ``title`` heads its column and ``also`` are other names that people give that; ``label`` is
    what a form asks, ``hint`` what it says below, ``help`` the line of words that the command
    line and an editor show.  ``read`` makes a value of a text that is not empty, in the
    project's time zone, or raises :class:`CellError`; ``write`` is its inverse; ``tell`` writes
    it for people.  ``empty`` is the value of no text.

    ``choices`` are (value, words) in the order in which they are offered.  ``lines`` asks for
    several lines.  ``verbs`` are the acts that ask for it: none where the record sets it.
    ``option`` is its name on the command line where that is not its own, ``refers`` the noun
    that its items name.  ``ends`` says that a moment is an end: a day alone counts whole.  ``by_any_name``
    lets the command line take a choice under the other names that people have for it.
    """

    name: str
    title: str
    also: tuple[str, ...] = ()
    read: Reads = _as_it_is
    write: Writes = _cleaned
    tell: Writes = _cleaned
    holds: Holds = Holds.TEXT
    empty: Any = ""
    help: str = ""
    label: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    lines: bool = False
    needed: bool = False
    verbs: tuple[str, ...] = (ADD, EDIT)
    option: str = ""
    metavar: str = "TEXT"
    refers: str = ""
    ends: bool = False
    past: bool = False
    by_any_name: bool = False

    @property
    def asked(self) -> bool:
        """Whether people set it, and not the record."""
        return bool(self.verbs)


class Words(TypedDict, total=False):
    """What a line of ``FIELDS`` may say beyond name, title and other names: see :class:`Field`."""

    help: str
    label: str
    hint: str
    lines: bool
    needed: bool
    verbs: tuple[str, ...]
    option: str
    metavar: str
    refers: str
    empty: Any
    by_any_name: bool
    read: Reads
    write: Writes
    tell: Writes


def text_field(name: str, title: str, *also: str, **words: Unpack[Words]) -> Field:
    """Plain text."""
    return Field(name, title, also, **words)


def choice_field(
    name: str,
    title: str,
    *also: str,
    choices: Sequence[E],
    synonyms: Mapping[E, Iterable[str]] = {},
    offered: Mapping[E, str] = {},
    unsaid: E | None = None,
    **words: Unpack[Words],
) -> Field:
    """One of a closed set, under whatever name people give it; ``offered`` are words for a form.

    ``unsaid`` is the one that stands where nobody has chosen: it is written as no text.
    """
    known = {plain_words(str(item.value)): item for item in choices}
    for item, names in synonyms.items():
        known.update({plain_words(other): item for other in names})

    def read(text: str, zone: tzinfo) -> E:
        found = known.get(plain_words(text))
        if found is None:
            values = ", ".join(str(item.value) for item in type(choices[0]))
            raise CellError(f"“{short_text(text)}” is no {title.lower()}", f"write {values}")
        return found

    def write(value: E, zone: tzinfo) -> str:
        return "" if value is unsaid else str(value.value)

    field = Field(
        name,
        title,
        also,
        read,
        write,
        lambda value, zone: write(value, zone).replace("_", " "),
        Holds.CHOICE,
        "" if unsaid is None else unsaid,
        choices=tuple((str(item.value), offered.get(item, "")) for item in choices),
    )
    return replace(field, **words)


def flag_field(name: str, title: str, *also: str, **words: Unpack[Words]) -> Field:
    """Yes or no."""
    return replace(Field(name, title, also, read_flag, _yes_or_no, _yes_or_no, Holds.FLAG, False), **words)


def list_field(name: str, title: str, *also: str, joined: str = ", ", **words: Unpack[Words]) -> Field:
    """Several texts, separated by semicolons or lines; by commas where there are neither."""
    field = Field(
        name,
        title,
        also,
        lambda text, zone: read_list(text),
        lambda value, zone: write_list(value),
        lambda value, zone: joined.join(value),
        Holds.LIST,
        (),
    )
    return replace(field, **words)


def moment_field(name: str, title: str, *also: str, **words: Unpack[Words]) -> Field:
    """A day or a moment, in the project's time zone."""
    return replace(Field(name, title, also, read_moment, write_moment, _day, Holds.MOMENT, None), **words)


def end_field(name: str, title: str, *also: str, **words: Unpack[Words]) -> Field:
    """When something ends, in the project's time zone: a day alone counts whole."""
    field = Field(
        name,
        title,
        also,
        lambda text, zone: read_moment(text, zone, end=True),
        lambda value, zone: write_moment(value, zone, end=True),
        lambda value, zone: f"{end_text(value, zone)} {in_zone(value, zone).year}" if value else "",
        Holds.MOMENT,
        None,
        ends=True,
    )
    return replace(field, **words)


def past_field(name: str, title: str, *also: str, **words: Unpack[Words]) -> Field:
    """When something happened: a moment, a time of day, or how long ago."""
    field = Field(
        name,
        title,
        also,
        read_moment,
        write_moment,
        tell_moment,
        Holds.MOMENT,
        None,
        metavar="WHEN",
        past=True,
    )
    return replace(field, **words)


_YES = {"yes", "y", "true", "1", "x", "on", "ja", "j", "wahr", "oui", "o", "vrai", "sí", "si"}
_NO = {"no", "n", "false", "0", "off", "nein", "falsch", "non", "faux"}


def read_flag(text: str, zone: tzinfo) -> bool:
    """Yes or no, as people mark it; ``CellError`` if it is neither."""
    word = plain_words(text)
    if word in _YES or text in ("✓", "✔"):
        return True
    if word in _NO or text in ("-", "–", "✗"):
        return False
    raise CellError(f"“{short_text(text)}” is neither yes nor no", "write yes or no")


def _yes_or_no(value: Any, zone: tzinfo) -> str:
    return "yes" if value else "no"


def tell_moment(value: Any, zone: tzinfo) -> str:
    """A moment with its time of day, for people."""
    return moment_text(value, zone) if value is not None else ""


def _day(value: Any, zone: tzinfo) -> str:
    return f"{day_text(value, zone)} {in_zone(value, zone).year}" if value is not None else ""


# --- what front ends ask of them -----------------------------------------------------------


def asked_by(fields: Iterable[Field], verb: str, *leave_out: str) -> tuple[Field, ...]:
    """The fields that an act asks for, but for those left out."""
    return tuple(field for field in fields if verb in field.verbs and field.name not in leave_out)


def in_order(fields: Sequence[Field], *first: str) -> tuple[Field, ...]:
    """The fields, those named in ``first`` before the others."""
    place = {name: number for number, name in enumerate(first)}
    return tuple(sorted(fields, key=lambda field: place.get(field.name, len(place))))


def field_of(fields: Iterable[Field], name: str) -> Field:
    """The field of that name; ``KeyError`` when there is none."""
    for field in fields:
        if field.name == name:
            return field
    raise KeyError(name)


def pairs(fields: Iterable[Field], value: Any, zone: tzinfo, **instead: str) -> list[tuple[str, str]]:
    """(title in small letters, text) of everything that a value says; ``instead`` says some differently."""
    return [
        (field.title.lower(), instead.get(field.name, field.tell(getattr(value, field.name), zone)))
        for field in fields
    ]


def others(fields: Iterable[Field], told: Collection[str], value: Any, zone: tzinfo) -> list[tuple[str, str]]:
    """(title, text) of what people have set that is not told by hand: a new field shows by itself."""
    rest = (field for field in fields if field.asked and field.name not in told)
    return [(field.title, text) for field in rest if (text := field.tell(getattr(value, field.name), zone))]


def read_given(field: Field, given: object, now: datetime, zone: tzinfo) -> Any:
    """The value of what a person gave: a text, a list of texts, or yes and no as they are.

    No text is the field's ``empty``.  Raises :class:`CellError`.
    """
    if isinstance(given, bool):
        return given
    if not isinstance(given, str):
        text = write_list(given) if isinstance(given, Iterable) else str(given)
    elif field.holds is Holds.LIST and field.lines:
        text = write_list(given.splitlines())
    else:
        text = clean(given)
    if not text:
        return field.empty
    if field.holds is Holds.MOMENT:
        return read_past(text, zone, now) if field.past else read_moment(text, zone, now, end=field.ends)
    return field.read(text, zone)


def write_form(field: Field, value: Any, zone: tzinfo) -> str:
    """What a form shows of a value; :func:`read_given` reads it back."""
    if field.holds is Holds.MOMENT:
        return write_when(value, zone, end=field.ends)
    if field.holds is Holds.LIST and field.lines:
        return "\n".join(field.write((item,), zone) if not isinstance(item, str) else item for item in value)
    if field.holds is Holds.TEXT:
        return str(value or "")
    text = field.write(value, zone)
    if field.holds is Holds.LIST and "; " in text and not set(text) & set(',"'):
        # In one line people separate with commas; a semicolon beside them would join two items.
        return text.replace("; ", ", ")
    return text


def table_schema(fields: Sequence[Field], about: str, needed: Sequence[str]) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a table of a noun as YAML: one of ``needed`` must be there."""
    row = {
        "type": "object",
        "properties": {
            field.name: {"description": field.help, **_SHAPES[field.holds](field)} for field in fields
        },
        "anyOf": [{"required": [name]} for name in needed],
        "additionalProperties": True,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": about,
        "type": "array",
        "items": row,
    }


def _scalar(field: Field) -> dict[str, Any]:
    return {"type": ["string", "number", "boolean", "null"]}


def _items(field: Field) -> dict[str, Any]:
    return {"anyOf": [{"type": "array", "items": _scalar(field)}, _scalar(field)]}


def _chosen(field: Field) -> dict[str, Any]:
    """Other names are taken too; an editor offers these."""
    return {"anyOf": [{"enum": [value for value, _ in field.choices]}, _scalar(field)]}


_SHAPES: Mapping[Holds, Callable[[Field], dict[str, Any]]] = {
    Holds.TEXT: _scalar,
    Holds.CHOICE: _chosen,
    Holds.FLAG: _scalar,
    Holds.LIST: _items,
    Holds.MOMENT: _scalar,
}
