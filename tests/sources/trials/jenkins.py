"""Trials of Jenkins' builds, test reports and deployments."""

from typing import Any

from tests.sources.support import Answer, Asked, body
from tests.sources.trials.frame import COMMIT, Case, ServerTrials

BEGAN = 1789462800000  # 2026-09-15T09:00:00Z


def build(
    number: int = 1, result: str | None = "SUCCESS", *, commit: str = COMMIT, **more: Any
) -> dict[str, Any]:
    """A build as a job tells of it; a library was checked out beside it."""
    git = "hudson.plugins.git.util.BuildData"
    actions: list[Any] = [
        {"_class": git, "lastBuiltRevision": {"SHA1": "9" * 40}},
        {},
        {"_class": git, "lastBuiltRevision": {"SHA1": commit}},
    ]
    told = {"_class": "org.jenkinsci.plugins.workflow.job.WorkflowRun", "number": number, "result": result}
    times = {"building": result is None, "timestamp": BEGAN, "duration": 240000}
    return told | times | {"actions": actions} | more


def builds(*told: dict[str, Any]) -> Answer:
    """A job with its builds."""
    return body({"_class": "org.jenkinsci.plugins.workflow.job.WorkflowJob", "allBuilds": list(told)})


def report(*statuses: str, **more: Any) -> dict[str, Any]:
    """The test report of a build."""
    cases = [
        {"className": "shop", "name": f"test {number}", "status": status, "duration": 0.5, "failedSince": 0}
        for number, status in enumerate(statuses, 1)
    ]
    failed = sum(status in ("FAILED", "REGRESSION") for status in statuses)
    counts = {"failCount": failed, "skipCount": statuses.count("SKIPPED")}
    passed = len(statuses) - sum(counts.values())
    told = {
        "_class": "hudson.tasks.junit.TestResult",
        "duration": 1.5,
        "empty": False,
        **counts,
        "passCount": passed,
    }
    return told | {"suites": [{"name": "shop", "cases": cases}]} | more


def _right(asked: Asked) -> Answer:
    if asked.path.endswith("/testReport/api/json"):
        return body(report("PASSED", "FIXED", "SKIPPED"))
    return builds(build())


def _partial(asked: Asked) -> Answer:
    if asked.path.endswith("/testReport/api/json"):
        return body(report("PASSED", passCount=7))
    return builds(build())


TRIALS = ServerTrials(
    example="""\
sources:
  - {key: ci, kind: jenkins, url: "https://jenkins.example.com/jenkins", job: shop/main, user: workbench, token: "${JENKINS_TOKEN}"}
benchmarks:
  - {key: builds-work, title: Builds work, environment: staging, measure: {source: ci, read: success_rate, window: 14d, unit: '%'}, pass: '>= 90 %'}
  - {key: deployments, kind: deployment_success, environment: staging, measure: {source: ci, about: deployments, read: success_rate, job: deploy-$environment, window: 30d, unit: '%'}}
  - {key: regressions, kind: post_deploy_failures, environment: staging, measure: {source: ci, about: tests, read: fail_rate, unit: '%'}}
""",
    secrets=("JENKINS_TOKEN",),
    right=_right,
    expects={"tests/ci": "1", "builds-work": "100", "deployments": "100", "regressions": "0"},
    empty=Case(builds(), "missing", ("no build of shop/main",)),
    partial=Case(_partial, "missing", ("announces 7 tests and lists 1",)),
    another=Case(body({"builds": []}), "error", ("another form", "another version")),
    more={
        "nothing was deployed": Case(
            builds(), "missing", ("no deployment to staging is known",), of="deployments"
        ),
        "not found": Case(
            (404, {"Content-Type": "text/html"}, b"<html>"), "error", ("job with its folders",)
        ),
        "no commits": Case(builds(build(actions=[])), "missing", ("do not say which commit",)),
    },
)
