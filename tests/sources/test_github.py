"""GitHub's workflow runs over real sockets."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from workbench.sources.github_actions import GitHubConfig, GitHubMeasure, GitHubTests
from workbench.sources.reading import Question, SourceSpec
from workbench.sources.secrets import Secrets
from workbench.sources.tuning import Tuning

from .support import AT, Pauses, ask, body

COMMIT = "a" * 40


def run(number: int = 1, conclusion: str | None = "success", **more: Any) -> dict[str, Any]:
    return {
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
        "created_at": "2026-11-20T10:00:00Z",
        "run_started_at": "2026-11-20T10:00:00Z",
        "updated_at": "2026-11-20T10:05:00Z",
    } | more


def pages(*runs: dict[str, Any], total: int | None = None):
    def answer(asked):
        size, page = int(asked.params["per_page"]), int(asked.params["page"])
        chosen = runs[(page - 1) * size : page * size]
        return body({"total_count": len(runs) if total is None else total, "workflow_runs": chosen})

    return answer


def github(serve, answer, *, environ=None, config=None, tuning=None, **more):
    server = serve(answer)
    source = SourceSpec(
        "ci", "github_actions", GitHubConfig(repository="acme/shop", url=server.url, **(config or {}))
    )
    more = {"role": "tests", "commit": COMMIT, "ask": GitHubTests(), "subject": "tests/ci"} | more
    secrets = Secrets(allow=True, environ=environ or {})
    fetched = ask([source], [Question(source="ci", at=AT, **more)], secrets=secrets, tuning=tuning)
    return fetched, server


@pytest.mark.parametrize(
    ("runs", "state", "value", "why"),
    [
        ([run()], "ok", 1, "CI succeeded"),
        ([run(1, "failure"), run(2)], "ok", 1, "CI succeeded"),
        ([run(1), run(2, "failure")], "ok", 0, "CI: failure"),
        ([run(1), run(2, workflow_id=8)], "ok", 1, "2 runs succeeded"),
        ([run(conclusion="cancelled")], "ok", 0, "CI: cancelled"),
        ([run(conclusion="something_new")], "ok", 0, "CI: something_new"),
        ([run(1), run(2, None)], "missing", None, "still running: CI"),
        ([run(1, "failure"), run(2, None, workflow_id=8)], "ok", 0, "CI: failure"),
        ([run(1), run(2, "failure", event="pull_request")], "ok", 0, "CI: failure (for a pull request)"),
        ([run(1), run(2, "skipped", workflow_id=8)], "ok", 1, "CI succeeded"),
        ([run(1, "skipped")], "missing", None, "every run was skipped"),
        ([], "missing", None, f"no run for commit {COMMIT[:12]}"),
        ([run(head_sha="b" * 40)], "missing", None, f"no run for commit {COMMIT[:12]}"),
    ],
)
def test_green_means_every_newest_run_succeeded(serve, runs, state, value, why):
    reading = github(serve, pages(*runs))[0].one
    assert (reading.state, reading.why) == (state, why)
    assert reading.value == (None if value is None else Decimal(value))
    if state == "ok":
        assert reading.facts["green"] == ("yes" if value else "no")
        assert reading.facts["commit_known"] == "asked"
        assert reading.measured_at == AT - timedelta(hours=1, minutes=55)


def test_what_is_sent(serve):
    _, server = github(serve, pages(run()), environ={"GITHUB_TOKEN": "ghs_something"})
    (asked,) = server.asked
    assert asked.path == "/repos/acme/shop/actions/runs"
    assert asked.params == {"head_sha": COMMIT, "per_page": "100", "page": "1"}
    assert asked.headers["authorization"] == "Bearer ghs_something"
    assert asked.headers["x-github-api-version"] == "2022-11-28"


def test_a_public_repository_needs_no_token_but_a_named_one_must_be_there(serve):
    fetched, server = github(serve, pages(run()))
    assert fetched.one.state == "ok"
    assert "authorization" not in server.asked[0].headers
    fetched, server = github(serve, pages(run()), config={"token": "${OTHER}"})
    assert "OTHER is not set" in fetched.one.why
    assert server.asked == []


def test_githubs_own_limit_says_how_long_to_wait(serve):
    reset = str(int(AT.timestamp()) + 5)
    limits = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    answers = iter([lambda _: body({}, 429, **limits), pages(run())])
    pauses = Pauses()
    tuning = Tuning(pause=pauses, random=lambda: 0.5, now=lambda: AT)
    assert github(serve, lambda asked: next(answers)(asked), tuning=tuning)[0].one.state == "ok"
    assert pauses.seconds == [5.0]


def test_every_chosen_workflow_must_have_run(serve):
    def answer(asked):
        if "ci.yml" in asked.path:
            return pages(run(1))(asked)
        return pages()(asked)

    fetched, server = github(serve, answer, ask=GitHubTests(workflow=["ci.yml", "e2e.yml"]))
    assert (fetched.one.state, fetched.one.why) == ("missing", f"no run of e2e.yml for commit {COMMIT[:12]}")
    assert [asked.path for asked in server.asked] == [
        "/repos/acme/shop/actions/workflows/ci.yml/runs",
        "/repos/acme/shop/actions/workflows/e2e.yml/runs",
    ]


@pytest.mark.parametrize(("commit", "words"), [(None, "names no commit"), ("abc123", "no full commit id")])
def test_a_commit_is_needed_in_full(serve, commit, words):
    fetched, server = github(serve, pages(), commit=commit)
    assert words in fetched.one.why
    assert server.asked == []


def measure(read: str, **more: Any) -> dict[str, Any]:
    return {
        "role": "value",
        "subject": "b",
        "commit": None,
        "ask": GitHubMeasure(read=read),
        "window": timedelta(days=7),
    } | more


HISTORY = [
    run(1, "success", run_attempt=2),
    run(2, "failure"),
    run(3, "cancelled"),
    run(4, "success", updated_at="2026-11-20T10:09:00Z"),
    run(5, "timed_out"),
]


@pytest.mark.parametrize(
    ("read", "unit", "value", "samples"),
    [
        ("success_rate", "%", 50, 4),
        ("success_rate", "", Decimal("0.5"), 4),
        ("duration", "min", 7, 2),
        ("run_attempts", "", Decimal("1.25"), 4),
    ],
)
def test_numbers_about_a_window(serve, read, unit, value, samples):
    fetched, server = github(serve, pages(*HISTORY), config={"branch": "main"}, **measure(read, unit=unit))
    reading = fetched.one
    assert (reading.state, reading.value, reading.samples) == ("ok", value, samples)
    assert server.asked[0].params == {
        "created": "2026-11-13T12:00:00Z..2026-11-20T12:00:00Z",
        "status": "completed",
        "branch": "main",
        "per_page": "100",
        "page": "1",
    }


def test_no_run_is_missing_and_a_window_is_needed(serve):
    assert github(serve, pages(run(1, "cancelled")), **measure("success_rate"))[0].one.state == "missing"
    assert "needs a window" in github(serve, pages(), **measure("duration", window=None))[0].one.why


def test_pages_are_read_to_the_end_and_a_run_counts_once(serve):
    runs = [run(number) for number in range(1, 251)]
    fetched, server = github(serve, pages(*runs, runs[-1]), **measure("success_rate"))
    assert fetched.one.samples == 250
    assert len(server.asked) == 3
    assert len(fetched.one.evidence) == 3


def test_more_than_github_lists_is_partial(serve):
    runs = [run(number) for number in range(1, 1201)]
    fetched, server = github(serve, pages(*runs), **measure("success_rate"))
    assert fetched.one.samples == 1000
    assert len(server.asked) == 10
    assert "1,000 of 1,200" in (fetched.one.partial or "")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (body({"message": "Bad credentials"}, 401), "GitHub says: Bad credentials. The token is not valid"),
        (body({"message": "Not Found"}, 404), "check the name acme/shop"),
        ((404, {}, b"nothing"), "status 404"),
        (body({"total_count": 1, "workflow_runs": [{"id": 1}]}), "another form"),
        ((200, {"Content-Type": "text/html"}, b"<html>"), "a web page came"),
    ],
)
def test_refusals_and_garbage_are_errors(serve, answer, words):
    reading = github(serve, lambda _: answer)[0].one
    assert reading.state == "error"
    assert words.lower() in reading.why.lower()
