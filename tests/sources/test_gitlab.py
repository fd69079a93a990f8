"""GitLab's pipelines, test reports and deployments over real sockets."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from workbench.sources.gitlab import GitLabConfig, GitLabMeasure, GitLabTests, propose
from workbench.sources.proposing import Folder
from workbench.sources.reading import Question, SourceSpec
from workbench.sources.secrets import Secrets

from .support import AT, Asked, body
from .support import ask as fetch
from .trials import gitlab as told
from .trials.frame import COMMIT
from .trials.gitlab import deployment, report

NOON = "2026-11-20T10:00:00.000Z"
OTHER = "b" * 40


def pipeline(number: int = 1, status: str = "success", **more: Any) -> dict[str, Any]:
    times = {"created_at": NOON, "updated_at": "2026-11-20T10:05:00.000Z"}
    return told.pipeline(number, status, **(times | more))


class Project:
    """What a project answers; ``reports`` by the pipeline's number."""

    def __init__(self, *pipelines: dict[str, Any], reports: dict[int, Any] | None = None) -> None:
        self.pipelines = list(pipelines)
        self.reports = reports or {}
        self.deployments: list[dict[str, Any]] = []
        self.jobs: dict[int, list[str]] = {}

    def __call__(self, asked: Asked):
        if match := re.search(r"/pipelines/(\d+)/test_report$", asked.path):
            return body(self.reports.get(int(match[1]), report()))
        if match := re.search(r"/pipelines/(\d+)/jobs$", asked.path):
            return body([{"name": name, "status": "success"} for name in reversed(self.jobs[int(match[1])])])
        if match := re.search(r"/pipelines/(\d+)$", asked.path):
            (one,) = [each for each in self.pipelines if each["id"] == int(match[1])]
            return body(one | {"duration": 90 * one["id"]})
        if asked.path.endswith("/deployments"):
            name = asked.params.get("environment")
            return body([each for each in self.deployments if name in (None, each["environment"]["name"])])
        return body(self.pipelines)


def gitlab(serve, answer, *, environ=None, config=None, **more: Any):
    server = serve(answer)
    source = SourceSpec("ci", "gitlab", GitLabConfig(project="acme/shop", url=server.url, **(config or {})))
    question = {"role": "tests", "commit": COMMIT, "ask": GitLabTests(), "subject": "tests/ci"} | more
    secrets = Secrets(allow=True, environ=environ or {})
    fetched = fetch([source], [Question(source="ci", at=AT, **question)], secrets=secrets)
    return fetched.one, server


