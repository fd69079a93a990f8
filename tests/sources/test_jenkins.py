"""Jenkins' builds, test reports and deployments over real sockets."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Any

import pytest

from workbench.sources.jenkins import JenkinsConfig, JenkinsMeasure, JenkinsTests, propose
from workbench.sources.proposing import Folder
from workbench.sources.reading import Question, SourceSpec
from workbench.sources.secrets import Secrets

from .support import AT, Asked, body
from .support import ask as fetch
from .trials import jenkins as told
from .trials.frame import COMMIT
from .trials.jenkins import report

TEN = int((AT - timedelta(hours=2)).timestamp() * 1000)
OTHER = "b" * 40


def build(number: int = 1, result: str | None = "SUCCESS", **more: Any) -> dict[str, Any]:
    return told.build(number, result, **({"timestamp": TEN} | more))


class Job:
    """What jobs answer: ``jobs`` by their path, ``reports`` and ``stages`` by the build's number."""

    def __init__(self, *builds: dict[str, Any], reports: dict[int, Any] | None = None) -> None:
        self.jobs: dict[str, list[dict[str, Any]]] = {"/job/shop/job/main": list(builds)}
        self.reports = reports or {}
        self.stages: dict[int, list[tuple[str, str]]] = {}

    def __call__(self, asked: Asked):
        if match := re.search(r"/(\d+)/testReport/api/json$", asked.path):
            found = self.reports.get(int(match[1]))
            return body(found) if found else (404, {"Content-Type": "text/html"}, b"<html>Not Found")
        if match := re.search(r"/(\d+)/wfapi/describe$", asked.path):
            if int(match[1]) not in self.stages:
                return 404, {"Content-Type": "text/html"}, b"<html>"
            return body(
                {"stages": [{"name": name, "status": state} for name, state in self.stages[int(match[1])]]}
            )
        builds = self.jobs[asked.path.removesuffix("/api/json")]
        status, headers, data = told.builds(*builds)
        return status, headers | {"X-Jenkins": "2.479.1"}, data


def jenkins(serve, answer, *, environ=None, config=None, **more: Any):
    server = serve(answer)
    source = SourceSpec("ci", "jenkins", JenkinsConfig(job="shop/main", url=server.url, **(config or {})))
    question = {"role": "tests", "commit": COMMIT, "ask": JenkinsTests(), "subject": "tests/ci"} | more
    secrets = Secrets(allow=True, environ=environ or {})
    fetched = fetch([source], [Question(source="ci", at=AT, **question)], secrets=secrets)
    return fetched, server


@pytest.mark.parametrize(
    ("builds", "reports", "said"),
    [
        ([build()], {}, ("green", "build 1 succeeded; it has no test report")),
        ([build()], {1: report("PASSED", "FIXED")}, ("green", "build 1 succeeded: 2 passed")),
        (
            [build()],
            {1: report("PASSED", "REGRESSION")},
            ("red", "build 1: SUCCESS, 1 failed, 1 passed: shop.test 2"),
        ),
        (
            [build()],
            {1: report("PASSED", "NEW_STATE")},
            ("red", "build 1: SUCCESS, 1 with an unknown result, 1 passed: shop.test 2 (NEW_STATE)"),
        ),
        ([build()], {1: report("SKIPPED")}, ("missing", "build 1 succeeded, but every test was skipped")),
        ([build(1, "UNSTABLE")], {1: report("FAILED")}, ("red", "build 1: UNSTABLE, 1 failed: shop.test 1")),
        ([build(1, "FAILURE")], {}, ("red", "build 1: FAILURE")),
        ([build(1, "ABORTED")], {}, ("red", "build 1: ABORTED")),
        ([build(1, "NEW_WORD")], {}, ("red", "build 1: NEW_WORD")),
        ([build(2), build(1, "FAILURE")], {}, ("green", "build 2 succeeded; it has no test report")),
        ([build(2, "FAILURE"), build(1)], {}, ("red", "build 2: FAILURE")),
        ([build(2, None), build(1)], {}, ("missing", "still running: build 2")),
        ([build(1, "NOT_BUILT")], {}, ("missing", f"the build of commit {COMMIT[:12]} was not built")),
        ([build(1, commit=OTHER)], {}, ("missing", f"no build of shop/main for commit {COMMIT[:12]}")),
        ([], {}, ("missing", f"no build of shop/main for commit {COMMIT[:12]}")),
    ],
)
def test_green_means_that_the_newest_build_and_its_tests_are(serve, builds, reports, said):
    reading = jenkins(serve, Job(*builds, reports=reports))[0].one
    state = reading.state if reading.value is None else ("green" if reading.value else "red")
    assert (state, reading.why) == said
    assert reading.facts["green"] == ("yes" if state == "green" else "no")


