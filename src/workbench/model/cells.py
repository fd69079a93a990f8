"""Cells of a team's spreadsheet: from text to values and back, and the columns they stand in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from enum import Enum
from typing import Any, TypeVar

import msgspec

from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.model.times import parse_moment

E = TypeVar("E", bound=Enum)

# What begins a formula in a spreadsheet, full-width forms included, and quotes and blanks before it.
_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠]")
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^;\n]*))(?:[;\n]|\Z)')
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})\Z")


class CellError(ValueError):
    """A cell that cannot be what its column holds; ``hint`` says what can stand there."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class Field(msgspec.Struct, frozen=True):
    """A column that is understood: the value's field, its title, and other names people give it.

    ``read`` makes a value of a cell that is not empty, in the project's time zone, or raises
    :class:`CellError`; ``write`` is its inverse.
    """

    name: str
    title: str
    also: tuple[str, ...] = ()
    read: Callable[[str, tzinfo], Any] = lambda text, zone: text
    write: Callable[[Any, tzinfo], str] = lambda value, zone: clean(value or "")


def clean(text: str) -> str:
    """A cell as it is kept: NFC, line feeds only, without blanks around it and without NUL."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain)


def plain_words(text: str) -> str:
    """Letters and digits only, in lower case: how names of columns and choices are compared."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; undone by :func:`unguarded`."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The cell that was meant by one that may have been guarded."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


# --- kinds of column ---------------------------------------------------------------------


def text_field(name: str, title: str, *also: str) -> Field:
    """Plain text."""
    return Field(name, title, also)


def choice_field(
    name: str, title: str, *also: str, choices: type[E], synonyms: Mapping[E, Iterable[str]]
) -> Field:
    """One of a closed set, under whatever name people give it."""
    words = {plain_words(str(item.value)): item for item in choices}
    for item, names in synonyms.items():
        words.update({plain_words(other): item for other in names})

    def read(text: str, zone: tzinfo) -> E:
        found = words.get(plain_words(text))
        if found is None:
            known = [str(item.value) for item in choices]
            raise CellError(f"“{_short(text)}” is no {title.lower()}", f"write {', '.join(known)}")
        return found

    return Field(name, title, also, read, lambda value, zone: str(value.value))


def flag_field(name: str, title: str, *also: str) -> Field:
    """Yes or no."""

    def read(text: str, zone: tzinfo) -> bool:
        word = plain_words(text)
        if word in ("yes", "y", "true", "1", "x", "on") or text in ("✓", "✔"):
            return True
        if word in ("no", "n", "false", "0", "off") or text in ("-", "–", "✗"):
            return False
        raise CellError(f"“{_short(text)}” is neither yes nor no", "write yes or no")

    return Field(name, title, also, read, lambda value, zone: "yes" if value else "no")


def list_field(name: str, title: str, *also: str) -> Field:
    """Several texts, separated by semicolons or lines; by commas where there are neither."""
    return Field(name, title, also, lambda text, zone: read_list(text), lambda value, zone: write_list(value))


def moment_field(name: str, title: str, *also: str) -> Field:
    """A day or a moment, in the project's time zone."""
    return Field(name, title, also, read_moment, write_moment)


def read_list(text: str) -> tuple[str, ...]:
    """The items of a list cell.  An item in double quotes may hold separators."""
    if not re.search(r'[;\n"]', text):
        return tuple(item for part in text.split(",") if (item := part.strip()))
    found, at = [], 0
    while at < len(text):
        match = _ITEM.match(text, at)
        assert match is not None  # its second way fits every text
        quoted, bare = match[1], match[2]
        found.append(quoted.replace('""', '"') if quoted is not None else bare.strip())
        at = match.end()
    return tuple(item for item in found if item)


def write_list(items: Iterable[str]) -> str:
    """The list cell that :func:`read_list` reads back."""
    kept = [item for text in items if (item := clean(text))]
    shown = ['"' + item.replace('"', '""') + '"' if re.search(r'[;\n]|\A"', item) else item for item in kept]
    text = "; ".join(shown)
    # A single item with a comma in it would be read as two.
    return f"{text};" if len(kept) == 1 and "," in text and not re.search(r'[;\n"]', text) else text


def read_moment(text: str, zone: tzinfo) -> datetime:
    """A day or a moment, as people and spreadsheets write them; ``CellError`` if it is none."""
    short = _DAY_FIRST.match(text)
    long = _YEAR_FIRST.match(text)
    try:
        if short:
            return _midnight(date(int(short[3]), int(short[2]), int(short[1])), zone)
        if long:
            return _midnight(date(int(long[1]), int(long[2]), int(long[3])), zone)
        return parse_moment(text, zone)
    except (ValueError, OverflowError, UsageError):
        raise CellError(f"“{_short(text)}” is not a date", "write 2026-12-01 or 2026-12-01T15:00") from None


def write_moment(value: datetime | None, zone: tzinfo) -> str:
    """A day where the moment is its beginning in ``zone``, else date, time and offset."""
    if value is None:
        return ""
    local = value.astimezone(zone)
    day = local.date()
    if local.time() == time() and _midnight(day, zone) == value:
        return day.isoformat()
    return local.isoformat()


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _short(text: str) -> str:
    return safe_text(text, 60)
