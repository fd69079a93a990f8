"""Planning releases, candidates, and what becomes of a release."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.model.errors import NotAllowed, UsageError
from workbench.releases import model as releases
from workbench.releases.model import Artifact, Candidate, Outcome, Release, ReleaseState
from workbench.usecases import builds, releasing, shipping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def build_of(commit: str = build.SHA_2, **more: object) -> Candidate:
    return Candidate(release="", number=0, commit=commit, **more)  # type: ignore[arg-type]


def test_release_and_first_build_are_one_act(shop: Context) -> None:
    before = shop.record.head.seq
    held = releasing.plan(shop, Release(version=" 3.0.0 "), build_of(author="jo"))
    assert held.release.version == "3.0.0" and held.title == "3.0.0 rc1"
    rows = shop.record.query("SELECT DISTINCT change_id FROM ledger WHERE seq > ?", (before,))
    assert len(rows) == 1


@pytest.mark.parametrize("commit", ["", "abc", "not-a-commit", "g" * 40, "a" * 65])
def test_a_bad_commit_leaves_nothing_behind(shop: Context, commit: str) -> None:
    with pytest.raises(UsageError, match="is not a commit"):
        releasing.plan(shop, Release(version="3.0.0"), build_of(commit))
    assert shop.record.count("release") == 1


@pytest.mark.parametrize("version", ["2.0.0", " 2.0.0 "])
def test_a_version_stands_once(shop: Context, version: str) -> None:
    with pytest.raises(UsageError, match="already"):
        releasing.plan(shop, Release(version=version))
    assert shop.record.count("release") == 1


@pytest.mark.parametrize("release", [Release(version=" "), Release(version="3", changes=("CH-99",))])
def test_what_no_release_can_be(shop: Context, release: Release) -> None:
    with pytest.raises(UsageError):
        releasing.plan(shop, release)


def test_the_same_build_again_is_refused_and_other_artifacts_are_another(shop: Context) -> None:
    held = evaluate(shop).held
    with pytest.raises(UsageError, match="rc1 already is commit 7c4e19f"):
        releasing.propose(shop, held, build_of(build.SHA.upper()))
    releasing.propose(shop, held, build_of(build.SHA, artifacts=(Artifact("shop.tar", "sha256:1"),)))
    assert evaluate(shop).held.title == "2.0.0 rc2"


def test_shipping_past_a_gate_needs_a_reason(shop: Context) -> None:
    with pytest.raises(NotAllowed, match="not every gate"):
        shipping.ship(shop, reason="hurry")
    shipping.ship(shop, reason="the vendor switches off", run="run 7")
    value = evaluate(shop).held.release
    assert (value.outcome, value.outcome_by, value.run) == (Outcome.SHIPPED, "kim", "run 7")


@pytest.mark.parametrize("outcome", [Outcome.ABANDONED, Outcome.ROLLED_BACK])
def test_other_ends_need_a_word(shop: Context, outcome: Outcome) -> None:
    held = evaluate(shop).held
    if outcome is Outcome.ROLLED_BACK:
        with pytest.raises(NotAllowed, match="is open; it cannot become rolled back"):
            releasing.end(shop, held, outcome, reason="it leaked")
        shipping.ship(shop, reason="the vendor switches off")
        held = evaluate(shop).held
    with pytest.raises(UsageError, match="say why"):
        releasing.end(shop, held, outcome)
    releasing.end(shop, held, outcome, reason="it leaked")
    again = evaluate(shop).held
    with pytest.raises(NotAllowed):
        shipping.ship(shop, reason="the vendor switches off")
    with pytest.raises(NotAllowed, match="frozen"):
        releasing.propose(shop, again, build_of())


def test_states_follow_the_record_and_the_clock(tmp_path: Path) -> None:
    build.write(tmp_path / "p")
    with build.opened(tmp_path / "p") as context:
        releasing.plan(context, Release(version="2.0.0"))
        assert evaluate(context).state is ReleaseState.PLANNED
        releasing.propose(context, evaluate(context).held, build_of(build.SHA, author="jo"))
        build.add_flow(context)
        build.nothing_differs(context)
        assert evaluate(context).state is ReleaseState.BLOCKED
        build.clear(context)
        build.sign(context, "benchmarks", "robin")
        assert evaluate(context).state is ReleaseState.READY
        build.sign(context, "go", "kim")
        build.sign(context, "go", "sam")
        assert evaluate(context).state is ReleaseState.SIGNED
        shipping.ship(context)
        assert evaluate(context).state is ReleaseState.WATCHING
        assert evaluate(build.later(context, days=7)).state is ReleaseState.CLOSED


def test_the_release_in_hand_is_the_open_one_planned_first_else_the_one_that_ended_last(
    shop: Context,
) -> None:
    def planned(version: str, days: int) -> None:
        when = shop.now + timedelta(days=days)
        releasing.plan(shop, Release(version=version, planned_at=when), build_of())

    planned("9.0.0", 9)
    planned("3.0.0", 3)
    assert releases.find(shop.record).release.version == "3.0.0"
    for hours, version in enumerate(("9.0.0", "3.0.0", "2.0.0")):
        then = build.later(shop, hours=hours)
        shipping.ship(then, version, reason="the vendor switches off")
    assert releases.find(shop.record).release.version == "2.0.0"
    with pytest.raises(UsageError) as caught:
        releases.find(shop.record, "7")
    assert caught.value.hint and "9.0.0" in caught.value.hint


def test_a_record_without_a_release_says_how_to_plan_one(tmp_path: Path) -> None:
    build.write(tmp_path / "p")
    with build.opened(tmp_path / "p") as context, pytest.raises(UsageError) as caught:
        evaluate(context)
    assert caught.value.hint == "workbench release new VERSION --commit SHA"


def test_editing_keeps_what_others_edited(shop: Context) -> None:
    held = evaluate(shop).held
    releasing.edit(shop, held, msgspec.structs.replace(held.release, summary="Faster checkout"))
    releasing.edit(shop, held, msgspec.structs.replace(held.release, owner="kim"))
    value = evaluate(shop).held.release
    assert (value.summary, value.owner) == ("Faster checkout", "kim")


def test_whoever_built_the_candidate_may_not_approve_it_however_the_address_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    text = build.SHOP.replace("{key: kim, name: Kim,", "{key: kim, name: Kim, email: Kim@Example.com,")
    with build.shop(tmp_path / "p", text) as context:
        git = ["git", "-c", "user.name=Kim", "-c", "user.email=kim@example.COM"]
        for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "mine"]):
            subprocess.run([*git, *words], cwd=context.root, check=True, capture_output=True)
        held = evaluate(context).held
        mine = builds.build_in_hand(context, held, {})
        assert mine.author == "kim"
        releasing.propose(context, held, mine)
        build.clear(context)
        build.sign(context, "benchmarks", "robin")
        with pytest.raises(NotAllowed, match="Kim wrote this candidate and may not approve it"):
            build.sign(context, "go", "kim")
        build.sign(context, "go", "robin")


def test_the_end_of_a_release_that_has_ended_is_told_before_its_reason(shop: Context) -> None:
    releasing.end(shop, evaluate(shop).held, Outcome.ABANDONED, reason="it is superseded")
    with pytest.raises(NotAllowed, match="abandoned"):
        releasing.end(shop, evaluate(shop).held, Outcome.ABANDONED, reason="again")


def test_a_reason_that_is_too_short_is_answered_with_what_it_needs(shop: Context) -> None:
    with pytest.raises(UsageError) as abandoned:
        releasing.end(shop, evaluate(shop).held, Outcome.ABANDONED, reason="again")
    with pytest.raises(NotAllowed) as shipped:
        shipping.ship(shop, reason="must be")
    for error in (abandoned, shipped):
        assert "a few words at least" in (error.value.hint or "") and "--reason" not in (
            error.value.hint or ""
        )


def test_a_rollback_that_is_entered_later_keeps_its_own_moment(shop: Context) -> None:
    held = releasing.find(shop)
    shipping.ship(shop, held.release.version, reason="shipped by hand after the tests passed")
    later = build.later(shop, hours=5)
    held = releasing.find(later, held.release.version)
    at = later.now - timedelta(hours=3)
    releasing.end(later, held, Outcome.ROLLED_BACK, reason="payments failed for all", at=at)
    assert releasing.find(later, held.release.version).release.outcome_at == at


@pytest.mark.parametrize(("hours", "said"), [(-1, "went out"), (6, "in the past")])
def test_a_rollback_lies_between_going_out_and_now(shop: Context, hours: int, said: str) -> None:
    held = releasing.find(shop)
    shipping.ship(shop, held.release.version, reason="shipped by hand after the tests passed")
    later = build.later(shop, hours=5)
    held = releasing.find(later, held.release.version)
    at = shop.now + timedelta(hours=hours)
    with pytest.raises(UsageError, match=said):
        releasing.end(later, held, Outcome.ROLLED_BACK, reason="payments failed for all", at=at)
    assert releasing.find(later, held.release.version).release.outcome is Outcome.SHIPPED
