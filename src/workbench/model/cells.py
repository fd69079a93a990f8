"""Text as people and spreadsheets write it: cells, lists and moments, to values and back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo

from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.model.times import (
    WRITE_MOMENT,
    can_be_shown,
    in_zone,
    parse_duration,
    parse_moment,
    shown_in_every_zone,
)

# What begins a formula in a spreadsheet, full-width forms included, with quotes, blanks and what nobody sees before it.
_FORMULA = re.compile(r"[\s'\u200b-\u200f\u2060-\u206f\ufeff]*[=+\-@＝＋－＠]")
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^;\n]*))(?:[;\n]|\Z)')
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z", re.ASCII)
WHEN = "2026-12-01, or 30d for in 30 days"
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})\Z", re.ASCII)


class CellError(ValueError):
    """A cell that cannot be what its column holds; ``hint`` says what can stand there."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def clean(text: str) -> str:
    """A cell as it is kept: NFC, line feeds only, without blanks around it and without NUL."""
    if "\r" in text or "\0" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def plain_words(text: str) -> str:
    """Letters and digits only, in lower case: how names of columns and choices are compared."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; undone by :func:`unguarded`."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The cell that was meant by one that may have been guarded."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


# --- lists and moments --------------------------------------------------------------------


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
    except UsageError as error:
        raise CellError(error.what, error.hint or WRITE_MOMENT) from None
    except ValueError:
        raise CellError(f"“{short_text(text)}” is not a date or time", WRITE_MOMENT) from None


def read_when(text: str, now: datetime, zone: tzinfo) -> datetime:
    """A day, a moment, or how long from now (``30d``); ``CellError`` if it is none of them."""
    try:
        return shown_in_every_zone(now + parse_duration(text), text)
    except ValueError:
        pass
    except (OverflowError, UsageError):
        raise CellError(f"“{short_text(text)}” is too far off", f"write {WHEN}") from None
    try:
        return read_moment(text.strip(), zone)
    except CellError as error:
        raise CellError(error.what, f"write {WHEN}") from None


def write_when(value: datetime | None, zone: tzinfo) -> str:
    """A moment as a person would type it: a day, or day and time of ``zone`` where that is enough."""
    exact = write_moment(value, zone)
    short = exact[:16]
    enough = (
        value is not None and len(exact) > 16 and can_be_shown(value) and parse_moment(short, zone) == value
    )
    return short if enough else exact


def write_moment(value: datetime | None, zone: tzinfo) -> str:
    """A day where the moment is its beginning in ``zone``, else date, time and offset."""
    if value is None:
        return ""
    local = in_zone(value, zone)
    day = local.date()
    if can_be_shown(value) and local.time() == time() and _midnight(day, zone) == value:
        return day.isoformat()
    return local.isoformat()


def _midnight(day: date, zone: tzinfo) -> datetime:
    return shown_in_every_zone(datetime.combine(day, time(), zone), day.isoformat())


def short_text(text: str) -> str:
    """Text from outside for a message."""
    return safe_text(text, 60)
