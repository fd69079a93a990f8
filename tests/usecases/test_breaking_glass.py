"""A hotfix's short path, break-glass with its review, and what skipped staging."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.definitions import load
from workbench.definitions.release_gates import GO, PLAN, SMOKE, gates_for
from workbench.gates.model import GateState
from workbench.model.errors import NotAllowed, UsageError, WorkbenchError
from workbench.releases.model import Candidate, Outcome, Release, ReleaseKind
from workbench.usecases import approving, breaking_glass, deciding, releasing
from workbench.usecases.calendar.collecting import collect
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import kinds
from workbench.usecases.reporting.kept import kept_report
from workbench.usecases.scripting.acts import tell
from workbench.usecases.views.break_glass import read_break_glass
from workbench.usecases.views.releases import read_releases, skipped_words

WHY = "checkout fails for everybody"
REVIEW = "right, and the alert came late"


def hotfix(context: Context, version: str = "2.14.1", **said: object) -> None:
    release = Release(version=version, kind=ReleaseKind.HOTFIX, **said)  # type: ignore[arg-type]
    releasing.plan(context, release, Candidate(release="", number=0, commit=build.SHA_2, author="jo"))


def keys(context: Context, version: str) -> list[str]:
    return [item.key for item in evaluate(context, version).gates]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def test_a_hotfix_has_three_gates_and_one_approver(shop: Context) -> None:
    hotfix(shop)
    assert keys(shop, "2.14.1") == [PLAN, SMOKE, GO]
    assert keys(shop, "2.0.0") == ["benchmarks", "ready", "go"]
    plan, smoke, go = evaluate(shop, "2.14.1").gates
    assert [part.title for part in plan.parts] == ["What it is for", "How to roll back"]
    # The smoke test is what the project's gates ask of tests.
    assert [item.kind for item in smoke.result.gate.requires] == ["tests_green"]
    assert go.gate.sign is not None
    assert [(item.role, item.count) for item in go.gate.sign.roles] == [("release-owner", 1)]
    assert not go.gate.sign.own


def test_what_it_is_for_and_how_to_roll_back_clear_the_first_gate(shop: Context) -> None:
    hotfix(shop, summary="refunds are booked twice", rollback_target="2.0.0")
    assert evaluate(shop, "2.14.1").gate(PLAN).state is GateState.READY
    assert evaluate(shop, "2.14.1").gate(GO).state is GateState.BLOCKED


def test_without_tests_somebody_signs_the_smoke_test(tmp_path: Path) -> None:
    text = build.SHOP.replace("      - tests_green: reports\n", "")
    with build.shop(tmp_path / "shop", text) as context:
        hotfix(context)
        smoke = evaluate(context, "2.14.1").gate(SMOKE).gate
        assert smoke.sign is not None and smoke.sign.own and "smoke test" in smoke.sign.meaning


def test_a_project_has_gates_of_its_own_for_a_hotfix(tmp_path: Path) -> None:
    text = build.SHOP.replace("  - key: go\n", "  - key: go\n    for: [hotfix, regular]\n")
    with build.shop(tmp_path / "shop", text) as context:
        hotfix(context)
        assert keys(context, "2.14.1") == ["go"]
        assert keys(context, "2.0.0") == ["benchmarks", "ready", "go"]


@pytest.mark.parametrize(
    ("named", "kind", "found"),
    [
        ({}, "rollback", ["benchmarks", "ready", "go"]),
        ({"go": "[rollback]"}, "rollback", ["go"]),
        ({"go": "[rollback]"}, "regular", ["benchmarks", "ready"]),
        ({"go": "[rollback]"}, "hotfix", [PLAN, SMOKE, GO]),
        ({"go": "[hotfix]"}, "rollback", ["benchmarks", "ready"]),
    ],
)
def test_which_gates_a_kind_of_release_passes(
    tmp_path: Path, named: dict[str, str], kind: str, found: list[str]
) -> None:
    text = build.SHOP
    for key, kinds_ in named.items():
        text = text.replace(f"  - key: {key}\n", f"  - key: {key}\n    for: {kinds_}\n")
    project = load(build.write(tmp_path / "shop", text), kinds()).project
    assert [gate.key for gate in gates_for(project, kind)] == found


def test_a_hotfix_that_was_signed_on_the_ordinary_way_stays_on_it(shop: Context) -> None:
    project = shop.definitions.project
    assert [gate.key for gate in gates_for(project, "hotfix", {"benchmarks"})] == [
        "benchmarks",
        "ready",
        "go",
    ]


def test_break_glass_lists_every_line_that_is_open_and_ships(shop: Context) -> None:
    hotfix(shop)
    deciding.freeze(shop, "staging is being rebuilt")
    value = breaking_glass.break_glass(shop, "2.14.1", reason=WHY)
    assert {"What it is for", "How to roll back"} <= {one.title for one in value.skipped}
    found = evaluate(shop, "2.14.1")
    assert found.held.release.outcome is Outcome.SHIPPED
    assert value.by == "kim" and value.due > shop.now
    (line,) = read_break_glass(shop)
    assert line.review.startswith("until") and not line.overdue


def test_it_may_be_entered_a_day_later_and_keeps_both_times(shop: Context) -> None:
    hotfix(shop)
    at = shop.now - timedelta(hours=9)
    value = breaking_glass.break_glass(shop, "2.14.1", reason=WHY, at=at)
    assert (value.at, value.said_at) == (at, shop.now)


@pytest.mark.parametrize(
    ("hours", "words"), [(25, "within 24 h"), (-1, "in the past")], ids=["too late", "too early"]
)
def test_other_moments_are_refused_and_nothing_is_kept(shop: Context, hours: int, words: str) -> None:
    hotfix(shop)
    with pytest.raises(WorkbenchError, match=words):
        breaking_glass.break_glass(shop, "2.14.1", reason=WHY, at=shop.now - timedelta(hours=hours))
    assert evaluate(shop, "2.14.1").held.release.outcome is Outcome.OPEN
    assert breaking_glass.reviews(shop) == []


def test_a_reason_is_needed_and_something_has_to_be_open(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", build.HEAD + build.PEOPLE + "gates: []\n") as context:
        with pytest.raises(UsageError, match="needs a reason"):
            breaking_glass.break_glass(context, reason="urgent")
        with pytest.raises(NotAllowed, match="nothing to break"):
            breaking_glass.break_glass(context, reason=WHY)


def test_it_is_reviewed_by_somebody_else_in_words(shop: Context) -> None:
    hotfix(shop)
    breaking_glass.break_glass(shop, "2.14.1", reason=WHY)
    with pytest.raises(NotAllowed, match="waiting for approval by"):
        approving.approve(shop, evaluate(shop), "break-glass/2.14.1", words=REVIEW)
    robin = build.who(shop, "robin")
    with pytest.raises(UsageError, match="needs a reason"):
        approving.approve(robin, evaluate(robin), "break-glass/2.14.1")
    approving.approve(robin, evaluate(robin), "break-glass/2.14.1", words=REVIEW)
    (line,) = read_break_glass(shop)
    assert line.right and line.reviewed_by == "robin" and REVIEW in line.review
    assert not [one for one in evaluate(shop).proposals if one.part == "break-glass/2.14.1"]


def test_a_review_that_says_it_was_not_right_is_a_review(shop: Context) -> None:
    hotfix(shop)
    breaking_glass.break_glass(shop, "2.14.1", reason=WHY)
    robin = build.who(shop, "robin")
    approving.approve(robin, evaluate(robin), "break-glass/2.14.1", reject=True, words=REVIEW)
    late = build.later(shop, days=10)
    assert read_break_glass(late)[0].right is False
    assert not any("break-glass" in part.key for _, part in evaluate(late, "2.0.0").open_parts())


def test_overdue_it_holds_the_next_regular_release_at_every_gate_and_no_hotfix(shop: Context) -> None:
    hotfix(shop)
    value = breaking_glass.break_glass(shop, "2.14.1", reason=WHY)
    hotfix(shop, "2.14.2")
    in_time, late = build.at(shop, value.due), build.at(shop, value.due + timedelta(seconds=1))

    def held(context: Context, version: str) -> list[bool]:
        return [
            any(part.key == "break-glass/2.14.1" for part in gate.parts)
            for gate in evaluate(context, version).gates
        ]

    assert held(in_time, "2.0.0") == [False, False, False]
    assert held(late, "2.0.0") == [True, True, True]
    assert held(late, "2.14.2") == [False, False, False]
    (part,) = [
        part for _, part in evaluate(late, "2.0.0").open_parts() if part.about.startswith("break_glass/")
    ]
    assert "overdue" in part.why and part.turn is not None
    with pytest.raises(WorkbenchError):
        build.propose_override(
            late, evaluate(late, "2.0.0"), part.key, reason=WHY, until=late.now + timedelta(days=1)
        )
    robin = build.who(late, "robin")
    approving.approve(robin, evaluate(robin), part.key, words=REVIEW)
    assert held(late, "2.0.0") == [False, False, False]


def test_a_signature_does_not_go_out_of_date_by_it(tmp_path: Path) -> None:
    text = (
        build.HEAD
        + build.PEOPLE
        + (
            "gates:\n  - {key: map, title: Map, requires: [differences_decided: high], sign: {roles: [{role: staging-owner}]}}\n"
        )
    )
    with build.shop(tmp_path / "shop", text) as context:
        build.sign(context, "map", "robin")
        hotfix(context)
        value = breaking_glass.break_glass(context, "2.14.1", reason=WHY)
        late = build.at(context, value.due + timedelta(seconds=1))
        assert evaluate(late, "2.0.0").gate("map").state is GateState.BLOCKED
        assert evaluate(late, "2.0.0").gate("map").signoffs[0].counts


def test_it_is_told_as_a_command(shop: Context) -> None:
    hotfix(shop)
    breaking_glass.break_glass(shop, "2.14.1", reason=WHY)
    lines = [str(line) for act in tell(shop) for line in act.lines]
    assert sum("break-glass" in line for line in lines) == 1
    assert not any("release shipped" in line or "'shipped'" in line for line in lines)


def test_releases_that_skipped_staging_are_counted(shop: Context) -> None:
    hotfix(shop)
    breaking_glass.break_glass(shop, "2.14.1", reason=WHY)
    build.figures(shop)
    assert skipped_words(read_releases(shop)) == "1 of 1 release that went out skipped staging: 2.14.1"
    breaking_glass.break_glass(shop, "2.0.0", reason=WHY)
    lines = {line.held.release.version: line.in_staging for line in read_releases(shop)}
    assert lines == {"2.0.0": True, "2.14.1": False}


def test_what_is_measured_after_it_went_out_or_was_declared_invalid_is_no_sight_of_staging(
    shop: Context,
) -> None:
    hotfix(shop)
    breaking_glass.break_glass(shop, "2.14.1", reason=WHY)
    build.measured(build.later(shop, hours=2), "errors", "0.4", release="2.14.1")
    ref = build.measured(shop, "errors", "0.4", release="2.0.0")
    deciding.invalidate(shop, ref, "that was another build")
    breaking_glass.break_glass(shop, "2.0.0", reason=WHY)
    lines = {line.held.release.version: line.in_staging for line in read_releases(shop)}
    assert lines == {"2.0.0": False, "2.14.1": False}


def test_a_rollback_does_not_skip_staging(shop: Context) -> None:
    back = Release(version="1.9.1", kind=ReleaseKind.ROLLBACK)
    releasing.plan(shop, back, Candidate(release="", number=0, commit=build.SHA_2, author="jo"))
    breaking_glass.break_glass(shop, "1.9.1", reason=WHY)
    assert skipped_words(read_releases(shop)) == ""
    hotfix(shop)
    breaking_glass.break_glass(shop, "2.14.1", reason=WHY)
    assert (
        skipped_words(read_releases(shop))
        == "1 of 1 release that went out skipped staging: 2.14.1; 1 rollback left out"
    )


def test_the_notes_say_who_broke_the_glass_and_how_the_review_stands(shop: Context) -> None:
    hotfix(shop)
    breaking_glass.break_glass(shop, "2.14.1", reason=WHY)
    before = shown_report(shop)
    assert "break-glass by kim, review: until" in before
    robin = build.who(shop, "robin")
    approving.approve(robin, evaluate(robin), "break-glass/2.14.1", words=REVIEW)
    assert f"right, says robin: {REVIEW}" in shown_report(shop)


def shown_report(context: Context) -> str:
    found = kept_report(context, evaluate(context, "2.14.1"))
    assert found is not None
    return found.kept


def test_its_review_stands_in_the_calendar_until_it_is_there(shop: Context) -> None:
    hotfix(shop)
    value = breaking_glass.break_glass(shop, "2.14.1", reason=WHY)

    def titles() -> list[str]:
        found = collect(shop, shop.now, value.due + timedelta(days=1), None, None)
        return [one.title for one in found if one.key.startswith("break_glass/")]

    assert titles() == ["break-glass for 2.14.1 is to be reviewed"]
    robin = build.who(shop, "robin")
    approving.approve(robin, evaluate(robin), "break-glass/2.14.1", words=REVIEW)
    assert titles() == []
