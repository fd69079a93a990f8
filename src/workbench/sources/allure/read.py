"""Reads Allure's results: one file for each attempt at a test, and containers of the fixtures around them.

Format: the model of Allure 2 (https://allurereport.org, ``*-result.json`` and ``*-container.json``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.sources.moments import moment_of_number
from workbench.sources.numbers import number_of
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File, Report
from workbench.sources.test_runs.commits import COMMIT_NAMES, commits_in
from workbench.sources.test_runs.counts import Counts, Outcome
from workbench.sources.test_runs.reading import RunReports

_OUTCOMES: dict[str, Outcome] = {
    "passed": "passed",
    "failed": "failed",
    "broken": "errors",
    "skipped": "skipped",
}
_MILLISECONDS = 1000


class _Label(msgspec.Struct):
    name: str = ""
    value: str | None = None


class _Details(msgspec.Struct):
    flaky: bool | None = None


class _Fixture(msgspec.Struct):
    name: str | None = None
    status: str | None = None


class _Document(msgspec.Struct, rename="camel"):
    """A result, or a container, which alone has ``children``."""

    uuid: str
    name: str | None = None
    status: str | None = None
    stage: str | None = None
    status_details: _Details | None = None
    start: Any = None
    stop: Any = None
    history_id: str | None = None
    full_name: str | None = None
    labels: list[_Label] | None = None
    children: list[str] | None = None
    befores: list[_Fixture] | None = None
    afters: list[_Fixture] | None = None


class Attempt(Counts):
    """One attempt at the test that ``test`` names, and when it ended (ms)."""

    test: str = ""
    ended: float = 0.0


class Allure(RunReports):
    """Reads one source's files."""

    def read(self, file: File) -> Counts:
        """One attempt at a test, or what went wrong in fixtures."""
        document: _Document = file.json(_Document, self.largest)
        try:
            return _attempt(document) if document.children is None else _fixtures(document)
        except SourceError as error:
            raise file.wrong(f"cannot be read: {error.what}", hint=error.hint) from None

    def settled(self, reports: Sequence[Report[Counts]]) -> Sequence[Report[Counts]]:
        """Of several attempts at one test the last one counts; one that passed after others did not is flaky."""
        found: list[Report[Counts]] = []
        for test, group in groupby(sorted(reports, key=_order), key=lambda one: _order(one)[0]):
            *earlier, last = group
            if not test:
                found += [*earlier, last]
            elif last.read.passed and any(one.read.red for one in earlier):
                read = msgspec.structs.replace(last.read, flaky=1)
                found.append(msgspec.structs.replace(last, read=read))
            else:
                found.append(last)
        return found


def recognise(sample: Sample) -> str:
    """What a file is, by the keys that results and containers have."""
    keys = sample.keys
    if "uuid" in keys and "children" in keys and keys & {"befores", "afters"}:
        return "fixtures of Allure results"
    if {"uuid", "name"} <= keys and keys & {"historyId", "fullName"} and keys & {"status", "stage"}:
        return "an Allure result"
    return ""


def _order(report: Report[Counts]) -> tuple[str, float, str]:
    read = report.read
    return (read.test, read.ended, report.name) if isinstance(read, Attempt) else ("", 0.0, report.name)


def _attempt(document: _Document) -> Attempt:
    start, stop = (number_of(value, "its time") for value in (document.start, document.stop))
    seconds = float(stop - start) / _MILLISECONDS if start and stop and stop > start else 0.0
    attempt = Attempt(
        test=document.history_id or document.full_name or document.uuid, ended=float(stop or start or 0)
    )
    outcome, said = _outcome(document)
    attempt.add_test(outcome, _name(document), seconds=seconds, said=said)
    if start:
        attempt.note_moment(moment_of_number(start, where="its start"))
    for label in document.labels or ():
        if label.name.lower() in COMMIT_NAMES:
            attempt.note_commits(commits_in(label.value))
        elif label.name == "framework" and label.value:
            attempt.tool = label.value
    return attempt


def _outcome(document: _Document) -> tuple[Outcome, str]:
    """How an attempt ended; one that never finished, or says nothing, did not pass."""
    if document.stage not in (None, "finished"):
        return "unclear", document.stage
    outcome = _OUTCOMES.get(document.status or "")
    if outcome is None:
        return "unclear", document.status or "no status"
    flaky = document.status_details is not None and document.status_details.flaky
    return ("flaky" if flaky and outcome == "passed" else outcome), ""


def _name(document: _Document) -> str:
    labels = {label.name: label.value for label in document.labels or ()}
    place = labels.get("suite") or labels.get("package") or labels.get("feature")
    name = document.name or document.full_name or "a test without a name"
    return f"{place}.{name}" if place else name


def _fixtures(document: _Document) -> Counts:
    counts = Counts()
    for fixture in (*(document.befores or ()), *(document.afters or ())):
        if fixture.status not in (None, "passed", "skipped"):
            counts.add_test("errors", fixture.name or "a fixture")
    return counts
