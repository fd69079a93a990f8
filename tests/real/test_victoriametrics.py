"""A real VictoriaMetrics: the same questions as Prometheus is asked, and what it answers in its own way."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.sources.support import ask, prometheus, question

from workbench.model.times import Clock
from workbench.sources.alerting import ask_alerts
from workbench.sources.fetch import Fetch
from workbench.sources.reading import Reading
from workbench.sources.secrets import Secrets

from .conftest import VictoriaServer, wait_until
from .test_prometheus import BOUNDS, P95, SHARES

pytestmark = pytest.mark.real

AT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
STEP = 15


@pytest.fixture(scope="module")
def server(victoria: VictoriaServer) -> VictoriaServer:
    start = int(AT.timestamp()) - 90 * 60
    lines = [
        f'request_seconds_bucket{{env="{environment}",le="{bound}"}} {count * number} {time}000'
        for environment, share in SHARES.items()
        for bound, count in zip(BOUNDS, share, strict=True)
        for number, time in enumerate(range(start, int(AT.timestamp()) + 1, STEP))
    ]
    victoria.fill("\n".join(lines))
    wait_until(lambda: one(victoria, "sum(request_seconds_bucket)").state == "ok", "what was imported")
    return victoria


def one(server: VictoriaServer, query: str, **more: object) -> Reading:
    more = {"environment": "staging", "window": timedelta(hours=1), "unit": "s", "at": AT} | more
    return ask([prometheus(server.url)], [question(query, **more)]).one


def test_a_percentile_agrees_with_prometheus_and_names_its_engine(server: VictoriaServer) -> None:
    fetched = ask(
        [prometheus(server.url)],
        [question(P95, environment="staging", window=timedelta(hours=1), unit="s", at=AT)],
    )
    assert fetched.one.value is not None and abs(fetched.one.value - Decimal("0.875")) < Decimal("1e-9")
    assert fetched.one.facts["engine"] == fetched.batches[0].server == "VictoriaMetrics"


def test_a_course_begins_where_it_was_asked_for(server: VictoriaServer) -> None:
    reading = one(server, 'sum(request_seconds_bucket{env="$environment"})', trend="1h", trend_step="33s")
    assert reading.trend is not None
    times = array("d", reading.trend)[::2]
    assert times[0] == AT.timestamp() - 3600 and times[1] - times[0] == 33


def test_slices_do_not_overlap(server: VictoriaServer) -> None:
    query = 'sum(increase(request_seconds_bucket{env="$environment",le="+Inf"}[$window]))'
    reading = one(server, query, slices="7min")
    assert reading.data is not None
    assert array("d", reading.data) == pytest.approx([280.0] * 8)  # ten each quarter of a minute


@pytest.mark.parametrize(
    ("query", "state", "words"),
    [
        ("nothing_by_that_name", "missing", "no series"),
        ("0 / 0", "missing", "no series"),
        ("1 / 0", "missing", "Inf"),
        ("histogram_quantile(0.95, sum(rate(request_seconds_bucket[5m])))", "missing", "sum by (le)"),
        ("request_seconds_bucket", "error", "series came"),
        ("request_seconds_bucket[5m]", "error", "a range of values"),
        ("sum(", "error", "refuses the query"),
    ],
)
def test_what_is_no_value_says_why(server: VictoriaServer, query: str, state: str, words: str) -> None:
    reading = one(server, query)
    assert (reading.state, reading.value) == (state, None)
    assert words in reading.why


def test_its_empty_list_of_alerts_is_no_silence(server: VictoriaServer) -> None:
    asked = Fetch(
        sources=(prometheus(server.url),),
        questions=(),
        root=Path(),
        clock=Clock(),
        secrets=Secrets(allow=True, environ={}),
    )
    (found,) = ask_alerts(asked, AT)
    assert found.alerts == () and "evaluates no rules itself" in found.why and "vmalert" in found.why
