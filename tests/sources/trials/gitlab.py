"""Trials of GitLab's pipelines, test reports and deployments."""

from typing import Any

from tests.sources.support import Answer, Asked, body
from tests.sources.trials.frame import COMMIT, Case, ServerTrials

AT = "2026-09-15T09:00:00.000Z"


def pipeline(number: int = 1, status: str = "success", **more: Any) -> dict[str, Any]:
    """A pipeline as a list tells of it."""
    told = {"id": number, "iid": number, "project_id": 1, "status": status, "source": "push", "ref": "main"}
    return told | {"sha": COMMIT, "created_at": AT, "updated_at": "2026-09-15T09:05:00.000Z"} | more


def report(*statuses: str, suite_error: str | None = None) -> dict[str, Any]:
    """A test report with one suite."""
    cases = [
        {
            "status": status,
            "name": f"test {number}",
            "classname": "shop",
            "execution_time": 2.5,
            "system_output": None,
        }
        for number, status in enumerate(statuses, 1)
    ]
    counts = {
        "total_time": 2.5 * len(cases),
        "total_count": len(cases),
        "success_count": statuses.count("success"),
        "failed_count": statuses.count("failed"),
        "skipped_count": statuses.count("skipped"),
        "error_count": statuses.count("error"),
    }
    suite = {"name": "unit", **counts, "test_cases": cases, "suite_error": suite_error}
    return {**counts, "test_suites": [suite] if cases or suite_error else []}


def deployment(
    number: int = 1, status: str = "success", environment: str = "staging", **more: Any
) -> dict[str, Any]:
    """A deployment that a job made."""
    job = {
        "id": 657,
        "name": "deploy",
        "started_at": "2026-09-15T09:01:00.000Z",
        "finished_at": "2026-09-15T09:04:00.000Z",
        "pipeline": {"id": 30 + number, "status": "success"},
    }
    told = {"id": number, "iid": number, "ref": "main", "sha": COMMIT, "status": status, "created_at": AT}
    return told | {"updated_at": AT, "environment": {"id": 9, "name": environment}, "deployable": job} | more


def _right(asked: Asked) -> Answer:
    if asked.path.endswith("/test_report"):
        return body(report("success", "success", "skipped"))
    if asked.path.endswith("/deployments"):
        return body([deployment(1, environment=asked.params.get("environment", "staging"))])
    return body([pipeline()])


def _partial(asked: Asked) -> Answer:
    if asked.path.endswith("/test_report"):
        return body(report("success", suite_error="JUnit XML parsing failed: 1:1: FATAL"))
    return _right(asked)


TRIALS = ServerTrials(
    example="""\
sources:
  - {key: ci, kind: gitlab, url: "https://gitlab.example.com/api/v4", project: acme/shop, token: "${CI_TOKEN}"}
benchmarks:
  - {key: pipelines-work, title: Pipelines work, environment: staging, measure: {source: ci, read: success_rate, window: 14d, unit: '%'}, pass: '>= 90 %'}
  - {key: deployments, kind: deployment_success, environment: staging, measure: {source: ci, about: deployments, read: success_rate, window: 30d, unit: '%'}}
  - {key: regressions, kind: post_deploy_failures, environment: staging, measure: {source: ci, about: tests, read: fail_rate, unit: '%'}}
""",
    secrets=("CI_TOKEN",),
    right=_right,
    expects={"tests/ci": "1", "pipelines-work": "100", "deployments": "100", "regressions": "0"},
    empty=Case(body([]), "missing", ("no pipeline for commit",)),
    partial=Case(_partial, "missing", ("could not read the report of unit",)),
    another=Case(body({"pipelines": []}), "error", ("another form", "another version")),
    more={
        "nothing was deployed": Case(
            body([]), "missing", ("no deployment to staging is known",), of="deployments"
        ),
        "another scope": Case(
            body({"error": "insufficient_scope", "error_description": "x"}, 403),
            "error",
            ("insufficient_scope",),
        ),
        "limited": Case(
            body({"message": "Too many requests"}, 429, **{"Retry-After": "3600"}),
            "error",
            ("limits how often",),
        ),
        "not found": Case(
            body({"message": "404 Project Not Found"}, 404), "error", ("acme/shop", "may see it")
        ),
    },
)
