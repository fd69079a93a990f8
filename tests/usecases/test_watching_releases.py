"""A release is watched: criteria for rolling back, blockers with their age, and people who are told once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.definitions import load
from workbench.definitions.hooks import HookEvent
from workbench.gates.rollback import CriterionState
from workbench.hooks.model import notices
from workbench.model.errors import DefinitionError, NotAllowed, UsageError
from workbench.usecases import deciding, fetching, reminding, shipping
from workbench.usecases.blockers import blockers
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options, kinds
from workbench.usecases.trusting import agree, look
from workbench.usecases.views.watch import all_watched, read_watch

LIVE = """\
  - key: live-errors
    flow: checkout
    title: Checkout errors in production
    measure: {source: metrics, query: down, unit: "%", environment: production}
    pass: <= 1 %
gates:
"""
WATCHED = build.SHOP.replace("gates:\n", LIVE, 1) + "rollback_when: [live-errors]\n"
SHIPPED = "conditions are met on the day"


def hooked(on: str) -> str:
    return f"hooks:\n  - {{key: page, on: [{on}], kind: command, run: 'true'}}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", WATCHED) as context:
        yield context


def live(context: Context, value: str, ago: timedelta = timedelta(minutes=5)) -> None:
    build.measured(context, "live-errors", value, environment="production", ago=ago)


def state(context: Context) -> CriterionState:
    (one,) = read_watch(context).criteria
    return one.state


def test_a_criterion_holds_where_production_fails_since_it_went_out(shop: Context) -> None:
    live(shop, "9")  # of the release before: it was measured before this one went out
    shipping.ship(shop, reason=SHIPPED)
    assert state(shop) is CriterionState.UNKNOWN
    later = build.later(shop, hours=2)
    live(later, "0.4")
    assert state(later) is CriterionState.DOES_NOT_HOLD
    latest = build.later(shop, hours=3)
    live(latest, "4")
    assert state(latest) is CriterionState.HOLDS
    assert [one.version for one in all_watched(latest)] == ["2.0.0"]


def test_after_seven_days_nothing_is_watched(shop: Context) -> None:
    shipping.ship(shop, reason=SHIPPED)
    assert read_watch(build.later(shop, days=6)).watching
    assert not read_watch(build.later(shop, days=7)).watching
    assert all_watched(build.later(shop, days=7)) == []


def test_nothing_is_watched_before_anything_went_out(shop: Context) -> None:
    with pytest.raises(UsageError, match="no release is out"):
        read_watch(shop)
    with pytest.raises(UsageError, match="not out in production"):
        read_watch(shop, "2.0.0")


def test_only_criteria_are_measured_of_a_release_that_went_out(shop: Context) -> None:
    shipping.ship(shop, reason=SHIPPED)
    wanted = fetching._watched(shop, evaluate(shop).held, None)
    assert wanted.benchmarks == ("live-errors",)
    with pytest.raises(NotAllowed, match="frozen"):
        fetching._watched(shop, evaluate(shop).held, fetching.Wanted(benchmarks=("p95",)))


@pytest.mark.parametrize(
    ("key", "words"), [("errors", "not measured in production"), ("nothing", "there is no benchmark")]
)
def test_a_criterion_is_a_benchmark_of_production(tmp_path: Path, key: str, words: str) -> None:
    text = WATCHED.replace("rollback_when: [live-errors]", f"rollback_when: [{key}]")
    with pytest.raises(DefinitionError) as caught:
        load(build.write(tmp_path / "shop", text), kinds())
    assert any(words in problem.what for problem in caught.value.problems)


def test_people_are_told_once_when_a_criterion_holds(tmp_path: Path) -> None:
    folder = build.write(tmp_path / "shop", WATCHED + hooked("rollback_criterion"))
    agree(look(Options(project=folder)))
    with build.opened(folder) as context:
        build.releasing.plan(
            context, build.Release(version="2.0.0"), build.Candidate(release="", number=0, commit=build.SHA)
        )
        shipping.ship(context, reason=SHIPPED)
        later = build.later(context, hours=2)
        assert reminding.remind(later) == []
        live(later, "4")
        (one,) = reminding.remind(later)
        assert one.told[0].worked and "A person decides" in one.reminder.text
        (again,) = reminding.remind(later)
        assert again.before and not again.told
        assert [note.event for _, note in notices(context.record)] == [HookEvent.ROLLBACK_CRITERION]


def test_a_blocker_has_an_owner_an_age_and_a_time_to_escalate(tmp_path: Path) -> None:
    text = build.SHOP.replace(
        "    sign: {roles: [{role: staging-owner}]}",
        ("    sign: {roles: [{role: staging-owner}]}\n    escalate: {after: 6h, to: product-owner}"),
        1,
    )
    with build.shop(tmp_path / "shop", text) as context:
        build.measured(context, "errors", "9", ago=timedelta(minutes=5))
        found = {one.part: one for one in blockers(context, evaluate(context))}
        one = found["benchmark/errors"]
        assert (one.since_what, one.to, one.tell) == ("measured", "product-owner", ("sam",)) or one.since_what
        assert not one.overdue(context.now) and one.escalates_at == one.since + timedelta(hours=6)
        assert one.overdue(one.escalates_at + timedelta(seconds=1))
        due = context.now + timedelta(hours=1)
        deciding.promise(context, evaluate(context), "benchmark/errors", "jo", due)
        late = build.at(context, due + timedelta(minutes=1))
        one = next(each for each in blockers(late, evaluate(late)) if each.part == "benchmark/errors")
        assert one.owner == "jo" and one.broken(late.now) and one.overdue(late.now)
        titles = [each.title for each in reminding.due(late) if each.event is HookEvent.BLOCKER_OVERDUE]
        assert any("promised by jo" in title for title in titles)


def test_a_freeze_and_a_proposal_are_as_old_as_they_are(shop: Context) -> None:
    later = build.later(shop, hours=3)
    deciding.freeze(later, "staging is being rebuilt")
    found = {one.part: one for one in blockers(later, evaluate(later))}
    assert found["freeze"].since == later.now and found["freeze"].since_what == "frozen"


def test_what_waits_for_approval_is_told_to_those_who_can_give_it(shop: Context) -> None:
    build.measured(shop, "errors", "9")
    until = shop.now + timedelta(days=2)
    build.propose_override(
        shop, evaluate(shop), "errors", reason="the bank answers slowly", until=until, approver="robin"
    )
    found = [one for one in reminding.due(shop) if one.event is HookEvent.APPROVAL_NEEDED]
    assert any(one.people == ("robin",) and "errors" in one.title.lower() for one in found)
    assert json.dumps([one.document for one in found])


def test_the_role_that_is_told_has_to_exist(tmp_path: Path) -> None:
    text = build.SHOP.replace("    title: Go\n", "    title: Go\n    escalate: {after: 6h, to: pilots}\n")
    with pytest.raises(DefinitionError) as caught:
        load(build.write(tmp_path / "shop", text), kinds())
    assert "nobody has the role" in caught.value.problems[0].what
