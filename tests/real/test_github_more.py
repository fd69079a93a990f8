"""GitHub's jobs, checks, deployments and findings, checked in both directions against its published contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests import github_contract as github
from tests.github_contract import Mock, example, load_contract, template_of, unpromised

from workbench.model.times import Clock
from workbench.sources.asking import fetch
from workbench.sources.fetch import Fetch
from workbench.sources.github_actions import GitHubConfig, GitHubMeasure, GitHubTests
from workbench.sources.github_actions.checks import CheckRun
from workbench.sources.github_actions.checks import Status as CommitStatus
from workbench.sources.github_actions.counting import Job, Step
from workbench.sources.github_actions.deployed import Asked, Status
from workbench.sources.github_actions.scanned import Alert, Analysis, DependencyAlert
from workbench.sources.reading import Batch, Question, Reading, SourceSpec
from workbench.sources.secrets import Secrets

from .conftest import needs

pytestmark = pytest.mark.real

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOON = "2026-11-19T12:00:00Z"
COMMIT = "c" * 40


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    found = load_contract()
    needs(found is not None, "GitHub's contract (@octokit/openapi in .cache/contract)")
    assert found is not None
    return found


Change = Callable[[Any, str, dict[str, str]], Any]


@pytest.fixture
def serve(contract: dict[str, Any]) -> Iterator[Callable[[dict[str, Change]], Mock]]:
    """A server that answers with the contract's examples, each changed as the test says."""
    mocks: list[Mock] = []

    def start(changes: dict[str, Change]) -> Mock:
        def answer(path: str, params: dict[str, str]) -> Any:
            template = template_of(path)
            return changes.get(template, lambda told, *_: told)(example(contract, template), path, params)

        mocks.append(Mock(contract, answer))
        return mocks[-1]

    yield start
    for one in mocks:
        one.close()
        assert one.problems == []


def ask(url: str, config: dict[str, Any] | None = None, **more: Any) -> Reading:
    batches: list[Batch] = []
    source = GitHubConfig(repository="octo-org/octo-repo", url=url, **(config or {}))
    question: dict[str, Any] = {"subject": "b", "environment": "staging", "window": timedelta(days=7)} | more
    fetch(
        Fetch(
            sources=(SourceSpec("ci", "github_actions", source),),
            questions=(Question(source="ci", at=AT, **question),),
            root=Path(),
            clock=Clock(fixed=AT),
            secrets=Secrets(allow=True, environ={"GITHUB_TOKEN": "token-of-the-test"}),
            on_batch=batches.append,
        )
    )
    (reading,) = batches[0].readings
    return reading


def deployment(told: Any, number: int, environment: str) -> Any:
    return told | {"id": number, "environment": environment, "sha": COMMIT, "created_at": NOON}


def deployments(told: Any, _: str, params: dict[str, str]) -> Any:
    number = 1 if params["environment"] == "staging" else 2
    return [deployment(told[0], number, params["environment"])]


def statuses(told: Any, path: str, _: dict[str, str]) -> Any:
    number = int(path.split("/")[-2])
    log = {"log_url": f"https://github.com/octo-org/octo-repo/actions/runs/7{number}/job/9{number}"}
    after = f"2026-11-19T12:0{2 * number}:00Z"
    return [
        told[0] | log | {"id": 3, "state": "inactive", "created_at": "2026-11-20T09:00:00Z"},
        told[0] | log | {"id": 2, "state": "success", "created_at": after},
        told[0] | log | {"id": 1, "state": "in_progress", "created_at": NOON},
    ]


def job(told: Any, path: str, _: dict[str, str]) -> Any:
    named = ["Set up job", "Deploy"] if path.endswith("91") else ["Set up job", "Deploy", "Smoke test"]
    whole = told["steps"][0]
    return told | {
        "created_at": NOON,
        "steps": [whole | {"name": name, "conclusion": "success"} for name in named],
    }


def approvals(told: Any, path: str, _: dict[str, str]) -> Any:
    told[0]["environments"][0]["name"] = "production"
    return told if "/runs/72/" in path else []


DEPLOYED: dict[str, Change] = {
    github.DEPLOYMENTS: deployments,
    github.DEPLOYMENT_STATUSES: statuses,
    github.JOB: job,
    github.APPROVALS: approvals,
}


