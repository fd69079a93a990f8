"""The test report of a build: every test with its state, of one module or of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from workbench.model.text import safe_text
from workbench.sources.jenkins.api import Api, Build, path_of
from workbench.sources.reading import Body
from workbench.sources.rest import Refused
from workbench.sources.test_runs.answers import Run
from workbench.sources.test_runs.counts import Counts, Outcome

_CASES = "suites[name,cases[className,name,status,duration,failedSince,flakyFailures[message]]]"
_TREE = f"failCount,passCount,skipCount,totalCount,{_CASES},childReports[result[failCount,passCount,skipCount,{_CASES}]]"
# ``FIXED`` passed after it had failed, ``REGRESSION`` failed after it had passed: states of Jenkins, not results.
_OUTCOMES: Mapping[str, Outcome] = {
    "PASSED": "passed",
    "FIXED": "passed",
    "FAILED": "failed",
    "REGRESSION": "failed",
    "SKIPPED": "skipped",
}


class Case(msgspec.Struct, frozen=True):
    """One test; ``failedSince`` is the number of the build since which it fails, 0 for one that does not."""

    status: str
    name: str = ""
    className: str | None = None
    duration: float = 0.0
    failedSince: int = 0
    flakyFailures: list[Any] | None = None


class Suite(msgspec.Struct, frozen=True):
    """The tests of one file."""

    cases: list[Case] = []


class Result(msgspec.Struct, frozen=True):
    """The tests of one module."""

    failCount: int
    skipCount: int
    passCount: int | None = None
    totalCount: int | None = None
    suites: list[Suite] = []

    @property
    def announced(self) -> int | None:
        """How many tests there are: a report of several modules gives the total, others what passed."""
        if self.totalCount is not None:
            return self.totalCount
        return None if self.passCount is None else self.failCount + self.skipCount + self.passCount


class _Child(msgspec.Struct, frozen=True):
    result: Result


class _Report(Result, frozen=True):
    childReports: list[_Child] = []


async def run_of(api: Api, job: str, build: Build) -> Run | None:
    """The test report of a build as a run of tests, of which the commit is known; ``None`` where it has none."""
    try:
        report, body = await api.get(
            f"{path_of(job)}/{build.number}/testReport/api/json", _Report, (("tree", _TREE),)
        )
    except Refused as refused:
        if refused.status == 404:
            return None
        raise
    return _run(build, report, body)


def _run(build: Build, report: _Report, body: Body) -> Run:
    counts = Counts()
    cases = [
        case for result in (report, *_children(report)) for suite in result.suites for case in suite.cases
    ]
    for case in cases:
        outcome = _OUTCOMES.get(case.status, "unclear")
        if outcome == "passed" and case.flakyFailures:
            outcome = "flaky"
        name = ".".join(filter(None, (case.className, case.name)))
        said = case.status if outcome == "unclear" else ""
        counts.add_test(outcome, name, seconds=max(0.0, case.duration), said=said)
    counts.compare(tests=report.announced, failed=report.failCount, skipped=report.skipCount)
    counts.note = _since(build, cases)
    return Run(
        names=[build.title],
        counts=counts,
        measured=build.ended,
        bodies=(body,),
        told=True,
        red=counts.red,
        flaws=tuple(counts.flaws(f"the report of {build.title}")),
        left_out=0,
    )


def _children(report: _Report) -> list[Result]:
    return [child.result for child in report.childReports]


def _since(build: Build, cases: list[Case]) -> str:
    """The test that has failed for longest, where it failed in an earlier build already."""
    failing = [case for case in cases if _OUTCOMES.get(case.status) == "failed" and case.failedSince]
    oldest = min(failing, key=lambda case: case.failedSince, default=None)
    if oldest is None or oldest.failedSince >= build.number:
        return ""
    return f"{safe_text(oldest.name, 80)} has failed since build {oldest.failedSince}"
