"""What test reports of every format do alike: those handed in, those that count once, and totals that contradict."""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from workbench.sources.handed import Handed
from workbench.sources.junit import JUnitConfig
from workbench.sources.reading import Question, Reading, SourceSpec
from workbench.sources.test_runs import Read, RunMeasure, RunTests
from workbench.sources.test_runs.commits import commits_in
from workbench.sources.test_runs.counts import Counts

from .support import AT, ask

COMMIT = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"
GREEN = "<testsuite name='s'><testcase classname='c' name='adds' time='0.5'/></testsuite>"
RED = "<testsuite name='s'><testcase classname='c' name='pays'><failure/></testcase></testsuite>"


def handed(name: str, text: str, commit: str = "") -> Handed:
    return Handed(
        id=name,
        name=name,
        data=text.encode(),
        sources=("ci",),
        written=AT,
        commit=commit,
        said_by="Ana: run 7",
    )


def asked(
    root: Path, *given: Handed, files: str | list[str] = "*.xml", read: Read | None = None, **more: Any
) -> Reading:
    for path in root.rglob("*.xml"):
        os.utime(path, ((AT - timedelta(hours=1)).timestamp(),) * 2)
    what: dict[str, Any] = {"role": "tests", "ask": RunTests(), "subject": "tests/ci"}
    if read is not None:
        what = {"role": "value", "ask": RunMeasure(read=read), "subject": "b"}
    question = Question(source="ci", at=AT, commit=COMMIT, **what, **more)
    return ask([SourceSpec("ci", "junit", JUnitConfig(files=files))], [question], root=root, handed=given).one


def test_a_report_that_was_handed_in_is_only_asserted_until_its_commit_is_known(tmp_path: Path) -> None:
    reading = asked(tmp_path, handed("unit.xml", GREEN))
    assert (reading.value, reading.mark, reading.facts["commit_known"]) == (
        Decimal(1),
        "asserted",
        "asserted",
    )
    reading = asked(tmp_path, handed("unit.xml", GREEN, COMMIT))
    assert (reading.value, reading.mark, reading.facts["commit_known"]) == (Decimal(1), "", "asked")
    assert reading.facts["commit_said_by"] == "Ana: run 7"


def test_reports_of_the_folder_and_those_handed_in_count_together(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(GREEN)
    reading = asked(tmp_path, handed("b.xml", RED))
    assert (reading.value, reading.facts["passed"], reading.facts["failed"]) == (Decimal(0), 1, 1)


def test_a_report_of_the_folder_that_was_handed_in_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(GREEN)
    assert asked(tmp_path, handed("a.xml", GREEN, COMMIT), read="total").value == 1
    reading = asked(tmp_path, handed("ci/a.xml", GREEN, COMMIT), handed("again/a.xml", GREEN, COMMIT))
    assert (reading.facts["passed"], reading.facts["commit_known"]) == (1, "asked")


def test_what_was_handed_in_satisfies_its_pattern(tmp_path: Path) -> None:
    (tmp_path / "unit.xml").write_text(GREEN)
    files = ["unit.xml", "e2e/*.xml"]
    assert asked(tmp_path, files=files).partial == "no file matches e2e/*.xml"
    assert asked(tmp_path, handed("out/e2e/all.xml", GREEN + " ", COMMIT), files=files).partial is None


def test_a_broken_report_that_was_handed_in_hides_no_red_one(tmp_path: Path) -> None:
    assert asked(tmp_path, handed("a.xml", GREEN), handed("b.xml", "<testsuite>")).state == "error"
    reading = asked(tmp_path, handed("a.xml", RED), handed("b.xml", "<testsuite>"))
    assert (reading.value, "b.xml" in (reading.partial or "")) == (Decimal(0), True)


def test_reports_of_two_environments_are_told_apart(tmp_path: Path) -> None:
    for place, text in (("staging", RED), ("production", GREEN)):
        (tmp_path / place).mkdir()
        (tmp_path / place / "unit.xml").write_text(text)
    for place, failed in (("staging", 1), ("production", 0)):
        reading = asked(tmp_path, files="$environment/unit.xml", read="failed", environment=place)
        assert reading.value == failed


@pytest.mark.parametrize(
    ("read", "value"), [("pass_rate", "0.5"), ("fail_rate", "0.5"), ("total", "2"), ("flaky", "0"), ("duration", "0.5")]
)  # fmt: skip
def test_numbers_of_a_run(tmp_path: Path, read: Read, value: str) -> None:
    (tmp_path / "a.xml").write_text(GREEN)
    (tmp_path / "b.xml").write_text(RED)
    assert asked(tmp_path, read=read).value == Decimal(value)


@pytest.mark.parametrize(
    ("read", "state"), [("failed", "missing"), ("flaky", "missing"), ("fail_rate", "missing"), ("skipped", "ok"), ("total", "ok")]
)  # fmt: skip
def test_a_run_in_which_every_test_was_skipped_says_nothing_of_failures(
    tmp_path: Path, read: Read, state: str
) -> None:
    (tmp_path / "a.xml").write_text("<testsuite><testcase name='a'><skipped/></testcase></testsuite>")
    assert asked(tmp_path, read=read).state == state


@pytest.mark.parametrize(
    ("claimed", "flaws"),
    [
        ({"tests": 2, "failed": 1, "skipped": 0}, []),
        ({}, []),
        ({"tests": 3}, ["it announces 3 tests and lists 2"]),
        ({"tests": 1}, ["it announces 1 test and lists 2"]),
        ({"failed": 2}, ["it counts 2 failures and marks 1"]),
        ({"skipped": 1}, ["it counts 1 skipped and marks none"]),
    ],
)
def test_totals_are_compared_with_what_is_listed(claimed: dict[str, int], flaws: list[str]) -> None:
    counts = Counts()
    counts.add_test("passed", "a")
    counts.add_test("unclear", "b", said="frobbed")
    counts.compare(**claimed)
    assert counts.flaws("it") == flaws
    assert counts.failing == ["b (frobbed)"]


@pytest.mark.parametrize(
    ("text", "commits"),
    [(COMMIT.upper(), (COMMIT,)), (f" {COMMIT[:7]} ", (COMMIT[:7],)), (COMMIT[:6], ()), ("v2.14.0", ()), (7, ()), (None, ())],
)  # fmt: skip
def test_what_names_a_commit(text: object, commits: tuple[str, ...]) -> None:
    assert commits_in(text) == commits
