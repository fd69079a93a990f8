"""Trials of Tempo, which finds traces by a search and hands out each by its id, in base64."""

import base64
from typing import Any

from tests.sources.support import Answer, Asked, body
from tests.sources.trials.frame import Case, ServerTrials
from tests.sources.trials.otlp import otlp, span


def _found(*ids: str, done: int = 4, of: int = 4) -> Answer:
    traces = [{"traceID": id, "rootServiceName": "gateway", "rootTraceName": "POST /orders"} for id in ids]
    return body({**({"traces": traces} if ids else {}), "metrics": {"completedJobs": done, "totalJobs": of}})


def _trace(number: int, **more: Any) -> Answer:
    """A trace as Tempo writes it: ids in base64, enumerations by name."""
    made = span(number, seconds=number / 4, kind="SPAN_KIND_SERVER", status={"code": "STATUS_CODE_OK"})
    for field in ("traceId", "spanId"):
        made[field] = base64.b64encode(bytes.fromhex(made[field])).decode()
    return body({"trace": otlp(made), **more})


def _answer(*ids: str, done: int = 4, status: str = "COMPLETE", gone: str = "", bare: str = "") -> Any:
    def answer(asked: Asked) -> Answer:
        if asked.path.endswith("/api/search"):
            return _found(*ids, done=done) if 'name = "POST /orders"' in asked.params["q"] else _found()
        id = asked.path.rpartition("/")[2].lstrip("0")
        if asked.path.endswith("/buildinfo"):
            return body({"version": "2.8.1"})
        return (
            (404, {}, b"trace not found")
            if id == gone
            else body({"trace": {}})
            if id == bare
            else _trace(int(id, 16), status=status, message="too large")
        )

    return answer


def _first_version(asked: Asked) -> Answer:
    """A server that has the first version of the API only."""
    if asked.path.endswith("/api/search"):
        return _found("1")
    if "/api/v2/" in asked.path:
        return 404, {}, b"404 page not found"
    return body({"batches": otlp(span(1))["resourceSpans"]})


TRIALS = ServerTrials(
    example="""\
sources:
  - key: tempo
    kind: tempo
    url: https://tempo.example.com/base
    token: ${TEMPO_TOKEN}
    headers: {X-Key: "${TEMPO_KEY}"}
    tenant: shop
    stubs: {stub: "true"}
    most_traces: 4
benchmarks:
  - key: slowest
    title: Orders are taken in time
    flow: checkout
    mode: blocking
    measure: {source: tempo, begins: "gateway: POST /orders", statistic: max, window: 24h, unit: s}
    pass: <= 1 s
""",
    secrets=("TEMPO_TOKEN", "TEMPO_KEY"),
    right=_answer("1", "2"),
    expects={"slowest": "0.5"},
    empty=Case(_answer(), "missing", ("Tempo finds no traces",)),
    partial=Case(_answer("1", "2", done=3), "ok", ("searched 3 of 4 parts",)),
    another=Case(body({"data": []}), "error", ("metrics",)),
    more={
        "a page that asks to sign in": Case(
            (200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><title>Sign in</title>"),
            "error",
            ("a web page came",),
        ),
        "nothing at all": Case((200, {}, b""), "error", ("answered with nothing",)),
        "as many as asked for": Case(
            _answer("1", "2", "3", "4"), "ok", ("4 traces were asked for and came",)
        ),
        "a partial trace": Case(_answer("1", status="PARTIAL"), "ok", ("trace is partial: too large",)),
        "a trace that is gone": Case(
            _answer("1", "2", gone="2"), "ok", ("1 trace found by the search, and not there",)
        ),
        "a trace without spans": Case(
            _answer("1", "2", bare="2"), "ok", ("1 trace found by the search, and not there",)
        ),
        "as many as asked for, of which some are gone": Case(
            _answer("1", "2", "3", "4", gone="2"), "ok", ("as many were found as were asked for",)
        ),
        "the first version": Case(_first_version, "ok", ()),
        "an id that leads elsewhere": Case(_answer("../../admin"), "error", ("no id of a trace",)),
        "a mistake in the query": Case(
            (400, {}, b"invalid TraceQL query: parse error"), "error", ("invalid TraceQL query",)
        ),
        "no Tempo": Case((404, {}, b"404 page not found"), "error", ("no Tempo at this address", "3200")),
        "too many at once": Case((422, {}, b"max traces exceeded"), "error", ("max traces exceeded",)),
    },
)
