"""A real Prometheus: every kind of answer, and what becomes of it."""

from __future__ import annotations

import socket
import threading
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from workbench.model.histograms import Histogram
from workbench.model.text import safe_text
from workbench.model.times import Clock
from workbench.sources import recordings
from workbench.sources.alerting import ask_alerts
from workbench.sources.asking import fetch
from workbench.sources.fetch import Fetch
from workbench.sources.prometheus import PrometheusConfig, PrometheusMeasure
from workbench.sources.reading import Batch, Question, Reading, SourceSpec, Summary
from workbench.sources.samples import SamplesConfig, SamplesMeasure
from workbench.sources.secrets import Secrets

from .conftest import PrometheusServer, free_port

pytestmark = pytest.mark.real

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
STEP = 15
MINUTES = 90
BOUNDS = ("0.1", "0.25", "0.5", "1.0", "+Inf")
# Of ten requests per step, how many took at most as long as each bound.
SHARES = {"production": (2, 6, 9, 10, 10), "staging": (1, 4, 8, 10, 10)}


def openmetrics(end: datetime = AT) -> str:
    """Ninety minutes of two environments, with a histogram, a build, a NaN and a gap."""
    start = int(end.timestamp()) - MINUTES * 60
    times = range(start, int(end.timestamp()) + 1, STEP)
    lines = ["# TYPE request_seconds histogram"]
    for environment, share in SHARES.items():
        for bound, count in zip(BOUNDS, share, strict=True):
            labels = f'{{env="{environment}",le="{bound}"}}'
            lines += [f"request_seconds_bucket{labels} {count * i} {t}" for i, t in enumerate(times)]
    lines.append("# TYPE build gauge")
    lines += [f'build{{env="staging",commit="{"c" * 40}"}} 1 {t}' for t in times]
    lines.append("# TYPE odd gauge")
    lines += [f"odd NaN {t}" for t in times]
    lines.append("# TYPE pods gauge")
    lines += [f'pods{{env="staging",pod="p{pod}"}} {pod} {t}' for pod in range(3) for t in times]
    lines.append("# TYPE old gauge")
    lines.append(f"old 5 {start}")
    return "\n".join([*lines, "# EOF", ""])


@pytest.fixture(scope="module")
def server(prometheus_server: Callable[[str], PrometheusServer]) -> PrometheusServer:
    return prometheus_server(openmetrics())


def ask(
    url: str, *measures: PrometheusMeasure, timeout: str = "30s", **more: Any
) -> tuple[list[Batch], Summary]:
    batches: list[Batch] = []
    replay_or_record = {k: more.pop(k) for k in ("replay", "record_to") if k in more}
    source = SourceSpec("metrics", "prometheus", PrometheusConfig(url=url, timeout=timeout))
    asked = Fetch(
        sources=(source,),
        questions=tuple(
            Question(subject=f"b{i}", source="metrics", ask=m, at=AT, **more) for i, m in enumerate(measures)
        ),
        root=Path(),
        clock=Clock(fixed=AT, real=lambda: AT),
        secrets=Secrets(allow=True, environ={}),
        on_batch=batches.append,
        **replay_or_record,
    )
    summary = fetch(asked)
    return batches, summary


def one(url: str, query: str, **more: Any) -> Reading:
    fields = {k: more.pop(k) for k in PrometheusMeasure.__struct_fields__ if k in more}
    batches, _ = ask(url, PrometheusMeasure(query=query, **fields), **more)
    (reading,) = batches[0].readings
    return reading


P95 = 'histogram_quantile(0.95, sum by (le) (rate(request_seconds_bucket{env="$environment"}[$window])))'
COUNT = 'sum(increase(request_seconds_bucket{env="$environment",le="+Inf"}[$window]))'


@pytest.mark.parametrize(("environment", "p95"), [("production", "0.75"), ("staging", "0.875")])
def test_a_percentile_of_each_environment(server, environment, p95):
    reading = one(
        server.url, P95, samples=COUNT, environment=environment, window=timedelta(hours=1), unit="s"
    )
    assert reading.state == "ok"
    assert reading.value is not None
    assert abs(reading.value - Decimal(p95)) < Decimal("1e-9")
    # Ten requests every fifteen seconds for an hour.
    assert reading.samples is not None and abs(reading.samples - 2400) <= 10
    assert (reading.measured_at, reading.window, reading.unit) == (AT, "1h", "s")


