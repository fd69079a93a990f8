"""JUnit XML in all its dialects, read as a stream: memory does not grow with the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from workbench.model.errors import SourceError
from workbench.model.files import open_regular
from workbench.model.text import safe_text
from workbench.sources.junit.cases import Case, Forms
from workbench.sources.junit.suites import Suite
from workbench.sources.junit.words import moment_of, plain_name, times_of
from workbench.sources.test_runs.commits import COMMIT_NAMES, commits_in
from workbench.sources.test_runs.counts import Counts

_DEPTH = 100
_CHUNK = 64 * 1024
# Control characters that some runners let through from their output; XML forbids them.
_CONTROLS = bytes(ord(" ") if c < 32 and c not in b"\t\n\r" else c for c in range(256))
_SUITES = ("testsuite", "testsuites")
_LISTS = ("failures", "errors")
# Marks that some converters write in other words or letters.
_SAME_MARKS = {
    "failure": "failure", "failed": "failure", "fail": "failure", "timeout": "failure", "broken": "failure",
    "error": "error", "errored": "error", "aborted": "error",
    "cancelled": "error", "canceled": "error", "inconclusive": "error",
    "skipped": "skipped", "ignored": "skipped", "disabled": "skipped", "notrun": "skipped",
    "rerunfailure": "rerunFailure", "rerunerror": "rerunError",
    "flakyfailure": "flakyFailure", "flakyerror": "flakyError",
    "failures": "", "errors": "",  # lists of them, which may be empty
}  # fmt: skip
_BAD_NEWS = re.compile("fail|error|exception|crash|timeout|timedout|abort|broken|unexpected|panic")
_OUTPUT = re.compile("system|std|log|output|console|properties|stack")
_CUT_SHORT = "was the run cut short while the report was written?"
_HINTS = {
    expat.errors.codes[error]: hint
    for error, hint in (
        (expat.errors.XML_ERROR_NO_ELEMENTS, _CUT_SHORT),
        (expat.errors.XML_ERROR_UNCLOSED_TOKEN, _CUT_SHORT),
        (expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION, _CUT_SHORT),
        (expat.errors.XML_ERROR_PARTIAL_CHAR, _CUT_SHORT),
        (expat.errors.XML_ERROR_TAG_MISMATCH, "did two runs write into the same file?"),
        (expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT, "were two reports written into one file?"),
        (
            expat.errors.XML_ERROR_BAD_CHAR_REF,
            "XML cannot hold that character, not even as a reference: have the test leave colours and "
            "control characters out of its output",
        ),
    )
}


@lru_cache(maxsize=512)
def _mark_of(name: str) -> str:
    """What an element inside of a case or a suite says of it; nothing where that is not known."""
    plain = plain_name(name)
    if plain in _SAME_MARKS:
        return _SAME_MARKS[plain]
    return "error" if _BAD_NEWS.search(plain) and not _OUTPUT.match(plain) else ""


class _Refused(Exception):
    """The file is well-formed and still not acceptable."""


class _Reader:
    """Handlers of one parse."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._path: list[str] = []
        self._suites: list[Suite] = []
        self._cases: list[Case] = []
        self._forms = Forms()
        self._seen_suite = False

    def parser(self, encoding: str | None) -> expat.XMLParserType:
        parser = expat.ParserCreate(encoding)
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.buffer_text = True
        return parser

    def finish(self) -> Counts:
        if not self._seen_suite:
            raise _Refused("it is no JUnit report: it has no <testsuite>")
        return self.counts

    def _refuse(self, *_: object) -> None:
        raise _Refused("it declares a document type or entities, which a test report never needs")

    def _start(self, tag: str, pairs: list[str]) -> None:
        """An element begins; ``pairs`` are its attributes: name, value, name, value, …"""
        name = tag.rpartition(":")[2] if ":" in tag else tag
        path = self._path
        if len(path) >= _DEPTH:
            raise _Refused(f"it is nested more than {_DEPTH} deep")
        if not path and name not in _SUITES:
            raise _Refused(f"it is no JUnit report: it begins with <{safe_text(name, 40)}>")
        if name == "testcase":
            path.append(name)
            case = Case(self._forms.of(tuple(pairs[::2])), pairs[1::2])
            self._cases.append(case)
            if case.form.times:
                self._note_times(case.values[place] for place in case.form.times)
            return
        outer = path[-1] if path and path[-1] == "testcase" else self._outer()
        path.append(name)
        if name in _SUITES:
            self._seen_suite = True
            self._open(_plain(pairs), root=name == "testsuites")
        elif self._cases and outer == "testcase":
            self._cases[-1].marks.append(_mark_of(name))
        elif name == "property" and not self._cases and outer == "properties":
            self._note_commit(_plain(pairs))
        elif outer in _SUITES and _mark_of(name) in ("error", "failure"):
            self._suites[-1].add_failure(self.counts)

    def _outer(self) -> str:
        """The element around this one, lists of failures left out."""
        return next((each for each in reversed(self._path) if each.lower() not in _LISTS), "")

    def _open(self, attributes: dict[str, str], *, root: bool) -> None:
        pytest = attributes.get("name") == ("pytest tests" if root else "pytest")
        self._suites.append(Suite(attributes, root=root, pytest=pytest))
        self._note_times(times_of(attributes))

    def _end(self, tag: str) -> None:
        name = self._path.pop()
        if name == "testcase" and self._cases:
            self._suites[-1].add_case(self._cases.pop(), self.counts)
        elif name in _SUITES and self._suites:
            suite = self._suites.pop()
            suite.close(self.counts)
            if self._suites:
                self._suites[-1].add_suite(suite)
            else:
                suite.conclude(self.counts)

    def _note_times(self, texts: Iterable[str]) -> None:
        for text in texts:
            moment, zoned = moment_of(text)
            self.counts.note_moment(moment, zoned=zoned)

    def _note_commit(self, attributes: dict[str, str]) -> None:
        if attributes.get("name", "").strip().lower() in COMMIT_NAMES:
            self.counts.note_commits(commits_in(attributes.get("value", "")))


