"""Reads Robot Framework's output.xml, as a stream.

Format: the schemas ``robot.xsd`` of Robot Framework 3 to 7 (schemaversion 1 to 5).
"""

from __future__ import annotations

from datetime import datetime
from math import isfinite
from typing import ClassVar

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.moments import moment_of_text
from workbench.sources.numbers import count_of
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File
from workbench.sources.test_runs.commits import COMMIT_NAMES, commits_in
from workbench.sources.test_runs.counts import Counts, Outcome
from workbench.sources.test_runs.reading import RunReports
from workbench.sources.xml_files import Refused, XmlReader, attributes, local, read_xml

_OUTCOMES: dict[str, Outcome] = {"PASS": "passed", "FAIL": "failed", "SKIP": "skipped"}
_OLD_TIME = "%Y%m%d %H:%M:%S.%f"  # until Robot Framework 6
_DEEPEST = 1_000  # its keywords alone may call one another a hundred deep
_LONGEST_TEXT = 200  # characters of a suite's metadata that can name a commit


class Robot(RunReports):
    """Reads one source's files, in pieces."""

    media = "application/xml"
    largest = 2**40

    def read(self, file: File) -> Counts:
        """The counts of one run."""
        counts, note = read_xml(file.open, file.name, _Reader)
        counts.note = counts.note or note
        return counts


def recognise(sample: Sample) -> str:
    """What a file is, by its outermost element."""
    return "an output.xml of Robot Framework" if sample.xml_root == "robot" else ""


class _Test(msgspec.Struct):
    name: str
    outcome: Outcome = "unclear"
    said: str = "no status"
    seconds: float = 0.0


class _Suite(msgspec.Struct):
    """A suite while it is read, with its tests and those of its suites: its teardown may still fail them all."""

    name: str
    tests: list[_Test] = []
    teardown: str = ""
    said: str = ""


class _Reader(XmlReader[Counts]):
    has_text: ClassVar[bool] = True

    def __init__(self) -> None:
        self._counts = Counts()
        self._path: list[str] = []
        self._suites: list[_Suite] = []
        self._test: _Test | None = None
        self._kind = ""  # of the keyword that stands directly in a suite
        self._meta: list[str] | None = None
        self._totals: list[dict[str, str]] = []
        self._errors = 0

    def start(self, tag: str, pairs: list[str]) -> None:
        name = local(tag)
        if len(self._path) >= _DEEPEST:
            raise Refused(f"it is nested more than {_DEEPEST:,} deep")
        if not self._path and name != "robot":
            raise Refused(f"it is no output.xml of Robot Framework: it begins with <{safe_text(name, 40)}>")
        outer = self._path[-1] if self._path else ""
        self._path.append(name)
        if name == "status":
            self._status(outer, attributes(pairs))
        elif name in ("suite", "test"):
            self._open(name, outer, attributes(pairs))
        elif name == "kw" and outer == "suite":
            self._kind = attributes(pairs).get("type", "").upper()
        elif name == "robot":
            self._counts.tool = " ".join(attributes(pairs).get("generator", "").split()[:2])
        elif name == "stat" and outer == "total":
            self._totals.append(attributes(pairs))
        elif name in ("meta", "item") and outer in ("suite", "metadata"):
            self._meta = [] if attributes(pairs).get("name", "").lower() in COMMIT_NAMES else None
        elif name == "msg" and outer == "errors":
            self._errors += attributes(pairs).get("level") == "ERROR"

    def end(self, tag: str) -> None:
        name = self._path.pop()
        outer = self._path[-1] if self._path else ""
        if name == "test" and outer == "suite" and self._test:
            self._suites[-1].tests.append(self._test)
            self._test = None
        elif name == "suite" and outer in ("suite", "robot"):
            self._close()
        elif self._meta is not None and name in ("meta", "item"):
            self._counts.note_commits(commits_in("".join(self._meta)))
            self._meta = None

    def text(self, text: str) -> None:
        if self._meta is not None and sum(map(len, self._meta)) < _LONGEST_TEXT:
            self._meta.append(text)

    def finish(self) -> Counts:
        if not self._totals:
            self._counts.contradictions.append("has no statistics: was the run cut short?")
        else:
            self._counts.compare(**self._claimed())
        if self._errors:
            self._counts.note = f"{self._errors:,} errors while Robot Framework read its files"
        return self._counts

    def _open(self, name: str, outer: str, about: dict[str, str]) -> None:
        if name == "suite" and outer in ("suite", "robot"):
            self._suites.append(_Suite(about.get("name", "")))
        elif name == "test" and outer == "suite":
            self._test = _Test(".".join([*(suite.name for suite in self._suites), about.get("name", "")]))

    def _status(self, outer: str, about: dict[str, str]) -> None:
        said = about.get("status", "")
        if outer == "test" and self._test:
            self._test.outcome = _OUTCOMES.get(said, "unclear")
            self._test.said = "" if said in _OUTCOMES else said
            self._test.seconds = _seconds(about)
        elif outer == "kw" and len(self._path) > 2 and self._path[-3] == "suite":
            if self._kind == "TEARDOWN":
                self._suites[-1].teardown = said
        elif outer == "suite" and self._suites:
            self._suites[-1].said = said
            moment, zoned = _moment(about)
            self._counts.note_moment(moment, zoned=zoned)

    def _close(self) -> None:
        """A suite ends.  What its teardown says holds for its tests, which are written before it."""
        suite = self._suites.pop()
        changed: Outcome | None = {"FAIL": "failed", "SKIP": "skipped"}.get(suite.teardown)  # type: ignore[assignment]
        for test in suite.tests:
            if changed and test.outcome == "passed":
                test.outcome = changed
        if suite.said == "FAIL" and all(test.outcome in ("passed", "skipped") for test in suite.tests):
            self._counts.contradictions.append(
                f"says that the suite “{safe_text(suite.name, 100)}” failed, and none of its tests did"
            )
        if self._suites:
            self._suites[-1].tests += suite.tests
            return
        for test in suite.tests:
            self._counts.add_test(test.outcome, test.name, seconds=test.seconds, said=test.said)

    def _claimed(self) -> dict[str, int]:
        """The run's own totals: the largest, since the first versions have a line for critical tests, too."""
        told = [{name: _count(one, name) for name in ("pass", "fail", "skip")} for one in self._totals]
        return {
            "tests": max(sum(one.values()) for one in told),
            "failed": max(one["fail"] for one in told),
            "skipped": max(one["skip"] for one in told),
        }


def _count(stat: dict[str, str], name: str) -> int:
    try:
        return count_of(stat.get(name), f"the total “{name}”")
    except SourceError as error:
        raise Refused(error.what) from None


def _seconds(about: dict[str, str]) -> float:
    """How long a test took: a number since version 7, before that the time between two moments."""
    try:
        if "elapsed" in about:
            elapsed = float(about["elapsed"])
            return max(0.0, elapsed) if isfinite(elapsed) else 0.0
        begun, ended = (datetime.strptime(about[name], _OLD_TIME) for name in ("starttime", "endtime"))
    except (KeyError, ValueError):
        return 0.0
    return max(0.0, (ended - begun).total_seconds())


def _moment(about: dict[str, str]) -> tuple[datetime | None, bool]:
    """When a suite began; Robot Framework writes local time without its zone."""
    try:
        if "start" in about:
            return moment_of_text(about["start"])
        return moment_of_text(datetime.strptime(about["starttime"], _OLD_TIME).isoformat())
    except (KeyError, ValueError, SourceError):
        return None, True