def test_the_server_tells_its_name(server):
    batches, _ = ask(server.url, PrometheusMeasure(query="vector(1)"))
    assert batches[0].server.startswith("Prometheus ")
    assert batches[0].server.split()[1][0].isdigit()


@pytest.mark.parametrize(
    ("query", "state", "words"),
    [
        ("odd", "missing", "NaN"),
        ("nothing_by_that_name", "missing", "no series"),
        ("old", "missing", "no series"),
        ("vector(1) / 0", "missing", "Inf"),
        ("pods", "error", "3 series"),
        ("pods{", "error", "refuses the query"),
        ("rate(pods)", "error", "refuses the query"),
        ("pods[5m]", "error", "a range of values"),
        ('"text"', "error", "a text"),
        ("pods{env='$missing'}", "error", "nothing fills"),
    ],
)
def test_what_is_no_value_says_why(server, query, state, words):
    reading = one(server.url, query)
    assert (reading.state, reading.value) == (state, None)
    assert words in reading.why


def test_several_series_name_the_labels(server):
    why = one(server.url, "pods").why
    assert "pod (p0, p1, p2)" in why
    assert "sum by (env)" in why
    assert one(server.url, "sum by (env) (pods)").value == Decimal(3)


@pytest.mark.parametrize("value", ['it\'s "quoted"', "back\\slash", "größe {} `x`", "a\tb"])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_variables_reach_the_server_as_they_are(server, value, quote):
    reading = one(
        server.url,
        "vector(1)",
        variables={"v": value},
        build_query=f'label_replace(vector(1), "x", {quote}$v{quote}, "", "")',
        build_label="x",
    )
    assert reading.build == safe_text(value)


def test_the_build_that_runs(server):
    reading = one(
        server.url,
        "vector(1)",
        environment="staging",
        build_query='build{env="$environment"}',
        build_label="commit",
    )
    assert reading.build == "c" * 40
    reading = one(server.url, "vector(1)", environment="production", build_query='build{env="$environment"}')
    assert reading.build is None


def test_a_trend_longer_than_the_server_answers_at_once(server):
    reading = one(server.url, "vector(2)", trend="4h", trend_step="1s")
    assert "trend" not in reading.facts
    assert reading.trend is not None
    numbers = array("d", reading.trend)
    assert list(numbers[::2]) == [AT.timestamp() - 4 * 3600 + i for i in range(4 * 3600 + 1)]
    assert set(numbers[1::2]) == {2.0}


def test_a_wrong_path_and_a_dead_server(server):
    assert "no Prometheus API" in one(server.url + "/prefix", "vector(1)").why
    dead = one(f"http://127.0.0.1:{free_port()}", "vector(1)")
    assert dead.state == "error"
    assert "could not connect" in dead.why


@pytest.fixture
def stalling(server: PrometheusServer) -> Iterator[str]:
    """A proxy before the real server that takes every request and passes on no answer."""
    over = threading.Event()
    port = int(server.url.rsplit(":", 1)[1])
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def hold(client: socket.socket) -> None:
            with client, closing(socket.create_connection(("127.0.0.1", port))) as behind:
                behind.sendall(client.recv(65536))
                over.wait(60)

        def accept() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                if over.is_set():
                    client.close()
                    return
                thread = threading.Thread(target=hold, args=(client,))
                threads.append(thread)
                thread.start()

        threads: list[threading.Thread] = []
        accepting = threading.Thread(target=accept)
        accepting.start()
        address = listener.getsockname()
        yield f"http://127.0.0.1:{address[1]}"
        over.set()
        socket.create_connection(address).close()
        accepting.join()
        for thread in threads:
            thread.join()


def test_a_slow_server_costs_its_own_questions(stalling):
    reading = one(stalling, "vector(1)", timeout="1s")
    assert reading.state == "error"
    assert "no complete answer within 1 s" in reading.why


