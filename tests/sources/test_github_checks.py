"""GitHub's checks and statuses of a commit: everything that any app reported of it."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.sources.github_actions import GitHubConfig

from .support import Asked, body
from .test_github import COMMIT, github


def check(name: str = "build", conclusion: str | None = "success", **more: Any) -> dict[str, Any]:
    return {
        "id": sum(map(ord, name)),
        "name": name,
        "head_sha": COMMIT,
        "status": "completed" if conclusion else "in_progress",
        "conclusion": conclusion,
        "completed_at": "2026-11-20T10:05:00Z" if conclusion else None,
        "details_url": "https://github.com/acme/shop/actions/runs/77/job/1",
    } | more


def status(context: str, state: str) -> dict[str, Any]:
    return {"context": context, "state": state, "updated_at": "2026-11-20T10:06:00Z"}


def reported(*told: dict[str, Any], total: int | None = None):
    checks = [one for one in told if "name" in one]
    statuses = [one for one in told if "context" in one]

    def answer(asked: Asked):
        if asked.path.endswith("/check-runs"):
            found = checks if asked.params["page"] == "1" else []
            return body({"total_count": len(checks) if total is None else total, "check_runs": found})
        combined = {"state": "pending", "sha": COMMIT, "total_count": len(statuses), "statuses": statuses}
        return body(combined)

    return answer


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([check()], ("green", "1 check succeeded")),
        ([check(), status("ci/circleci", "success")], ("green", "2 checks succeeded")),
        ([check(), check("lint", "skipped"), check("docs", "neutral")], ("green", "1 check succeeded")),
        ([check(), check("e2e", "failure")], ("red", "e2e: failure")),
        ([check(), check("e2e", "action_required")], ("red", "e2e: action_required")),
        ([check(), check("e2e", "stale")], ("red", "e2e: stale")),
        ([check(), check("e2e", "a_new_word")], ("red", "e2e: a_new_word")),
        ([check(), status("deploy", "error")], ("red", "deploy: error")),
        ([check(), check("e2e", None)], ("missing", "still running: e2e")),
        ([check(), status("ci/circleci", "pending")], ("missing", "still running: ci/circleci")),
        ([check("e2e", "failure"), check("b", None)], ("red", "e2e: failure")),
        ([check("lint", "skipped")], ("missing", "every check was skipped")),
        ([], ("missing", f"nothing was reported of commit {COMMIT[:12]}")),
        ([check(head_sha="b" * 40)], ("missing", f"nothing was reported of commit {COMMIT[:12]}")),
    ],
)
def test_green_means_that_everything_that_was_reported_is(serve, told, said):
    reading = github(serve, reported(*told), config={"checks": "all"})[0].one
    state = reading.state if reading.value is None else ("green" if reading.value else "red")
    assert (state, reading.why) == said
    assert reading.facts["green"] == ("yes" if state == "green" else "no")


def test_those_that_are_named_must_be_there_and_others_do_not_count(serve):
    told = reported(check(), check("e2e", "failure"))
    assert github(serve, told, config={"checks": ["build"]})[0].one.value == 1
    reading = github(serve, told, config={"checks": ["build", "security"]})[0].one
    assert (reading.state, reading.why) == ("missing", f"no result of security for commit {COMMIT[:12]}")


def test_the_run_that_asks_is_left_out_while_it_runs(serve):
    told = reported(check(), check("gate", None))
    environ = {"GITHUB_RUN_ID": "77", "GITHUB_REPOSITORY": "acme/shop"}
    reading = github(serve, told, config={"checks": "all"}, environ=environ)[0].one
    assert (reading.value, reading.why) == (1, "1 check succeeded")
    assert github(serve, told, config={"checks": "all"})[0].one.state == "missing"


def test_a_list_that_ends_early_is_partial(serve):
    reading = github(serve, reported(check(), total=7), config={"checks": "all"})[0].one
    assert reading.partial == "GitHub lists 1 of 7 checks"


def test_runs_and_checks_are_not_chosen_together():
    with pytest.raises(ValueError, match="checks asks for no runs"):
        GitHubConfig(repository="acme/shop", checks="all", workflow="ci.yml")
