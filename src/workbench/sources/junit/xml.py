"""JUnit XML in all its dialects, read as a stream: memory does not grow with the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.parsers import expat

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text

_DEPTH = 100
_CHUNK = 64 * 1024
# Control characters that some runners let through from their output; XML forbids them.
_CONTROLS = bytes(ord(" ") if c < 32 and c not in b"\t\n\r" else c for c in range(256))
_FLAKY = frozenset({"flakyFailure", "flakyError"})
_NAMED = 20
_COMMIT_NAMES = frozenset({"commit", "git.commit", "git_commit", "sha", "git_sha", "git.sha"})
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


class Counts(msgspec.Struct):
    """What a report says.

    ``announced`` is what its suites claim to hold, ``commits`` which builds they say they tested.
    """

    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    flaky: int = 0
    seconds: float = 0.0
    announced: int = 0
    timestamp: datetime | None = None
    zoned: bool = True
    failing: list[str] = []
    commits: list[str] = []
    note: str = ""

    @property
    def total(self) -> int:
        """All tests, skipped ones too."""
        return self.passed + self.failed + self.errors + self.skipped

    @property
    def ran(self) -> int:
        """Tests that came to a result."""
        return self.passed + self.failed + self.errors

    def add(self, other: Counts) -> None:
        """Takes in another file's counts; the oldest time stamp stays."""
        for name in ("passed", "failed", "errors", "skipped", "flaky", "seconds", "announced"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.timestamp and (self.timestamp is None or other.timestamp < self.timestamp):
            self.timestamp = other.timestamp
        self.failing = (self.failing + other.failing)[:_NAMED]
        self.note = self.note or other.note


class _Refused(Exception):
    """The file is well-formed and still not acceptable."""


class _Suite(msgspec.Struct):
    attributes: dict[str, str]
    cases: int = 0


class _Reader:
    """Handlers of one parse."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._path: list[str] = []
        self._suites: list[_Suite] = []
        self._case: dict[str, str] | None = None
        self._marks: set[str] = set()
        self._seen_suite = False

    def parser(self, encoding: str | None) -> expat.XMLParserType:
        parser = expat.ParserCreate(encoding)
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

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if len(self._path) >= _DEPTH:
            raise _Refused(f"it is nested more than {_DEPTH} deep")
        if not self._path and name not in ("testsuite", "testsuites"):
            raise _Refused(f"it is no JUnit report: it begins with <{safe_text(name, 40)}>")
        self._path.append(name)
        if name in ("testsuite", "testsuites"):
            self._seen_suite = True
            self._suites.append(_Suite(attributes))
            if name == "testsuite":
                self._note_time(attributes.get("timestamp"))
        elif name == "testcase":
            self._case, self._marks = attributes, set()
        elif self._case is not None and self._path[-2] == "testcase":
            self._marks.add(name)
        elif name == "property" and self._case is None and self._path[-2] == "properties":
            self._note_commit(attributes)
        elif self._case is None and name in ("error", "failure") and self._path[-2] == "testsuite":
            self.counts.errors += 1  # the suite itself broke, before or after its tests
            self._name_failing(self._suites[-1].attributes)

    def _end(self, tag: str) -> None:
        name = self._path.pop()
        if name == "testcase" and self._case is not None:
            self._count(self._case)
            self._case = None
            for suite in self._suites:
                suite.cases += 1
        elif name in ("testsuite", "testsuites") and self._suites:
            suite = self._suites.pop()
            if not suite.cases and name == "testsuite":
                suite.cases = self._summary_only(suite.attributes)
                for outer in self._suites:
                    outer.cases += suite.cases
            elif name == "testsuite" and not self._in_suite():
                self.counts.announced += max(suite.cases, _whole(suite.attributes.get("tests")))
                return
            if name == "testsuite" and not self._in_suite():
                self.counts.announced += suite.cases

    def _in_suite(self) -> bool:
        return "testsuite" in self._path

    def _count(self, case: dict[str, str]) -> None:
        counts, marks = self.counts, self._marks
        counts.seconds += _seconds(case.get("time"))
        if "error" in marks or ("rerunError" in marks and "failure" not in marks):
            counts.errors += 1
            self._name_failing(case)
        elif "failure" in marks or "rerunFailure" in marks:
            counts.failed += 1
            self._name_failing(case)
        elif "skipped" in marks or _was_not_run(case):
            counts.skipped += 1
        else:
            counts.passed += 1
            counts.flaky += bool(marks & _FLAKY)

    def _summary_only(self, attributes: dict[str, str]) -> int:
        """A suite that gives numbers and lists no tests; how many tests that makes."""
        tests = _whole(attributes.get("tests"))
        failed = min(tests, _whole(attributes.get("failures")))
        errors = min(tests - failed, _whole(attributes.get("errors")))
        told = attributes.get("skipped") or attributes.get("disabled") or attributes.get("skip")
        skipped = min(tests - failed - errors, _whole(told))
        counts = self.counts
        counts.failed += failed
        counts.errors += errors
        counts.skipped += skipped
        counts.passed += tests - failed - errors - skipped
        counts.seconds += _seconds(attributes.get("time")) if tests else 0.0
        return tests

    def _name_failing(self, attributes: dict[str, str]) -> None:
        if len(self.counts.failing) < _NAMED:
            parts = [attributes.get("classname", ""), attributes.get("name", "")]
            self.counts.failing.append(safe_text(".".join(part for part in parts if part), 120))

    def _note_commit(self, attributes: dict[str, str]) -> None:
        commit = attributes.get("value", "").strip().lower()
        named = attributes.get("name", "").strip().lower() in _COMMIT_NAMES
        commits = self.counts.commits
        if named and _COMMIT.fullmatch(commit) and commit not in commits and len(commits) < _NAMED:
            commits.append(commit)

    def _note_time(self, text: str | None) -> None:
        moment, zoned = _moment(text)
        if moment and (self.counts.timestamp is None or moment < self.counts.timestamp):
            self.counts.timestamp, self.counts.zoned = moment, zoned


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
        hint="was the run cut short while the report was written?",
    )


def _parse(chunks: Iterator[bytes], encoding: str | None) -> Counts:
    reader = _Reader()
    parser = reader.parser(encoding)
    wide = None
    for chunk in chunks:
        if wide is None:
            wide = chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:4]
        parser.Parse(chunk if wide else chunk.translate(_CONTROLS), False)
    parser.Parse(b"", True)
    return reader.finish()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _was_not_run(case: dict[str, str]) -> bool:
    """GoogleTest and others say so in an attribute."""
    words = {case.get("status", "").lower(), case.get("result", "").lower()}
    return bool(words & {"notrun", "skipped", "disabled", "suppressed", "ignored"})


def _whole(text: str | None) -> int:
    try:
        return min(max(0, int(text or 0)), 10**9)
    except ValueError:
        return 0


def _seconds(text: str | None) -> float:
    """A duration in seconds; thousands may be separated (``1,204.5``)."""
    try:
        seconds = float((text or "0").replace(",", ""))
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < 1e9 else 0.0


def _moment(text: str | None) -> tuple[datetime | None, bool]:
    """A time stamp and whether it names its zone; without one it is taken as UTC."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None, True
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC), bool(moment.tzinfo)
    except OverflowError:
        return None, True
