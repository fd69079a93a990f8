"""Text as people and spreadsheets write it: cells, lists and moments, to values and back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, tzinfo

from workbench.model import dates, past
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.model.times import WRITE_MOMENT, can_be_shown, in_zone

# What begins a formula in a spreadsheet, full-width forms included, with quotes, blanks and what nobody sees before it.
_UNSEEN = (
    r"\s'\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_FORMULA = re.compile(rf"[{_UNSEEN}]*[=+\-@＝＋－＠]")
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^;\n]*))(?:[;\n]|\Z)')


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


def word_of(cell: str) -> str:
    """What two cells have in common that are meant to be the same word."""
    return plain_words(cell) or cell.strip().casefold()


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


def read_moment(text: str, zone: tzinfo, now: datetime | None = None, *, end: bool = False) -> datetime:
    """A date or time as :mod:`workbench.model.dates` reads it; ``CellError`` if it is none."""
    try:
        return dates.read_moment(text, zone, now, end=end)
    except UsageError as error:
        raise CellError(error.what, error.hint or WRITE_MOMENT) from None


def read_past(text: str, zone: tzinfo, now: datetime) -> datetime:
    """When something happened, as :mod:`workbench.model.past` reads it; ``CellError`` if it is none."""
    try:
        return past.read_past(text, zone, now)
    except UsageError as error:
        raise CellError(error.what, error.hint or WRITE_MOMENT) from None


def write_when(value: datetime | None, zone: tzinfo, *, end: bool = False) -> str:
    """A moment as a person would type it: a day, or day and time of ``zone`` where that is enough."""
    exact = write_moment(value, zone, end=end)
    short = exact[:16]
    enough = (
        value is not None and len(exact) > 16 and can_be_shown(value) and read_moment(short, zone) == value
    )
    return short if enough else exact


def write_moment(value: datetime | None, zone: tzinfo, *, end: bool = False) -> str:
    """A day where the moment is its beginning in ``zone``, or as an ``end`` its last instant; else date, time and offset."""
    if value is None:
        return ""
    day = dates.whole_day(value, zone) if end else dates.begun_day(value, zone)
    return day.isoformat() if day else in_zone(value, zone).isoformat()


def short_text(text: str) -> str:
    """Text from outside for a message."""
    return safe_text(text, 60)
