"""When a benchmark has to be reviewed again, and where it is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.incidents.recording import happened

from workbench.benchmarks.reviews import AS_A_WHOLE, BenchmarkReview, Due, due_of, overdue_since
from workbench.definitions.defaults import REVIEWS
from workbench.gates.model import State
from workbench.incidents.alarms import AlarmRuling
from workbench.model.errors import UsageError
from workbench.releases import model as releases
from workbench.releases.model import Outcome, Release
from workbench.usecases import benchmark_reviews, releasing, shipping
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.rulings import rule

NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)
ASKS = build.SHOP.replace(
    "      - benchmarks: {}\n", "      - benchmarks: {}\n      - reviews_not_overdue: {}\n", 1
)


def days(number: float) -> datetime:
    return NOW - timedelta(days=number)


def seen(ago: float, release: str = "r2") -> BenchmarkReview:
    return BenchmarkReview(benchmark="p95", by="kim", at=days(ago), release=release)


@pytest.mark.parametrize(
    ("cadence", "last", "first", "shipped", "now", "overdue", "words"),
    [
        ("weekly", None, None, None, False, False, ""),
        ("weekly", None, days(6), None, False, False, ""),
        ("weekly", None, days(8), None, True, True, "never reviewed, due weekly"),
        ("weekly", seen(6), days(90), None, False, False, ""),
        ("weekly", seen(8), days(90), None, True, True, "due weekly"),
        ("quarterly", seen(90), days(200), None, False, False, ""),
        ("per release", None, None, days(1), False, False, ""),
        ("per release", None, days(2), None, True, False, "never reviewed, due per release"),
        ("per release", None, days(2), days(1), True, True, "never reviewed, due per release"),
        ("per release", seen(2), days(9), days(1), False, False, ""),
        ("per release", seen(2, "r1"), days(9), None, True, False, "not reviewed for this release"),
        ("per release", seen(2, "r1"), days(9), days(1), True, True, "a release went out since its last review"),
    ],
)  # fmt: skip
def test_when_a_review_is_due(
    cadence: str,
    last: BenchmarkReview | None,
    first: datetime | None,
    shipped: datetime | None,
    now: bool,
    overdue: bool,
    words: str,
) -> None:
    due = due_of("p95", cadence, last, first, release="r2", shipped=shipped, now=NOW)
    assert (due.now, due.overdue, due.words) == (now, overdue, words)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (Due(benchmark="b", cadence="weekly", at=days(-3)), "weekly, next on "),
        (Due(benchmark="b", cadence="weekly"), "weekly, once it is measured"),
        (Due(benchmark="b", cadence="per release", last=seen(1)), "already reviewed for this release"),
        (Due(benchmark="b", cadence="weekly", now=True), "never reviewed, due weekly"),
    ],
)
def test_a_form_says_when_a_review_is_due_next(due: Due, said: str) -> None:
    assert due.said(UTC).startswith(said)


@pytest.mark.parametrize("cadence", [*REVIEWS, "now and then"])
@pytest.mark.parametrize("shipped", [None, days(3)])
def test_nothing_is_overdue_before_its_moment(cadence: str, shipped: datetime | None) -> None:
    before = overdue_since([cadence], shipped, NOW)
    for first in (days(number) for number in (0, 0.5, 1, 1.5, 2.9, 3, 3.1, 7, 7.1, 31, 32, 92, 93, 400)):
        due = due_of("p95", cadence, None, first, release="r2", shipped=shipped, now=NOW)
        assert due.overdue == (before is not None and first < before)
    assert overdue_since(REVIEWS, days(0.5), NOW) == days(0.5) and overdue_since([], shipped, NOW) is None


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", ASKS) as context:
        yield context


def reviewed_part(context: Context, key: str) -> str:
    state = build.requirement(context, "benchmarks", "reviews_not_overdue")
    return next((part.why for part in state.parts if part.key == key), "")


def test_an_overdue_review_is_said_wherever_the_benchmark_is_and_a_review_ends_it(shop: Context) -> None:
    build.figures(shop)
    late = build.later(shop, days=8)
    assert "review overdue: never reviewed, due weekly" in build.verdict(late, "p95").remarks
    assert reviewed_part(late, "review/p95") == "never reviewed, due weekly"
    benchmark_reviews.review(late, evaluate(late), ["p95"], note="limit is right")
    assert not any("review" in remark for remark in build.verdict(late, "p95").remarks)
    assert reviewed_part(late, "review/p95") == ""
    assert reviewed_part(late, "review/errors")


def test_tiers_and_limits_as_a_whole_are_reviewed_once_a_quarter(shop: Context) -> None:
    build.figures(shop)
    late = build.later(shop, days=93)
    benchmark_reviews.review(late, evaluate(late), ["p95", "errors"])
    assert reviewed_part(late, "review") == "never reviewed, due quarterly"
    benchmark_reviews.review(late, evaluate(late), [], whole=True)
    assert build.requirement(late, "benchmarks", "reviews_not_overdue").state is State.MET


def test_a_release_that_went_out_without_a_review_makes_one_overdue(tmp_path: Path) -> None:
    text = ASKS.replace("    max_age: 24h\n", "    max_age: 24h\n    review: per release\n")
    with build.shop(tmp_path / "shop", text) as context:
        build.figures(context)
        assert reviewed_part(context, "review/p95") == "never reviewed, due per release"
        assert not any("review" in remark for remark in build.verdict(context, "p95").remarks)
        later = build.later(context, hours=1)
        held = releases.find(later.record, later.release)
        gone = msgspec.structs.replace(held.release, outcome=Outcome.SHIPPED, outcome_at=later.now)
        commit(later, [releases.edited(held, gone)])
        releasing.plan(later, Release(version="2.15.0"))
        found = evaluate(later, "2.15.0")
        assert {item.key for item in benchmark_reviews.read_reviews(later, found) if item.due.overdue} == {
            "p95", "errors",
        }  # fmt: skip


def test_a_release_that_was_rolled_back_went_out_all_the_same(tmp_path: Path) -> None:
    text = ASKS.replace("    max_age: 24h\n", "    max_age: 24h\n    review: per release\n")
    with build.shop(tmp_path / "shop", text) as context:
        build.figures(context)
        later = build.later(context, hours=1)
        version = releases.find(later.record, later.release).release.version
        shipping.ship(later, version, reason="shipped by hand after the tests passed")
        back = build.later(later, hours=1)
        releasing.end(
            back, releases.find(back.record, version), Outcome.ROLLED_BACK, reason="payments failed for all"
        )
        releasing.plan(back, Release(version="2.15.0"))
        found = evaluate(back, "2.15.0")
        overdue = {item.key for item in benchmark_reviews.read_reviews(back, found) if item.due.overdue}
        assert overdue == {"p95", "errors"}


def test_what_never_fails_is_asked_whether_its_limit_is_too_loose(shop: Context) -> None:
    for hours in range(9):
        build.measured(shop, "errors", "0.4", ago=timedelta(hours=9 - hours))
    lines = {line.key: line for line in benchmark_reviews.read_reviews(shop, evaluate(shop))}
    assert (lines["errors"].judged, lines["errors"].failed) == (9, 0)
    assert lines["errors"].hint == "never failed in 9 values: is its limit too loose?"
    assert lines[""].title == AS_A_WHOLE and lines["p95"].hint == ""


def test_a_benchmark_that_there_is_not_cannot_be_reviewed(shop: Context) -> None:
    with pytest.raises(UsageError, match="no benchmark “p59”"):
        benchmark_reviews.review(shop, evaluate(shop), ["p59"])


def test_a_review_shows_false_alarms_and_the_incidents_that_the_limit_missed(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", ASKS) as context:
        build.measured(context, "errors", "0.4")
        release = releasing.find(context).id
        happened(context, release=release)
        happened(context, "Refunds fail", release=release, flows=("refund",))
        build.measured(build.later(context, minutes=1), "errors", "1.5", ago=timedelta())
        now = build.later(context, minutes=2)
        rule(now, evaluate(now), "errors", AlarmRuling.FALSE_ALARM, reason="the load ran on that machine")
        assert (
            benchmark_reviews.read_review(now, evaluate(now), "errors").seen
            == "1 of 2 values failed, 1 false alarm"
        )
        build.measured(now, "errors", "0.4", ago=timedelta())
        build.measured(build.later(now, minutes=1), "errors", "0.4", ago=timedelta())
        later = build.later(now, minutes=2)
        line = benchmark_reviews.read_review(later, evaluate(later), "errors")
        assert line.missed == ("Payments fail with 503",)
        benchmark_reviews.review(later, evaluate(later), ["errors"])
        after = build.later(later, minutes=1)
        assert benchmark_reviews.read_review(after, evaluate(after), "errors").seen == ""