def test_what_is_sent_and_the_version(serve):
    fetched, server = jenkins(
        serve, Job(build()), environ={"T": "11abcdef"}, config={"user": "wb", "token": "${T}"}
    )
    assert server.asked[0].path == "/job/shop/job/main/api/json"
    assert server.asked[0].params["tree"].startswith("allBuilds[number,result,building,timestamp,duration")
    basic = base64.b64encode(b"wb:11abcdef").decode()
    assert server.asked[0].headers["authorization"] == f"Basic {basic}"
    assert fetched.batches[0].server == "Jenkins 2.479.1"
    _, server = jenkins(serve, Job(build()), environ={"T": "11abcdef"}, config={"token": "${T}"})
    assert server.asked[0].headers["authorization"] == "Bearer 11abcdef"


def test_the_build_that_asks_is_left_out(serve):
    environ = {"JOB_NAME": "shop/main", "BUILD_NUMBER": "2"}
    assert jenkins(serve, Job(build(2, None), build(1)), environ=environ)[0].one.value == 1
    reading = jenkins(serve, Job(build(2, None)), environ=environ)[0].one
    assert (reading.state, "the one that asks" in reading.why) == ("missing", True)


def test_a_report_of_several_modules_and_since_when_a_test_fails(serve):
    failing = report("PASSED", "FAILED")
    failing["suites"][0]["cases"][1]["failedSince"] = 41
    del failing["passCount"]
    whole = {
        "failCount": 1,
        "skipCount": 0,
        "totalCount": 3,
        "childReports": [{"result": failing}, {"result": report("PASSED")}],
    }
    reading = jenkins(serve, Job(build(50, "UNSTABLE"), reports={50: whole}))[0].one
    assert (reading.value, reading.facts["failed"], reading.facts["passed"]) == (0, 1, 2)
    assert reading.facts["note"] == "test 2 has failed since build 41"


def test_a_flaky_test_passed_in_the_end(serve):
    flaky = report("PASSED", "PASSED")
    flaky["suites"][0]["cases"][0]["flakyFailures"] = [{"message": "timed out"}]
    measure = JenkinsMeasure(about="tests", read="flaky")
    reading = jenkins(serve, Job(build(), reports={1: flaky}), role="value", subject="b", ask=measure)[0].one
    assert reading.value == 1


@pytest.mark.parametrize(
    ("measure", "unit", "value", "samples"),
    [
        ({"read": "success_rate"}, "%", 50, 4),
        ({"read": "duration"}, "min", 4, 2),
        ({"read": "success_rate", "parameters": {"TARGET": "$environment"}}, "%", 100, 1),
    ],
)
def test_numbers_of_builds(serve, measure, unit, value, samples):
    results = ["SUCCESS", "SUCCESS", "UNSTABLE", "NEW_WORD", "ABORTED", "NOT_BUILT"]
    builds = [build(number, result) for number, result in enumerate(results, 1)]
    builds[0]["actions"] = [{"parameters": [{"name": "TARGET", "value": "staging"}]}]
    builds.append(build(9, "FAILURE", timestamp=TEN - 30 * 86_400_000))
    more = {"role": "value", "subject": "b", "window": timedelta(days=7), "environment": "staging"}
    reading = jenkins(serve, Job(*builds), ask=JenkinsMeasure(**measure), unit=unit, **more)[0].one
    assert (reading.value, reading.samples) == (value, samples)


def test_friction_of_two_jobs_names_the_stages_that_staging_skips(serve):
    job = Job()
    job.jobs = {"/job/deploy-staging": [build(1)], "/job/deploy-production": [build(2, duration=720000)]}
    job.stages = {
        1: [("Deploy", "SUCCESS"), ("Smoke", "NOT_EXECUTED")],
        2: [("Deploy", "SUCCESS"), ("Smoke", "SUCCESS")],
    }
    more = {"role": "value", "subject": "b", "window": timedelta(days=7), "environment": "staging"}
    measure = JenkinsMeasure(about="deployments", read="friction", job="deploy-$environment")
    reading = jenkins(serve, job, ask=measure, **more)[0].one
    assert reading.value == 3
    assert "staging skips “Smoke”" in str(reading.facts["note"])
    job.stages = {}
    reading = jenkins(
        serve,
        job,
        ask=JenkinsMeasure(about="deployments", read="skipped_steps", job="deploy-$environment"),
        **more,
    )[0].one
    assert reading.state == "missing"


def test_two_hundred_builds_may_not_be_all(serve):
    builds = [build(number) for number in range(1, 201)]
    more = {
        "role": "value",
        "subject": "b",
        "window": timedelta(days=7),
        "ask": JenkinsMeasure(read="success_rate"),
    }
    assert "only the newest 200 builds" in str(jenkins(serve, Job(*builds), **more)[0].one.partial)


def test_a_checkout_with_a_pipeline_for_jenkins_is_offered_it_as_a_comment(tmp_path):
    folder = Folder(folder=tmp_path, top=tmp_path)
    assert propose(folder) is None
    (tmp_path / "Jenkinsfile").write_text("pipeline {}\n")
    found = propose(folder)
    assert found is not None and found.remarks[-1].startswith("#  - {key: builds, kind: jenkins,")
