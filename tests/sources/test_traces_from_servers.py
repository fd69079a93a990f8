"""Traces that Jaeger and Tempo hand out: those of five real services, as each of them writes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.sources.support import Answer, Asked, Server, body
from tests.sources.test_traces import DOES, STUBS, generated

from workbench.model.times import Clock
from workbench.sources.fetch import Fetch
from workbench.sources.jaeger import JaegerConfig
from workbench.sources.jaeger.ask import doubts
from workbench.sources.reading import Question, SourceSpec
from workbench.sources.secrets import Secrets
from workbench.sources.tempo import TempoConfig
from workbench.sources.traces.asking import Handed, ask_traces
from workbench.sources.traces.flows import flows_of
from workbench.sources.traces.model import Span, together
from workbench.sources.traces.shapes import TraceServer, TracesMeasure
from workbench.sources.traces.trees import traces_of

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SPANS = together([generated("staging.jsonl"), generated("production.jsonl")]).spans
SERVICES = sorted({span.service for span in SPANS})


def as_otlp(spans: list[Span]) -> dict[str, Any]:
    """Spans as a server writes them, each with its resource."""
    kinds = ("", "internal", "server", "client", "producer", "consumer")
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": pairs(span.resource)},
                "scopeSpans": [{"spans": [{
                    "traceId": span.trace, "spanId": span.id, "parentSpanId": span.parent, "name": span.name,
                    "kind": kinds.index(span.kind), "attributes": pairs(span.attributes),
                    "startTimeUnixNano": str(span.start), "endTimeUnixNano": str(span.end),
                    "status": {"code": 2 if span.failed else 0},
                    "links": [{"traceId": trace, "spanId": id} for trace, id in span.links],
                }]}],
            }
            for span in spans
        ]
    }  # fmt: skip


def pairs(attributes: Any) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in attributes.items()]


def as_jaeger(spans: list[Span]) -> dict[str, Any]:
    """The same in Jaeger's own words, for its user interface."""

    def tags(attributes: Any) -> list[dict[str, Any]]:
        return [{"key": key, "type": "string", "value": value} for key, value in attributes.items()]

    found: dict[str, Any] = {}
    for span in spans:
        trace = found.setdefault(span.trace, {"traceID": span.trace, "spans": [], "processes": {}})
        process = f"p{len(trace['processes'])}"
        trace["processes"][process] = {"serviceName": span.service, "tags": tags(span.resource)}
        calls = [("CHILD_OF", span.trace, span.parent)] if span.parent else []
        trace["spans"].append({
            "traceID": span.trace, "spanID": span.id, "operationName": span.name, "processID": process,
            "startTime": span.start // 1000, "duration": (span.end - span.start) // 1000,
            "references": [
                {"refType": kind, "traceID": trace_, "spanID": id}
                for kind, trace_, id in [*calls, *(("FOLLOWS_FROM", *link) for link in span.links)]
            ],
            "tags": [*tags(span.attributes), *tags({"span.kind": span.kind} | ({"error": "true"} if span.failed else {}))],
        })  # fmt: skip
    return {"data": list(found.values()), "errors": None}


def of_service(service: str) -> list[Span]:
    ids = {span.trace for span in SPANS if span.service == service}
    return [span for span in SPANS if span.trace in ids]


def jaeger_3(asked: Asked) -> Answer:
    if asked.path.endswith("/services"):
        return body({"services": ["jaeger", *SERVICES]})
    return body({"result": as_otlp(of_service(asked.params["query.serviceName"]))})


def jaeger_1(asked: Asked) -> Answer:
    if "/v3/" in asked.path:
        return 200, {"Content-Type": "text/html"}, b"<!doctype html><html></html>"
    if asked.path.endswith("/services"):
        return body({"data": SERVICES, "total": 5})
    return body(as_jaeger(of_service(asked.params["service"])))


def tempo(asked: Asked) -> Answer:
    if asked.path.endswith("/search"):
        return body(
            {"traces": [{"traceID": id.lstrip("0")} for id in {span.trace for span in SPANS}], "metrics": {}}
        )
    id = asked.path.rpartition("/")[2]
    return body({"trace": as_otlp([span for span in SPANS if span.trace == id])})


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[Asked], Answer]], Server]]:
    started: list[Server] = []

    def start(answer: Callable[[Asked], Answer]) -> Server:
        started.append(Server(answer))
        return started[-1]

    yield start
    for server in started:
        server.close()


def handed(kind: str, config: TraceServer) -> Handed:
    fetch = Fetch(
        sources=(SourceSpec(kind, kind, config),),
        questions=(),
        root=Path(),
        clock=Clock(),
        secrets=Secrets(allow=True, environ={}),
    )
    asked = Question(subject="traces", source=kind, at=AT, environment="staging", window=timedelta(days=1))
    (found,) = ask_traces(fetch, [asked, msgspec.structs.replace(asked, environment="production")])
    return found


@pytest.mark.parametrize(
    ("kind", "config", "answer"),
    [("jaeger", JaegerConfig, jaeger_3), ("jaeger", JaegerConfig, jaeger_1), ("tempo", TempoConfig, tempo)],
)
def test_the_flows_of_a_servers_traces_are_what_the_program_does(serve, kind, config, answer) -> None:
    found = handed(kind, config(url=serve(answer).url, most_traces=500))
    assert not found.why and not found.spans.partial
    flows = flows_of(found.spans, {"staging": "staging", "production": "production"}, STUBS).flows
    assert {flow.begins.operation: [step.line for step in flow.steps] for flow in flows} == {
        name: does["steps"] for name, does in DOES.items()
    }
    assert all(flow.ran == DOES[flow.begins.operation]["runs"] for flow in flows)
    for how in ("mocked", "skipped"):
        lines = [step.line for flow in flows for step in flow.steps if step.runs["staging"] == how]
        assert lines == [line for does in DOES.values() for line in does[f"{how}_in_staging"]]


def test_a_server_that_refuses_says_why_and_its_secret_is_not_told(serve) -> None:
    found = handed("tempo", TempoConfig(url=serve(lambda _: (403, {}, b"")).url))
    assert "refuses us" in found.why and not found.spans.spans


def test_what_is_asked_for_once_is_asked_once(serve) -> None:
    server = serve(jaeger_3)
    handed("jaeger", JaegerConfig(url=server.url, most_traces=500))
    assert len(server.asked) == 1 + 1 + len(
        SERVICES
    )  # which version, the services, each of them: for two environments


def test_a_span_without_a_service_is_a_mistake_beforehand() -> None:
    from workbench.model.kinds import Asked as AskedHow

    for begins in ("POST /orders", "gate*: POST /orders"):
        (doubt,) = doubts(TracesMeasure(begins=begins), AskedHow("s", ()))
        assert (doubt.field, doubt.error) == ("begins", True)
    assert not list(doubts(TracesMeasure(begins="gateway: POST *"), AskedHow("s", ())))


def test_every_trace_of_the_program_is_whole() -> None:
    assert not any(trace.orphans for trace in traces_of(SPANS))
    assert json.loads(json.dumps(as_jaeger(list(SPANS))))
