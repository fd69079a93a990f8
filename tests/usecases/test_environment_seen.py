"""What environments are judged from is gathered from files and record, and concluded for the change."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
from tests import building as build

from workbench.environments.model import Occupancy
from workbench.environments.needed import Need
from workbench.environments.seen import State
from workbench.releases import model as releases
from workbench.usecases import environments as acts
from workbench.usecases import releasing
from workbench.usecases.context import Context
from workbench.usecases.environment_seen import read_seen, release_in_hand
from workbench.usecases.evaluate import evaluate
from workbench.usecases.needing import is_needed
from workbench.usecases.views import environment_judging as judging

HOUR = timedelta(hours=1)


def seen(context: Context, key: str = "staging") -> object:
    environment = acts.find_environment(context, key)
    return read_seen(context, environment, release_in_hand(context))


def occupy(context: Context, who: str, begins: timedelta, ends: timedelta) -> None:
    now = context.now
    acts.occupy(
        context,
        Occupancy(environment="staging", who=who, why="a load test", begins=now + begins, ends=now + ends, by="kim"),
    )  # fmt: skip


def test_verdicts_differences_and_mocked_steps_of_the_environment_under_test(tmp_path: Path) -> None:
    with build.shop(tmp_path, stated=False) as context:
        build.figures(context)
        build.add_difference(context, "No load balancer", category="infrastructure")
        build.add_flow(context, "refund", mocked_steps=("pay",))
        found = seen(context)
        assert {one.title for one in found.judged} == {"Checkout p95", "Checkout errors"}
        assert [one.relative for one in found.judged] == [True, False]
        assert [(one.title, one.open) for one in found.gaps] == [("No load balancer", True)]
        assert [one.flow for one in found.mocked] == ["refund"]
        assert found.project.ci_sources == ("reports",)
        assert found.project.measuring_sources == ("metrics",)
        elsewhere = seen(context, "production")
        assert not elsewhere.gaps
        assert not elsewhere.judged


def test_a_decision_that_has_ended_leaves_a_difference_open(tmp_path: Path) -> None:
    with build.shop(tmp_path, stated=False) as context:
        ident = build.add_difference(context, "smaller", severity="low")
        build.decide(context, ident, "accept", reason="small enough to live with", until=context.now + HOUR)
        assert [one.open for one in seen(context).gaps] == [False]
        assert [one.open for one in seen(build.later(context, hours=2)).gaps] == [True]


def test_teams_that_came_while_others_were_at_work_are_counted(tmp_path: Path) -> None:
    with build.shop(tmp_path) as context:
        occupy(context, "payments", -3 * HOUR, -HOUR)
        occupy(context, "search", -2 * HOUR, HOUR)
        occupy(context, "payments", 2 * HOUR, 3 * HOUR)
        occupy(context, "Kim", 4 * HOUR, 5 * HOUR)
        found = seen(context)
        assert found.teams == {"payments", "search"}
        assert found.clashes == 1


def test_an_assessment_has_every_section_and_production_has_none(tmp_path: Path) -> None:
    with build.shop(tmp_path) as context:
        evaluation = release_in_hand(context)
        found = judging.assess(context, acts.find_environment(context, None), evaluation)
        assert found is not None
        titles = [section.title for section in judging.sections(found)]
        assert titles[0] == "Failure modes and anti-patterns"
        assert titles[-1] == "Is staging needed for 2.0.0?"
        assert found.met is State.UNKNOWN
        assert judging.assess(context, acts.find_environment(context, "production"), evaluation) is None
        assert set(judging.document(None)) == set(judging.document(found))


def _release(context: Context, **said: object) -> None:
    held = releases.find(context.record)
    releasing.edit(context, held, msgspec.structs.replace(held.release, **said))


def test_the_release_answers_what_it_says_of_itself(tmp_path: Path) -> None:
    with build.shop(tmp_path) as context:
        _release(context, changes=("CH-1", "CH-2"))
        found = is_needed(context, evaluate(context), {})
        assert found.need is Need.YES
        assert found.because == ("it touches a database schema and an API between services",)
        assert found.answers["schema"].by == "release 2.0.0: database schema migration"
        _release(context, changes=("CH-4",), rollback_plan=("switch the flag off",))
        build.measured(context, "tests/reports", "1", role="tests")
        found = is_needed(context, evaluate(context), {})
        assert found.answers["schema"].answer is False
        assert found.answers["irreversible"].answer is False
        assert found.answers["tests"].answer is True
        said = dict.fromkeys(("regulated", "scale", "risky", "rehearse"), False)
        assert is_needed(context, evaluate(context), {**said, "isolated": True}).need is Need.OPTIONAL
        assert (
            is_needed(context, evaluate(context), {**said, "isolated": True, "tests": False}).need is Need.YES
        )


def test_before_there_is_a_release_only_what_is_said_counts(tmp_path: Path) -> None:
    build.write(tmp_path)
    with build.opened(tmp_path) as context:
        assert release_in_hand(context) is None
        assert is_needed(context, None, {"schema": True, "api": True}).need is Need.YES
        assert {one.answer for one in is_needed(context, None, {}).answers.values()} == {None}
