"""What a benchmark means once its tier and its dimension have filled in what it leaves out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workbench.benchmarks.resolve import Resolved, meaning, resolve
from workbench.definitions.shapes import Benchmark, Better, Dimension, Measure, Mode, Tier
from workbench.model.canonical import digest

NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)


def resolved(tier: Tier | None = Tier.CRITICAL, now: datetime = NOW, **fields: Any) -> Resolved:
    tightened = fields.pop("tightened", False)
    zone = fields.pop("zone", "UTC")
    fields.setdefault("measure", Measure(source="s", unit="%"))
    benchmark = Benchmark(**{"key": "b", "title": "B", "flow": "checkout", **fields})
    return resolve(benchmark, tier=tier, tightened=tightened, staging="staging", now=now, zone=zone)


@pytest.mark.parametrize(
    ("dimension", "critical", "important", "best_effort"),
    [
        ("data_fidelity", ">= 99 %", ">= 95 %", ">= 90 %"),
        ("flow_completeness", ">= 100 %", ">= 90 %", ">= 90 %"),
        ("latency_consistency", "within 20% of baseline", "within 20% of baseline", "within 50% of baseline"),
        ("error_handling", ">= 5", ">= 3", ">= 2"),
    ],
)
def test_defaults_by_tier_and_dimension(
    dimension: str, critical: str, important: str, best_effort: str
) -> None:
    unit = {"latency_consistency": "ms", "error_handling": ""}.get(dimension, "%")
    for tier, text in (("critical", critical), ("important", important), ("best_effort", best_effort)):
        found = resolved(Tier(tier), dimension=Dimension(dimension), measure=Measure(source="s", unit=unit))
        assert str(found.pass_) == text and tier in found.origins["pass"]


@pytest.mark.parametrize(
    ("dimension", "review", "better"),
    [
        ("data_fidelity", 31, "higher"),
        ("service_parity", 7, "lower"),
        ("flow_completeness", None, "higher"),
        ("latency_consistency", 7, "lower"),
        ("error_handling", None, "higher"),
        (None, 7, "neither"),
    ],
)
def test_review_period_and_direction_by_dimension(
    dimension: str | None, review: int | None, better: str
) -> None:
    found = resolved(dimension=Dimension(dimension) if dimension else None)
    assert found.max_age == (timedelta(days=review) if review else None) and found.better == better


def test_what_is_written_stands() -> None:
    fields = {
        "pass_": ">= 50 %",
        "better": Better.LOWER,
        "max_age": "3h",
        "min_samples": 7,
        "environment": "slot-2",
    }
    found = resolved(dimension=Dimension.DATA_FIDELITY, **fields)
    assert (str(found.pass_), found.better, found.max_age, found.min_samples, found.environment) == (
        ">= 50 %", "lower", timedelta(hours=3), 7, "slot-2",
    )  # fmt: skip
    assert not {"pass", "better", "max_age", "min_samples"} & set(found.origins)


def test_this_candidate_never_gets_old() -> None:
    assert resolved(max_age="this candidate").max_age is None
    assert resolved(review="per release").max_age is None
    assert resolved(review="daily").max_age == timedelta(days=1)


def test_a_flow_that_is_not_known_counts_as_critical() -> None:
    found = resolved(None)
    assert (found.tier, found.tier_known) == (Tier.CRITICAL, False)
    assert resolved(Tier.IMPORTANT, flow=None, environment="staging").tier_known


@pytest.mark.parametrize(
    ("fields", "mode"),
    [
        ({}, Mode.ADVISORY),
        ({"mode": Mode.BLOCKING}, Mode.BLOCKING),
        ({"tightened": True}, Mode.BLOCKING),
        ({"blocking_from": "2026-09-15"}, Mode.BLOCKING),
        ({"blocking_from": "2026-09-16"}, Mode.ADVISORY),
        ({"mode": Mode.BLOCKING, "blocking_from": "2026-12-01"}, Mode.BLOCKING),
        ({"blocking_from": "2026-09-16", "now": datetime(2026, 9, 15, 12, tzinfo=UTC), "zone": "Pacific/Auckland"}, Mode.BLOCKING),
        ({"blocking_from": "2026-09-16", "now": datetime(2026, 9, 15, 11, tzinfo=UTC), "zone": "Pacific/Auckland"}, Mode.ADVISORY),
        ({"blocking_from": "2026-09-15", "now": datetime(2026, 9, 15, 3, tzinfo=UTC), "zone": "America/New_York"}, Mode.ADVISORY),
    ],
)  # fmt: skip
def test_when_a_benchmark_blocks(fields: dict[str, Any], mode: Mode) -> None:
    assert resolved(**fields).mode is mode


BASE: dict[str, Any] = {"pass_": "<= 1 %", "dimension": Dimension.DATA_FIDELITY}


@pytest.mark.parametrize(
    "change",
    [
        {"pass_": "<= 2 %"}, {"warn": "<= 2 %"}, {"baseline": "own history"}, {"better": Better.NEITHER},
        {"mode": Mode.BLOCKING}, {"max_age": "3h"}, {"min_samples": 9}, {"carry": True}, {"flow": "refund"},
        {"environment": "other"}, {"dimension": None}, {"measure": Measure(source="t", unit="%")},
        {"measure": Measure(source="s", unit="share")}, {"measure": Measure(source="s", unit="%", window="1h")},
    ],
)  # fmt: skip
def test_what_changes_the_meaning_changes_its_digest(change: dict[str, Any]) -> None:
    assert digest(meaning(resolved(**{**BASE, **change}))) != digest(meaning(resolved(**BASE)))


@pytest.mark.parametrize(
    "change",
    [{"title": "Other"}, {"about": "x"}, {"tags": ["money"]}, {"pass_": "<=1%"}, {"now": NOW + timedelta(9)}],
)
def test_what_does_not_change_the_meaning_does_not(change: dict[str, Any]) -> None:
    assert digest(meaning(resolved(**{**BASE, **change}))) == digest(meaning(resolved(**BASE)))


@pytest.mark.parametrize(
    ("tier", "unit", "better", "warn"),
    [
        ("critical", "ms", None, "<= baseline + 20%"),
        ("important", "ms", None, "<= baseline + 20%"),
        ("best_effort", "ms", None, "<= baseline + 50%"),
        ("critical", "/s", Better.HIGHER, ">= baseline - 20%"),
        ("critical", "%", None, "<= baseline + 20% of baseline"),
        ("critical", "ms", Better.NEITHER, None),
    ],
)
def test_the_latency_default_warns_on_the_harmless_side(
    tier: str, unit: str, better: Better | None, warn: str | None
) -> None:
    dimension, measure = Dimension.LATENCY_CONSISTENCY, Measure(source="s", unit=unit)
    found = resolved(Tier(tier), dimension=dimension, measure=measure, better=better)
    assert (str(found.warn) if found.warn else None) == warn
    assert ("warn" in found.origins) is (warn is not None)
    written = resolved(Tier(tier), dimension=dimension, measure=measure, pass_="within 20% of baseline")
    assert written.warn is None


def test_the_default_warn_rule_says_nothing_beside_the_default_rule() -> None:
    """A signature that was given before there was one still rests on the same."""
    measure = Measure(source="s", unit="ms")
    found = meaning(resolved(dimension=Dimension.LATENCY_CONSISTENCY, measure=measure))
    assert (found["pass"], found["warn"]) == ("within 20% of baseline", None)


@pytest.mark.parametrize(
    ("kind", "tier", "rule", "origin"),
    [
        ("latency", Tier.CRITICAL, "within 20% of baseline", "kind latency for tier critical"),
        ("latency", Tier.BEST_EFFORT, "within 50% of baseline", "kind latency for tier best_effort"),
        ("error_rate", Tier.IMPORTANT, "< 2 x baseline or <= 0.1 %", "kind error_rate"),
    ],
)
def test_a_kind_brings_its_rule_and_says_why(kind: str, tier: Tier, rule: str, origin: str) -> None:
    found = resolved(tier, kind=kind, better=Better.LOWER)
    assert (str(found.pass_), found.origins["pass"]) == (rule, origin) and found.why
    own = resolved(tier, kind=kind, pass_="<= 1 %")
    assert (str(own.pass_), own.why) == ("<= 1 %", "")


def test_the_softer_rule_of_a_kind_goes_with_its_direction() -> None:
    assert str(resolved(kind="latency", better=Better.LOWER).warn) == "<= baseline + 20%"
    assert resolved(kind="latency", better=Better.HIGHER).warn is None
