"""k6's points, as ``--out json=…`` and ``--out csv=…`` write them: each observation with its moment and its tags.

A file of a gigabyte is read as a stream; of each point two numbers and a place among the sets of tags are kept.
"""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.k6.metrics import Chosen, Contains, Type, contains_of, type_of
from workbench.sources.load_tests.observed import plain_number
from workbench.sources.moments import moment_of_number, moment_of_text
from workbench.sources.report_files import File

_LONGEST = 1_000_000  # bytes of a line
_DIGITS = 10  # of seconds since 1970, from 2001 on
_MOST_TAGS = 500_000  # different sets of tags
_OWN = ("metric_name", "timestamp", "metric_value", "extra_tags", "metadata")
_CUT_OFF = "was k6 ended while it wrote?"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What k6 declares of a metric before its first point."""

    type: str = ""
    contains: str = ""


class Declared(msgspec.Struct, frozen=True, tag="Metric"):
    """A line that declares a metric."""

    metric: str
    data: About


class Data(msgspec.Struct, frozen=True):
    """One observation."""

    time: datetime
    value: float
    tags: msgspec.Raw = msgspec.Raw(b"null")


class Point(msgspec.Struct, frozen=True, tag="Point"):
    """A line that has an observation."""

    metric: str
    data: Data


class Series(msgspec.Struct):
    """The points of one metric, their moments in Unix seconds; ``tags`` are places in :attr:`Points.sets`."""

    type: Type = ""
    contains: Contains = ""
    values: array[float] = msgspec.field(default_factory=lambda: array("d"))
    times: array[float] = msgspec.field(default_factory=lambda: array("d"))
    tags: array[int] = msgspec.field(default_factory=lambda: array("L"))


class Points(msgspec.Struct):
    """All points of a file."""

    shape: str
    series: dict[str, Series] = {}
    sets: list[Mapping[str, str]] = []

    @property
    def last(self) -> float | None:
        """The moment of the last point."""
        return max((max(one.times) for one in self.series.values() if one.times), default=None)

    def of(self, wanted: Chosen) -> Series | None:
        """The points of a metric whose tags are those that are wanted."""
        found = self.series.get(wanted.name)
        if found is None or not wanted.tags:
            return found
        fits = [all(tags.get(key) == value for key, value in wanted.tags.items()) for tags in self.sets]
        some = Series(found.type, found.contains)
        for value, time, place in zip(found.values, found.times, found.tags, strict=True):
            if fits[place]:
                some.values.append(value)
                some.times.append(time)
        return some


class _Tags:
    """The sets of tags, each kept once."""

    def __init__(self, sets: list[Mapping[str, str]], file: File) -> None:
        self._sets = sets
        self._file = file
        self._places: dict[Any, int] = {}

    def raw(self, told: msgspec.Raw, line: int) -> int:
        """The place of a set as JSON has it, decoded where it is a new one."""
        key = bytes(told)
        if key in self._places:
            return self._places[key]
        try:
            found = msgspec.json.decode(told, type=dict[str, str] | None)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise self._file.wrong(f"has tags that are none: {safe_text(error, 100)}", line=line) from None
        return self.place(key, found or {})

    def place(self, key: Any, tags: Mapping[str, str]) -> int:
        """The place of a set; ``key`` is the same for the same set."""
        place = self._places.get(key)
        if place is None:
            if len(self._sets) >= _MOST_TAGS:
                raise self._file.wrong(
                    f"has more than {_MOST_TAGS:,} different sets of tags",
                    hint="give requests a tag “name”, not an address each",
                )
            place = self._places[key] = len(self._sets)
            self._sets.append(dict(tags))
        return place


def read_json(file: File) -> Points:
    """The points of ``--out json=…``: a line for each, and one for each metric before."""
    points = Points("points as JSON")
    tags = _Tags(points.sets, file)
    decoder = msgspec.json.Decoder(Declared | Point)
    for number, line in _lines(file):
        try:
            read = decoder.decode(line)
        except RecursionError:
            raise file.wrong("is nested too deep", line=number) from None
        except (msgspec.DecodeError, ValueError) as error:
            what = f"has a line that is no point of k6: {safe_text(error, 150)}"
            raise file.wrong(what, line=number, hint=_CUT_OFF) from None
        series = points.series.get(read.metric)
        if series is None:
            series = points.series[read.metric] = Series()
        if isinstance(read, Declared):
            series.type = _known(read.data.type, ("trend", "rate", "counter", "gauge"))
            series.contains = _known(read.data.contains, ("time", "data", "default"))
            continue
        data = read.data
        place = tags.raw(data.tags, number)
        moment = data.time if data.time.tzinfo else data.time.replace(tzinfo=UTC)
        _add(series, data.value, moment.timestamp(), place, file, number)
    return points


def read_csv(file: File) -> Points:
    """The points of ``--out csv=…``, whose types are known only where the metric is k6's own."""
    points = Points("points as CSV")
    tags = _Tags(points.sets, file)
    with file.open() as binary, io.TextIOWrapper(binary, "utf-8-sig", newline="") as text:
        try:
            rows = csv.reader(_whole(text, file), strict=True)
            header = next(rows, [])
            if tuple(header[:3]) != _OWN[:3]:
                raise file.wrong("has no header of k6’s points", line=1)
            _rows(rows, header, points, tags, file)
        except UnicodeDecodeError:
            raise file.wrong("is no text in UTF-8") from None
        except csv.Error as error:
            raise file.wrong(f"cannot be read as a table: {safe_text(error, 100)}", hint=_CUT_OFF) from None
    return points


