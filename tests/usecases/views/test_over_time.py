"""A benchmark over time: which points count, what happened meanwhile, and both environments' samples."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.benchmarks.charted import ControlChart
from workbench.environments.model import Refresh, refresh_change
from workbench.releases import model as releases
from workbench.releases.model import Outcome
from workbench.usecases import baselines, deciding, releasing
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.over_time import control_chart, histograms

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def measured_builds(context: Context, *values: str, key: str = "errors") -> list[str]:
    """A build each with one value, an hour apart, the last one five minutes ago; the refs."""
    refs = []
    for place, value in enumerate(values):
        if place:
            build.proposed(context, place)
        ago = HOUR * (len(values) - 1 - place) + timedelta(minutes=5)
        refs.append(build.measured(context, key, value, ago=ago))
    return refs


def shipped(context: Context) -> Context:
    """The release has gone out."""
    held = releasing.find(context, None)
    change = releases.conclude(
        held, Outcome.SHIPPED, by="kim", at=context.now - HOUR, run=None, reason="It had to go"
    )
    commit(context, [change])
    return context


def chart(context: Context, key: str = "errors") -> ControlChart:
    return control_chart(context, evaluate(context), key)


def states(found: ControlChart) -> list[tuple[str, str, str]]:
    return [(str(point.value), point.candidate, point.state) for point in found.points]


def test_a_chart_has_a_point_of_each_build_and_says_what_counts(shop: Context) -> None:
    measured_builds(shop, "0.4", "1.4", "0.5")
    found = chart(shop)
    assert states(found) == [
        ("0.4", "2.0.0 rc1", "counts"),
        ("1.4", "2.0.0 rc2", "failed"),
        ("0.5", "2.0.0 rc3", "judged"),
    ]
    assert (found.title, found.unit, found.scale) == ("Checkout errors", "%", "linear")
    assert (found.limit_low, str(found.limit_high)) == (None, "1")
    assert found.limits is None and found.rules == ()


def test_of_a_build_that_was_measured_again_the_last_value_is_shown(shop: Context) -> None:
    build.measured(shop, "errors", "1.4", ago=3 * HOUR)
    measured_builds(shop, "0.4", "0.5")
    assert states(chart(shop)) == [("0.4", "2.0.0 rc1", "counts"), ("0.5", "2.0.0 rc2", "judged")]


def test_what_is_invalid_or_was_overridden_never_counts(shop: Context) -> None:
    invalid, _ = measured_builds(shop, "9", "0.5")
    deciding.invalidate(shop, invalid, "The probe was pointed at the wrong host")
    assert states(chart(shop)) == [("9", "2.0.0 rc1", "invalid"), ("0.5", "2.0.0 rc2", "judged")]


def test_a_value_of_another_kind_of_unit_is_no_point(shop: Context) -> None:
    build.measured(shop, "errors", "3", unit="s", ago=3 * HOUR)
    build.measured(shop, "errors", "0.004", unit="share")
    assert [(str(point.value), point.state) for point in chart(shop).points] == [("0.4", "judged")]


def test_what_happened_meanwhile_stands_beside_the_points(shop: Context) -> None:
    refresh = Refresh(environment="staging", at=shop.now - 2 * HOUR, by="kim")
    commit(shop, [refresh_change(refresh, fresh_id(shop), shop.now)])
    measured_builds(shop, "0.4", "0.5", "0.5", "0.6")
    found = chart(shop).happenings
    assert [(one.what, one.words, one.by) for one in found if one.what == "refresh"] == [
        ("refresh", "data of staging refreshed, not validated", "kim")
    ]
    builds = [one.words for one in found if one.what == "deployment"]
    assert builds[0] == "2.0.0 rc1, commit 7c4e19f" and len(builds) == 4
    assert list(found) == sorted(found, key=lambda one: one.at)


def test_what_went_out_and_was_rolled_back_is_told(shop: Context) -> None:
    build.measured(shop, "errors", "0.4", ago=2 * HOUR)
    found = chart(shipped(shop))
    assert "2.0.0 shipped to production" in [one.words for one in found.happenings]


def test_a_benchmark_that_was_never_measured_has_no_points(shop: Context) -> None:
    found = chart(shop)
    assert found.points == () == found.happenings
    assert found.said == "not measured for this candidate"


def with_samples(context: Context, role: str, *values: float) -> None:
    data = b"".join(struct.pack("<dd", float(at), value) for at, value in enumerate(values))
    build.measured(context, "p95", "0.5", role=role, trend=data)


def test_both_environments_are_counted_in_the_same_buckets(shop: Context) -> None:
    with_samples(shop, "value", 1.0, 2.0, 3.0, 5.0)
    with_samples(shop, "baseline", 1.0, 2.0, 3.0, 4.0)
    found = histograms(shop, evaluate(shop), "p95")
    assert found is not None
    assert (found.edges[0], found.edges[-1], len(found.edges)) == (1.0, 5.0, len(found.staging) + 1)
    assert sum(found.staging) == sum(found.production) == 4
    assert found.overlap == 0.75
    assert (found.staging_p50, found.production_p50) == (2.5, 2.5)


def test_there_is_no_histogram_of_one_side_alone(shop: Context) -> None:
    with_samples(shop, "value", 1.0, 2.0)
    assert histograms(shop, evaluate(shop), "p95") is None


def test_samples_that_are_all_the_same_have_one_bucket_in_common(shop: Context) -> None:
    with_samples(shop, "value", 0.0, 0.0)
    with_samples(shop, "baseline", 0.0, 0.0)
    found = histograms(shop, evaluate(shop), "p95")
    assert found is not None and found.overlap == 1.0 and max(found.staging) == 2


def test_a_new_phase_and_a_pinned_baseline_are_told_once_they_count(shop: Context) -> None:
    advisory = build.rewrite(
        shop, "pass: <= 1 %\n    mode: blocking", "pass: <= 1 %\n    baseline: pinned\n    mode: advisory"
    )
    (ref,) = measured_builds(advisory, "0.4")
    evaluation = evaluate(advisory)
    baselines.begin_phase(
        advisory, evaluation, "errors", advisory.now - HOUR / 60, "The disks are faster now"
    )
    baselines.pin(advisory, evaluation, "errors", ref=ref, reason="The value of the day we agreed on")
    told = [(one.what, one.words, one.by) for one in chart(advisory).happenings]
    assert ("phase", "a new phase: The disks are faster now", "kim") in told
    assert ("baseline", "baseline pinned: The value of the day we agreed on", "kim") in told
    assert sorted(what for what, _, _ in told if what in ("phase", "baseline")) == ["baseline", "phase"]
