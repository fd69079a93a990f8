"""Reads CTRF reports.

Format: the JSON schema that https://ctrf.io publishes (version 1.0.0), and the shapes that reporters wrote before it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.moments import moment_of_number, moment_of_text
from workbench.sources.numbers import count_of, number_of
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File
from workbench.sources.test_runs.commits import commits_in
from workbench.sources.test_runs.counts import Counts, Outcome
from workbench.sources.test_runs.reading import RunReports
from workbench.sources.test_runs.states import outcome_of, plain

_MILLISECONDS = 1000
_STATES = ("passed", "failed", "skipped", "pending")


class _Attempt(msgspec.Struct):
    status: str = ""


class _Test(msgspec.Struct, rename="camel"):
    """``retry`` and ``flake`` are what the first reporters called ``retries`` and ``flaky``."""

    name: str
    status: str
    duration: Any = None
    start: Any = None
    suite: list[str] | str | None = None
    raw_status: str | None = None
    retries: Any = None
    retry_attempts: list[_Attempt] | None = None
    flaky: bool | None = None
    flake: bool | None = None


class _Summary(msgspec.Struct):
    tests: Any = None
    failed: Any = None
    skipped: Any = None
    pending: Any = None
    other: Any = None
    start: Any = None


class _Tool(msgspec.Struct):
    name: str = ""
    version: str | None = None


class _Environment(msgspec.Struct, rename="camel"):
    commit: Any = None
    test_environment: Any = None
    healthy: bool | None = None


class _Results(msgspec.Struct):
    tool: _Tool
    summary: _Summary
    tests: list[_Test]
    environment: _Environment | None = None


class _Document(msgspec.Struct, rename="camel"):
    results: _Results
    report_format: str | None = None
    timestamp: str | None = None


class Ctrf(RunReports):
    """Reads one source's reports."""

    def read(self, file: File) -> Counts:
        """The counts of one report."""
        document: _Document = file.json(_Document, self.largest)
        if document.report_format not in (None, "CTRF"):
            raise file.wrong(
                f"is no CTRF report: its reportFormat is “{safe_text(document.report_format, 40)}”"
            )
        results = document.results
        counts = Counts(tool=" ".join(filter(None, (results.tool.name, results.tool.version))))
        try:
            for test in results.tests:
                _count(test, counts)
            _compare(results.summary, counts)
            _note_times(document, counts)
        except SourceError as error:
            raise file.wrong(f"cannot be read: {error.what}", hint=error.hint) from None
        if environment := results.environment:
            counts.note_commits(commits_in(environment.commit))
            if environment.test_environment:
                counts.environment = safe_text(environment.test_environment, 100)
            if environment.healthy is False:
                counts.contradictions.append("says that the environment of its tests was not healthy")
        return counts


def recognise(sample: Sample) -> str:
    """What a file is: CTRF says its name since 1.0; before, what its results hold tells it."""
    if sample.value("reportFormat") == "CTRF":
        return "a CTRF report"
    results = sample.value("results") if "results" in sample.keys else None
    told = isinstance(results, dict) and {"tool", "summary", "tests"} <= results.keys()
    return "a CTRF report of an early version" if told else ""


def _count(test: _Test, counts: Counts) -> None:
    outcome, said = _outcome(test)
    counts.add_test(outcome, _name(test), seconds=_milliseconds(test) / _MILLISECONDS, said=said)


def _milliseconds(test: _Test) -> float:
    if type(test.duration) is int and test.duration >= 0:
        return float(test.duration)
    where = f"the duration of “{safe_text(test.name, 80)}”"
    number = number_of(test.duration, where) or Decimal(0)
    if number < 0:
        raise SourceError(f"{where} is {number}, less than nothing")
    return float(number)


def _outcome(test: _Test) -> tuple[Outcome, str]:
    """How a test ended; ``other`` is what the tool itself calls it, and never passed."""
    if plain(test.status) not in _STATES:
        said = test.raw_status or test.status
        own = outcome_of(said)
        return (own, "") if own in ("failed", "skipped") else ("unclear", said)
    outcome = outcome_of(test.status)
    tried = any(outcome_of(one.status) in ("failed", "unclear") for one in test.retry_attempts or ())
    if outcome == "passed" and (test.flaky or test.flake or tried):
        return "flaky", ""
    return outcome, ""


def _name(test: _Test) -> str:
    """The test's name after its suites; a name that holds them already stands alone."""
    suites = [test.suite] if isinstance(test.suite, str) else test.suite or []
    if any(suite and suite in test.name for suite in suites):
        return test.name
    return " > ".join([*suites, test.name])


def _compare(summary: _Summary, counts: Counts) -> None:
    totals = {name: getattr(summary, name) for name in ("tests", "failed", "skipped", "pending")}
    told = {
        name: None if value is None else count_of(value, f"summary.{name}") for name, value in totals.items()
    }
    skipped = [told[name] for name in ("skipped", "pending")]
    counts.compare(
        tests=told["tests"],
        failed=told["failed"],
        skipped=sum(number or 0 for number in skipped) if any(n is not None for n in skipped) else None,
    )


def _note_times(document: _Document, counts: Counts) -> None:
    """The oldest of all times; 0 stands for none."""
    results = document.results
    given = [results.summary.start, *(test.start for test in results.tests)]
    whole = [value for value in given if type(value) is int and value]
    others = [number_of(value, "a time of the report") for value in given if type(value) is not int]
    for value in (min(whole), max(whole)) if whole else ():
        counts.note_moment(moment_of_number(value, where="a time of the report"))
    for number in filter(None, others):
        counts.note_moment(moment_of_number(number, where="a time of the report"))
    if counts.timestamp is None and document.timestamp:
        moment, zoned = moment_of_text(document.timestamp, "the report's time")
        counts.note_moment(moment, zoned=zoned)
