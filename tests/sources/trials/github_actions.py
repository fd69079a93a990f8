"""Trials of GitHub's workflow runs."""

from tests.sources.support import Answer, Asked, body
from tests.sources.trials.frame import COMMIT, Case, ServerTrials


def _runs(*conclusions: str | None, total: int | None = None) -> Answer:
    runs = [
        {
            "id": number,
            "workflow_id": 7,
            "run_number": number,
            "run_attempt": 1,
            "status": "completed" if conclusion else "in_progress",
            "conclusion": conclusion,
            "event": "push",
            "head_sha": COMMIT,
            "head_branch": "main",
            "repository": {"id": 1},
            "head_repository": {"id": 1},
            "name": "CI",
            "path": ".github/workflows/ci.yml",
            "created_at": "2026-09-15T09:00:00Z",
            "run_started_at": "2026-09-15T09:00:00Z",
            "updated_at": "2026-09-15T09:05:00Z",
        }
        for number, conclusion in enumerate(conclusions, 1)
    ]
    return body({"total_count": len(runs) if total is None else total, "workflow_runs": runs})


_MOMENT = "2026-09-15T09:00:00Z"


def _deployments(asked: Asked) -> Answer:
    if asked.path.endswith("/statuses"):
        return body([{"id": 1, "state": "success", "created_at": "2026-09-15T09:04:00Z"}])
    return body([{"id": 5, "sha": COMMIT, "environment": "staging", "created_at": _MOMENT}])


def _analyses(commit: str) -> Answer:
    told = {
        "ref": "refs/heads/main",
        "commit_sha": commit,
        "analysis_key": "codeql",
        "error": "",
        "created_at": _MOMENT,
    }
    return body([told])


def _right(asked: Asked) -> Answer:
    if "/deployments" in asked.path:
        return _deployments(asked)
    if asked.path.endswith("/analyses"):
        return _analyses(COMMIT)
    if asked.path.endswith("/alerts"):
        return body([])
    return _runs("success") if asked.params.get("page", "1") == "1" else _runs(total=1)


TRIALS = ServerTrials(
    example="""\
sources:
  - {key: ci, kind: github_actions, url: "https://github.example.com/api/v3", repository: acme/shop, token: "${CI_TOKEN}"}
benchmarks:
  - {key: deployments, kind: deployment_success, environment: staging, measure: {source: ci, about: deployments, read: success_rate, window: 30d, unit: "%"}}
  - {key: findings, kind: critical_findings, environment: staging, measure: {source: ci, about: code_scanning, read: open, severity: [critical]}}
  - {key: dependencies, kind: critical_findings, environment: staging, measure: {source: ci, about: dependency_alerts, read: open}}
""",
    secrets=("CI_TOKEN",),
    right=_right,
    expects={"tests/ci": "1", "deployments": "100", "findings": "0"},
    empty=Case(_runs(), "missing", ("no run",)),
    partial=Case(_runs("success", total=40), "ok", ("of 40 runs",)),
    another=Case(body({"runs": []}), "error", ("another form", "another version")),
    more={
        "nothing was deployed": Case(
            body([]), "missing", ("no deployment to staging is known",), of="deployments"
        ),
        "nothing was scanned": Case(
            body({"message": "no analysis found"}, 404),
            "missing",
            ("has analysed nothing yet",),
            of="findings",
        ),
        "another commit was scanned": Case(
            _analyses("b" * 40), "missing", ("has not analysed commit",), of="findings"
        ),
        "scanning is switched off": Case(
            body({"message": "Code Security must be enabled"}, 403),
            "error",
            ("must be enabled",),
            of="findings",
        ),
        "limited": Case(
            body({"message": "slow down"}, 429, **{"Retry-After": "3600"}),
            "error",
            ("limits how often",),
            of="dependencies",
        ),
    },
)
