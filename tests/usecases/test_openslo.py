"""Objectives of OpenSLO files, as a project says them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests import building as build

from workbench.model.errors import UsageError
from workbench.usecases.openslo import Objectives, as_yaml, objectives_in

SLO = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout-answers, displayName: Checkout answers}
spec:
  description: Customers can pay
  service: checkout
  indicator:
    metadata: {name: good}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {type: Prometheus, spec: {query: 'http_total{code!~"5.."}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: http_total}}}
  timeWindow: [{duration: 4w, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.995}]
"""
RATIO = "good: {metricSource: {type: Prometheus, spec: {query: 'http_total{code!~\"5..\"}'}}}"


def found(folder: Path, *texts: str) -> Objectives:
    for place, text in enumerate(texts):
        (folder / f"{place}.yaml").write_text(text)
    return objectives_in(sorted(folder.glob("*.yaml")))


def test_a_ratio_of_counters(tmp_path: Path) -> None:
    (one,) = found(tmp_path, SLO).drafted
    assert one.query == (
        '100 * sum(increase(http_total{code!~"5.."}[$window])) / sum(increase(http_total[$window]))'
    )
    assert (one.key, one.title, one.target, one.window) == (
        "checkout-answers",
        "Checkout answers",
        "99.5 %",
        "28d",
    )
    assert one.notes == ()


COUNTED = "ratioMetric:\n        counter: true\n        " + RATIO
RAW = "ratioMetric:\n        raw: {metricSource: {type: Prometheus, spec: {query: up}}}\n        rawType: "


@pytest.mark.parametrize(
    ("old", "new", "query"),
    [
        (RATIO, "bad: {metricSource: {type: Thanos, spec: {query: 'errors{a=\"$b\"}'}}}",
         '100 * (1 - sum(increase(errors{a="$$b"}[$window])) / sum(increase(http_total[$window])))'),
        (f"{RATIO}\n        total: {{metricSource: {{type: Prometheus, spec: {{query: http_total}}}}}}",
         "good: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(a[5m]))'}}}\n"
         "        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(b[5m]))'}}}",
         "100 * (sum(rate(a[$window]))) / (sum(rate(b[$window])))"),
        (COUNTED, RAW + "success", "100 * avg_over_time((up)[$window:])"),
        (COUNTED, RAW + "failure", "100 * (1 - avg_over_time((up)[$window:]))"),
    ],
)  # fmt: skip
def test_other_indicators(tmp_path: Path, old: str, new: str, query: str) -> None:
    assert old in SLO
    assert [one.query for one in found(tmp_path, SLO.replace(old, new)).drafted] == [query]


def test_a_threshold_of_an_indicator_in_another_file(tmp_path: Path) -> None:
    slo = SLO[: SLO.index("  indicator:")] + "  indicatorRef: p95\n" + SLO[SLO.index("  timeWindow") :]
    slo = slo.replace(
        "{target: 0.995}",
        "{targetPercent: 99, op: lte, value: 0.4}, {targetPercent: 90, op: lt, value: 0.2, displayName: fast}",
    )
    sli = (
        "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: p95}\n"
        "spec: {thresholdMetric: {metricSource: {type: Prometheus, spec: {query: 'p95{a=\"b\"}'}}}}\n"
    )
    one, other = found(tmp_path, slo, sli).drafted
    assert one.query == '100 * avg_over_time(((p95{a="b"}) <= bool 0.4)[$window:])'
    assert (one.target, other.target) == ("99 %", "90 %")
    assert (one.key, other.key) == ("checkout-answers", "checkout-answers-fast")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("type: Prometheus, spec: {query: http_total}", "type: Datadog, spec: {query: http_total}", "asked of Datadog"),
        ("{query: http_total}", "{query: 'sum(http_total)'}", "does not count over a window"),
        ("{query: http_total}", "{query: 'rate(http_total[5m])'}", "in different ways"),
        ("{query: http_total}", "{queries: []}", "no query in PromQL"),
        ("{query: http_total}", "{query: 'a{{b}}'}", "template"),
        ("{query: http_total}", "{query: 'a # b'}", "comment"),
        ("0.995", "1", "no error budget"),
        ("0.995", "high", "no number"),
        ("duration: 4w", "duration: soon", "no single length"),
        ("{target: 0.995}", "", "no objectives"),
        ("{target: 0.995}", "{target: 0.9, indicatorRef: x}", "several indicators"),
    ],
)  # fmt: skip
def test_what_means_something_else_is_left_out_with_why(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert old in SLO
    result = found(tmp_path, SLO.replace(old, new))
    assert result.drafted == ()
    assert why in result.left_out[0].why


def test_what_changes_is_noted(tmp_path: Path) -> None:
    text = SLO.replace("duration: 4w, isRolling: true", "duration: 1M, isRolling: false").replace(
        "Occurrences", "Timeslices"
    )
    (one,) = found(tmp_path, text).drafted
    assert one.window == "30d"
    assert [note.split(" by ")[1].split(";")[0] for note in one.notes] == ["the calendar", "Timeslices"]


@pytest.mark.parametrize("text", ["a: b\n", SLO.replace("openslo/v1", "openslo/v1alpha"), "a: [", "\x00"])
def test_what_is_no_openslo_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        found(tmp_path, text)


def test_a_project_takes_the_draft_as_it_is(tmp_path: Path) -> None:
    bad = SLO.replace("checkout-answers", "other").replace("Prometheus", "Datadog")
    text = as_yaml(found(tmp_path, SLO + "---\n" + bad), "metrics", "staging")
    assert "# left out: other: its indicator is asked of Datadog" in text
    source = {"sources": [{"key": "metrics", "kind": "prometheus", "url": "http://127.0.0.1:9"}]}
    whole = build.HEAD + build.PEOPLE + yaml.safe_dump(source) + text
    with build.shop(tmp_path / "shop", whole) as context:
        (objective,) = context.definitions.project.objectives
        assert (objective.key, objective.target) == ("checkout-answers", "99.5 %")