@pytest.mark.parametrize(
    ("pipelines", "reports", "said"),
    [
        ([pipeline()], {}, ("green", "1 pipeline succeeded; GitLab has no test report of it")),
        (
            [pipeline()],
            {1: report("success", "skipped")},
            ("green", "1 pipeline succeeded: 1 passed, 1 skipped"),
        ),
        (
            [pipeline()],
            {1: report("success", "failed")},
            ("red", "1 pipeline succeeded, but 1 failed, 1 passed: shop.test 2"),
        ),
        ([pipeline()], {1: report("error")}, ("red", "1 pipeline succeeded, but 1 with errors: shop.test 1")),
        (
            [pipeline()],
            {1: report("a_new_word", "success")},
            ("red", "1 pipeline succeeded, but 1 with an unknown result, 1 passed: shop.test 1 (a_new_word)"),
        ),
        (
            [pipeline()],
            {1: report("skipped")},
            ("missing", "1 pipeline succeeded, but every test was skipped"),
        ),
        (
            [pipeline()],
            {1: report(suite_error="1:1 FATAL")},
            ("missing", "1 pipeline succeeded, but GitLab could not read the report of unit: 1:1 FATAL"),
        ),
        (
            [pipeline()],
            {1: report("failed", suite_error="1:1")},
            ("red", "1 pipeline succeeded, but 1 failed: shop.test 1"),
        ),
        ([pipeline(1, "failed")], {}, ("red", "pipeline 1 of main: failed")),
        ([pipeline(1, "canceled")], {}, ("red", "pipeline 1 of main: canceled")),
        ([pipeline(1, "a_new_word")], {}, ("red", "pipeline 1 of main: a_new_word")),
        (
            [pipeline(2), pipeline(1, "failed")],
            {},
            ("green", "1 pipeline succeeded; GitLab has no test report of it"),
        ),
        ([pipeline(1), pipeline(2, "failed")], {}, ("red", "pipeline 2 of main: failed")),
        ([pipeline(1), pipeline(2, "failed", source="schedule")], {}, ("red", "pipeline 2 of main: failed")),
        (
            [pipeline(1), pipeline(2, "skipped")],
            {},
            ("green", "1 pipeline succeeded; GitLab has no test report of it"),
        ),
        ([pipeline(1, "running")], {}, ("missing", "still running: pipeline 1 of main")),
        (
            [pipeline(1, "manual")],
            {},
            ("missing", "still running: pipeline 1 of main (waits for somebody to start a job)"),
        ),
        ([pipeline(1, "skipped")], {}, ("missing", "every pipeline was skipped")),
        ([], {}, ("missing", f"no pipeline for commit {COMMIT[:12]}")),
        ([pipeline(sha=OTHER)], {}, ("missing", f"no pipeline for commit {COMMIT[:12]}")),
    ],
)
def test_green_means_that_pipelines_and_their_tests_are(serve, pipelines, reports, said):
    reading, _ = gitlab(serve, Project(*pipelines, reports=reports))
    state = reading.state if reading.value is None else ("green" if reading.value else "red")
    assert (state, reading.why) == said
    assert reading.facts["green"] == ("yes" if state == "green" else "no")
    assert reading.facts["commit_known"] == "asked"


def test_what_is_sent(serve):
    _, server = gitlab(
        serve, Project(pipeline()), environ={"GITLAB_TOKEN": "glpat-something"}, config={"ref": "main"}
    )
    assert server.asked[0].path == "/projects/acme%2Fshop/pipelines"
    assert server.asked[0].params == {"sha": COMMIT, "ref": "main", "per_page": "100"}
    assert server.asked[0].headers["authorization"] == "Bearer glpat-something"
    _, server = gitlab(serve, Project(pipeline()))
    assert "authorization" not in server.asked[0].headers


def test_the_pipeline_that_asks_is_left_out_and_alone_it_says_what_to_do(serve):
    environ = {"CI_PIPELINE_ID": "2", "CI_PROJECT_PATH": "Acme/Shop"}
    asking = pipeline(2, "running", source="web")
    assert gitlab(serve, Project(pipeline(1), asking), environ=environ)[0].value == 1
    reading, _ = gitlab(serve, Project(asking), environ=environ)
    assert (reading.state, "hand it the reports as files" in reading.why) == ("missing", True)


@pytest.mark.parametrize(
    ("read", "unit", "value"),
    [
        ("pass_rate", "%", 50),
        ("fail_rate", "%", 50),
        ("failed", "", 2),
        ("skipped", "", 1),
        ("duration", "", 12.5),
        ("total", "", 5),
    ],
)
def test_numbers_of_the_test_report(serve, read, unit, value):
    project = Project(
        pipeline(2), pipeline(1), reports={1: report("success", "success", "failed", "error", "skipped")}
    )
    reading, _ = gitlab(
        serve, project, role="value", subject="b", ask=GitLabMeasure(about="tests", read=read), unit=unit
    )
    assert (reading.state, float(reading.value or 0)) == ("ok", value)


def test_a_report_that_gitlab_could_not_read_is_no_number(serve):
    project = Project(pipeline(), reports={1: report("success", suite_error="1:1 FATAL")})
    reading, _ = gitlab(
        serve, project, role="value", subject="b", ask=GitLabMeasure(about="tests", read="failed")
    )
    assert (reading.state, reading.value) == ("missing", None)
    assert "could not read the report of unit" in reading.why