def _plain(pairs: list[str]) -> dict[str, str]:
    return dict(zip(map(plain_name, pairs[::2]), pairs[1::2], strict=True))


def read_file(path: Path) -> Counts:
    """The counts of one file; ``SourceError`` says where it is broken."""
    try:
        return _read(lambda: _chunks(path), path.name)
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror or error}") from None


def read(data: bytes, name: str = "the report") -> Counts:
    """The counts of a report in memory; ``SourceError`` says where it is broken."""
    return _read(lambda: iter([data]), name)


def _read(chunks: Callable[[], Iterator[bytes]], name: str) -> Counts:
    try:
        return _parse(chunks(), None)
    except _Refused as error:
        raise SourceError(f"{name} is refused: {error}") from None
    except expat.ExpatError as error:
        first = error
    except (ValueError, LookupError) as error:  # an encoding that does not exist
        raise SourceError(f"{name} cannot be read: {safe_text(error, 200)}") from None
    # Bytes that are not what the file declares: all that counts is ASCII, so Latin-1 will do.
    if first.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]:
        try:
            counts = _parse(chunks(), "iso-8859-1")
        except (_Refused, expat.ExpatError):
            pass
        else:
            counts.note = "not in the encoding that it declares; names may look odd"
            return counts
    raise SourceError(
        f"{name} is no valid XML: line {first.lineno}, {expat.ErrorString(first.code)}",
        hint=_HINTS.get(first.code, "look at that line: whatever wrote it did not write XML"),
    )


def _parse(chunks: Iterator[bytes], encoding: str | None) -> Counts:
    reader = _Reader()
    parser = reader.parser(encoding)
    wide = None
    for chunk in chunks:
        if wide is None:
            chunk = chunk.lstrip(
                b" \t\r\n"
            )  # before <?xml XML allows no blank line, and some tools write one
            if not chunk:
                continue
            wide = chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:4]
        parser.Parse(chunk if wide else chunk.translate(_CONTROLS), False)
    parser.Parse(b"", True)
    return reader.finish()


def _chunks(path: Path) -> Iterator[bytes]:
    with open_regular(path) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
