"""A source is tried: what went over the line, what would be measured, the usual mistakes, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.sources.support import Answer, Asked, Server, body, buildinfo_or, vector

from workbench.definitions.trust import TrustStore, trust_request
from workbench.model.errors import NotTrusted, UsageError
from workbench.sources.http import HttpMeasure
from workbench.usecases.context import Context
from workbench.usecases.source_trying import Alone, _fields, try_source
from workbench.usecases.views.source_tried import lines, summary

TOKEN = "s3cr3t-token-of-the-metrics-server"


def answer(asked: Asked) -> Answer:
    query = asked.form.get("query", "")
    if query.startswith("up"):
        return vector(({}, "0.4"), at=build.NOW)
    if query.startswith("echo"):
        return body({"status": "error", "error": f"refused: {asked.headers['authorization']}"}, 400)
    return vector(at=build.NOW)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server(buildinfo_or(answer))
    yield made
    made.close()


@pytest.fixture
def shop(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    text = build.SHOP.replace(
        'url: "http://127.0.0.1:9"', f"url: '{server.url}', token: '${{METRICS_TOKEN}}'"
    )
    with build.shop(tmp_path / "shop", text) as context:
        TrustStore(context.data_folder).remember(context.root, trust_request(context.definitions))
        yield context


def test_what_benchmarks_ask_is_asked_and_what_would_be_measured_is_shown(shop: Context) -> None:
    before = shop.record.head
    tried = try_source(shop, "metrics", benchmarks=["p95"])
    value, baseline = tried.answers
    assert (value.subject, value.role, value.environment, value.state) == ("p95", "value", "staging", "ok")
    assert summary(value) == "0.4 s" and baseline.role == "baseline"
    (exchange,) = value.exchanges
    assert exchange.request.startswith("POST http://127.0.0.1:") and exchange.request.endswith(
        "/api/v1/query"
    )
    assert ("query", "up_in_staging") in exchange.sent
    assert (exchange.status, exchange.media) == (200, "application/json") and '"0.4"' in exchange.beginning
    assert tried.server == "Prometheus 2.42.0"
    assert not tried.failed and tried.pitfalls == ""
    assert shop.record.head == before


def test_where_no_number_comes_the_usual_mistakes_follow(shop: Context) -> None:
    tried = try_source(shop, "metrics", benchmarks=["errors"])
    (answer,) = tried.answers
    assert answer.state == "missing" and "no series" in answer.why
    told = "\n".join(lines(tried))
    assert "– missing: the query found no series" in told
    assert "usual mistakes with this kind of source" in told and "a division in which one side" in told


def test_a_measure_that_no_file_has_is_asked_and_its_mistakes_are_said(shop: Context) -> None:
    measure = "{query: 'up{env=\"$environment\"}', unit: ms, window: 1h}"
    (answer,) = try_source(shop, "metrics", alone=Alone(measure=measure, environment="production")).answers
    assert (answer.environment, summary(answer)) == ("production", "0.4 ms")
    assert ("query", 'up{env="production"}') in answer.exchanges[0].sent
    measure = "{query: 'up_histogram_quantile(0.95, sum(rate(x_bucket[5m])))', slices: 1min, window: 1h}"
    (answer,) = try_source(shop, "metrics", alone=Alone(measure=measure)).answers
    assert answer.doubts and "▲" in "\n".join(
        lines(try_source(shop, "metrics", alone=Alone(measure=measure)))
    )


def test_a_token_that_the_server_echoes_is_not_shown(shop: Context) -> None:
    tried = try_source(shop, "metrics", alone=Alone(measure="{query: echo}"))
    (answer,) = tried.answers
    assert answer.state == "error" and tried.failed
    assert "refused" in answer.exchanges[0].beginning
    assert TOKEN not in msgspec.json.encode(tried).decode() + "\n".join(lines(tried))


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("{query: [}", "no YAML"),
        ("up", "no mapping"),
        ("{quary: up}", "unknown field"),
        ("{query: up, unit: parsec}", "unit"),
        ("{query: up, window: soon}", "soon"),
        ("{query: up, environment: moon}", "no environment “moon”"),
    ],
)
def test_a_measure_that_cannot_be_read_is_refused(shop: Context, measure: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        try_source(shop, "metrics", alone=Alone(measure=measure))


def test_what_cannot_be_tried_is_said(shop: Context) -> None:
    with pytest.raises(UsageError, match="no source “metric”"):
        try_source(shop, "metric")
    with pytest.raises(UsageError, match="no source that is asked"):
        try_source(shop, "hand")
    with pytest.raises(UsageError, match="no benchmark “p96”"):
        try_source(shop, "metrics", benchmarks=["p96"])


def test_a_source_of_test_runs_is_asked_though_no_gate_asks_it(tmp_path: Path) -> None:
    text = build.SHOP.replace("      - tests_green: reports\n", "")
    with build.shop(tmp_path / "shop", text) as context:
        (answer,) = try_source(context, "reports").answers
        assert (answer.subject, answer.role, answer.state) == ("tests/reports", "tests", "missing")


def test_a_source_that_nothing_asks_gets_an_example_to_type(tmp_path: Path) -> None:
    text = build.SHOP.replace(
        "  - {key: hand", "  - {key: other, kind: http, url: 'http://127.0.0.1:9'}\n  - {key: hand"
    )
    with build.shop(tmp_path / "shop", text) as context, pytest.raises(UsageError) as error:
        try_source(context, "other")
    assert "nothing in this project asks “other” yet" in str(error.value)
    assert "--measure '{path: /api/" in (error.value.hint or "")


def test_a_project_that_nobody_trusts_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    with build.shop(tmp_path / "shop") as context, pytest.raises(NotTrusted):
        try_source(context, "metrics")


def test_fields_are_shown_as_a_file_may_write_them() -> None:
    ask = HttpMeasure(path="/gate", value="status", words={"OK": Decimal(1), "ERROR": Decimal(0)})
    assert _fields(ask) == {"path": "/gate", "value": "status", "words": "OK: 1, ERROR: 0"}
