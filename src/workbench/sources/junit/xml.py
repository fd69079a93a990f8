"""JUnit XML in all its dialects, read as a stream: memory does not grow with the file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import BinaryIO

from workbench.model.text import safe_text
from workbench.sources.junit.cases import Case, Forms
from workbench.sources.junit.suites import Suite
from workbench.sources.junit.words import moment_of, plain_name, times_of
from workbench.sources.test_runs.commits import COMMIT_NAMES, commits_in
from workbench.sources.test_runs.counts import Counts
from workbench.sources.xml_files import DEPTH, Refused, XmlReader, local, read_xml

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


@lru_cache(maxsize=512)
def _mark_of(name: str) -> str:
    """What an element inside of a case or a suite says of it; nothing where that is not known."""
    plain = plain_name(name)
    if plain in _SAME_MARKS:
        return _SAME_MARKS[plain]
    return "error" if _BAD_NEWS.search(plain) and not _OUTPUT.match(plain) else ""


class _Reader(XmlReader[Counts]):
    """Handlers of one parse."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._path: list[str] = []
        self._suites: list[Suite] = []
        self._cases: list[Case] = []
        self._forms = Forms()
        self._seen_suite = False

    def finish(self) -> Counts:
        if not self._seen_suite:
            raise Refused("it is no JUnit report: it has no <testsuite>")
        return self.counts

    def start(self, tag: str, pairs: list[str]) -> None:
        path = self._path
        if len(path) >= DEPTH:
            raise Refused(f"it is nested more than {DEPTH} deep")
        name = tag if tag == "testcase" else local(tag)
        if not path and name not in _SUITES:
            raise Refused(f"it is no JUnit report: it begins with <{safe_text(name, 40)}>")
        if name == "testcase":
            path.append(name)
            form = self._forms.of(tuple(pairs[::2]))
            case = Case(form, pairs[1::2])
            self._cases.append(case)
            if form.times:
                self._note_times(case.values[place] for place in form.times)
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

    def end(self, tag: str) -> None:
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


def read_stream(open_it: Callable[[], BinaryIO], name: str) -> Counts:
    """The counts of one report, however large; ``SourceError`` says where it is broken."""
    counts, note = read_xml(open_it, name, _Reader)
    counts.note = note
    return counts


def read(data: bytes, name: str = "the report") -> Counts:
    """The counts of a report in memory; ``SourceError`` says where it is broken."""
    return read_stream(lambda: io.BytesIO(data), name)
