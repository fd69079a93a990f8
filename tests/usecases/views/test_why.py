"""What lies between a benchmark's last pass and its first fail."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.environments.model import Occupancy, Refresh, occupancy_change, refresh_change
from workbench.usecases import deciding
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.evaluate import evaluate
from workbench.usecases.limit_edits import limit_edits
from workbench.usecases.views.why import Why, counted_words, document, read_why

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def why(context: Context, key: str = "errors") -> Why:
    return read_why(context, evaluate(context), key)


def told(found: Why) -> list[tuple[str, str, str]]:
    return [(one.what, one.words, one.by) for one in found.between]


def test_the_first_fail_is_told_with_the_last_pass_and_the_build_between(shop: Context) -> None:
    build.measured(shop, "errors", "0.4", ago=3 * HOUR)
    build.proposed(shop, 2, author="jo", why="a new pool")
    build.measured(shop, "errors", "1.4", ago=2 * HOUR)
    build.measured(shop, "errors", "1.5", ago=HOUR)
    found = why(shop)
    assert found.before and found.first and found.turned == "failed"
    assert (found.before.build, found.before.value) == ("2.0.0 rc1", "0.4 %")
    assert (found.first.build, found.first.value, found.first.words) == (
        "2.0.0 rc2", "1.4 %", "0.4 points over its limit",
    )  # fmt: skip
    assert told(found) == [("deployment", "2.0.0 rc2, commit 0000000: a new pool", "jo")]
    assert found.said == (
        "it fails since 2.0.0 rc2, measured today 10:00; 1 deployment since 2.0.0 rc1, which passed"
    )
    assert found.moved == "the value rose from 0.4 % to 1.4 %, the limit stayed at 1 %"


def test_what_happened_to_the_environment_between_two_values_of_one_build(shop: Context) -> None:
    build.measured(shop, "errors", "0.4", ago=4 * HOUR)
    refresh = Refresh(environment="staging", at=shop.now - 3 * HOUR, by="robin")
    commit(shop, [refresh_change(refresh, fresh_id(shop), shop.now)])
    work = Occupancy(
        environment="staging", who="Payments", why="Load test of the new gateway",
        begins=shop.now - 2 * HOUR, by="sam",
    )  # fmt: skip
    commit(shop, [occupancy_change(work, fresh_id(shop))])
    build.measured(shop, "errors", "1.4", ago=HOUR)
    found = why(shop)
    assert told(found) == [
        ("refresh", "data of staging refreshed, not validated", "robin"),
        ("occupancy", "Payments at work in staging: Load test of the new gateway", "sam"),
    ]
    assert "1 refresh and 1 occupancy since 2.0.0 rc1, which passed" in found.said


def test_it_says_whether_the_value_moved_or_its_limit(shop: Context) -> None:
    build.measured(shop, "p95", "0.50", ago=4 * HOUR)
    build.measured(shop, "p95", "0.45", role="baseline", ago=4 * HOUR)
    build.measured(shop, "p95", "0.30", role="baseline", ago=HOUR)
    build.measured(shop, "p95", "0.50", ago=HOUR)
    found = why(shop, "p95")
    assert found.moved == "the value stayed at 0.5 s, the limit fell from 0.54 s to 0.36 s"
    assert told(found) == [] and "nothing on record happened since" in found.said


def test_a_value_is_never_held_against_a_baseline_of_later(shop: Context) -> None:
    build.measured(shop, "p95", "0.50", ago=4 * HOUR)
    build.proposed(shop, 2, author="jo")
    build.measured(shop, "p95", "0.50", ago=HOUR)
    build.measured(shop, "p95", "0.30", role="baseline", ago=HOUR)
    found = why(shop, "p95")
    assert (found.turned, found.first and found.first.build) == ("", "2.0.0 rc2")


def test_where_it_passes_again_the_last_fail_is_told(shop: Context) -> None:
    build.measured(shop, "errors", "1.4", ago=3 * HOUR)
    build.proposed(shop, 2, author="jo")
    build.measured(shop, "errors", "0.4", ago=HOUR)
    found = why(shop)
    assert found.turned == "passed" and found.before and not found.before.met
    printed = document(found)
    assert printed["last_fail"]["value"] == "1.4 %" and printed["first_pass"]["value"] == "0.4 %"
    assert printed["last_pass"] is None and printed["first_fail"] is None


def test_what_never_turned_says_since_when_it_is_so(shop: Context) -> None:
    build.measured(shop, "errors", "1.4", ago=3 * HOUR)
    found = why(shop)
    assert (found.turned, found.before) == ("", None)
    assert found.said.endswith("by its rule of today it never passed before")
    assert document(found)["same_since"]["value"] == "1.4 %"


def test_of_what_was_never_measured_nothing_is_known(shop: Context) -> None:
    found = why(shop)
    assert (found.said, found.between) == ("no value of it was ever judged", ())
    assert document(found)["same_since"] is None


def test_of_values_that_are_only_learnt_from_it_says_that_there_are_some(shop: Context) -> None:
    shop = build.rewrite(shop, "pass: <= 1 %", "pass: in control\n    better: lower")
    build.measured(shop, "errors", "0.4", ago=3 * HOUR)
    found = why(shop)
    assert found.said.startswith("none of its values (1 measured) could be judged yet: ")
    assert (found.first, found.unjudged) == (None, 0)


def test_a_value_that_could_not_be_judged_is_counted_and_an_invalid_one_is_not_there(shop: Context) -> None:
    build.measured(shop, "errors", "0.4", ago=4 * HOUR)
    build.measured(shop, "errors", None, state="missing", why="no data", ago=3 * HOUR)
    wrong = build.measured(shop, "errors", "9", ago=150 * HOUR / 60)
    deciding.invalidate(shop, wrong, "The probe was pointed at the wrong host")
    build.measured(shop, "errors", "1.4", ago=HOUR)
    found = why(shop)
    assert found.before and found.before.value == "0.4 %" and found.unjudged == 1


def test_counting_what_happened() -> None:
    assert counted_words(()) == "nothing on record happened"


# --- edits of limits ------------------------------------------------------------------------------


def git(root: Path, *words: str, at: str = "2026-09-15T08:30:00Z") -> None:
    subprocess.run(
        ["git", "-c", "user.name=Kim", "-c", "user.email=kim@example.com", *words],
        cwd=root, check=True, capture_output=True,
        env={"GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": at, "PATH": "/usr/bin:/bin", "HOME": str(root)},
    )  # fmt: skip


def test_an_edit_of_its_limits_is_told_from_git(shop: Context) -> None:
    git(shop.root, "init", "-q")
    git(shop.root, "add", "workbench.yaml")
    git(shop.root, "commit", "-qm", "Begin", at="2026-09-01T00:00:00Z")
    assert [edit.subject for edit in limit_edits(shop, "errors")] == ["Begin"]
    context = build.rewrite(shop, "pass: <= 1 %", "pass: <= 0.3 %")
    git(shop.root, "commit", "-qam", "Errors: a tighter limit")
    build.measured(context, "errors", "0.2", ago=3 * HOUR)
    build.measured(context, "errors", "0.4", ago=HOUR)
    found = why(context)
    (what, words, by) = told(found)[0]
    assert (what, by) == ("limits", "Kim") and words.endswith(": Errors: a tighter limit")
    assert [edit.subject for edit in limit_edits(context, "p95")] == ["Begin"]


def test_without_git_no_edit_is_known(shop: Context) -> None:
    assert limit_edits(shop, "errors") == () == limit_edits(shop, "unknown")


def test_a_pass_of_today_is_told_as_one(shop: Context) -> None:
    build.measured(shop, "errors", "0.4", ago=HOUR)
    assert "cannot be judged now" not in why(shop).said


def test_what_was_judged_once_and_is_too_old_says_so(shop: Context) -> None:
    build.measured(shop, "errors", "0.4", ago=72 * HOUR)
    said = why(shop).said
    assert said.startswith("it passes since 2.0.0 rc1")
    assert said.endswith("; it cannot be judged now: too old: 3 days, at most 24 h")
