"""What test runners and coverage tools left is imported, and each is judged by what its run did."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.generators.cleaning import STARTS
from tests.generators.tool import GENERATED

from workbench.criteria import Verdict
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.given_files import given_files
from workbench.usecases.result_files import Imported, Said, import_results

REASON = "the CI run 4711 of this commit wrote it"
NOW = STARTS + timedelta(hours=1)
# Of each file: the kind that reads it, what is measured, and what has to come of it: a limit that is kept, and one that is not.
CASES = [
    ("pytest_reports/mixed.xml", "junit", "read: failed", "== 2", "<= 1"),
    ("pytest_reports/subtests.xml", "junit", "read: pass_rate, unit: '%'", ">= 50", ">= 51"),
    ("pytest_reports/mixed.ctrf.json", "ctrf", "read: flaky", "== 1", "== 0"),
    ("pytest_reports/subtests.ctrf.json", "ctrf", "read: fail_rate, unit: '%'", "<= 50", "<= 49"),
    ("mocha_reports/mocha.ctrf.json", "ctrf", "read: skipped", "== 2", "<= 1"),
    ("mocha_reports/node.tap", "tap", "read: failed", "== 2", "<= 1"),
    ("perl_tap/mixed.tap", "tap", "read: total", "== 7", "== 6"),
    ("robot_framework/teardown-fails.xml", "robot", "read: failed", "== 1", "== 0"),
    ("robot_framework_6/mixed.xml", "robot", "read: skipped", "== 1", "== 0"),
    ("cucumber/green.ndjson", "cucumber", "read: pass_rate, unit: '%'", ">= 100", "< 100"),
    ("cucumber/mixed.ndjson", "cucumber", "read: failed", "== 2", "<= 1"),
    ("coverage_py/branches.json", "coverage_py", "read: missed_lines", "== 4", "<= 3"),
    ("coverage_py/branches.xml", "cobertura", "read: lines, unit: '%', paths: [shop/pay.py]", ">= 75", ">= 76"),
    ("mocha_reports/c8.lcov", "lcov", "read: functions, unit: '%'", ">= 50", ">= 51"),
]  # fmt: skip
# What a real run left that measures nothing, and why.
NOTHING = [
    ("pytest_reports/not-collected.ctrf.json", "ctrf", "read: failed", "the report holds no tests"),
    ("pytest_reports/subtests.tap", "tap", "read: failed", "announces 2 tests and lists 8"),
    ("perl_tap/dies.tap", "tap", "read: failed", "announces 3 tests and lists 1"),
    ("perl_tap/skips-all.tap", "tap", "read: failed", "every test was skipped"),
    ("cucumber/hook-fails.ndjson", "cucumber", "read: failed", "holds no run"),
    ("coverage_py/lines.xml", "cobertura", "read: branches", "no branches were measured"),
]


def project(kind: str, measure: str, kept: str, broken: str) -> str:
    """A project with one source of this kind, and one measure with two limits."""
    limits = {"kept": kept, "broken": broken}
    return (
        build.HEAD
        + build.PEOPLE
        + f"sources:\n  - {{key: tool, kind: {kind}, files: 'results/*'}}\nbenchmarks:\n"
        + "".join(
            f"  - {{key: {key}, title: T, flow: checkout, mode: blocking, pass: '{limit}', measure: {{source: tool, {measure}}}}}\n"
            for key, limit in limits.items()
        )
        + "gates:\n  - {key: go, title: Go, requires: [benchmarks: {}]}\n"
    )


def handed(context: Context, paths: Sequence[Path], *, bound: bool = True) -> tuple[Imported, ...]:
    """What becomes of files that are handed in as if they had just been written."""
    copies = []
    for path in paths:
        copies.append(Path(shutil.copy(path, context.root.parent)))
        os.utime(copies[-1], (STARTS.timestamp(),) * 2)
    said = Said(commit=build.SHA, reason=REASON) if bound else Said()
    return tuple(import_results(context, given_files(copies, context.root), said))


def verdicts(context: Context) -> tuple[Verdict, Verdict]:
    """Of the limit that is kept, and of the one that is not."""
    evaluation = evaluate(context)
    return verdict_of(evaluation, "kept").outcome.verdict, verdict_of(evaluation, "broken").outcome.verdict


@pytest.mark.parametrize(
    ("name", "kind", "measure", "kept", "broken"), CASES, ids=[f"{c[0]} {c[2]}" for c in CASES]
)
def test_what_a_real_run_left_is_imported_and_judged(
    tmp_path: Path, name: str, kind: str, measure: str, kept: str, broken: str
) -> None:
    with build.shop(tmp_path / "shop", project(kind, measure, kept, broken), now=NOW) as context:
        (one,) = handed(context, [GENERATED / name])
        assert one.sources == ("tool",)
        assert verdicts(context) == (Verdict.PASS, Verdict.FAIL)


@pytest.mark.parametrize("name", ["pytest_reports/green.xml", "pytest_reports/green.tap"])
def test_a_report_that_does_not_name_its_commit_satisfies_nothing(tmp_path: Path, name: str) -> None:
    kind = "junit" if name.endswith("xml") else "tap"
    with build.shop(tmp_path / "shop", project(kind, "read: failed", "== 0", "== 0"), now=NOW) as context:
        handed(context, [GENERATED / name], bound=False)
        assert verdicts(context) == (Verdict.MISSING, Verdict.MISSING)


def test_a_report_that_names_its_commit_needs_nobody_to_say_it(tmp_path: Path) -> None:
    with build.shop(
        tmp_path / "shop", project("cucumber", "read: failed", "== 0", "> 0"), now=NOW
    ) as context:
        (one,) = handed(context, [GENERATED / "cucumber" / "green.ndjson"], bound=False)
        assert one.bound == "told"
        assert verdicts(context) == (Verdict.PASS, Verdict.FAIL)


def test_attempts_at_a_test_are_put_together_when_they_are_imported(tmp_path: Path) -> None:
    files = sorted((GENERATED / "pytest_reports" / "allure-mixed").iterdir())
    with build.shop(tmp_path / "shop", project("allure", "read: flaky", "== 1", "== 0"), now=NOW) as context:
        assert {one.sources for one in handed(context, files)} == {("tool",)}
        assert verdicts(context) == (Verdict.PASS, Verdict.FAIL)


@pytest.mark.parametrize(("name", "kind", "measure", "words"), NOTHING, ids=[c[0] for c in NOTHING])
def test_what_was_not_measured_passes_no_limit(
    tmp_path: Path, name: str, kind: str, measure: str, words: str
) -> None:
    with build.shop(tmp_path / "shop", project(kind, measure, ">= 0", ">= 0"), now=NOW) as context:
        (one,) = handed(context, [GENERATED / name])
        assert not one.taken
        assert words in one.left_out[0].why
        assert verdicts(context) == (Verdict.MISSING, Verdict.MISSING)
