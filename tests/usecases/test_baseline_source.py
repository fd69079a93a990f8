"""A baseline from another server: asked there, and marked where that computes differently."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from tests import building as build
from tests.sources.support import Answer, Asked, Server, body, vector

from workbench.definitions.trust import TrustStore, trust_request
from workbench.model.errors import DefinitionError
from workbench.usecases import fetching
from workbench.usecases.context import Context

PROJECT = (
    build.HEAD
    + build.PEOPLE
    + """\
sources:
  - {key: staging-metrics, kind: prometheus, url: "%s"}
  - {key: metrics, kind: prometheus, url: "%s"}
  - {key: hand, kind: manual}
benchmarks:
  - key: p95
    flow: checkout
    title: Checkout p95
    measure: {source: staging-metrics, baseline_source: metrics, query: 'histogram_quantile(0.95, sum by (le) (rate(x_bucket[$window])))', unit: ms, window: 1h}
    pass: within 20%% of baseline
gates:
  - {key: go, title: Go, requires: [benchmarks: {}]}
"""
)


def _server(value: str, build_info: dict[str, str]) -> Server:
    def answer(asked: Asked) -> Answer:
        if asked.path.endswith("/buildinfo"):
            return body({"status": "success", "data": build_info})
        return vector(({}, value), at=build.NOW)

    return Server(answer)


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    found = [_server("110", {"version": "2.42.0", "goVersion": "go1.19"}), _server("100", {})]
    yield found
    for server in found:
        server.close()


def _fetched(tmp_path: Path, servers: list[Server]) -> Context:
    with build.shop(tmp_path / "shop", PROJECT % tuple(server.url for server in servers)) as context:
        TrustStore(context.data_folder).remember(context.root, trust_request(context.definitions))
        fetching.fetch(context)
        yield context


@pytest.fixture
def shop(tmp_path: Path, servers: list[Server]) -> Iterator[Context]:
    yield from _fetched(tmp_path, servers)


def test_each_side_is_asked_of_its_own_server(shop: Context, servers: list[Server]) -> None:
    found = build.verdict(shop, "p95")
    assert (found.verdict, found.value.value, found.baseline_value) == ("pass", Decimal(110), Decimal(100))
    for server in servers:
        assert len([asked for asked in server.asked if asked.path.endswith("/query")]) == 1


def test_what_another_engine_computed_is_marked(shop: Context) -> None:
    (words,) = [one.words for one in build.verdict(shop, "p95").caveats if one.mark == "other_engine"]
    assert words == (
        "baseline was computed by VictoriaMetrics, the value by Prometheus 2.42.0: "
        "they compute percentiles, rates and increases differently"
    )


def test_a_source_of_another_kind_would_not_understand_the_question(tmp_path: Path) -> None:
    text = (PROJECT % ("http://h", "http://h")).replace("baseline_source: metrics", "baseline_source: hand")
    with (
        pytest.raises(
            DefinitionError, match="hand is of kind manual, and staging-metrics of kind prometheus"
        ),
        build.shop(tmp_path / "shop", text),
    ):
        pass
