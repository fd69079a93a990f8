"""A report that came with the checkout is no test run; one that a run wrote is."""

from __future__ import annotations

from pathlib import Path

from tests import building as build
from tests.usecases.test_authors import git

from workbench.usecases import fetching
from workbench.usecases.evaluate import evaluate
from workbench.usecases.git import tracked_among

GREEN = '<testsuite timestamp="2026-09-15T09:00:00Z"><testcase name="adds"/></testsuite>'
RED = '<testsuite><testcase name="adds"><failure/></testcase></testsuite>'


def write(folder: Path, **files: str) -> None:
    (folder / "reports").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "reports" / f"{name}.xml").write_text(text)


def test_a_report_that_git_tracks_is_left_out_until_a_run_writes_one(tmp_path: Path) -> None:
    root = tmp_path / "p"
    with build.shop(root) as context:
        git(root, "init", "-q")
        write(root, fixture=RED)
        git(root, "add", "reports")
        fetching.fetch(context, fetching.Wanted(sources=("reports",)))
        gates = {part.key: part for item in evaluate(context).gates for part in item.parts}
        part = gates["tests/reports"]
        assert part.why.startswith("reports/fixture.xml is in version control")
        assert part.step is not None and "workbench.yaml" in part.step.subject
        write(root, written=GREEN)
        fetching.fetch(context, fetching.Wanted(sources=("reports",)))
        gates = {part.key: part for item in evaluate(context).gates for part in item.parts}
        assert gates["tests/reports"].why == "1 passed; commit asserted, report of 15 Sep"


def test_files_with_odd_names_are_asked_about_by_their_names(tmp_path: Path) -> None:
    odd = ["a b.xml", "[x].xml", "-n.xml", "größe.xml", "sub/:(glob)*.xml"]
    (tmp_path / "sub").mkdir()
    for name in [*odd, "x.xml"]:
        (tmp_path / name).write_text(GREEN)
    assert tracked_among(tmp_path, odd) == frozenset()  # no checkout
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "--", *(f":(literal){name}" for name in odd[:4]))
    assert tracked_among(tmp_path, [*odd, "x.xml"]) == frozenset(odd[:4])
    assert tracked_among(tmp_path / "sub", [":(glob)*.xml"]) == frozenset()
    assert tracked_among(tmp_path, []) == frozenset()