def _rows(rows: Iterator[list[str]], header: Sequence[str], points: Points, tags: _Tags, file: File) -> None:
    extra = header.index("extra_tags") if "extra_tags" in header else None
    plain = [(place, name) for place, name in enumerate(header) if name not in _OWN]
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        if len(row) != len(header):
            raise file.wrong(
                f"has {len(row)} cells where the header has {len(header)}", line=number, hint=_CUT_OFF
            )
        try:
            value, seconds = _number(row[2]), _moment(row[1])
        except (ValueError, SourceError):
            raise file.wrong("has a point without its number or its moment", line=number) from None
        found = {name: row[place] for place, name in plain if row[place]}
        if extra is not None and row[extra]:
            found |= {key: value for key, _, value in (part.partition("=") for part in row[extra].split("&"))}
        series = points.series.get(row[0])
        if series is None:
            series = points.series[row[0]] = Series(type_of(row[0]), contains_of(row[0]))
        _add(series, value, seconds, tags.place(tuple(found.items()), found), file, number)


def _number(text: str) -> float:
    """A number as k6 writes it; ``ValueError`` for what Python alone would read, such as 1_000."""
    if "_" in text or not text.isascii():
        raise ValueError
    return float(text)


def _moment(text: str) -> float:
    """Unix seconds of a number since 1970, or of a text as K6_CSV_TIME_FORMAT=rfc3339 has it."""
    if len(text) == _DIGITS and text.isascii() and text.isdigit() and text[0] != "0":
        return float(text)
    at = moment_of_number(int(text)) if text.isascii() and text.isdigit() else moment_of_text(text)[0]
    return at.timestamp()


def _add(series: Series, value: float, seconds: float, place: int, file: File, line: int) -> None:
    if not isfinite(value) or not plain_number(value):
        raise file.wrong(f"has the number {value:g}, which nobody can have measured", line=line)
    if not 946_684_800 <= seconds < 32_503_680_000:
        raise file.wrong("has a moment at which no clock was right", line=line)
    series.values.append(value)
    series.times.append(seconds)
    series.tags.append(place)


def _lines(file: File) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not empty, counted; ``SourceError`` for one without an end."""
    with file.open() as binary:
        number = 0
        while line := binary.readline(_LONGEST + 1):
            number += 1
            if len(line) > _LONGEST:
                raise file.wrong("has a line that does not end", line=number)
            if line.strip():
                yield number, line


def _whole(text: io.TextIOWrapper, file: File) -> Iterator[str]:
    """The lines of a table; k6 ends each, also the last one."""
    number = 0
    while line := text.readline(_LONGEST):
        number += 1
        if not line.endswith("\n"):
            raise file.wrong("ends within a line", line=number, hint=_CUT_OFF)
        yield line


def _known(word: str, words: tuple[Any, ...]) -> Any:
    return word if word in words else ""
