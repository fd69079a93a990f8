"""What k6 measured in a real run is what comes of each of its files."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.generators.cleaning import STARTS
from tests.sources.generated import GENERATED, LATER, read, taken_for, tool_output
from tests.sources.support import ask

from workbench.model.floats import from_bytes
from workbench.model.kinds import Asked, Place
from workbench.sources.k6 import K6Config, K6Measure, question_doubts
from workbench.sources.k6.metrics import Chosen, chosen
from workbench.sources.reading import Question, Reading, SourceSpec, WrongQuestion

SUMMARIES = ("summary-export.json", "handle-summary.json")
POINTS = ("points.json", "points.csv")


@pytest.mark.parametrize("name", [*SUMMARIES, *POINTS])
def test_its_files_are_recognised(name: str) -> None:
    assert taken_for("k6", name) == ["k6"]


@pytest.mark.parametrize("name", [*SUMMARIES, *POINTS])
def test_each_of_its_files_tells_what_the_run_did(name: str) -> None:
    """20 iterations of three requests, of which every fourth /flaky failed, and /slow takes 50 ms."""

    def value(metric: str, statistic: str, unit: str = "") -> float:
        reading = tool_output("k6", name, metric=metric, statistic=statistic, unit=unit)
        assert reading.state == "ok", reading.why
        return float(reading.value or 0)

    assert value("http_reqs", "count") == 60
    assert value("http_req_failed", "rate", "%") == pytest.approx(100 * 5 / 60)
    assert value("checks", "rate", "%") == 75
    assert value("iterations", "count") == 20
    assert 50 <= value("http_req_duration{name:slow}", "median", "ms") < 100
    assert value("http_req_duration{name:slow}", "p50") == value("http_req_duration{name:slow}", "median")
    assert value("http_req_duration{name:slow}", "p95", "s") < 0.2
    assert value("http_req_duration{name:slow}", "count") == 20


@pytest.mark.parametrize("name", SUMMARIES)
def test_thresholds_are_counted_as_each_shape_means_them(name: str) -> None:
    """Two were broken, one kept, and one is on a request that was never made, which k6 calls kept."""
    reading = tool_output("k6", name, read="broken_thresholds")
    assert (reading.value, reading.facts["thresholds"]) == (Decimal(3), 4)
    assert set(str(reading.facts["broken"]).split(", ")) == {
        "checks rate>0.99",
        "http_req_duration{name:slow} p(50)<1",
    }
    assert reading.facts["never_observed"] == "http_req_duration{name:never} p(95)<500"


@pytest.mark.parametrize("name", [*SUMMARIES, *POINTS])
def test_what_was_never_observed_has_no_time(name: str) -> None:
    reading = tool_output("k6", name, metric="http_req_duration{name:never}", unit="ms")
    assert (reading.state, reading.value) == ("missing", None)


def test_points_keep_their_samples_and_summaries_do_not() -> None:
    points = tool_output("k6", "points.json", metric="http_req_duration{name:slow}", unit="s")
    assert (points.basis, len(from_bytes(points.data or b""))) == ("raw", 20)
    assert STARTS <= points.measured_at <= STARTS + timedelta(minutes=1)
    assert tool_output("k6", "summary-export.json", unit="s").data is None
    assert tool_output("k6", "points.json", read="broken_thresholds").state == "error"


def test_points_of_two_machines_are_counted_together_and_of_two_summaries_the_newest() -> None:
    both = read("k6", "k6/points.*", metric="http_reqs", statistic="count")
    assert (both.value, both.facts["files"]) == (Decimal(120), 2)
    summaries = read("k6", "k6/*summary*.json", metric="http_reqs", statistic="count")
    assert summaries.value == 60
    assert "is the newest; not counted" in str(summaries.facts["note"])


def _within(window: timedelta, **measure: Any) -> Reading:
    whole = tool_output("k6", "points.json", **measure)
    asked = Question(
        subject="b",
        source="s",
        at=whole.measured_at + timedelta(seconds=1),
        window=window + timedelta(seconds=1),
        ask=K6Measure(**measure),
    )
    source = SourceSpec("s", "k6", K6Config(files="k6/points.json"))
    return ask([source], [asked], root=GENERATED).readings[0]


def test_only_points_of_the_window_count() -> None:
    assert _within(timedelta(hours=1), metric="http_reqs", statistic="count").value == 60
    short = _within(timedelta(milliseconds=300), metric="http_reqs", statistic="count")
    assert short.value is not None and 0 < short.value < 60
    assert short.measured_at < LATER


def test_a_table_does_not_tell_the_type_of_a_script_s_own_metric(tmp_path) -> None:
    (tmp_path / "points.csv").write_text(
        "metric_name,timestamp,metric_value,name\nqueue,1772442001,1,a\nqueue,1772442002,0,a\n"
    )
    rate = read("k6", "points.csv", root=tmp_path, metric="queue", statistic="rate")
    assert (rate.state, "does not tell" in rate.why) == ("error", True)
    assert read("k6", "points.csv", root=tmp_path, metric="queue", statistic="max").value == 1


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("http_req_duration", Chosen("http_req_duration")),
        (
            " http_req_duration { name:buy, status:200 }",
            Chosen("http_req_duration", {"name": "buy", "status": "200"}),
        ),
        ("a{url:http://shop/x}", Chosen("a", {"url": "http://shop/x"})),
        ("", None),
        ("p(95)", None),
        ("a{name}", None),
    ],
)
def test_a_metric_is_a_name_with_tags(text: str, made: Chosen | None) -> None:
    if made is not None:
        assert chosen(text) == made
        return
    with pytest.raises(WrongQuestion, match="is no metric of k6"):
        chosen(text)


@pytest.mark.parametrize(
    ("measure", "unit", "field"),
    [
        (K6Measure(), "s", ""),
        (K6Measure(), "%", "unit"),
        (K6Measure(metric="http_req_failed", statistic="rate"), "ms", "unit"),
        (K6Measure(metric="http_req_failed", statistic="rate"), "%", ""),
        (K6Measure(metric="p(95)"), "s", "metric"),
        (K6Measure(statistic="p950"), "s", "statistic"),
        (K6Measure(read="broken_thresholds"), "s", "unit"),
    ],
)
def test_what_cannot_be_is_seen_beforehand(measure: K6Measure, unit: str, field: str) -> None:
    asked = Asked(unit, (Place("staging", {}),), K6Config(files="a.json"))
    assert [(doubt.field, doubt.error) for doubt in question_doubts(measure, asked)] == (
        [(field, True)] if field else []
    )
