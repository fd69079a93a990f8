"""GitHub's deployments and jobs over real sockets."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from workbench.sources.github_actions import GitHubMeasure

from .support import AT, Asked, body
from .test_github import github, pages, run

RUN = "https://github.com/acme/shop/actions/runs/{run}/job/{job}"


def deployment(number: int, environment: str = "staging", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "sha": f"{number:040x}",
        "environment": environment,
        "created_at": "2026-11-20T10:00:00Z",
    } | more


def status(number: int, state: str, at: str = "10:02:00", **more: Any) -> dict[str, Any]:
    return {"id": number, "state": state, "created_at": f"2026-11-20T{at}Z"} | more


class Deployments:
    """A repository with deployments; ``told`` are statuses by the deployment's id."""

    def __init__(self, *deployments: dict[str, Any], told: dict[int, list[dict[str, Any]]] | None = None):
        self.deployments = list(deployments)
        self.told = told or {}
        self.jobs: dict[str, list[str]] = {}
        self.approvals: dict[str, list[str]] = {}

    def __call__(self, asked: Asked):
        if match := re.search(r"/deployments/(\d+)/statuses", asked.path):
            return body(self.told.get(int(match[1]), [status(1, "success")]))
        if match := re.search(r"/actions/jobs/(\d+)", asked.path):
            steps = [{"name": name, "conclusion": "success"} for name in self.jobs[match[1]]]
            return body(
                {
                    "id": 1,
                    "name": "deploy",
                    "status": "completed",
                    "conclusion": "success",
                    "started_at": "2026-11-20T10:00:00Z",
                    "steps": steps,
                }
            )
        if match := re.search(r"/actions/runs/(\d+)/approvals", asked.path):
            names = self.approvals.get(match[1], [])
            return body([{"state": "approved", "environments": [{"name": name}]} for name in names])
        wanted = asked.params.get("environment")
        return body([one for one in self.deployments if wanted in (None, one["environment"])])


def ask(serve, answer, read: str = "success_rate", *, window: int | None = 7, config=None, **more: Any):
    measure = {name: more.pop(name) for name in ("deployed_to", "against") if name in more}
    more = {
        "role": "value",
        "subject": "b",
        "commit": None,
        "environment": "staging",
        "window": None if window is None else timedelta(days=window),
        "ask": GitHubMeasure(about="deployments", read=read, **measure),
    } | more
    fetched, server = github(serve, answer, config=config, **more)
    return fetched.one, server


@pytest.mark.parametrize(
    ("statuses", "outcome"),
    [
        ([status(1, "success")], 1),
        ([status(1, "failure")], 0),
        ([status(1, "error")], 0),
        ([status(1, "success"), status(2, "inactive", "11:00:00")], 1),
        ([status(1, "success"), status(2, "failure", "10:30:00")], 0),
        ([status(1, "failure"), status(2, "success", "10:30:00")], 1),
        ([status(2, "inactive", "11:00:00"), status(1, "success")], 1),
        ([status(1, "queued"), status(2, "in_progress")], None),
        ([status(1, "inactive")], None),
        ([status(1, "pending")], None),
        ([status(1, "a_new_word")], None),
        ([], None),
    ],
)
def test_the_newest_status_that_is_a_result_counts(serve, statuses, outcome):
    reading, _ = ask(serve, Deployments(deployment(1), told={1: statuses}))
    if outcome is None:
        assert (reading.state, reading.why) == (
            "missing",
            "no deployment with a result to staging in the window",
        )
    else:
        assert (reading.state, reading.value, reading.samples) == ("ok", outcome, 1)


def test_what_is_sent_and_kept(serve):
    reading, server = ask(serve, Deployments(deployment(1), deployment(2, "production")))
    assert [(asked.path, asked.params) for asked in server.asked] == [
        ("/repos/acme/shop/deployments", {"environment": "staging", "per_page": "100"}),
        ("/repos/acme/shop/deployments/1/statuses", {"per_page": "100"}),
    ]
    assert len(reading.evidence) == 2


