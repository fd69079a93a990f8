"""A JTL as a stream: memory holds two numbers for each sample, whatever the file's size."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO
from xml.parsers import expat

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.jmeter.labels import Labels
from workbench.sources.moments import moment_of_number
from workbench.sources.report_files import File

_LONGEST = 1_000_000  # characters of a line, or of one element
_CHUNK = 64 * 1024
_DEPTH = 50
_DIGITS = 13  # of milliseconds since 1970
_CUT_OFF = "was JMeter ended while it wrote?"
_MS = "set jmeter.save.saveservice.timestamp_format=ms"
_NEEDED = ("timeStamp", "elapsed", "label")


def read_csv(file: File) -> Labels:
    """The samples of a table with its header."""
    labels = Labels(file.wrong)
    with file.open() as binary, io.TextIOWrapper(binary, "utf-8-sig", newline="") as text:
        try:
            lines = _Lines(text, file)
            header = next(lines, "")
            delimiter = max(",;\t|", key=header.count)
            names = [name.strip().strip('"') for name in header.rstrip("\r\n").split(delimiter)]
            _rows(csv.reader(lines, delimiter=delimiter, strict=True), names, lines, labels)
        except UnicodeDecodeError:
            raise file.wrong("is no text in UTF-8") from None
        except csv.Error as error:
            raise file.wrong(f"cannot be read as a table: {safe_text(error, 100)}", hint=_CUT_OFF) from None
    return labels


class _Lines(Iterator[str]):
    """The lines of a table, counted; the last one has to be whole."""

    def __init__(self, text: io.TextIOWrapper, file: File) -> None:
        self._text = text
        self._file = file
        self.number = 0

    def __next__(self) -> str:
        line = self._text.readline(_LONGEST)
        if not line:
            raise StopIteration
        self.number += 1
        if not line.endswith(("\n", "\r")):
            what = "is longer than a line can be" if len(line) >= _LONGEST else "ends within a line"
            raise self.wrong(what, hint=_CUT_OFF)
        return line

    def wrong(self, what: str, *, hint: str | None = None) -> SourceError:
        return self._file.wrong(what, line=self.number, hint=hint)


def _rows(rows: Iterable[list[str]], names: list[str], lines: _Lines, labels: Labels) -> None:
    if missing := [name for name in _NEEDED if name not in names]:
        raise lines.wrong(
            f"has no column {', '.join(missing)}, so it is no JTL with its header",
            hint="set jmeter.save.saveservice.print_field_names=true",
        )
    at, elapsed, label = (names.index(name) for name in _NEEDED)
    message, success = (
        names.index(name) if name in names else None for name in ("responseMessage", "success")
    )
    for row in rows:
        if not row:
            continue
        if len(row) != len(names):
            raise lines.wrong(f"has {len(row)} cells where the header has {len(names)}", hint=_CUT_OFF)
        try:
            begun, took = _moment(row[at]), _milliseconds(row[elapsed])
        except (ValueError, SourceError):
            shown = safe_text(f"{row[at]} and {row[elapsed]}", 80)
            raise lines.wrong(f"has “{shown}” for the time of a sample", hint=_MS) from None
        labels.add(
            row[label],
            "" if message is None else row[message],
            begun,
            took,
            "" if success is None else row[success].strip().lower(),
        )


def _milliseconds(text: str) -> int:
    """JMeter writes whole milliseconds and nothing else; ``ValueError`` for anything else."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError
    return int(text)


def _moment(text: str) -> float:
    """Unix seconds of JMeter's milliseconds, or of a day and a time of the year first."""
    if text.isascii() and text.isdigit():
        # Thirteen digits that do not begin with 0 are of the years 2001 to 2286; the rest is looked at.
        plain = len(text) == _DIGITS and text[0] != "0"
        return int(text) / 1000 if plain else moment_of_number(int(text), "ms").timestamp()
    at = datetime.fromisoformat(text.strip().replace("/", "-"))
    return at.replace(tzinfo=at.tzinfo or UTC).timestamp()


def read_xml(file: File) -> Labels:
    """The samples of the XML; what stands inside of a request is a part of it, what stands inside of a transaction is not."""
    reader = _Reader(Labels(file.wrong), file)
    with file.open() as binary:
        try:
            _parse(reader, binary)
        except expat.ExpatError as error:
            raise file.wrong(f"is no whole XML: {error}", line=error.lineno, hint=_CUT_OFF) from None
    return reader.labels


def _parse(reader: _Reader, binary: BinaryIO) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = reader.refuse
    fed = 0
    while chunk := binary.read(_CHUNK):
        fed += len(chunk)
        parser.Parse(chunk, False)
        if fed - parser.CurrentByteIndex > _LONGEST:
            raise reader.wrong("has an element that does not end")
    parser.Parse(b"", True)


class _Reader:
    """Handlers of one parse; the path holds for each element whether it is a request."""

    def __init__(self, labels: Labels, file: File) -> None:
        self.labels = labels
        self._file = file
        self._path: list[bool] = []

    def wrong(self, what: str) -> SourceError:
        return self._file.wrong(what, hint=_CUT_OFF)

    def refuse(self, *_: object) -> None:
        raise self._file.wrong("declares a document type or entities, which no JTL needs")

    def start(self, tag: str, found: dict[str, str]) -> None:
        if not self._path and tag != "testResults":
            raise self._file.wrong(f"begins with <{safe_text(tag, 40)}>, so it is no JTL")
        if len(self._path) >= _DEPTH:
            raise self._file.wrong(f"is nested more than {_DEPTH} deep")
        sample = tag in ("sample", "httpSample")
        message = found.get("rm", "")
        if sample and not any(self._path):
            try:
                begun, took = _moment(found["ts"]), _milliseconds(found["t"])
                label, success = found["lb"], found.get("s", "")
            except (KeyError, ValueError, SourceError):
                raise self._file.wrong(
                    "has a sample without its label, its moment in ms or its time"
                ) from None
            self.labels.add(label, message, begun, took, success.lower())
        self._path.append(sample and not message.startswith("Number of samples in transaction"))

    def end(self, tag: str) -> None:
        self._path.pop()
