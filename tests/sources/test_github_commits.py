"""What the runs of a commit say together: refs, pull requests, forks, workflows that must have run, the asking run."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from workbench.sources.github_actions.counting import measured, numbers_of
from workbench.sources.github_actions.runs import Asked, Run, verdict
from workbench.sources.reading import Found

from .support import AT, body
from .test_github import COMMIT, github, measure, pages, run

SHORT = COMMIT[:12]
FORK: dict[str, Any] = {"head_repository": {"id": 2}}
PULL: dict[str, Any] = {"event": "pull_request", "head_branch": "topic"}
TAG: dict[str, Any] = {"head_branch": "v1.2.0"}
E2E: dict[str, Any] = {"workflow_id": 8, "name": "E2E", "path": ".github/workflows/e2e.yml@refs/heads/main"}
GATE: dict[str, Any] = {"workflow_id": 9, "name": "Release gate", "path": ".github/workflows/gate.yml"}


def as_runs(*runs: dict[str, Any]) -> list[Run]:
    return [msgspec.convert(one, Run, strict=False) for one in runs]


def judge(*runs: dict[str, Any], **asked: Any) -> Found:
    return verdict(as_runs(*runs), Asked(commit=COMMIT, at=AT, **asked))


def said(found: Found) -> tuple[str, str]:
    state = found.state if found.value is None else ("green" if found.value else "red")
    return state, found.why


def test_red_on_one_branch_stays_red_whatever_another_ref_says():
    red, green = run(1, "failure"), run(2, **TAG)
    assert said(judge(red, green)) == ("red", "CI: failure (push of main)")
    assert said(judge(run(1, **TAG), run(2, "failure"))) == ("red", "CI: failure (push of main)")
    assert said(judge(red, run(2), run(3, **TAG))) == ("green", "2 runs succeeded")


def test_what_still_runs_on_a_tag_is_waited_for():
    assert said(judge(run(1), run(2, None, **TAG))) == ("missing", "still running: CI")


def test_an_approval_that_is_waited_for_is_named():
    found = judge(run(1), run(2, None, **E2E | {"status": "waiting"}))
    assert said(found) == ("missing", "still running: E2E (waits for an approval on GitHub)")


@pytest.mark.parametrize("conclusion", ["skipped", "neutral"])
def test_a_run_without_a_result_replaces_none_that_has_one(conclusion):
    assert said(judge(run(1, "failure"), run(2, conclusion))) == ("red", "CI: failure")
    assert said(judge(run(1), run(2, conclusion))) == ("green", "CI succeeded")


def test_pull_requests_alone_prove_nothing_of_the_commit():
    found = judge(run(1, **PULL))
    assert found.state == "missing"
    assert found.why.startswith(
        f"only pull requests were tested (CI), and those test a merge, not commit {SHORT}"
    )
    assert "event: [pull_request]" in found.why
    assert found.facts["edit"] == "event"
    assert judge(run(1, event="pull_request_target")).state == "missing"


def test_a_red_pull_request_blocks_and_a_green_one_adds_nothing():
    assert said(judge(run(1), run(2, "failure", **PULL)))[0] == "red"
    assert said(judge(run(1), run(2, **PULL))) == ("green", "2 runs succeeded, 1 of them for pull requests")


def test_a_source_may_ask_for_pull_requests():
    found = judge(run(1, **PULL), events=frozenset({"pull_request"}))
    assert said(found) == ("green", "CI succeeded, for a pull request: a merge was tested")


def test_only_the_events_that_are_asked_for_count():
    runs = run(1, "failure", event="schedule"), run(2, workflow_id=8, name="E2E")
    assert said(judge(*runs)) == ("red", "CI: failure")
    assert said(judge(*runs, events=frozenset({"push"}))) == ("green", "E2E succeeded")
    found = judge(*runs, events=frozenset({"merge_group"}))
    assert said(found) == ("missing", f"no run for commit {SHORT} that was started by merge_group")
    assert found.facts["edit"] == "event"


def test_a_run_of_a_forks_branch_is_none_of_this_repository():
    found = judge(run(1, event="workflow_run", **FORK))
    assert found.state == "missing"
    assert said(judge(run(1, event="workflow_run", head_repository=None)))[0] == "missing"


@pytest.mark.parametrize(
    ("e2e", "words"),
    [
        ([], f"no run of e2e.yml for commit {SHORT}"),
        ([run(2, "skipped", **E2E)], "e2e.yml was skipped"),
        ([run(2, "neutral", **E2E)], "e2e.yml was skipped"),
        ([run(2, **E2E, **PULL)], "e2e.yml ran for pull requests only, which test a merge"),
        ([run(2, None, **E2E)], "still running: E2E"),
    ],
)
def test_each_named_workflow_must_have_tested_the_commit(e2e, words):
    found = judge(run(1), *e2e, workflows=("ci.yml", "e2e.yml"))
    assert said(found) == ("missing", words)


def test_red_is_told_before_what_is_missing():
    assert said(judge(run(1, "failure"), workflows=("ci.yml", "e2e.yml"))) == ("red", "CI: failure")
    assert said(judge(run(1, "failure"), workflows=("ci.yml",), unknown=("e2e.yml",)))[0] == "red"


def test_the_run_that_asks_is_left_out_and_named():
    gate = run(50, None, **GATE)
    left_out = "; left out: Release gate, the run that asks"
    assert said(judge(run(1), gate)) == ("missing", "still running: Release gate")
    assert said(judge(run(1), gate, asking=50)) == ("green", f"CI succeeded{left_out}")
    assert said(judge(run(1, "failure"), gate, asking=50)) == ("red", f"CI: failure{left_out}")
    assert said(judge(run(1, None), gate, asking=50)) == ("missing", f"still running: CI{left_out}")
    assert said(judge(gate, asking=50)) == ("missing", f"no other run for commit {SHORT}{left_out}")
    found = judge(run(1), gate, asking=50, workflows=("ci.yml", "gate.yml"))
    assert said(found) == ("missing", f"gate.yml is the workflow that asks{left_out}")


def test_the_run_that_asks_replaces_its_own_earlier_ones_and_no_others():
    earlier, gate = run(49, "failure", **GATE), run(50, None, **GATE)
    assert said(judge(run(1), earlier, gate, asking=50))[0] == "green"
    on_a_tag = run(50, None, **TAG)
    assert said(judge(run(1, "failure"), on_a_tag, asking=50))[0] == "red"


@pytest.mark.parametrize(
    ("environ", "green"),
    [
        ({"GITHUB_RUN_ID": "50", "GITHUB_REPOSITORY": "acme/shop"}, True),
        ({"GITHUB_RUN_ID": "50", "GITHUB_REPOSITORY": "Acme/Shop"}, True),
        ({"GITHUB_RUN_ID": "50", "GITHUB_REPOSITORY": "other/shop"}, False),
        ({"GITHUB_RUN_ID": "51", "GITHUB_REPOSITORY": "acme/shop"}, False),
        ({"GITHUB_RUN_ID": "٥٠", "GITHUB_REPOSITORY": "acme/shop"}, False),
        ({"GITHUB_RUN_ID": "9" * 5000, "GITHUB_REPOSITORY": "acme/shop"}, False),
        ({"GITHUB_RUN_ID": "50"}, False),
    ],
)
def test_where_the_workbench_runs_is_read_from_the_environment(serve, environ, green):
    reading = github(serve, pages(run(1), run(50, None, **GATE)), environ=environ)[0].one
    assert reading.state == ("ok" if green else "missing")


def test_a_run_that_has_ended_is_not_the_one_that_asks(serve):
    environ = {"GITHUB_RUN_ID": "50", "GITHUB_REPOSITORY": "acme/shop"}
    reading = github(serve, pages(run(1), run(50, "failure", **GATE)), environ=environ)[0].one
    assert (reading.value, "left out" in reading.why) == (Decimal(0), False)


def test_a_workflow_that_github_does_not_have_hides_no_red_one(serve):
    def answer(asked):
        if "e2e.yml" in asked.path:
            return body({"message": "Not Found"}, 404)
        return pages(run(1, conclusion))(asked)

    config = {"workflow": [".github/workflows/ci.yml", "e2e.yml"]}
    conclusion = "failure"
    assert github(serve, answer, config=config)[0].one.why == "CI: failure"
    conclusion = "success"
    reading = github(serve, answer, config=config)[0].one
    assert (reading.state, reading.facts["absent"]) == ("missing", "e2e.yml")
    assert reading.why == "the repository has no workflow e2e.yml: correct workflow:, or take it out"


def test_a_server_with_shorter_pages_is_read_to_the_end(serve):
    runs = [run(number) for number in range(1, 80)]

    def answer(asked):
        page = int(asked.params["page"])
        return body({"total_count": len(runs), "workflow_runs": runs[(page - 1) * 30 : page * 30]})

    fetched, server = github(serve, answer, **measure("success_rate"))
    assert (fetched.one.samples, fetched.one.partial) == (79, None)
    assert len(server.asked) == 3


def test_fewer_runs_than_there_are_is_partial(serve):
    reading = github(serve, lambda _: body({"total_count": 3, "workflow_runs": []}))[0].one
    assert reading.partial == "GitHub lists 0 of 3 runs"


# --- measures ----------------------------------------------------------------------------

FROM_FORKS = [run(number, event="pull_request", **FORK) for number in range(101, 161)]
OWN = [run(number, "failure" if number < 5 else "success") for number in range(1, 10)]


def test_a_branch_is_the_repositorys_own_and_no_forks(serve):
    config = {"branch": "main"}
    reading = github(serve, pages(*OWN, *FROM_FORKS), config=config, **measure("success_rate", unit="%"))[
        0
    ].one
    assert (round(float(reading.value or 0), 1), reading.samples) == (55.6, 9)


@pytest.mark.parametrize(
    ("more", "branch", "events", "counts"),
    [
        ({}, "main", (), True),
        ({"event": "workflow_run"}, "main", (), True),
        ({"event": "workflow_run", **FORK}, "main", (), False),
        ({"event": "workflow_run", **FORK}, None, (), True),
        ({"event": "workflow_run", "head_repository": None}, "main", (), False),
        ({"event": "pull_request"}, "main", (), False),
        ({"event": "pull_request"}, "main", ("pull_request",), True),
        ({"event": "pull_request"}, None, (), True),
        ({"event": "schedule"}, "main", (), True),
        ({"event": "schedule"}, "main", ("push",), False),
    ],
)
def test_which_runs_are_measured(more, branch, events, counts):
    (one,) = as_runs(run(1, **more))
    assert measured(one, branch, events) is counts


def test_events_are_asked_for_one_by_one(serve):
    config = {"event": ["push", "schedule"]}
    fetched, server = github(serve, pages(run(1)), config=config, **measure("success_rate"))
    assert fetched.one.samples == 1
    assert [asked.params["event"] for asked in server.asked] == ["push", "schedule"]


def test_a_conclusion_that_is_not_known_is_no_success():
    runs = as_runs(run(1), run(2, "something_new"), run(3, "cancelled"), run(4, "neutral"))
    assert numbers_of("success_rate", runs) == ([1.0, 0.0], "share")


def test_a_run_that_ends_before_it_starts_is_an_error(serve):
    reading = github(serve, pages(run(1, updated_at="2026-11-20T09:00:00Z")), **measure("duration"))[0].one
    assert (reading.state, reading.why) == ("error", "the run 1 of CI ends before it starts")


def test_what_a_run_took_is_from_the_start_of_its_last_attempt():
    late = run(1, run_attempt=2, created_at="2026-11-18T10:00:00Z")
    assert numbers_of("duration", as_runs(late)) == ([timedelta(minutes=5).total_seconds()], "s")
