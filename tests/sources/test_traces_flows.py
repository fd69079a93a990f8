"""FI-4: the flows that traces show are what the program does."""

from __future__ import annotations

import pytest
from tests.sources.test_traces import DOES, STUBS, generated, otlp, span

from workbench.sources.traces.documents import read_traces
from workbench.sources.traces.flows import SeenFlows, flows_of
from workbench.sources.traces.model import together


def seen(*names: str) -> SeenFlows:
    spans = together([generated(name) for name in names])
    return flows_of(spans, {"staging": "staging", "production": "production"}, STUBS)


@pytest.mark.parametrize("spelling", ["", "-base64"])
def test_the_flows_of_the_traces_are_what_the_program_does(spelling: str) -> None:
    found = seen(f"staging{spelling}.jsonl", f"production{spelling}.jsonl")
    assert {flow.begins.operation for flow in found.flows} == set(DOES)
    for flow in found.flows:
        does = DOES[flow.begins.operation]
        assert [step.line for step in flow.steps] == does["steps"]
        assert list(flow.services) == does["services"]
        assert flow.ran == does["runs"]
        for how in ("mocked", "skipped"):
            assert [step.line for step in flow.steps if step.runs["staging"] == how] == does[
                f"{how}_in_staging"
            ]
        assert {step.runs["production"] for step in flow.steps} == {"real"}
    assert [flow.trigger for flow in found.flows] == ["user_action", "user_action", "schedule"]
    assert [flow.shape for flow in found.flows] == ["api_orchestration", "synchronous_chain", "batch"]
    assert "6 health checks were left out" in found.notes


def test_of_one_environment_nothing_is_said_of_the_other() -> None:
    (orders, *_) = seen("staging.jsonl").flows
    assert "notifications" not in orders.services
    assert {key for step in orders.steps for key in step.runs} == {"staging"}


def test_without_knowing_stubs_no_step_is_called_real() -> None:
    found = flows_of(generated("staging.jsonl"), {"staging": "staging"}, None)
    assert not any(step.runs for flow in found.flows for step in flow.steps)
    assert any("stub" in note for note in found.notes)


def test_an_environment_that_the_project_does_not_have_is_named() -> None:
    found = flows_of(generated("production.jsonl"), {"live": "live"}, STUBS)
    assert found.flows[0].ran == {"production": 12} and not found.flows[0].steps[0].runs
    assert any("no environment production" in note for note in found.notes)


def test_services_are_told_apart_where_no_span_says_its_kind() -> None:
    inside = {"kind": 0, "traceId": "1" * 32}
    lines = [
        otlp(span("checkout", spanId="1" * 16, **inside), service="web"),
        otlp(span("add up", spanId="2" * 16, parentSpanId="1" * 16, **inside), service="web"),
        otlp(span("charge", spanId="3" * 16, parentSpanId="2" * 16, **inside), service="payments"),
        otlp(span("check the card", spanId="4" * 16, parentSpanId="3" * 16, **inside), service="payments"),
        otlp(span("reserve", spanId="5" * 16, parentSpanId="1" * 16, **inside), service="stock"),
    ]
    (flow,) = flows_of(read_traces(b"\n".join(lines), "x"), {}, {}).flows
    assert [step.line for step in flow.steps] == ["web: checkout", "payments: charge", "stock: reserve"]
    assert flow.shape == "api_orchestration"


def test_numbers_in_paths_are_one_operation() -> None:
    text = b"\n".join(
        otlp(span(f"GET /orders/{number}/lines", traceId=f"{number:032x}")) for number in range(1, 9)
    )
    (flow,) = flows_of(read_traces(text, "x"), {}, {}).flows
    assert (flow.begins.line, flow.ran) == ("gateway: GET /orders/*/lines", {"": 8})