def test_the_length_is_from_being_asked_for_to_the_first_success_and_waiting_is_told(serve):
    told = [
        status(1, "in_progress", "10:05:00"),
        status(2, "success", "10:08:00"),
        status(3, "success", "11:30:00"),
    ]
    reading, _ = ask(serve, Deployments(deployment(1), told={1: told}), "duration", unit="min")
    assert (reading.value, reading.facts["note"]) == (8, "of which 5 min before it began")


def test_an_environment_that_github_does_not_know_names_those_it_does(serve):
    reading, _ = ask(serve, Deployments(deployment(1, "stage")), "count")
    assert reading.state == "missing"
    assert reading.why == "nothing was ever deployed to staging; there are deployments to “stage”"
    reading, _ = ask(serve, Deployments(deployment(1, "stage")), "count", deployed_to="stage")
    assert reading.value == 1


def test_names_of_environments_are_alike_in_capitals(serve):
    answer = Deployments(deployment(1, "Staging"))
    answer.deployments[0]["environment"] = "Staging"
    reading, _ = ask(
        serve,
        lambda asked: (
            body([deployment(1, "Staging")])
            if asked.path.endswith("s/deployments") or asked.path.endswith("shop/deployments")
            else body([status(1, "success")])
        ),
        "count",
    )
    assert reading.value == 1


def test_only_the_window_counts_and_reading_stops_where_it_begins(serve):
    old = "2026-11-01T10:00:00Z"

    def answer(asked: Asked):
        if asked.path.endswith("/statuses"):
            return body([status(1, "success")])
        page = int(asked.params.get("page", "1"))
        created = "2026-11-20T10:00:00Z" if page == 1 else old
        link = f'</repos/acme/shop/deployments?environment=staging&per_page=100&page={page + 1}>; rel="next"'
        return body([deployment(page, created_at=created)], Link=link)

    reading, server = ask(serve, answer, "count")
    assert (reading.value, reading.partial) == (1, None)
    assert [asked.params.get("page") for asked in server.asked if asked.path.endswith("deployments")] == [
        None,
        "2",
    ]


def test_pages_that_never_end_are_left_and_said(serve):
    def answer(asked: Asked):
        if asked.path.endswith("/statuses"):
            return body([status(1, "success")])
        page = int(asked.params.get("page", "1"))
        link = f'<{asked.path}?environment=staging&per_page=100&page={page + 1}>; rel="next"'
        return body([deployment(page)], Link=link)

    reading, server = ask(serve, answer, "count")
    assert (reading.value, reading.partial) == (10, "GitHub has more deployments to staging than were read")
    assert len(server.asked) == 20


def test_a_link_that_leads_back_ends_the_list(serve):
    def answer(asked: Asked):
        if asked.path.endswith("/statuses"):
            return body([status(1, "success")])
        return body(
            [deployment(1)],
            Link='</repos/acme/shop/deployments?environment=staging&per_page=100>; rel="next"',
        )

    reading, server = ask(serve, answer, "count")
    assert "more deployments" in str(reading.partial)
    assert len([asked for asked in server.asked if asked.path.endswith("deployments")]) == 1


def test_friction_names_the_steps_that_staging_skips(serve):
    answer = Deployments(
        deployment(1),
        deployment(2, "production"),
        told={
            1: [status(1, "success", "10:04:00", log_url=RUN.format(run=7, job=70))],
            2: [status(1, "success", "10:12:00", target_url=RUN.format(run=8, job=80))],
        },
    )
    answer.jobs = {
        "70": ["Set up job", "Deploy to staging", "Post Checkout"],
        "80": ["Deploy to production", "Smoke test"],
    }
    answer.approvals = {"8": ["production"]}
    reading, _ = ask(serve, answer, "friction")
    assert (reading.value, reading.facts["skipped_steps"]) == (3, 2)
    assert "staging skips “approval”, “Smoke test”" in str(reading.facts["note"])
    reading, _ = ask(serve, answer, "skipped_steps")
    assert (reading.value, reading.facts["because"]) == (2, "staging skips “approval”, “Smoke test”")


