"""What a spreadsheet program alone makes of cells when a file is opened and saved: no person's edit.

It takes texts for numbers, truth values and dates, and writes them in its own way: ``15.10`` comes
back as ``15.1``, ``true`` as ``TRUE``, ``2026-12-01`` as ``12/1/2026``.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo
from decimal import Context, Decimal

from workbench.model.dates import whole_day
from workbench.model.times import in_zone

_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,40})(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?"
)
_SAVED = re.compile(
    r"-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{0,39}[1-9])?|-?[0-9](?:\.[0-9]{1,20})?E[+-][0-9]{1,3}"
)
_SHARE = re.compile(r"([+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?)\s?%")
_PAIR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})")
_DAY_MONTH = re.compile(r"([0-9]{1,2})[-. ]{1,2}([^\W\d_]{3,10})\.?|([^\W\d_]{3,10})[-. ]{1,2}([0-9]{1,2})")
# English, German and French, as programs shorten them.
_MONTHS = (
    ("jan",), ("feb", "fév"), ("mar", "mrz", "mär"), ("apr", "avr"), ("may", "mai"), ("jun", "jui"), ("jul",), ("aug", "aoû"),
    ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez", "déc"),
)  # fmt: skip
_TRIPLE = re.compile(r"([0-9]{1,4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,4})(?:\s+0{1,2}:00(?::00)?)?")
_SERIAL = re.compile(r"[2-7][0-9]{4}")
_FIRST_DAY = date(1899, 12, 30)
_KEPT = Context(prec=15)  # a number keeps so many digits


def rewritten(text: str, cell: str) -> bool:
    """Whether a spreadsheet program alone may have made ``cell`` of ``text``."""
    text = text.strip()
    if text == cell or not text or len(text) > 60 or len(cell) > 60:
        return text == cell
    if text.casefold() in ("true", "false"):
        return cell == text.upper()
    if (one := _SHARE.fullmatch(text)) and (other := _SHARE.fullmatch(cell)):
        return Decimal(one[1]) == Decimal(other[1])
    if _NUMBER.fullmatch(text) and _SAVED.fullmatch(cell):
        return _same_number(Decimal(text.replace(",", "")), cell)
    pair = _PAIR.fullmatch(text)
    return pair is not None and _as_day(cell) in ((int(pair[1]), int(pair[2])), (int(pair[2]), int(pair[1])))


def _same_number(number: Decimal, cell: str) -> bool:
    kept = _KEPT.plus(number)
    if "E" not in cell:
        return Decimal(cell) == kept
    digits = len(cell.partition("E")[0].replace(".", "").lstrip("-"))
    return Decimal(cell) == Context(prec=digits).plus(kept)


def _as_day(cell: str) -> tuple[int, int] | None:
    """Day and month of ``6-Jan`` or ``Jan 6``."""
    found = _DAY_MONTH.fullmatch(cell)
    if found is None:
        return None
    day, month = (found[1], found[2]) if found[1] else (found[4], found[3])
    name = month[:3].casefold()
    number = next((number for number, names in enumerate(_MONTHS, 1) if name in names), None)
    return (int(day), number) if number is not None else None


def may_be_day(cell: str, moment: datetime, zone: tzinfo) -> bool:
    """Whether a cell that can be read in several ways may be the day of a moment: ``12/1/2026``, or the number of a day."""
    day = whole_day(moment, zone) or in_zone(moment, zone).date()
    if _SERIAL.fullmatch(cell):
        return _FIRST_DAY + timedelta(days=int(cell)) == day
    found = _TRIPLE.fullmatch(cell)
    if found is None:
        return False
    numbers = sorted(map(int, found.groups()))
    return any(numbers == sorted((day.day, day.month, year)) for year in (day.year, day.year % 100))
