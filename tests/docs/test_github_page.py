"""docs/github.md, typed in a repository with five workflows, its runs served as GitHub's contract says."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.docs.transcripts import type_page
from tests.github_contract import RUNS, Mock, example, load_contract

from workbench.sources.github_actions.runs import Asked, Run, verdict

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "github.md"
REPOSITORY = ROOT / "tests" / "data" / "five-workflows"
NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)

# The commits of the page by their first letter, and the runs that GitHub has of each: workflow, event, conclusion.
COMMITS: dict[str, list[tuple[str, str, str | None]]] = {
    "a": [("ci", "push", "success"), ("nightly", "schedule", "success")],
    "b": [("ci", "push", "success"), ("charts", "push", "failure")],
    "c": [("ci", "push", "success"), ("review", "pull_request", "failure")],
    "d": [("review", "pull_request", "success")],
    "e": [
        ("ci", "push", "success"),
        ("review", "pull_request", "success"),
        ("nightly", "schedule", "success"),
        ("charts", "push", "success"),
    ],
    "f": [("ci", "push", "success"), ("charts", "push", None)],
}
FILES = ("ci", "review", "nightly", "charts")
BRANCH = {"pull_request": "topic"}


def run(number: int, file: str, event: str, conclusion: str | None, commit: str) -> dict[str, Any]:
    """One run; with the contract at hand, all that GitHub tells of one."""
    contract = load_contract()
    whole = example(contract, RUNS)["workflow_runs"][0] if contract else {"repository": {"id": 1}}
    moment = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    return whole | {
        "id": 1000 + number,
        "workflow_id": 10 + FILES.index(file),
        "run_number": number,
        "run_attempt": 1,
        "status": "completed" if conclusion else "in_progress",
        "conclusion": conclusion,
        "event": event,
        "head_sha": commit,
        "head_branch": BRANCH.get(event, "main"),
        "head_repository": whole["repository"],
        "name": file.title() if file != "ci" else "CI",
        "path": f".github/workflows/{file}.yml",
        "created_at": moment,
        "run_started_at": moment,
        "updated_at": moment,
    }


def answers(path: str, params: dict[str, str]) -> dict[str, Any]:
    """GitHub's list of runs for a commit, of one workflow or of all."""
    named = re.search(r"/workflows/([\w-]+)\.yml/", path)
    commit = params["head_sha"]
    found = [
        run(number, file, event, conclusion, commit)
        for number, (file, event, conclusion) in enumerate(COMMITS[commit[0]], 1)
        if named is None or named[1] == file
    ]
    return {"total_count": len(found), "workflow_runs": found}


@pytest.fixture
def github() -> Iterator[Mock]:
    server = Mock(load_contract(), answers)
    yield server
    server.close()
    assert server.problems == []


@pytest.fixture
def folder(tmp_path: Path, github: Mock) -> Path:
    folder = shutil.copytree(REPOSITORY, tmp_path / "parcels")
    file = folder / "workbench.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("https://api.github.com", github.url), encoding="utf-8")
    return folder


def test_every_line_of_the_page_does_what_it_says(tmp_path: Path, folder: Path) -> None:
    surroundings = {
        "WORKBENCH_DATA": str(tmp_path / "data"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(tmp_path / "none"),
        "GIT_CEILING_DIRECTORIES": str(tmp_path),
        "GITHUB_TOKEN": "",
        "GITHUB_RUN_ID": "",
        "WORKBENCH_AS": "petra",
    }
    assert type_page(PAGE, folder, surroundings) > 10


def test_the_files_on_the_page_are_those_of_the_repository() -> None:
    page = PAGE.read_text(encoding="utf-8")
    (definitions,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    whole = (REPOSITORY / "workbench.yaml").read_text(encoding="utf-8")
    assert definitions in whole.replace("    url: https://api.github.com\n", "")
    for file in sorted((REPOSITORY / ".github" / "workflows").iterdir()):
        assert f"| `{file.name}` |" in page


WAYS = (None, "success", "failure", "cancelled", "skipped", "running")


def test_green_exactly_when_everything_that_ran_is_green() -> None:
    """Every way in which the four workflows that run by themselves can have run for a commit."""
    commit = "a" * 40
    events = {"ci": "push", "review": "pull_request", "nightly": "schedule", "charts": "push"}
    whole = {file: {way: _one(file, events[file], way, commit) for way in WAYS if way} for file in FILES}
    for ways in itertools.product(WAYS, repeat=len(FILES)):
        ran = {file: way for file, way in zip(FILES, ways, strict=True) if way and way != "skipped"}
        runs = [whole[file][way] for file, way in zip(FILES, ways, strict=True) if way]
        found = verdict(runs, Asked(commit=commit, at=NOW))
        tested_itself = bool(set(ran) - {"review"})
        assert (found.value == 1) is (tested_itself and set(ran.values()) == {"success"}), ways
        assert (found.value == 0) is bool({"failure", "cancelled"} & set(ran.values())), ways


def _one(file: str, event: str, way: str, commit: str) -> Run:
    told = run(1, file, event, None if way == "running" else way, commit)
    return msgspec.convert(told, Run, strict=False)