@pytest.mark.parametrize(
    ("read", "value"),
    [("success_rate", 1), ("duration", 120), ("count", 1), ("friction", 2), ("skipped_steps", 2)],
)
def test_deployments(serve, read, value):
    reading = ask(serve(DEPLOYED).url, ask=GitHubMeasure(about="deployments", read=read))
    assert (reading.state, reading.value) == ("ok", value), reading.why
    if read == "friction":
        assert "staging skips “approval”, “Smoke test”" in str(reading.facts["note"])


def test_the_contracts_own_deployment_succeeded(serve):
    measure = GitHubMeasure(about="deployments", read="since_last", deployed_to="production")
    reading = ask(serve({}).url, ask=measure, unit="d", window=None)
    assert (reading.state, reading.value) == ("ok", pytest.approx(5236, abs=1))


def test_jobs(serve):
    def runs(told: Any, *_: Any) -> Any:
        told["workflow_runs"][0] |= {"status": "completed", "conclusion": "success"}
        return told

    def jobs(told: Any, *_: Any) -> Any:
        return told | {"jobs": [one | {"created_at": one["started_at"]} for one in told["jobs"]]}

    measure = GitHubMeasure(about="jobs", read="duration", job="build")
    reading = ask(serve({github.RUNS: runs, github.JOBS: jobs}).url, ask=measure)
    assert (reading.state, reading.value) == ("ok", 119)
    reading = ask(
        serve({github.RUNS: runs, github.JOBS: jobs}).url,
        ask=GitHubMeasure(about="jobs", read="success_rate", job="build", step="Set up job"),
    )
    assert reading.value == 1


@pytest.mark.parametrize(("state", "value"), [("success", 1), ("failure", 0)])
def test_checks_and_statuses(contract, serve, state, value):
    def checks(told: Any, *_: Any) -> Any:
        told["check_runs"][0] |= {"head_sha": COMMIT, "status": "completed", "conclusion": "success"}
        return told

    def combined(told: Any, *_: Any) -> Any:
        told["statuses"] = [one | {"state": state} for one in told["statuses"]]
        return told | {"sha": COMMIT}

    server = serve({github.CHECKS: checks, github.STATUS: combined})
    reading = ask(server.url, {"checks": "all"}, role="tests", commit=COMMIT, ask=GitHubTests())
    assert (reading.state, reading.value) == ("ok", Decimal(value)), reading.why


def test_alerts_of_code_scanning(serve):
    def analyses(told: Any, *_: Any) -> Any:
        return [one | {"commit_sha": COMMIT} for one in told]

    measure = GitHubMeasure(about="code_scanning", read="open", severity=["high"])
    reading = ask(serve({github.ANALYSES: analyses}).url, commit=COMMIT, ask=measure)
    assert (reading.state, reading.value) == ("ok", 1), reading.why  # the other one is dismissed


def test_alerts_of_dependencies(serve):
    def alerts(told: Any, _: str, params: dict[str, str]) -> Any:
        for one in told:
            one["security_advisory"].pop(
                "epss", None
            )  # the example gives it in a way that its schema refuses
        return [one for one in told if one["state"] in params.get("state", one["state"]).split(",")]

    server = serve({github.DEPENDENCY_ALERTS: alerts})
    read = {
        read: ask(server.url, ask=GitHubMeasure(about="dependency_alerts", read=read)).value
        for read in ("open", "suppressed", "total")
    }
    assert read == {"open": 1, "suppressed": 1, "total": 2}


@pytest.mark.parametrize(
    ("path", "shape", "inside"),
    [
        (github.DEPLOYMENTS, Asked, ()),
        (github.DEPLOYMENT_STATUSES, Status, ()),
        (github.JOBS, Job, ("jobs",)),
        (github.JOB, Job, ()),
        (github.JOB, Step, ("steps",)),
        (github.CHECKS, CheckRun, ("check_runs",)),
        (github.STATUS, CommitStatus, ("statuses",)),
        (github.ANALYSES, Analysis, ()),
        (github.SCANNING_ALERTS, Alert, ()),
        (github.DEPENDENCY_ALERTS, DependencyAlert, ()),
    ],
)
def test_what_we_need_is_promised(contract, path, shape, inside):
    assert unpromised(contract, path, shape, *inside) == set()
