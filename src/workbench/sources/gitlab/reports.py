"""The test report of a pipeline: every test that its jobs reported, and the reports that GitLab could not read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from workbench.model.text import safe_text
from workbench.sources.gitlab.api import Api
from workbench.sources.reading import Body, Found
from workbench.sources.test_runs.answers import Run, about_tests
from workbench.sources.test_runs.counts import Counts, Outcome

_OUTCOMES: Mapping[str, Outcome] = {
    "success": "passed",
    "failed": "failed",
    "error": "errors",
    "skipped": "skipped",
}


class Case(msgspec.Struct, frozen=True):
    """One test."""

    status: str
    name: str | None = None
    classname: str | None = None
    execution_time: float | None = None


class Suite(msgspec.Struct, frozen=True):
    """The tests of one job; ``suite_error`` says why GitLab could not read its report, which then has none."""

    name: str
    total_count: int
    failed_count: int
    error_count: int
    skipped_count: int
    test_cases: list[Case] = []
    suite_error: str | None = None


class _Report(msgspec.Struct, frozen=True):
    total_count: int
    test_suites: list[Suite]


class TestReport(msgspec.Struct, frozen=True):
    """What a pipeline's report says."""

    pipeline: int
    counts: Counts
    flaws: tuple[str, ...]
    body: Body


async def read_report(api: Api, pipeline: int) -> TestReport:
    """The test report of a pipeline; one without any tests, where none of its jobs reported."""
    report, body = await api.get(api.at(f"/pipelines/{pipeline}/test_report"), _Report)
    counts, flaws = Counts(), []
    for suite in report.test_suites:
        own = _counted(suite)
        flaws += own.flaws(f"the report of {safe_text(suite.name, 60)}")
        if suite.suite_error:
            flaws.append(
                f"GitLab could not read the report of {safe_text(suite.name, 60)}:"
                f" {safe_text(suite.suite_error, 200)}"
            )
        counts.add(own)
    listed = sum(suite.total_count for suite in report.test_suites)
    if report.total_count > listed:
        flaws.append(f"GitLab counts {report.total_count:,} tests and lists {listed:,}")
    return TestReport(pipeline, counts, tuple(flaws), body)


def _counted(suite: Suite) -> Counts:
    counts = Counts()
    for case in suite.test_cases:
        outcome = _OUTCOMES.get(case.status, "unclear")
        name = ".".join(filter(None, (case.classname, case.name)))
        said = case.status if outcome == "unclear" else ""
        counts.add_test(outcome, name, seconds=max(0.0, case.execution_time or 0.0), said=said)
    counts.compare(
        tests=suite.total_count, failed=suite.failed_count + suite.error_count, skipped=suite.skipped_count
    )
    return counts


def run_of(report: TestReport, at: datetime) -> Run:
    """The report as a run of tests, of which the commit is known: it is the pipeline's."""
    return Run(
        names=[f"pipeline {report.pipeline}"],
        counts=report.counts,
        measured=at,
        bodies=(report.body,),
        told=True,
        red=report.counts.red,
        flaws=report.flaws,
        left_out=0,
    )


def about_report(report: TestReport, at: datetime) -> Found:
    """Whether every test of the report passed."""
    return about_tests(run_of(report, at))
