"""How GitHub is asked: its limits and refusals, Enterprise addresses, repositories that moved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from workbench.sources.github_actions import GitHubConfig, GitHubMeasure
from workbench.sources.reading import Question, SourceSpec
from workbench.sources.secrets import Secrets

from .support import AT, Asked, body
from .support import ask as fetch
from .test_github import github, measure, pages, run


def test_the_same_thing_is_asked_once_for_several_measures(serve):
    server = serve(pages(run(1), run(2, "failure")))
    source = SourceSpec("ci", "github_actions", GitHubConfig(repository="acme/shop", url=server.url))
    questions = [
        Question(subject=read, source="ci", at=AT, ask=GitHubMeasure(read=read), window=timedelta(days=7))
        for read in ("success_rate", "failure_rate", "duration", "reruns")
    ]
    fetched = fetch([source], questions, secrets=Secrets(allow=True, environ={}))
    assert {one.subject: one.value for one in fetched.readings} == {
        "success_rate": pytest.approx(0.5),
        "failure_rate": pytest.approx(0.5),
        "duration": 300,
        "reruns": 0,
    }
    assert len(server.asked) == 1


def test_a_limit_against_bursts_that_names_no_time_says_what_to_do(serve):
    said = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}
    reading = github(serve, lambda _: body(said, 403))[0].one
    assert reading.state == "error"
    assert "the limit against bursts is reached: fetch again in a few minutes" in reading.why.lower()


def test_a_limit_that_lasts_longer_says_when_to_ask_again(serve):
    reset = str(int(AT.timestamp()) + 1800)
    limits = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    reading = github(serve, lambda _: body({"message": "API rate limit exceeded"}, 403, **limits))[0].one
    assert "again in 30 min" in reading.why


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            body({"message": "no"}, 403, **{"X-Accepted-GitHub-Permissions": "deployments=read"}),
            "needs the permission deployments=read",
        ),
        (body({"message": "no"}, 403, **{"X-GitHub-SSO": "required; url=https://x"}), "single sign-on"),
        (body({"message": "no"}, 400), "version 2022-11-28"),
        (body({"message": "Not Found"}, 404), "/api/v3"),
        ((404, {"Content-Type": "text/html"}, b"<html>"), "/api/v3"),
        (body({"message": "gone"}, 410), "switched off"),
    ],
)
def test_refusals_say_what_to_do(serve, answer, words):
    reading = github(serve, lambda _: answer)[0].one
    assert reading.state == "error"
    assert words in reading.why


def test_the_address_of_the_web_site_is_no_api():
    with pytest.raises(ValueError, match="its API is at"):
        GitHubConfig(repository="acme/shop", url="https://github.com")


def test_an_enterprise_server_tells_its_version(serve):
    def answer(asked: Asked):
        status, headers, data = pages(run())(asked)
        return status, headers | {"X-GitHub-Enterprise-Version": "enterprise-server@3.14.2"}, data

    fetched, server = github(serve, answer)
    assert fetched.batches[0].server == f"GitHub Enterprise 3.14.2 at {server.url}"


def test_an_enterprise_server_that_cannot_be_asked_is_not_waited_for(serve):
    fetched, _ = github(serve, pages(run()), config={"token": "${NOT_SET}"})
    assert fetched.one.state == "error"


def moved(asked: Asked, name: str) -> Any:
    if asked.path.startswith("/repos/acme/shop"):
        rest = asked.path.removeprefix("/repos/acme/shop")
        query = "&".join(f"{key}={value}" for key, value in asked.params.items())
        return 301, {"Location": f"/repositories/7{rest}?{query}"}, b"{}"
    if asked.path == "/repositories/7":
        return body({"full_name": name})
    return pages(run())(asked)


def test_a_repository_that_moved_is_followed_and_its_new_name_is_said(serve):
    fetched, _ = github(serve, lambda asked: moved(asked, "acme/store"))
    assert fetched.one.why == "CI succeeded; acme/shop is acme/store by now: correct repository:"
    fetched, _ = github(serve, lambda asked: moved(asked, "acme/store"), **measure("success_rate"))
    assert fetched.one.facts["note"] == "acme/shop is acme/store by now: correct repository:"


def test_a_redirect_under_the_same_name_is_not_worth_a_word(serve):
    assert github(serve, lambda asked: moved(asked, "Acme/Shop"))[0].one.why == "CI succeeded"


def test_what_is_refused_once_is_refused_to_everybody_who_asked(serve):
    server = serve(lambda _: body({"message": "Not Found"}, 404))
    source = SourceSpec("ci", "github_actions", GitHubConfig(repository="acme/shop", url=server.url))
    questions = [
        Question(subject=read, source="ci", at=AT, ask=GitHubMeasure(read=read), window=timedelta(days=7))
        for read in ("success_rate", "duration")
    ]
    fetched = fetch([source], questions, secrets=Secrets(allow=True, environ={}))
    assert [one.state for one in fetched.readings] == ["error", "error"]
    assert len(server.asked) == 1
