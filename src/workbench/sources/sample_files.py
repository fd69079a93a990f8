"""Files of samples, read line by line: one number each, or a column of a CSV table.

Nothing is passed over in silence: a line that is no number, NaN or infinite makes the file unusable,
and cells that are empty are counted.
"""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path

import msgspec

from workbench.model.errors import SourceError
from workbench.model.files import open_regular
from workbench.model.keys import nearest
from workbench.model.quantity import LARGEST_EXPONENT
from workbench.model.text import safe_text
from workbench.sources.keeping import MOST_SAMPLES

_LONGEST = 100_000  # characters of a line
_PLAIN = frozenset("0123456789+-.eE \t\r\n")  # float() also reads 1_000, nan, inf and other scripts' digits
_LARGEST, _SMALLEST = 10.0 ** (LARGEST_EXPONENT + 1), 10.0**-LARGEST_EXPONENT
_MILLISECONDS = 1e11  # as seconds this would be the year 5138


class Choice(msgspec.Struct, frozen=True):
    """Which samples of a file count; see ``SamplesMeasure``."""

    column: str | None = None
    time: str | None = None
    where: Mapping[str, str] = {}


class Read(msgspec.Struct, kw_only=True):
    """What a file holds.

    ``numbers`` are its samples in the order of the file, ``times`` their moments in Unix seconds
    where the choice names a column for them.  ``empty`` counts rows without a sample, ``repeated`` rows
    that stand there twice with the same moment and number.  ``notes`` are what its first lines say
    of it: ``# selection: 10 % of requests``.
    """

    numbers: array[float]
    times: array[float]
    empty: int = 0
    repeated: int = 0
    notes: dict[str, str] = {}


def read_numbers(path: Path) -> Read:
    """The numbers of a file with one on each line; ``SourceError`` for anything else in it."""
    return read_file(path, Choice())


def read_file(path: Path, choice: Choice, *, name: str = "") -> Read:
    """The samples of a file that are chosen; ``SourceError`` names the line that is no number."""
    shown = safe_text(name or path.name or path, 200)
    try:
        with open_regular(path) as binary, io.TextIOWrapper(binary, "utf-8-sig", newline="") as text:
            return _read(_Lines(text, shown), choice)
    except UnicodeDecodeError:
        raise SourceError(f"{shown} is no text in UTF-8") from None
    except OSError as error:
        raise SourceError(f"{shown} cannot be read: {safe_text(error.strerror or error, 200)}") from None


class _Lines(Iterator[str]):
    """The lines of a file, counted, without its remarks."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._text = text
        self.name = name
        self.number = 0
        self.notes: dict[str, str] = {}

    def __next__(self) -> str:
        while line := self._text.readline(_LONGEST + 1):
            self.number += 1
            if len(line) > _LONGEST:
                raise self.wrong(f"is longer than {_LONGEST:,} characters")
            if not line.startswith("#"):
                return line
            word, colon, said = line[1:].partition(":")
            if colon and len(self.notes) < 20:
                self.notes[word.strip().lower()] = safe_text(" ".join(said.split()), 200)
        raise StopIteration

    def wrong(self, what: str) -> SourceError:
        return SourceError(f"line {self.number:,} {what}", where=f"{self.name}:{self.number}")


def _read(lines: _Lines, choice: Choice) -> Read:
    found = Read(numbers=array("d"), times=array("d"))
    if choice.column is None:
        _numbers(lines, found)
    else:
        _rows(lines, choice, found)
    found.notes = lines.notes
    return found


def _numbers(lines: _Lines, found: Read) -> None:
    for line in lines:
        if not line.isspace():
            _keep(found, _number(line, lines), lines)


def _number(text: str, lines: _Lines) -> float:
    shown = safe_text(text.strip(), 40)
    try:
        number = float(text)
    except ValueError:
        hint = ": write a point, not a comma" if "," in text else ""
        if lines.number == 1 and not hint:
            hint = ": name the column of a table that has a header"
        raise lines.wrong(f"is “{shown}”, which is no number{hint}") from None
    if not isfinite(number):
        raise lines.wrong(f"is “{shown}”, which nobody can have measured")
    if not _PLAIN.issuperset(text):
        raise lines.wrong(f"is “{shown}”, which is no plain number")
    if number and not _SMALLEST <= abs(number) < _LARGEST:
        raise lines.wrong(f"is “{shown}”, which is too {'small' if abs(number) < 1 else 'large'} to be kept")
    return number


def _keep(found: Read, number: float, lines: _Lines) -> None:
    if len(found.numbers) >= MOST_SAMPLES:
        raise SourceError(f"{lines.name} holds more than {MOST_SAMPLES:,} samples")
    found.numbers.append(number)


def _rows(lines: _Lines, choice: Choice, found: Read) -> None:
    header = next(lines, "")
    delimiter = max(",;\t", key=header.count)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    (names,) = list(csv.reader([header], delimiter=delimiter)) or [[]]
    columns = _Columns([name.strip() for name in names], choice, lines)
    seen: set[tuple[float, float]] = set()
    for row in _checked(rows, lines):
        if not row or not columns.chosen(row):
            continue
        cell = columns.sample(row)
        if not cell:
            found.empty += 1
            continue
        number = _number(cell, lines)
        _keep(found, number, lines)
        if columns.time is not None:
            moment = _moment(row[columns.time], lines)
            found.times.append(moment)
            found.repeated += (moment, number) in seen
            seen.add((moment, number))


def _checked(rows: Iterable[list[str]], lines: _Lines) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error as error:
        raise lines.wrong(f"cannot be read as CSV: {safe_text(error, 100)}") from None


class _Columns:
    """The places of the columns that a choice names."""

    def __init__(self, names: list[str], choice: Choice, lines: _Lines) -> None:
        self._lines = lines
        self._width = len(names)
        self._sample = self._place(names, choice.column or "")
        self.time = self._place(names, choice.time) if choice.time is not None else None
        self._where = [(self._place(names, name), value) for name, value in choice.where.items()]

    def _place(self, names: list[str], name: str) -> int:
        if names.count(name) == 1:
            return names.index(name)
        shown = safe_text(", ".join(names[:12]), 200) or "none"
        meant = nearest(name, names)
        raise SourceError(
            f"{self._lines.name} has {'several columns' if name in names else 'no column'} called “{safe_text(name, 100)}”",
            hint=f"did you mean {safe_text(meant, 100)}?"
            if meant and meant != name
            else f"its columns are {shown}",
        )

    def chosen(self, row: list[str]) -> bool:
        """Whether the row counts; an error for one that is cut off."""
        if len(row) != self._width:
            raise self._lines.wrong(f"has {len(row)} cells where the header has {self._width}")
        return all(row[place].strip() == value for place, value in self._where)

    def sample(self, row: list[str]) -> str:
        """The cell that holds the sample."""
        return row[self._sample].strip()


def _moment(text: str, lines: _Lines) -> float:
    """Unix seconds of a cell: an ISO date and time (UTC unless it says otherwise), or seconds or milliseconds."""
    words = text.strip()
    try:
        seconds = float(words)
        seconds = seconds / 1000 if abs(seconds) > _MILLISECONDS else seconds
        datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        try:
            at = datetime.fromisoformat(words)
        except ValueError:
            raise lines.wrong(f"has “{safe_text(words, 40)}” for its time, which is no moment") from None
        seconds = at.replace(tzinfo=at.tzinfo or UTC).timestamp()
    return seconds