@pytest.mark.parametrize(
    ("measure", "unit", "value", "samples"),
    [
        ({"read": "success_rate"}, "%", 50, 4),
        ({"read": "failure_rate"}, "%", 50, 4),
        ({"read": "duration"}, "s", 135, 2),
    ],
)
def test_numbers_of_pipelines(serve, measure, unit, value, samples):
    statuses = ["success", "success", "failed", "a_new_word", "canceled", "skipped"]
    project = Project(*(pipeline(number, status) for number, status in enumerate(statuses, 1)))
    more = {
        "role": "value",
        "subject": "b",
        "window": timedelta(days=7),
        "ask": GitLabMeasure(ref="main", **measure),
    }
    reading, server = gitlab(serve, project, unit=unit, **more)
    assert (reading.value, reading.samples) == (value, samples)
    assert server.asked[0].params == {
        "scope": "finished",
        "created_after": "2026-11-13T12:00:00Z",
        "created_before": "2026-11-20T12:00:00Z",
        "ref": "main",
        "per_page": "100",
    }


def deployed(serve, project, read: str, **more: Any):
    measure = GitLabMeasure(about="deployments", read=read)
    question = {
        "role": "value",
        "subject": "b",
        "environment": "staging",
        "window": timedelta(days=90),
        "ask": measure,
    }
    return gitlab(serve, project, **(question | more))[0]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("success", 1),
        ("failed", 0),
        ("running", 0),
        ("created", None),
        ("blocked", None),
        ("canceled", None),
        ("a_new_word", None),
    ],
)
def test_what_became_of_a_deployment(serve, status, state):
    project = Project()
    project.deployments = [deployment(1, status)]  # began two months ago: one that still runs never ended
    reading = deployed(serve, project, "success_rate")
    assert (reading.value, reading.state) == (state, "missing" if state is None else "ok")


def test_a_deployment_without_a_job_has_no_length(serve):
    project = Project()
    project.deployments = [deployment(1, deployable=None)]
    assert deployed(serve, project, "success_rate").value == 1
    assert deployed(serve, project, "duration").why == "no successful deployment to staging in the window"


def test_friction_names_the_jobs_and_the_approval_that_staging_skips(serve):
    project = Project()
    late = {
        "started_at": "2026-09-15T09:01:00.000Z",
        "finished_at": "2026-09-15T09:08:00.000Z",
        "pipeline": {"id": 32},
    }
    project.deployments = [
        deployment(1),
        deployment(2, environment="production", deployable=late, approvals=[{"status": "approved"}]),
    ]
    project.jobs = {31: ["build", "deploy-staging"], 32: ["build", "deploy-production", "smoke"]}
    reading = deployed(serve, project, "friction")
    assert reading.value == 2
    assert "staging skips “approval”, “smoke”" in str(reading.facts["note"])
    project.deployments[1]["deployable"] = late | {"pipeline": {"id": 31}}
    reading = deployed(serve, project, "skipped_steps")
    assert reading.state == "missing"


def test_what_does_not_go_together_is_refused():
    with pytest.raises(ValueError, match="about tests one can read pass_rate"):
        GitLabMeasure(about="tests", read="success_rate")


@pytest.mark.parametrize(
    ("host", "path", "line"),
    [
        ("gitlab.com", "acme/web/shop.git", "#  - {key: pipelines, kind: gitlab, project: acme/web/shop}"),
        (
            "gitlab.acme.example",
            "acme/shop",
            "#  - {key: pipelines, kind: gitlab, project: acme/shop, url: https://gitlab.acme.example/api/v4}",
        ),
        ("github.com", "acme/shop", None),
        ("gitlab.com", "acme/sh op", None),
    ],
)
def test_a_checkout_of_gitlab_is_offered_it_as_a_comment(tmp_path, host, path, line):
    folder = Folder(folder=tmp_path, top=tmp_path, host=host, path=path)
    assert propose(folder) is None
    (tmp_path / ".gitlab-ci.yml").write_text("test: {script: make test}\n")
    found = propose(folder)
    assert (found.remarks[-1] if found else None) == line
    assert found is None or (found.entry, found.tests) == ((), ())
