"""Trials of Jaeger, whose version 3 wraps OTLP in ``result``."""

from tests.sources.support import Answer, Asked, body
from tests.sources.trials.frame import Case, ServerTrials
from tests.sources.trials.otlp import BEGINS, otlp, span

NO_TRACES = body({"error": {"httpCode": 404, "message": "No traces found"}}, 404)
PAGE: Answer = (
    200,
    {"Content-Type": "text/html; charset=utf-8"},
    b"<!doctype html><html><title>Jaeger UI</title></html>",
)


def right(asked: Asked) -> Answer:
    """Two traces, for who asks in the words of today and in those of earlier servers."""
    told = asked.params
    for today, earlier in (("serviceName", "service_name"), ("operationName", "operation_name")):
        if told.get(f"query.{today}") != told.get(f"query.{earlier}"):
            return body({"error": {"httpCode": 400, "message": "malformed"}}, 400)
    if told["query.serviceName"] != "gateway" or not told["query.startTimeMin"].endswith("Z"):
        return NO_TRACES
    return body({"result": otlp(span(1), span(2, seconds=0.75))})


def legacy(asked: Asked) -> Answer:
    """A server that has no version 3: its user interface answers in its place."""
    if asked.path.startswith("/api/v3"):
        return PAGE
    trace = {
        "traceID": "1",
        "processes": {"p1": {"serviceName": "gateway"}},
        "spans": [
            {"traceID": "1", "spanID": "1", "operationName": "POST /orders", "startTime": BEGINS // 1000,
             "duration": 125_000, "processID": "p1", "references": [], "tags": []}
        ],
        "warnings": ["clock skew"],
    }  # fmt: skip
    return body({"data": [trace], "total": 0, "limit": 0, "offset": 0, "errors": None})


TRIALS = ServerTrials(
    example="""\
sources:
  - key: jaeger
    kind: jaeger
    url: https://jaeger.example.com/base
    token: ${JAEGER_TOKEN}
    headers: {X-Key: "${JAEGER_KEY}"}
    stubs: {stub: "true"}
    most_traces: 3
benchmarks:
  - key: slowest
    title: Orders are taken in time
    flow: checkout
    mode: blocking
    measure: {source: jaeger, begins: "gateway: POST /orders", statistic: max, window: 24h, unit: s}
    pass: <= 1 s
""",
    secrets=("JAEGER_TOKEN", "JAEGER_KEY"),
    right=right,
    expects={"slowest": "0.75"},
    empty=Case(NO_TRACES, "missing", ("No traces found",)),
    partial=Case(
        body({"result": otlp(span(1), span(2), span(3))}),
        "ok",
        ("3 traces were asked for and came", "most_traces"),
    ),
    another=Case(body({"traces": []}), "error", ("holds no traces", "traces")),
    more={
        "a page that asks to sign in": Case(
            (200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><title>Sign in</title>"),
            "error",
            ("a web page came",),
        ),
        "nothing at all": Case((200, {}, b""), "error", ("answered with nothing",)),
        "an earlier version": Case(legacy, "ok", ("Jaeger warns: clock skew",)),
        "no Jaeger": Case((404, {}, b"not found"), "error", ("no API of Jaeger", "query service")),
        "another API": Case(body({"error": "not found"}, 404), "error", ("not found",)),
        "an error": Case(
            body({"error": {"httpCode": 500, "message": "no space left"}}, 500), "error", ("no space left",)
        ),
        "an error with status 200": Case(
            body({"error": {"message": "the storage is away"}}), "error", ("storage is away",)
        ),
        "nothing of it": Case(body({"result": {}}), "missing", ("no trace with a span",)),
        "a page everywhere": Case(PAGE, "error", ("a web page came",)),
    },
)
