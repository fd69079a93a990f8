"""What real test tools wrote is counted as their runs are known to have gone (tests/data/generated)."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from workbench.sources.kinds import KINDS
from workbench.sources.reading import Question, Reading, SourceSpec
from workbench.sources.recognising import Sample, recognised
from workbench.sources.test_runs import RunTests

from .support import AT, ask

GENERATED = Path(__file__).parents[1] / "data" / "generated"
COUNTED = ("passed", "failed", "errors", "skipped", "flaky")
# By file: its kind, what is counted, and why it does not prove anything.
RUNS: dict[str, tuple[str, tuple[int, ...], str]] = {
    "pytest_reports/mixed.xml": ("junit", (5, 1, 1, 2, 0), ""),
    "pytest_reports/green.xml": ("junit", (2, 0, 0, 0, 0), ""),
    "pytest_reports/subtests.xml": ("junit", (1, 1, 0, 0, 0), ""),
    "pytest_reports/not-collected.xml": ("junit", (0, 0, 1, 0, 0), ""),
    "pytest_reports/mixed.ctrf.json": ("ctrf", (5, 2, 0, 2, 1), ""),
    "pytest_reports/green.ctrf.json": ("ctrf", (2, 0, 0, 0, 0), ""),
    "pytest_reports/subtests.ctrf.json": ("ctrf", (1, 1, 0, 0, 0), ""),
    "mocha_reports/mocha.ctrf.json": ("ctrf", (2, 1, 0, 2, 1), ""),
    "pytest_reports/mixed.tap": ("tap", (5, 2, 0, 2, 0), ""),
    "pytest_reports/green.tap": ("tap", (2, 0, 0, 0, 0), ""),
    "pytest_reports/subtests.tap": ("tap", (7, 1, 0, 0, 0), "announces 2 tests and lists 8"),
    "mocha_reports/node.tap": ("tap", (2, 2, 0, 2, 0), ""),
    "perl_tap/mixed.tap": ("tap", (3, 2, 0, 2, 0), ""),
    "perl_tap/green.tap": ("tap", (2, 0, 0, 0, 0), ""),
    "perl_tap/bails-out.tap": ("tap", (1, 0, 1, 0, 0), "announces 3 tests and lists 1"),
    "perl_tap/dies.tap": ("tap", (1, 0, 0, 0, 0), "announces 3 tests and lists 1"),
    "robot_framework/mixed.xml": ("robot", (2, 1, 0, 1, 0), ""),
    "robot_framework/teardown-fails.xml": ("robot", (0, 1, 0, 1, 0), ""),
    "robot_framework/setup-fails.xml": ("robot", (0, 2, 0, 0, 0), ""),
    "robot_framework/green.xml": ("robot", (2, 0, 0, 0, 0), ""),
    "robot_framework/all.xml": ("robot", (4, 4, 0, 2, 0), ""),
    "robot_framework_6/mixed.xml": ("robot", (2, 1, 0, 1, 0), ""),
    "robot_framework_6/teardown-fails.xml": ("robot", (0, 1, 0, 1, 0), ""),
    "cucumber/mixed.ndjson": ("cucumber", (4, 1, 0, 3, 1), ""),
    "cucumber/green.ndjson": ("cucumber", (2, 0, 0, 0, 0), ""),
}
# By file: its kind, and why nothing was measured.
NOTHING = {
    "pytest_reports/empty.xml": ("junit", "the report holds no tests"),
    "pytest_reports/empty.ctrf.json": ("ctrf", "the report holds no tests"),
    "pytest_reports/not-collected.ctrf.json": ("ctrf", "the report holds no tests"),
    "pytest_reports/empty.tap": ("tap", "the report holds no tests"),
    "pytest_reports/not-collected.tap": ("tap", "the report holds no tests"),
    "perl_tap/skips-all.tap": ("tap", "every test was skipped"),
}


def answer_of(folder: Path, kind: str, *names: str) -> Reading:
    """What a source of a kind says of files that a run left in a folder."""
    for name in names:
        copy = Path(shutil.copy(GENERATED / name, folder / Path(name).name))
        os.utime(copy, ((AT - timedelta(hours=1)).timestamp(),) * 2)
    config = KINDS[kind].config(files="*")
    question = Question(subject="tests/ci", source="ci", at=AT, role="tests", ask=RunTests())
    return ask([SourceSpec("ci", kind, config)], [question], root=folder).one


@pytest.mark.parametrize("name", RUNS)
def test_a_run_is_counted_as_it_went(name: str, tmp_path: Path) -> None:
    kind, counted, flaw = RUNS[name]
    reading = answer_of(tmp_path, kind, name)
    assert tuple(reading.facts[word] for word in COUNTED) == counted
    assert (flaw or "None") in str(reading.partial)
    red = counted[1] + counted[2] > 0
    assert (reading.state, reading.value) == ("ok", Decimal(0 if red else 1))


@pytest.mark.parametrize(
    ("name", "files", "counted"),
    [("mixed", 10, (5, 1, 1, 2, 1)), ("green", 2, (2, 0, 0, 0, 0)), ("subtests", 2, (1, 1, 0, 0, 0))],
)
def test_the_files_of_an_allure_run_are_attempts_at_its_tests(
    name: str, files: int, counted: tuple[int, ...], tmp_path: Path
) -> None:
    folder = GENERATED / "pytest_reports" / f"allure-{name}"
    names = sorted(file.relative_to(GENERATED).as_posix() for file in folder.iterdir())
    reading = answer_of(tmp_path, "allure", *names)
    assert tuple(reading.facts[word] for word in COUNTED) == counted
    assert (len(names), len(reading.evidence), reading.partial) == (files, files, None)
    for file in folder.iterdir():
        assert [one.kind for one in recognised(Sample("x", file.read_bytes()), KINDS)] == ["allure"]


@pytest.mark.parametrize("name", NOTHING)
def test_a_run_without_any_result_is_missing(name: str, tmp_path: Path) -> None:
    kind, why = NOTHING[name]
    reading = answer_of(tmp_path, kind, name)
    assert (reading.state, reading.why) == ("missing", why)


def test_a_run_of_cucumber_that_a_hook_ended_has_no_end(tmp_path: Path) -> None:
    reading = answer_of(tmp_path, "cucumber", "cucumber/hook-fails.ndjson")
    assert (reading.state, "no message says that one began" in reading.why) == ("error", True)


@pytest.mark.parametrize("name", [*RUNS, *NOTHING])
def test_a_report_is_recognised_by_what_stands_in_it(name: str) -> None:
    kind = (RUNS.get(name) or NOTHING[name])[0]
    found = recognised(Sample("report", (GENERATED / name).read_bytes()), KINDS)
    assert [one.kind for one in found] == [kind]
