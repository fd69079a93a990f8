"""What is made of deployments, whichever server told of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from workbench.sources.deployments import Deployment, Log, answer, skips
from workbench.sources.reading import Question

from .support import AT


def deployment(outcome: str = "succeeded", *, hours: float = 1, takes: float = 60, **more: Any) -> Deployment:
    at = AT - timedelta(hours=hours)
    ended = at + timedelta(seconds=takes) if outcome in ("succeeded", "failed") else None
    told = {"environment": "staging", "commit": "abc1234", "at": at, "ended": ended, "outcome": outcome}
    return Deployment(**(told | more))  # type: ignore[arg-type]


def log(*deployments: Deployment, **more: Any) -> Log:
    return Log(**{"environment": "staging", "deployments": deployments} | more)


def question(unit: str = "") -> Question:
    return Question(subject="b", source="ci", at=AT, unit=unit)


SOME = log(
    deployment(),
    deployment("failed", hours=48),
    deployment(takes=180),
    deployment(takes=120),
    deployment("waiting"),
    deployment("none"),
)


@pytest.mark.parametrize(
    ("read", "unit", "value", "samples"),
    [
        ("success_rate", "", Decimal("0.75"), 4),
        ("success_rate", "%", Decimal(75), 4),
        ("failure_rate", "%", Decimal(25), 4),
        ("count", "", Decimal(3), 6),
        ("duration", "min", Decimal(2), 3),
        ("since_last", "min", Decimal(57), 1),
    ],
)
def test_numbers(read, unit, value, samples):
    found = answer(read, question(unit), SOME)
    assert (found.state, found.value, found.samples) == ("ok", value, samples)


def test_what_failed_is_named_and_what_has_no_result_is_said():
    facts = answer("success_rate", question(), SOME).facts
    assert facts["because"] == "1 of 4 deployments failed; the last one 2 days ago, commit abc1234"
    assert facts["note"] == "2 deployments without a result left out"


def test_a_deployment_that_began_a_day_ago_and_never_ended_failed():
    one = log(deployment(), deployment("running", hours=25), deployment("running", hours=2))
    found = answer("success_rate", question("%"), one)
    assert (found.value, found.samples) == (50, 2)
    assert "1 of them began and never ended" in str(found.facts["because"])


@pytest.mark.parametrize(
    ("read", "words"),
    [
        ("success_rate", "no deployment with a result to staging in the window"),
        ("duration", "no successful deployment to staging in the window"),
        ("since_last", "no deployment to staging in the window"),
    ],
)
def test_nothing_is_missing_and_never_a_number(read, words):
    found = answer(read, question(), log())
    assert (found.state, found.value, found.why) == ("missing", None, words)


def test_where_none_of_the_last_ones_succeeded_the_last_success_is_not_known():
    found = answer("since_last", question(), log(deployment("failed"), deployment("none")))
    assert (found.state, found.why) == ("missing", "none of the last 2 deployments to staging succeeded")


def test_none_in_the_window_is_a_count_only_where_the_environment_is_known():
    assert answer("count", question(), log()).value == 0
    unknown = answer("count", question(), log(known=False, elsewhere=("stage", "prod")))
    assert unknown.state == "missing"
    assert unknown.why == "nothing was ever deployed to staging; there are deployments to “stage”, “prod”"


PRODUCTION = log(
    deployment(environment="production", takes=240),
    deployment("failed", environment="production"),
    environment="production",
    steps=("approval", "Deploy to production", "Smoke test"),
)


def test_friction_is_productions_time_over_stagings_with_the_steps_that_staging_skips():
    staging = log(deployment(takes=120), steps=("Deploy to staging",))
    found = answer("friction", question(), staging, PRODUCTION)
    assert (found.value, found.facts["skipped_steps"]) == (2, 2)
    assert found.facts["note"] == (
        "staging takes 2 min in 1 step, and 0 of 1 deployment failed; production takes 4 min in 3 steps, and"
        " 1 of 2 deployments failed; staging skips “approval”, “Smoke test”"
    )


def test_friction_needs_both():
    found = answer("friction", question(), log(), PRODUCTION)
    assert (found.state, found.why) == ("missing", "no successful deployment to staging in the window")


def test_skipped_steps_are_counted_and_named():
    staging = log(deployment(), steps=("Deploy to staging", "smoke test"))
    found = answer("skipped_steps", question(), staging, PRODUCTION)
    assert (found.value, found.facts["because"]) == (1, "staging skips “approval”")
    unknown = answer("skipped_steps", question(), log(deployment()), PRODUCTION)
    assert (unknown.state, unknown.why) == ("missing", "the steps of deployments to staging are not known")
    assert skips(staging, PRODUCTION) == ["approval"]


def test_what_one_side_left_out_is_said_of_both():
    staging = log(deployment(), partial="GitHub lists 200 of many")
    assert answer("friction", question(), staging, PRODUCTION).partial == "GitHub lists 200 of many"
