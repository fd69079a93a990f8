"""GitHub's answers, checked against its published contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.github_contract import RUNS, WORKFLOW_RUNS, Mock, content, example, load_contract

from workbench.model.times import Clock
from workbench.sources.asking import fetch
from workbench.sources.fetch import Fetch
from workbench.sources.github_actions import GitHubConfig, GitHubMeasure, GitHubTests
from workbench.sources.github_actions.runs import Run
from workbench.sources.reading import Batch, Question, Reading, SourceSpec
from workbench.sources.secrets import Secrets

from .conftest import needs

pytestmark = pytest.mark.real

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    found = load_contract()
    needs(found is not None, "GitHub's contract (@octokit/openapi in .cache/contract)")
    assert found is not None
    return found


Answers = Callable[[str], dict[str, Any]]


@pytest.fixture
def mock(contract: dict[str, Any]) -> Iterator[Callable[[Answers], Mock]]:
    mocks: list[Mock] = []

    def start(answers: Answers) -> Mock:
        mocks.append(
            Mock(contract, lambda path, _: answers(WORKFLOW_RUNS if "/workflows/" in path else RUNS))
        )
        return mocks[-1]

    yield start
    for one in mocks:
        one.close()
        assert one.problems == []


def ask(url: str, **more: Any) -> Reading:
    batches: list[Batch] = []
    config = GitHubConfig(repository="octo-org/octo-repo", url=url)
    asked = Fetch(
        sources=(SourceSpec("ci", "github_actions", config),),
        questions=(Question(subject="tests/ci", source="ci", at=AT, **more),),
        root=Path(),
        clock=Clock(fixed=AT),
        secrets=Secrets(allow=True, environ={"GITHUB_TOKEN": "token-of-the-test"}),
        on_batch=batches.append,
    )
    fetch(asked)
    (reading,) = batches[0].readings
    return reading


@pytest.mark.parametrize(("path", "workflow"), [(RUNS, None), (WORKFLOW_RUNS, "build.yml")])
def test_the_contracts_own_example(contract, mock, path, workflow):
    answer = example(contract, path)
    commit = answer["workflow_runs"][0]["head_sha"]
    server = mock(lambda asked: example(contract, asked))
    reading = ask(server.url, role="tests", commit=commit, ask=GitHubTests(workflow=workflow))
    # The run of the example is queued: nothing is known yet, and that is not green.
    assert (reading.state, reading.why) == ("missing", "still running: Build")


@pytest.mark.parametrize(
    ("conclusion", "value"), [("success", 1), ("failure", 0), ("cancelled", 0), ("timed_out", 0)]
)
def test_a_completed_run(contract, mock, conclusion, value):
    def answers(path: str) -> dict[str, Any]:
        answer = example(contract, path)
        answer["workflow_runs"][0] |= {"status": "completed", "conclusion": conclusion}
        return answer

    commit = example(contract, RUNS)["workflow_runs"][0]["head_sha"]
    reading = ask(mock(answers).url, role="tests", commit=commit, ask=GitHubTests())
    assert (reading.state, reading.value) == ("ok", Decimal(value))


@pytest.mark.parametrize("read", ["success_rate", "duration", "run_attempts"])
def test_the_filters_of_a_window_are_in_the_contract(contract, mock, read):
    def answers(path: str) -> dict[str, Any]:
        answer = example(contract, path)
        answer["workflow_runs"][0] |= {
            "status": "completed",
            "conclusion": "success",
            "updated_at": "2020-01-22T19:34:08Z",
        }
        return answer

    reading = ask(mock(answers).url, window=timedelta(days=7), ask=GitHubMeasure(read=read, branch="main"))
    assert reading.state == "ok"
    assert reading.value == {"success_rate": 1, "duration": 60, "run_attempts": 1}[read]


def test_an_empty_list(contract, mock):
    server = mock(lambda path: {"total_count": 0, "workflow_runs": []})
    reading = ask(server.url, role="tests", commit="a" * 40, ask=GitHubTests())
    assert reading.state == "missing"


def test_what_we_need_of_a_run_is_promised(contract):
    schema = content(contract, RUNS)["schema"]["properties"]["workflow_runs"]["items"]
    needed = {name for name, field in zip(Run.__struct_encode_fields__, _required(), strict=True) if field}
    assert needed <= set(schema["required"])
    assert set(Run.__struct_encode_fields__) <= set(schema["properties"])


def _required() -> list[bool]:
    import msgspec

    return [field.required for field in msgspec.structs.fields(Run)]
