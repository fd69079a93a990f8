"""GitHub's answers, checked against its published contract (npm ``@octokit/openapi``).

The contract is looked for where ``WORKBENCH_CONTRACT`` says, then in ``.cache/contract``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import pytest

from workbench.model.times import Clock
from workbench.sources.asking import fetch
from workbench.sources.fetch import Fetch
from workbench.sources.github_actions import GitHubConfig, GitHubMeasure, GitHubTests
from workbench.sources.github_actions.ask import Run
from workbench.sources.reading import Batch, Question, Reading, SourceSpec
from workbench.sources.secrets import Secrets

from .conftest import needs

pytestmark = pytest.mark.real

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
RUNS = "/repos/{owner}/{repo}/actions/runs"
WORKFLOW_RUNS = "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs"
_FILE = Path("node_modules/@octokit/openapi/generated/api.github.com.deref.json")


@cache
def _contract_file() -> Path | None:
    named = os.environ.get("WORKBENCH_CONTRACT")
    places = [Path(named), Path(named) / _FILE] if named else []
    places.append(Path(__file__).parents[2] / ".cache/contract" / _FILE)
    return next((place for place in places if place.is_file()), None)


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    file = _contract_file()
    needs(file is not None, "GitHub's contract (@octokit/openapi in .cache/contract)")
    assert file is not None
    loaded: dict[str, Any] = json.loads(file.read_bytes())
    return loaded


def operation(contract: dict[str, Any], path: str) -> dict[str, Any]:
    found: dict[str, Any] = contract["paths"][path]["get"]
    return found


def content(contract: dict[str, Any], path: str) -> dict[str, Any]:
    found: dict[str, Any] = operation(contract, path)["responses"]["200"]["content"]["application/json"]
    return found


def example(contract: dict[str, Any], path: str) -> dict[str, Any]:
    """The contract's own example, as a copy that a test may change."""
    first = next(iter(content(contract, path)["examples"].values()))
    copied: dict[str, Any] = json.loads(json.dumps(first["value"]))
    return copied


def validate(contract: dict[str, Any], path: str, answer: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(_draft(content(contract, path)["schema"])).validate(answer)


def _draft(schema: Any) -> Any:
    """OpenAPI 3.0 says ``nullable`` where JSON Schema adds the type null."""
    if isinstance(schema, list):
        return [_draft(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    drafted = {key: _draft(part) for key, part in schema.items() if key not in ("nullable", "example")}
    return {"anyOf": [drafted, {"type": "null"}]} if schema.get("nullable") is True else drafted


Answers = Callable[[str], dict[str, Any]]


class Mock:
    """Serves answers for the two paths, and refuses what the contract does not know."""

    def __init__(self, contract: dict[str, Any], answers: Answers) -> None:
        self.problems: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                path = WORKFLOW_RUNS if "/workflows/" in parts.path else RUNS
                outer.look(contract, path, dict(parse_qsl(parts.query)))
                answer = answers(path)
                validate(contract, path, answer)
                data = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def look(self, contract: dict[str, Any], path: str, params: dict[str, str]) -> None:
        known = {
            parameter["name"]: parameter.get("schema", {})
            for parameter in operation(contract, path)["parameters"]
            if parameter["in"] == "query"
        }
        for name, value in params.items():
            if name not in known:
                self.problems.append(f"{path} takes no {name}")
            elif value not in known[name].get("enum", [value]):
                self.problems.append(f"{name}={value} is not allowed")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def mock(contract: dict[str, Any]) -> Iterator[Callable[[Answers], Mock]]:
    mocks: list[Mock] = []

    def start(answers: Answers) -> Mock:
        mocks.append(Mock(contract, answers))
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
