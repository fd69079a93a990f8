"""A measurement says that its environment changed after it was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.probes.lines import LINES
from tests.probes.on_record import PROBES, failed, know_kinds, ran, shop_text

from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.reporting.making import judgement_of_gate

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ALIKE = {"POOL": "50", "TTL": "60"}
OTHER = {"POOL": "5", "TTL": "1"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    know_kinds(monkeypatch, lines=msgspec.structs.replace(LINES, deployed=True), answers=LINES)
    second = "  - {key: answers, kind: answers, staging: a.env, production: b.env}\n"
    with build.shop(tmp_path / "shop", shop_text(PROBES + second)) as context:
        build.measured(context, "errors", "0.4", ago=HOUR)
        yield context


def remarks(context: Context, key: str = "errors") -> list[str]:
    return [each for each in verdict_of(evaluate(context), key).remarks if each != "build asserted"]


def looked(context: Context, values: dict[str, str], minutes_ago: int, **fields: Any) -> None:
    ran(context, values, ALIKE, ago=minutes_ago * MINUTE, **fields)


def test_a_change_that_was_seen_after_it_is_told_with_how_much_changed(shop: Context) -> None:
    looked(shop, ALIKE, 50)
    looked(shop, OTHER, 30)
    told = "staging changed after this was measured: 2 parameters (settings), seen today 11:30"
    assert remarks(shop) == [told]
    verdict = verdict_of(evaluate(shop), "errors")
    assert verdict.through, "a remark, and no verdict"
    report = judgement_of_gate(evaluate(shop), "benchmarks")
    assert any(told in each.remarks for each in report.verdicts)


def test_between_two_looks_around_it_nobody_can_tell_whether_it_was_after(shop: Context) -> None:
    looked(shop, ALIKE, 90)
    looked(shop, {**ALIKE, "TTL": "1"}, 30)
    assert remarks(shop) == [
        "staging may have changed after this was measured: 1 parameter (settings), seen today 11:30"
    ]


def test_a_look_of_long_before_is_the_one_that_a_later_look_is_compared_with(shop: Context) -> None:
    looked(shop, ALIKE, 7 * 24 * 60)
    looked(shop, OTHER, 30)
    assert remarks(shop)[0].startswith("staging may have changed after this was measured: 2 parameters")


def test_a_first_look_after_it_shows_no_change(shop: Context) -> None:
    looked(shop, OTHER, 30)
    assert remarks(shop) == []


def test_a_change_before_it_or_no_change_is_not_told(shop: Context) -> None:
    looked(shop, ALIKE, 180)
    looked(shop, OTHER, 120)
    looked(shop, OTHER, 30)
    assert remarks(shop) == []


def test_another_build_is_a_change(shop: Context) -> None:
    looked(shop, ALIKE, 50, build="aaaa1111aaaa")
    looked(shop, ALIKE, 30, build="bbbb2222bbbb")
    assert remarks(shop) == [
        "staging changed after this was measured: build bbbb2222 runs there now, seen today 11:30"
    ]


@pytest.mark.parametrize(
    "fields",
    [{"noise": ("POOL", "TTL")}, {"mark": "replayed"}, {"definition": "another"}, {"probe": "answers"}],
)
def test_noise_replays_other_definitions_and_behaviour_are_no_change(
    shop: Context, fields: dict[str, Any]
) -> None:
    looked(shop, ALIKE, 50, **{key: value for key, value in fields.items() if key == "probe"})
    looked(shop, OTHER, 30, **fields)
    assert remarks(shop) == []


def test_a_run_that_could_not_look_hides_no_change(shop: Context) -> None:
    looked(shop, ALIKE, 50)
    failed(shop, "refused", ago=40 * MINUTE)
    looked(shop, OTHER, 30)
    assert len(remarks(shop)) == 1


def test_what_a_probe_ignores_is_no_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    know_kinds(monkeypatch, lines=msgspec.structs.replace(LINES, deployed=True))
    probes = PROBES.replace("title:", "ignore: [POOL, TTL], title:")
    with build.shop(tmp_path / "shop", shop_text(probes)) as context:
        build.measured(context, "errors", "0.4", ago=HOUR)
        looked(context, ALIKE, 50)
        looked(context, OTHER, 30)
        assert remarks(context) == []


def test_the_baselines_environment_counts_for_the_baseline(shop: Context) -> None:
    build.measured(shop, "p95", "0.46", ago=HOUR)
    build.measured(shop, "p95", "0.45", role="baseline", ago=HOUR)
    ran(shop, ALIKE, ALIKE, ago=50 * MINUTE)
    ran(shop, ALIKE, OTHER, ago=30 * MINUTE)
    assert remarks(shop, "p95") == [
        "production changed after this was measured: 2 parameters (settings), seen today 11:30"
    ]


def test_a_shipped_release_is_judged_with_what_was_seen_until_then(shop: Context) -> None:
    from workbench.usecases import shipping

    looked(shop, ALIKE, 50)
    shipping.ship(shop, reason="it had to go out today")
    later = build.later(shop, hours=1)
    ran(later, OTHER, ALIKE)
    assert remarks(later) == []