def test_what_was_recorded_replays_the_same(server, tmp_path):
    measures = [
        PrometheusMeasure(query=query)
        for query in ("sum(pods)", "odd", "pods", "nothing_by_that_name", "pods{", P95)
    ]
    more = {"environment": "staging", "window": timedelta(hours=1)}
    live, _ = ask(server.url, *measures, record_to=tmp_path, **more)
    replayed, _ = ask("http://metrics.invalid", *measures, replay=tmp_path, **more)
    assert recordings.moments(tmp_path) == (AT,)
    for before, after in zip(live[0].readings, replayed[0].readings, strict=True):
        assert after.mark == "replayed"
        assert msgspec.structs.replace(after, mark="", facts={}) == msgspec.structs.replace(before, facts={})


LATENCIES = [0.05 + 0.9 * (n * 37 % 101 / 100) ** 2 for n in range(10 * 4 * MINUTES)]  # s, ten each step


def latencies(end: datetime = AT) -> str:
    """The same latencies as cumulative buckets, ten of them each step."""
    start = int(end.timestamp()) - MINUTES * 60
    lines = ["# TYPE latency_seconds histogram"]
    for bound in BOUNDS:
        up_to = 0
        for step in range(4 * MINUTES + 1):
            lines.append(f'latency_seconds_bucket{{le="{bound}"}} {up_to} {start + STEP * step}')
            up_to += sum(one <= float(bound) for one in LATENCIES[10 * step : 10 * step + 10])
    return "\n".join([*lines, "# EOF", ""])


@pytest.fixture(scope="module")
def latency_server(prometheus_server: Callable[[str], PrometheusServer]) -> PrometheusServer:
    return prometheus_server(latencies())


@pytest.mark.parametrize("rank", ["0.5", "0.95", "0.99"])
def test_the_same_latencies_as_buckets_and_as_samples_agree_within_a_bucket(latency_server, tmp_path, rank):
    hour = timedelta(hours=1)
    query = f"histogram_quantile({rank}, sum by (le) (increase(latency_seconds_bucket[$window])))"
    buckets = "sum by (le) (increase(latency_seconds_bucket[$window]))"
    reading = one(latency_server.url, query, histogram=buckets, window=hour, unit="s")
    name = f"p{float(rank) * 100:g}"
    assert reading.facts["percentile"] == f"{name} of a histogram, as the server computes it"
    assert reading.value is not None and reading.data is not None and reading.basis == "buckets"
    histogram = msgspec.json.decode(reading.data, type=Histogram)
    assert histogram.quantile(float(rank)) == pytest.approx(float(reading.value), rel=1e-9)

    (tmp_path / "raw.txt").write_text("\n".join(map(repr, LATENCIES[-2400:])))
    raw = of_file(tmp_path, SamplesMeasure(file="raw.txt", statistic=name))
    assert raw.facts["percentile"] == f"{name} of samples, interpolated between ranks"
    assert raw.samples == 2400 and reading.samples is not None and abs(reading.samples - 2400) <= 10
    assert raw.value is not None
    low, high = histogram.bucket_of(float(raw.value))
    assert low <= float(reading.value) <= (high or float("inf"))


def of_file(folder: Path, measure: SamplesMeasure) -> Reading:
    batches: list[Batch] = []
    fetch(
        Fetch(
            sources=(SourceSpec("files", "samples", SamplesConfig()),),
            questions=(Question(subject="b", source="files", ask=measure, at=datetime.now(UTC), unit="s"),),
            root=folder,
            clock=Clock(),
            secrets=Secrets(allow=False, environ={}),
            on_batch=batches.append,
        )
    )
    return batches[0].readings[0]


def test_slices_of_a_range_do_not_overlap(server):
    reading = one(server.url, P95, slices="5min", environment="staging", window=timedelta(hours=1), unit="s")
    assert reading.data is not None and reading.basis == "averaged"
    assert array("d", reading.data) == pytest.approx([0.875] * 12)
    assert reading.samples == 12


def test_a_server_without_rules_says_that_it_has_no_alert(server):
    source = SourceSpec("metrics", "prometheus", PrometheusConfig(url=server.url))
    asked = Fetch(
        sources=(source,), questions=(), root=Path(), clock=Clock(), secrets=Secrets(allow=True, environ={})
    )
    (found,) = ask_alerts(asked, AT)
    assert (found.alerts, found.why) == ((), "")
