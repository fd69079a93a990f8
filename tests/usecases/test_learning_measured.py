"""What held a release up is read from the record: failures until they passed, freezes until they were lifted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.learning.records import DAY, HOUR, Filling

from workbench.definitions.release_gates import GO
from workbench.learning.past import Held
from workbench.releases.model import ReleaseKind
from workbench.signoff.model import Opening
from workbench.usecases.context import Context
from workbench.usecases.learning import read_whole


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    """The shop two days after its release was planned."""
    with build.shop(tmp_path / "shop") as context:
        yield build.later(context, days=2)


def held(context: Context, part: str) -> list[Held]:
    return [one for one in read_whole(context).past.held if one.part == part]


def hours_ago(context: Context, one: Held) -> tuple[float, float | None]:
    def ago(at: object) -> float:
        return round((context.now - at) / HOUR, 3)  # type: ignore[operator]

    return ago(one.since), ago(one.until) if one.until else None


def test_a_benchmark_holds_up_from_its_first_failure_until_it_passes(shop: Context) -> None:
    for value, ago in (("0.5", 40), ("3", 30), ("4", 20), ("0.6", 8), ("2", 3)):
        build.measured(shop, "errors", value, ago=timedelta(hours=ago))
    first, second = held(shop, "benchmark/errors")
    assert hours_ago(shop, first) == (30, 8) and hours_ago(shop, second) == (3, None)
    assert (first.cause, first.source, first.title) == (
        "a benchmark that failed",
        "metrics",
        "Checkout errors",
    )


def test_tests_hold_up_from_red_to_green(shop: Context) -> None:
    for value, ago in (("0.9", 30), ("1", 20)):
        build.measured(shop, "tests/reports", value, role="tests", ago=timedelta(hours=ago))
    (found,) = held(shop, "tests/reports")
    assert hours_ago(shop, found) == (30, 20) and found.cause == "tests that failed"


def test_a_freeze_holds_up_every_open_release_and_none_that_went_out_before(shop: Context) -> None:
    fill = Filling(shop)
    fill.release("1.0.0", 30)
    fill.freeze(shop.now - 10 * HOUR, shop.now - 4 * HOUR)
    (found,) = held(shop, "frozen")
    assert hours_ago(shop, found) == (10, 4) and found.version == "2.0.0" and found.team == "robin"


def test_nothing_holds_up_a_release_before_it_was_planned(shop: Context) -> None:
    fill = Filling(shop)
    fill.freeze(shop.now - 9 * DAY, shop.now - 47 * HOUR)
    (found,) = held(shop, "frozen")
    assert hours_ago(shop, found) == (48, 47)


def test_what_failed_to_the_end_of_a_release_that_passed_held_nothing_up(shop: Context) -> None:
    fill = Filling(shop, measures="errors")
    fill.release("1.0.0", 1, staged=False)
    fill.release("1.1.0", 1, staged=False, through=False)
    for version in ("1.0.0", "1.1.0"):
        build.measured(shop, "errors", "3", release=version, ago=timedelta(hours=30))
    (found,) = held(shop, "benchmark/errors")
    assert found.version == "1.1.0" and hours_ago(shop, found) == (30, 24)


def test_what_no_gate_of_a_hotfix_asks_for_did_not_hold_it_up(shop: Context) -> None:
    fill = Filling(shop)
    fill.release("1.0.1", 1, staged=False, through=False, kind=ReleaseKind.HOTFIX)
    build.measured(shop, "errors", "3", release="1.0.1", ago=timedelta(hours=30))
    build.measured(shop, "tests/reports", "0.9", role="tests", release="1.0.1", ago=timedelta(hours=30))
    assert held(shop, "benchmark/errors") == []
    (red,) = held(shop, "tests/reports")  # its smoke test
    assert hours_ago(shop, red) == (30, 24)


def test_the_last_gate_of_a_hotfix_holds_it_up_until_somebody_signs(shop: Context) -> None:
    fill = Filling(shop)
    id = fill.release("2.0.1", None, kind=ReleaseKind.HOTFIX)
    opening = Opening(
        release=id, candidate=fill.id(), gate=GO, by="kim", at=shop.now - 3 * HOUR, until=shop.now + DAY,
        measurements={}, verdicts={},
    )  # fmt: skip
    fill.keep("opening", f"{id}/{GO}", "opened", opening)
    (found,) = held(shop, f"sign/{GO}")
    assert hours_ago(shop, found) == (3, None) and found.team == "release-owner"
    assert found.version == "2.0.1"


def test_a_sign_off_holds_up_for_each_role_until_it_has_answered(tmp_path: Path) -> None:
    with build.shop(tmp_path / "signed") as context:
        build.clear(context)
        build.sign(context, "benchmarks", "robin")
        build.sign(context, "go", "robin")
        later = build.later(context, hours=5)
        (found,) = held(later, "sign/go")
        assert hours_ago(later, found) == (5, None)
        assert (found.team, found.cause) == ("product-owner", "a sign-off")
        assert held(later, "sign/benchmarks") == []
        build.sign(later, "go", "sam")
        (found,) = held(build.later(context, hours=9), "sign/go")
        assert hours_ago(build.later(context, hours=9), found) == (9, 4)