def test_deployments_that_no_job_made_have_no_steps(serve):
    answer = Deployments(deployment(1), deployment(2, "production"))
    reading, _ = ask(serve, answer, "skipped_steps")
    assert (reading.state, reading.why) == (
        "missing",
        "the steps of deployments to staging are not known; the steps of deployments to production are not known",
    )
    assert "their steps are not known" in str(ask(serve, answer, "friction")[0].facts["note"])


def test_an_environment_is_not_compared_with_itself(serve):
    reading, server = ask(serve, Deployments(), "friction", environment="production")
    assert (reading.state, reading.facts["edit"], server.asked) == ("error", "against", [])


def test_a_question_without_a_window_is_wrong_but_the_last_one_needs_none(serve):
    assert "needs a window" in ask(serve, Deployments(deployment(1)), "count", window=None)[0].why
    reading, _ = ask(serve, Deployments(deployment(1)), "since_last", window=None, unit="min")
    assert reading.value == 118


def job(name: str, conclusion: str | None, **more: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "name": name,
        "status": "completed",
        "conclusion": conclusion,
        "created_at": "2026-11-20T10:00:00Z",
        "started_at": "2026-11-20T10:01:00Z",
        "completed_at": "2026-11-20T10:03:00Z",
        "steps": [
            {
                "name": "Provision",
                "conclusion": conclusion,
                "started_at": "2026-11-20T10:01:00Z",
                "completed_at": "2026-11-20T10:01:30Z",
            }
        ],
    } | more


def jobs(*told: dict[str, Any]):
    def answer(asked: Asked):
        if asked.path.endswith("/jobs"):
            return body({"total_count": len(told), "jobs": list(told)})
        return pages(run(1))(asked)

    return answer


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ({"read": "success_rate"}, 0.5),
        ({"read": "failure_rate"}, 0.5),
        ({"read": "duration"}, 120),
        ({"read": "wait"}, 60),
        ({"read": "duration", "step": "Provision"}, 30),
        ({"read": "success_rate", "step": "Provision"}, 0.5),
    ],
)
def test_numbers_of_a_job(serve, measure, value):
    told = [
        job("deploy (eu)", "success"),
        job("deploy (us)", "failure"),
        job("deploy-docs", "failure"),
        job("deploy (x)", "skipped"),
    ]
    more = {"role": "value", "subject": "b", "commit": None, "window": timedelta(days=7)}
    fetched, server = github(
        serve, jobs(*told), ask=GitHubMeasure(about="jobs", job="deploy", **measure), **more
    )
    assert float(fetched.one.value or -1) == value
    assert server.asked[1].params == {"filter": "latest", "per_page": "100", "page": "1"}


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ({"job": "build"}, "no job “build” in 1 runs. GitHub calls them deploy"),
        (
            {"job": "deploy", "step": "Smoke"},
            "the job deploy has no step “Smoke”. GitHub calls them Provision",
        ),
    ],
)
def test_names_that_github_does_not_know(serve, measure, words):
    more = {"role": "value", "subject": "b", "commit": None, "window": timedelta(days=7)}
    ask = GitHubMeasure(about="jobs", read="success_rate", **measure)
    reading = github(serve, jobs(job("deploy", "success")), ask=ask, **more)[0].one
    assert (reading.state, reading.why) == ("error", words)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"read": "friction"}, "about runs one can read success_rate"),
        ({"about": "jobs", "read": "duration"}, "needs job"),
        ({"about": "deployments", "read": "count", "branch": "main"}, "branch means nothing for deployments"),
        ({"read": "duration", "severity": ["high"]}, "severity means nothing for runs"),
    ],
)
def test_what_does_not_go_together_is_refused(fields, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        GitHubMeasure(**fields)


def test_the_moment_of_an_answer_is_that_of_the_question(serve):
    assert ask(serve, Deployments(deployment(1)))[0].measured_at == AT
