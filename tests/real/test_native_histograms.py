"""Native histograms of a real Prometheus: percentiles, counts, and the buckets themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from tests.sources.support import Answer, Asked, Server, ask, prometheus, question

from workbench.model.histograms import Histogram
from workbench.sources.prometheus import PrometheusMeasure
from workbench.sources.reading import Reading

from .conftest import PrometheusServer, wait_until
from .exposition import MEDIA, native_histogram

pytestmark = pytest.mark.real

COUNTS = {-4: 1, -2: 2, 0: 4, 3: 3}  # of schema 2: buckets up to 0.5, 0.707, 1 and 1.68 s
CONFIG = """\
global: {scrape_interval: 200ms, scrape_timeout: 200ms}
scrape_configs: [{job_name: shop, static_configs: [{targets: ["TARGET"]}]}]
"""


@pytest.fixture(scope="module")
def server(prometheus_server: Callable[..., PrometheusServer]) -> Iterator[PrometheusServer]:
    """It scrapes a program whose histogram has grown by the same ten observations at each scrape."""
    scrapes = 0

    def exposed(_: Asked) -> Answer:
        nonlocal scrapes
        scrapes += 1
        counts = {place: count * scrapes for place, count in COUNTS.items()}
        return 200, {"Content-Type": MEDIA}, native_histogram("latency_seconds", 2, counts, 9.0 * scrapes)

    program = Server(exposed)
    config = CONFIG.replace("TARGET", program.url.removeprefix("http://"))
    started = prometheus_server(config=config, features=("native-histograms",))
    wait_until(lambda: scrapes >= 6, "Prometheus' scraping")
    yield started
    program.close()


def one(server: PrometheusServer, query: str, **more: object) -> Reading:
    now = datetime.now(UTC)
    asked = question(query, at=now, window=timedelta(seconds=10), unit="s", **more)
    return ask([prometheus(server.url)], [asked]).one


def test_a_native_histogram_is_no_number_and_says_what_to_write(server: PrometheusServer) -> None:
    reading = one(server, "latency_seconds")
    assert (reading.state, reading.value) == ("error", None)
    assert "histogram_quantile(0.95, …)" in reading.why and reading.facts["edit"] == "query"
    classic = one(server, "histogram_quantile(0.95, sum by (le) (rate(latency_seconds_bucket[$window])))")
    assert classic.state == "missing"


def test_its_percentile_lies_in_its_bucket_and_its_observations_are_counted(server: PrometheusServer) -> None:
    query = "histogram_quantile(0.95, sum(increase(latency_seconds[$window])))"
    reading = one(server, query, samples="histogram_count(sum(increase(latency_seconds[$window])))")
    assert reading.state == "ok" and reading.value is not None
    assert Decimal("1.4142") < reading.value < Decimal("1.6818")
    assert reading.samples and reading.samples >= 10
    wrong = one(server, query, samples="sum(increase(latency_seconds[$window]))")
    assert wrong.state == "error" and "histogram_count" in wrong.why


def test_its_buckets_are_kept_in_the_unit_of_the_value(server: PrometheusServer) -> None:
    query = "1000 * histogram_quantile(0.5, sum(latency_seconds))"
    reading = ask(
        [prometheus(server.url)],
        [question(query, at=datetime.now(UTC), unit="ms", histogram="sum(latency_seconds)")],
    ).one
    assert reading.data is not None and (reading.basis, "histogram" in reading.facts) == ("buckets", False)
    histogram = msgspec.json.decode(reading.data, type=Histogram)
    scrapes = reading.samples // 10 if reading.samples else 0
    counted = {
        round(bound): count for bound, count in zip(histogram.bounds, histogram.counts, strict=False) if count
    }
    assert counted == {500: scrapes, 707: 2 * scrapes, 1000: 4 * scrapes, 1682: 3 * scrapes}


def test_a_range_of_native_histograms_is_no_course(server: PrometheusServer) -> None:
    reading = one(server, "histogram_count(sum(latency_seconds))", slices="1s")
    assert reading.basis == "averaged"
    bare = one(server, "histogram_quantile(0.5, latency_seconds)", slices="1s", trend="1min")
    assert bare.state == "ok"


def test_alerts_of_rules_are_counted_and_silence_without_rules_is_none(
    prometheus_server: Callable[..., PrometheusServer],
) -> None:
    rules = """\
groups:
  - name: shop
    interval: 200ms
    rules:
      - {alert: Burning, expr: vector(1), labels: {severity: page}}
      - {alert: Quiet, expr: vector(1) > 2, labels: {severity: page}}
      - {alert: Broken, expr: 'label_replace(vector(1), "a", "$1", "a", "(.*)") * on () up{x="1"}', labels: {severity: ticket}}
      - {alert: Twice, expr: 'vector(1) + on () group_left () (vector(1) or label_replace(vector(1), "a", "b", "", ""))', labels: {severity: broken}}
"""
    server = prometheus_server(
        config="global: {evaluation_interval: 200ms}\nrule_files: [rules.yml]\n", rules=rules
    )

    def fires(**labels: str) -> Reading:
        asked = msgspec.structs.replace(
            question("up", at=datetime.now(UTC)), ask=PrometheusMeasure(alerts=labels)
        )
        return ask([prometheus(server.url)], [asked]).one

    wait_until(lambda: fires(severity="page").state == "ok", "Prometheus' rules")
    page = fires(severity="page")
    assert (page.value, page.facts["rules"], page.facts["firing"]) == (Decimal(1), 2, "Burning")
    assert fires(alertname="Quiet").value == 0
    assert fires(severity="ticket").value == 0
    broken = fires(severity="broken")
    assert broken.state == "error" and "could not evaluate Twice" in broken.why
    none = fires(severity="nope")
    assert none.state == "missing" and "none of the server's 4 alerting rules" in none.why
