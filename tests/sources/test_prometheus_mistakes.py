"""What the text of a query shows before it is asked, and what is hardly meant."""

from __future__ import annotations

import pytest

from workbench.model.kinds import Asked, Place
from workbench.sources.prometheus import PrometheusMeasure, question_doubts
from workbench.sources.prometheus.mistakes import mistakes


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("histogram_quantile(95, sum by (le) (rate(x_bucket[5m])))", "write 0.95"),
        ("quantile_over_time(99, x[5m])", "write 0.99"),
        ("quantile by (env) (50, x)", "write 0.5"),
        ("histogram_quantile(0.95, sum(rate(x_bucket[5m])))", "sum by (le)"),
        ("sum(rate(requests_total))", "[$window]"),
        ('sum(rate(requests_total{env="a"}))', "[$window]"),
        ("sum(requests_total)", "increase(requests_total[$window])"),
        ('requests_total{env="staging"}', "rate(requests_total[$window])"),
        ("rate(sum(requests_total)[5m:])", "sum(rate(…))"),
        ("avg(latency{quantile=''})", "the sum of the buckets"),
        ("sum(rate(x[5m])) > 5", "> bool"),
        ("sum(x) == 0", "> bool"),
    ],
)
def test_a_mistake_is_told_with_what_to_write(query: str, word: str) -> None:
    found = list(mistakes(query))
    assert any(word in f"{one.what} {one.hint}" for one in found), found
    assert all(one.field == "query" for one in found)


@pytest.mark.parametrize(
    "query",
    [
        "histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))",
        "histogram_quantile(0.95, sum(rate(native[5m])))",
        "histogram_quantile(0.95, sum by (vmrange) (rate(x_bucket[5m])))",
        "histogram_quantile(1, sum by (le) (rate(x_bucket[5m])))",
        "sum(rate(requests_total[5m])) / sum(rate(all_total[5m]))",
        '(sum(increase(x_total{code=~"5.."}[1h])) or vector(0)) / sum(increase(x_total[1h]))',
        "count(requests_total)",
        "count(x > 5) or vector(0)",
        "sum(x) > bool 5",
        'up{path="a > 5", other!="b", third=~"c.*"}',
        "up # rate(x) > 5",
        "avg(latency_seconds)",
        "avg_over_time(up[5m])",
        "rate(requests_total[5m:1m])",
    ],
)
def test_what_is_well_is_left_alone(query: str) -> None:
    assert list(mistakes(query)) == []


PLACES = (Place("staging", {"environment": "staging"}), Place("production", {"environment": "production"}))


def told(measure: PrometheusMeasure, places: tuple[Place, ...] = PLACES) -> list[str]:
    return [doubt.what for doubt in question_doubts(measure, Asked("", places))]


def test_alerts_of_both_environments_have_to_be_told_apart() -> None:
    (same,) = told(PrometheusMeasure(alerts={"severity": "page"}))
    assert "asks the same of staging and production" in same
    assert told(PrometheusMeasure(alerts={"severity": "page", "env": "$environment"})) == []
    assert told(PrometheusMeasure(alerts={"severity": "page"}), PLACES[:1]) == []


def test_alerts_have_nothing_beside_them() -> None:
    (beside,) = told(PrometheusMeasure(alerts={}, trend="7d", slices="1min"), PLACES[:1])
    assert "no trend or slices" in beside


@pytest.mark.parametrize("more", [{}, {"query": "up", "alerts": {}}])
def test_a_measure_has_a_query_or_alerts(more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="needs “query”, or “alerts”"):
        PrometheusMeasure(**more)  # type: ignore[arg-type]
