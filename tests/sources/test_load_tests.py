"""What real load tests and timings measured is what comes of them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import pytest
from tests.generators.cleaning import STARTS
from tests.sources.generated import GENERATED, read, taken_for, tool_output

from workbench.model.floats import from_bytes
from workbench.model.histograms import Histogram
from workbench.model.kinds import Asked, Doubt, Place
from workbench.sources.load_tests import RequestsMeasure, question_doubts
from workbench.sources.locust import LocustConfig


@pytest.mark.parametrize(
    ("tool", "name", "kind"),
    [
        ("locust", "run.json", "locust"),
        ("locust", "run_stats.csv", "locust"),
        ("locust", "run_failures.csv", ""),
        ("autocannon", "good.json", "autocannon"),
        ("autocannon", "dead.json", "autocannon"),
        ("hyperfine", "two.json", "hyperfine"),
        ("hyperfine", "failing.json", "hyperfine"),
        ("pytest_benchmark", "clean.json", "pytest_benchmark"),
        ("jmeter", "run.csv", "jmeter"),
        ("jmeter", "run.xml", "jmeter"),
    ],
)
def test_a_file_is_recognised_by_what_stands_in_it(tool: str, name: str, kind: str) -> None:
    assert taken_for(tool, name) == ([kind] if kind else [])


def near(at: datetime) -> bool:
    """Whether a moment lies within the run of a tool, or in the minutes after it."""
    return STARTS - timedelta(seconds=2) <= at <= STARTS + timedelta(minutes=5)


# --- Locust


def _entries() -> dict[str, Any]:
    return {one["name"]: one for one in json.loads((GENERATED / "locust" / "run.json").read_bytes())}


def test_locust_counts_each_request_and_failure_of_the_run() -> None:
    entries = _entries()
    for name, entry in entries.items():
        reading = tool_output("locust", "run.json", request=name, statistic="count")
        assert reading.value == entry["num_requests"]
        assert near(reading.measured_at)
    failed = tool_output("locust", "run.json", request="flaky", statistic="failures")
    assert failed.value == entries["flaky"]["num_requests"] // 4  # every fourth
    assert failed.facts["failures"] == f"{failed.value} of {entries['flaky']['num_requests']} requests failed"
    rate = tool_output("locust", "run.json", statistic="failure_rate", unit="%")
    every = sum(one["num_requests"] for one in entries.values())
    assert rate.value is not None and float(rate.value) == pytest.approx(100 * float(failed.value) / every)


def test_a_slow_request_of_locust_takes_at_least_its_50_ms() -> None:
    entry = _entries()["slow"]
    p50 = tool_output("locust", "run.json", request="GET slow", statistic="p50", unit="ms")
    assert p50.value is not None and p50.value >= 50
    mean = tool_output("locust", "run.json", request="slow", statistic="mean", unit="s")
    assert float(mean.value or 0) == pytest.approx(
        entry["total_response_time"] / entry["num_requests"] / 1000
    )
    p100 = tool_output("locust", "run.json", request="slow", statistic="max", unit="ms")
    assert float(p100.value or 0) == entry["max_response_time"]
    assert (p50.basis, p50.samples) == ("buckets", entry["num_requests"])


def test_the_histogram_of_locust_is_that_of_its_rounded_times() -> None:
    reading = tool_output("locust", "run.json", request="home", statistic="p95", unit="ms")
    entry = _entries()["home"]
    histogram = Histogram(**json.loads(reading.data or b""))
    times = sorted(float(text) for text, count in entry["response_times"].items() for _ in range(count))
    assert histogram.total == len(times)
    for q in (0.1, 0.5, 0.9, 0.95, 0.99):  # Locust’s own: the time of that rank, rounded
        own = times[int(q * len(times))]
        assert abs((histogram.quantile(q) or 0) - own) <= max(1.5, own / 10)


def test_the_table_of_locust_lacks_the_end_of_the_run_and_says_so() -> None:
    whole = tool_output("locust", "run.json", statistic="count")
    table = tool_output("locust", "run_stats.csv", statistic="count")
    assert table.value is not None and whole.value is not None and table.value < whole.value
    assert "may lack the end of the run" in (table.partial or "") and whole.partial is None
    p95 = tool_output("locust", "run_stats.csv", request="slow", statistic="p95", unit="ms")
    assert p95.value is not None and 50 <= p95.value < 200
    p97 = tool_output("locust", "run_stats.csv", statistic="p97", unit="ms")
    assert (p97.state, "does not tell p97" in p97.why) == ("error", True)


# --- autocannon


def test_autocannon_tells_what_failed_and_that_nobody_answered() -> None:
    assert tool_output("autocannon", "good.json", statistic="failure_rate", unit="%").value == 0
    flaky = tool_output("autocannon", "flaky.json", statistic="failure_rate", unit="%")
    assert (flaky.value, flaky.samples) == (Decimal(25), 200)
    good = json.loads((GENERATED / "autocannon" / "good.json").read_bytes())
    p99 = tool_output("autocannon", "good.json", statistic="p99", unit="ms")
    assert (p99.value, near(p99.measured_at)) == (Decimal(repr(float(good["latency"]["p99"]))), True)
    assert tool_output("autocannon", "dead.json", statistic="p99", unit="ms").state == "missing"
    assert tool_output("autocannon", "dead.json", statistic="failure_rate", unit="%").value == 100


# --- hyperfine


def test_hyperfine_gives_the_times_of_a_command_in_any_unit() -> None:
    (sleep, _) = json.loads((GENERATED / "hyperfine" / "two.json").read_bytes())["results"]
    reading = tool_output("hyperfine", "two.json", name="sleep 0.02", statistic="median", unit="ms")
    assert float(reading.value or 0) == pytest.approx(1000 * median(sleep["times"]))
    assert reading.value is not None and 20 <= reading.value < 100
    assert list(from_bytes(reading.data or b"")) == pytest.approx([1000 * time for time in sleep["times"]])


def test_the_time_of_a_command_that_failed_is_none() -> None:
    reading = tool_output("hyperfine", "failing.json", unit="s")
    assert (reading.state, reading.value) == ("error", None)
    assert "failed in 4 of 4 runs (exit code 1)" in reading.why


# --- pytest-benchmark


def _commit() -> str:
    commit: str = json.loads((GENERATED / "pytest_benchmark" / "clean.json").read_bytes())["commit_info"][
        "id"
    ]
    return commit


def test_pytest_benchmark_counts_for_its_commit_only() -> None:
    three = {"test": "test_three_rounds", "statistic": "count"}
    assert tool_output("pytest_benchmark", "clean.json", commit=_commit(), **three).value == 3
    other = tool_output("pytest_benchmark", "clean.json", commit="f" * 40, **three)
    assert (other.state, "is of commit" in other.why) == ("missing", True)
    changed = tool_output("pytest_benchmark", "dirty.json", commit=_commit(), **three)
    assert changed.partial == "measured with changes that were not committed"


def test_the_rounds_of_pytest_benchmark_are_its_samples() -> None:
    reading = tool_output("pytest_benchmark", "clean.json", test="test_sum[1000]", unit="us")
    (test,) = (
        one
        for one in json.loads((GENERATED / "pytest_benchmark" / "clean.json").read_bytes())["benchmarks"]
        if one["name"] == "test_sum[1000]"
    )
    assert float(reading.value or 0) == pytest.approx(1e6 * test["stats"]["median"])
    assert reading.samples == test["stats"]["rounds"]


# --- JMeter


@pytest.mark.parametrize("name", ["run.csv", "run.xml", "parent.xml"])
def test_jmeter_counts_requests_once_and_transactions_where_they_are_named(name: str) -> None:
    def value(**measure: Any) -> float:
        found = tool_output("jmeter", name, **measure)
        assert found.state == "ok" and near(found.measured_at), found.why
        return float(found.value or 0)

    assert value(statistic="count") == 40
    assert value(statistic="failure_rate", unit="%") == 12.5
    assert value(request="flaky", statistic="failures") == 5
    assert (value(request="buy", statistic="count"), value(request="buy", statistic="failures")) == (20, 5)
    assert value(request="slow", statistic="min", unit="ms") >= 50
    assert value(request="buy", statistic="min", unit="ms") >= 50


def test_files_of_several_machines_are_counted_together() -> None:
    together = read("jmeter", "jmeter/run.*", statistic="count")
    assert (together.value, together.facts["files"]) == (Decimal(80), 2)


# --- what is said before there is a file


def _doubts(statistic: str, unit: str, files: str = "$environment.json") -> list[Doubt]:
    places = (Place("staging", {}), Place("production", {}))
    return list(
        question_doubts(RequestsMeasure(statistic=statistic), Asked(unit, places, LocustConfig(files=files)))
    )


@pytest.mark.parametrize(
    ("statistic", "unit", "field"),
    [
        ("p950", "ms", "statistic"),
        ("failure_rate", "ms", "unit"),
        ("throughput", "%", "unit"),
        ("failures", "s", "unit"),
        ("p95", "ms", ""),
        ("share above 5", "%", ""),
    ],
)
def test_a_statistic_that_there_is_not_and_a_unit_that_cannot_be_are_seen_beforehand(
    statistic: str, unit: str, field: str
) -> None:
    assert [(doubt.field, doubt.error) for doubt in _doubts(statistic, unit)] == (
        [(field, True)] if field else []
    )


def test_one_file_for_two_environments_is_seen_beforehand() -> None:
    assert [doubt.field for doubt in _doubts("p95", "ms", "run.json")] == ["source"]
