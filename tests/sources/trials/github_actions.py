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


def _right(asked: Asked) -> Answer:
    return _runs("success") if asked.params.get("page", "1") == "1" else _runs(total=1)


TRIALS = ServerTrials(
    example="""\
sources:
  - {key: ci, kind: github_actions, url: "https://github.example.com/api/v3", repository: acme/shop, token: "${CI_TOKEN}"}
benchmarks: []
""",
    secrets=("CI_TOKEN",),
    right=_right,
    expects={"tests/ci": "1"},
    empty=Case(_runs(), "missing", ("no run",)),
    partial=Case(_runs("success", total=40), "ok", ("of 40 runs",)),
    another=Case(body({"runs": []}), "error", ("another form", "another version")),
)
