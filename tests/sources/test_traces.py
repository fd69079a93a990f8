"""Traces: what five real services left, in both spellings of OTLP, and what is never a silent number."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.generated import read as read_files
from tests.sources.generated import taken_for

from workbench.model.errors import SourceError
from workbench.sources.otlp import OtlpConfig
from workbench.sources.otlp.read import recognise
from workbench.sources.reading import Found, Question, Reading, WrongQuestion
from workbench.sources.recognising import Sample
from workbench.sources.traces import documents
from workbench.sources.traces.documents import read_traces
from workbench.sources.traces.flows import flows_of
from workbench.sources.traces.measuring import measured
from workbench.sources.traces.model import Spans
from workbench.sources.traces.shapes import TracesMeasure
from workbench.sources.traces.trees import traces_of, walk, whole

GENERATED = Path(__file__).parents[1] / "data" / "generated" / "opentelemetry"
DOES = json.loads((GENERATED / "does.json").read_text())
COMMIT = "4f2a9c1d7e6b5a3c8d9e0f1a2b3c4d5e6f708192"
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ORDERS = "gateway: POST /orders"
STUBS = {"stub": "true"}
NANO = 1_772_442_000 * 10**9


def generated(name: str) -> Spans:
    return read_traces((GENERATED / name).read_bytes(), name)


def read(
    spans: Spans,
    *,
    environment: str | None = "staging",
    commit: str | None = COMMIT,
    unit: str = "",
    config: dict[str, Any] | None = None,
    role: Any = "value",
    window: timedelta | None = None,
    **measure: Any,
) -> Found:
    asked = Question(
        subject="x", source="traces", at=AT, environment=environment, commit=commit, unit=unit, role=role, window=window
    )  # fmt: skip
    wanted = TracesMeasure(**{"begins": ORDERS, **measure})
    return measured(
        whole(spans), wanted, asked, OtlpConfig(**{"files": "x", "stubs": STUBS, **(config or {})})
    )


def span(name: str = "POST /orders", *, start: float = 0, seconds: float = 1, **more: Any) -> dict[str, Any]:
    begins = NANO + round(start * 1e9)
    return {
        "traceId": "0" * 31 + "1", "spanId": "0" * 15 + "1", "name": name, "kind": 2,
        "startTimeUnixNano": str(begins), "endTimeUnixNano": str(begins + round(seconds * 1e9)), **more,
    }  # fmt: skip


def otlp(*spans: dict[str, Any], service: str = "gateway", **resource: str) -> bytes:
    attributes = {"service.name": service, **{key.replace("_", "."): text for key, text in resource.items()}}
    told = [{"key": key, "value": {"stringValue": text}} for key, text in attributes.items()]
    scope = {"spans": list(spans)}
    return json.dumps({"resourceSpans": [{"resource": {"attributes": told}, "scopeSpans": [scope]}]}).encode()


# --- what the program did


@pytest.mark.parametrize("name", [path.name for path in sorted(GENERATED.glob("*.jsonl"))])
def test_its_files_are_recognised(name: str) -> None:
    assert taken_for("opentelemetry", name) == ["otlp"]


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_both_spellings_hold_the_same_spans(environment: str) -> None:
    hexadecimal, base64 = generated(f"{environment}.jsonl"), generated(f"{environment}-base64.jsonl")
    assert set(map(repr, hexadecimal.spans)) == set(map(repr, base64.spans))
    assert not hexadecimal.notes and "base64" in base64.notes[0]
    assert len(hexadecimal.spans) > 100


@pytest.mark.parametrize("environment", ["staging", "production"])
@pytest.mark.parametrize("flow", DOES)
def test_as_often_as_each_flow_ran_and_failed(environment: str, flow: str) -> None:
    spans, does = generated(f"{environment}.jsonl"), DOES[flow]
    begins = does["steps"][0]
    assert (
        read(spans, environment=environment, begins=begins, read="count").value == does["runs"][environment]
    )
    failed = read(spans, environment=environment, begins=begins, read="error_rate", unit="%")
    assert failed.value == Decimal(100 * does["failed"][environment]) / does["runs"][environment]
    assert failed.samples == does["runs"][environment]
    assert read(spans, environment=environment, begins=begins, read="errors_per_thousand").state == "ok"


def test_how_long_the_flow_and_one_of_its_steps_take() -> None:
    whole = read(generated("production.jsonl"), environment="production", unit="ms", statistic="p50")
    step = read(
        generated("production.jsonl"),
        environment="production",
        unit="ms",
        statistic="p50",
        step="bank: POST /charge",
    )
    staging = read(generated("staging.jsonl"), unit="ms", statistic="p50", step="bank: POST /charge")
    assert whole.value is not None and step.value is not None and staging.value is not None
    assert 20 <= step.value < whole.value < 5000 and 5 <= staging.value < 20
    assert (whole.samples, whole.basis, len(whole.data or b"")) == (12, "raw", 96)
    assert str(whole.facts["slowest"]).count(" ms ") == 3


def test_scenarios_are_complete_where_no_step_is_missing_or_stubbed() -> None:
    steps = DOES["POST /orders"]["steps"]
    production = read(
        generated("production.jsonl"), environment="production", read="complete", steps=steps, unit="%"
    )
    assert production.value == Decimal(1000) / 12  # declined orders never reach the stock
    staging = read(generated("staging.jsonl"), read="complete", steps=steps, unit="%")
    assert staging.value == 0
    assert "“bank: POST /charge” is a stub in 12 runs" in str(staging.facts["lacking"])
    assert "“notifications: process order-placed” is not there in 12 runs" in str(staging.facts["lacking"])
    assert read(generated("staging.jsonl"), read="stubbed", unit="%").value == 100
    assert read(generated("production.jsonl"), environment="production", read="stubbed").value == 0
    traced = read(generated("staging.jsonl"), read="traced", steps=steps, unit="%")
    assert traced.value == 75 and "notifications" in str(traced.facts["not_traced"])


def test_a_message_belongs_to_the_flow_that_sent_it() -> None:
    traces = traces_of(generated("production.jsonl").spans)
    assert len(traces) == 12 + 6 + 2 + 3
    assert not any(trace.orphans for trace in traces)


def test_messages_that_are_taken_together_belong_to_each_flow_that_sent_one() -> None:
    links = [{"traceId": f"{number:032x}", "spanId": f"{number + 10:016x}"} for number in (1, 2)]
    sent = [
        one
        for number in (1, 2)
        for one in (
            span(traceId=f"{number:032x}", spanId=f"{number:016x}"),
            span(
                "send",
                kind=4,
                traceId=f"{number:032x}",
                spanId=f"{number + 10:016x}",
                parentSpanId=f"{number:016x}",
            ),
        )
    ]
    taken = otlp(span("mail", kind=5, traceId="9" * 32, spanId="9" * 16, links=links), service="mails")
    spans = read_traces(otlp(*sent) + b"\n" + taken, "x")
    assert read(spans, commit=None, read="complete", steps=["mails: mail"]).value == 1
    assert read(spans, commit=None, step="mails: mail", statistic="count").value == 1


def test_messages_that_lead_back_to_themselves_end() -> None:
    links = [{"traceId": "0" * 31 + "1", "spanId": id * 16} for id in ("2", "4")]
    spans = [
        span(spanId="1" * 16),
        span("send", kind=4, spanId="2" * 16, parentSpanId="1" * 16),
        span("take", kind=5, spanId="3" * 16, links=links),
        span("send on", kind=4, spanId="4" * 16, parentSpanId="3" * 16),
    ]
    found = read(
        read_traces(otlp(*spans), "x"), commit=None, read="traced", steps=["send", "take", "send on", "none"]
    )
    assert found.value == Decimal("0.75")
    assert len(flows_of(read_traces(otlp(*spans), "x"), {}, {}).flows) == 1


def test_traces_of_another_environment_or_commit_do_not_count() -> None:
    spans = generated("production.jsonl")
    other = read(spans, environment="staging", read="count")
    assert other.state == "missing" and "another environment (production)" in other.why
    assert "environments of the source" in other.why
    called = read(spans, environment="live", config={"environments": {"live": "production"}}, read="count")
    assert called.value == 12
    commit = read(spans, environment="production", commit="ab" * 20, read="count")
    assert commit.state == "missing" and "12 runs of another commit" in commit.why
    assert read(spans, environment="production", commit="ab" * 20, read="count", role="baseline").value == 12


def test_only_runs_of_the_window_and_with_the_attributes_count() -> None:
    spans = read_traces(otlp(span(), span(start=100, spanId="2" * 16, traceId="2" * 32)), "x")
    asked: dict[str, Any] = {"commit": None, "read": "count"}
    hour = timedelta(hours=1)
    assert read(spans, **asked, window=hour - timedelta(seconds=50)).value == 1
    assert "from before the window" in read(spans, **asked, window=timedelta(seconds=5)).why
    assert "without tenant=a" in read(spans, **asked, where={"tenant": "a"}).why
    assert read(spans, **asked, where={"service.name": "gate*"}).value == 2


def test_scenarios_by_name_are_complete_if_each_of_their_runs_is() -> None:
    def run(number: int, scenario: str, *, step: bool) -> bytes:
        ids = {"traceId": f"{number:032x}"}
        named = {"attributes": [{"key": "scenario", "value": {"stringValue": scenario}}]} if scenario else {}
        spans = [span(spanId=f"{number:016x}", **ids, **named)]
        if step:
            spans.append(span("pay", spanId=f"{number + 99:016x}", parentSpanId=f"{number:016x}", **ids))
        return otlp(*spans)

    text = b"\n".join([run(1, "card", step=True), run(2, "card", step=False), run(3, "cash", step=True), run(4, "", step=True)])  # fmt: skip
    found = read(
        read_traces(text, "x"), commit=None, read="complete", steps=["pay"], scenario="scenario", unit="%"
    )
    assert (found.value, found.samples) == (50, 2)
    assert found.partial == "1 run of the flow without the name of a scenario"


def test_where_a_caller_is_missing_its_step_still_counts_and_it_is_said() -> None:
    spans = read_traces(otlp(span(), span("pay", spanId="3" * 16, parentSpanId="9" * 16)), "x")
    found = read(spans, commit=None, read="complete", steps=["pay"])
    assert found.value == 1 and "spans whose callers are missing" in str(found.facts["note"])


def test_what_has_no_end_is_no_duration() -> None:
    spans = read_traces(
        otlp(span(endTimeUnixNano="0"), span(spanId="2" * 16, traceId="2" * 32, seconds=2)), "x"
    )
    found = read(spans, commit=None, unit="s", statistic="max")
    assert (found.value, found.samples) == (2, 1)
    assert found.partial == "1 span without an end, or with one before the beginning"
    only = read(read_traces(otlp(span(seconds=-1)), "x"), commit=None, unit="s")
    assert only.state == "missing" and "was finished" in only.why


def test_nothing_is_said_of_stubs_that_nobody_can_recognise() -> None:
    spans = read_traces(otlp(span()), "x")
    for what in ("complete", "stubbed"):
        with pytest.raises(WrongQuestion, match="how a stub is recognised"):
            read(spans, commit=None, read=what, steps=["a"], config={"stubs": None})
    assert read(spans, commit=None, read="stubbed", config={"stubs": {}}).value == 0


def test_a_flow_that_never_ran_is_missing_and_what_ran_is_named() -> None:
    found = read(generated("staging.jsonl"), begins="gateway: POST /order", read="count")
    assert found.state == "missing" and "gateway: POST /orders" in found.why


# --- spellings


LEGACY = {
    "data": [
        {
            "traceID": "1", "processes": {"p1": {"serviceName": "gateway", "tags": []}, "p2": {"serviceName": "orders"}},
            "spans": [
                {"traceID": "1", "spanID": "a", "operationName": "POST /orders", "startTime": NANO // 1000,
                 "duration": 1_500_000, "processID": "p1", "references": [],
                 "tags": [{"key": "span.kind", "type": "string", "value": "server"}, {"key": "error", "type": "bool", "value": True}]},
                {"traceID": "1", "spanID": "b", "operationName": "pay", "startTime": NANO // 1000, "duration": 5,
                 "processID": "p2", "references": [{"refType": "CHILD_OF", "traceID": "1", "spanID": "a"}],
                 "tags": [{"key": "http.status_code", "type": "int64", "value": 200}]},
            ],
        }
    ],
    "total": 0, "errors": None,
}  # fmt: skip


def test_jaegers_own_json() -> None:
    spans = read_traces(json.dumps(LEGACY).encode(), "x")
    found = read(spans, commit=None, unit="s", statistic="max")
    assert (found.value, found.facts["traces"]) == (Decimal("1.5"), 1)
    assert read(spans, commit=None, read="error_rate").value == 1
    assert read(spans, commit=None, read="traced", steps=["orders: pay"]).value == 1
    assert spans.spans[1].attributes == {"http.status_code": "200"}
    assert read_traces(
        json.dumps({**LEGACY, "errors": [{"code": 500, "msg": "one store is away"}]}).encode(), "x"
    ).partial


@pytest.mark.parametrize(
    "wrap",
    [
        lambda data: {"result": data},
        lambda data: {"batches": data["resourceSpans"]},
        lambda data: data["resourceSpans"][0],
        lambda data: {"trace": data, "metrics": {}},
        lambda data: {"resource_spans": [{"resource": one["resource"], "scope_spans": one["scopeSpans"]} for one in data["resourceSpans"]]},
    ],
)  # fmt: skip
def test_wrapped_as_servers_and_libraries_wrap_it(wrap: Callable[[Any], Any]) -> None:
    data = json.loads(otlp(span()))
    for text in (json.dumps(wrap(data)), json.dumps(wrap(data), indent=2)):
        assert read_traces(text.encode(), "x") == read_traces(otlp(span()), "x")
        assert recognise(Sample("x", text.encode()))


def test_a_trace_that_tempo_calls_partial_is() -> None:
    text = json.dumps(
        {"trace": json.loads(otlp(span())), "status": "PARTIAL", "message": "too large"}
    ).encode()
    assert read_traces(text, "x").partial == "Tempo says that the trace is partial: too large"
    assert read(read_traces(text, "x"), commit=None, read="count").partial


def test_packed_files_and_files_with_other_signals() -> None:
    plain = (GENERATED / "staging.jsonl").read_bytes()
    packed = gzip.compress(plain[: len(plain) // 2]) + gzip.compress(plain[len(plain) // 2 :])
    assert read_traces(packed, "x") == read_traces(plain, "x")
    assert recognise(Sample("x", packed)) == "traces as OTLP JSON, packed"
    mixed = otlp(span()) + b'\n{"resourceMetrics":[]}\n{"resourceSpans":[]}\n'
    assert len(read_traces(mixed, "x").spans) == 1


def test_a_span_that_was_handed_out_twice_counts_once() -> None:
    assert len(read_traces(otlp(span(), span()) + b"\n" + otlp(span()), "x").spans) == 1
    unfinished = span(endTimeUnixNano="0")
    assert read_traces(otlp(unfinished, span()), "x").spans[0].seconds == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "it is empty"),
        (b"\x0a\x8f\x02proto", "it is no JSON"),
        (b"\x28\xb5\x2f\xfd....", "packed with zstd"),
        (b"\x1f\x8b\x08\x00", "cut off"),
        (otlp(span())[:-40], "cut off in the middle"),
        (otlp(span()) + b"\n" + otlp(span())[:-40], "cut off in the middle"),
        (b'{"status":"success","data":{"result":[]}}', "not what traces look like"),
        (b'{"data":[{"x":1}]}', "not what traces look like"),
        (b'{"result":{"x":1}}', "holds no traces: its keys are result"),
        (b'{"metrics":{}}', "holds no traces"),
        (b"[1]", "not what traces look like"),
        (b'{"error":{"httpCode":500,"message":"no space left"}}', "no space left"),
        (b'{"data":null,"errors":[{"code":500,"msg":"broken"}]}', "broken"),
        (b'{"name":"a","context":{},"parent_id":null,"start_time":"x"}', "on the console"),
        pytest.param(b'{"a":' * 100_000, "nested too deep", id="deep"),
        (otlp(span(traceId="xyz")), "no traceId"),
        (otlp(span(traceId="0" * 32)), "no traceId"),
        (otlp(span(spanId="AAAAAAAAAAA=")), "no spanId"),
        (otlp(span(traceId="AAAAAAAAAAE=")), "no traceId"),
        (otlp(span(startTimeUnixNano="1772442000")), "no time in nanoseconds"),
        (otlp(span(startTimeUnixNano="1.5e18")), "no time in nanoseconds"),
        (otlp(span(startTimeUnixNano="1_772_442_000_000_000_000")), "no time in nanoseconds"),
        (otlp(span(status={"code": 9})), "another version"),
    ],
)
def test_what_is_no_whole_file_of_traces_is_an_error(text: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read_traces(text, "traces.json")


def test_a_bomb_unpacks_to_no_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST", 2**20)
    bomb = gzip.compress(b" " * 3_000_000)
    with pytest.raises(SourceError, match="unpacks to more than 1 MB"):
        read_traces(bomb, "x")
    with pytest.raises(SourceError, match="no JSON"):
        read_traces(gzip.compress(bomb), "x")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["resourceSpans", "scopeSpans", "spans", "traceId", "spanId", "data", "trace", "result", "error"]), inner, max_size=3
    ),
    max_leaves=12,
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_anything_else_is_an_error_in_words(data: bytes) -> None:
    try:
        found = read_traces(data, "x")
    except SourceError:
        return
    assert isinstance(found, Spans)
    traces_of(found.spans)


def test_spans_that_call_one_another_in_a_circle_are_told_as_astray() -> None:
    spans = read_traces(
        otlp(span(parentSpanId="2" * 16), span(spanId="2" * 16, parentSpanId="0" * 15 + "1")), "x"
    ).spans
    (trace,) = traces_of(spans)
    assert not trace.roots and len(trace.orphans) == 2


def test_a_client_and_a_server_that_share_an_id_are_caller_and_called() -> None:
    shared = (
        otlp(span(kind=3))
        + b"\n"
        + otlp(span(kind=2), span("pay", spanId="3" * 16, parentSpanId="0" * 15 + "1"), service="orders")
    )
    (trace,) = traces_of(read_traces(shared, "x").spans)
    (root,) = trace.roots
    assert (root.span.kind, root.children[0].span.kind) == ("client", "server")
    assert root.children[0].children[0].span.name == "pay"


def test_a_very_deep_trace_is_read() -> None:
    spans = [
        span(spanId=f"{number:016x}", parentSpanId=f"{number - 1:016x}" if number > 1 else "")
        for number in range(1, 20_001)
    ]
    found = read(read_traces(otlp(*spans), "x"), commit=None, read="traced", steps=["POST /orders"])
    assert found.value == 1


@pytest.mark.parametrize(
    "text",
    [
        b"{}",
        b'{"results":[]}',
        b'{"data":{"result":[]}}',
        b"<xml/>",
        b'{"trace":"a","result":{"x":1}}',
        b"\x1f\x8bx",
    ],
)
def test_other_files_are_not_taken_for_traces(text: bytes) -> None:
    assert recognise(Sample("traces.json", text)) == ""


def test_a_long_line_is_recognised_by_its_beginning() -> None:
    line = otlp(*[span(spanId=f"{number:016x}") for number in range(1, 1000)])
    assert (
        recognise(Sample("x", (line + b"\n" + line)[: 64 * 1024], size=2 * len(line)))
        == "traces as OTLP JSON"
    )


@given(
    st.lists(
        st.tuples(
            st.integers(1, 6), st.integers(0, 7), st.lists(st.integers(1, 7), max_size=2), st.integers(0, 5)
        ),
        max_size=7,
        unique_by=lambda each: each[0],
    )
)
def test_however_spans_hang_together_each_is_in_a_trace(made: list[tuple[int, int, list[int], int]]) -> None:
    spans = [
        span(
            f"n{number}", spanId=f"{number:016x}", parentSpanId=f"{parent:016x}" if parent else "", kind=kind,
            links=[{"traceId": "0" * 31 + "1", "spanId": f"{link:016x}"} for link in links],
        )
        for number, parent, links, kind in made
    ]  # fmt: skip
    found = read_traces(otlp(*spans), "x")
    reached = {node.span.name for trace in traces_of(found.spans) for top in trace.tops for node in walk(top)}
    assert reached == {f"n{number}" for number, *_ in made}
    flows_of(found, {}, {})


def test_what_another_sdk_writes_holds_what_its_program_did() -> None:
    spans = read_traces((GENERATED.parent / "opentelemetry_js" / "web.jsonl").read_bytes(), "web.jsonl")
    asked: dict[str, Any] = {"begins": "web: GET /", "commit": None}
    assert read(spans, **asked, read="count").value == 5
    assert read(spans, **asked, read="error_rate", unit="%").value == 20
    assert read(spans, **asked, read="error_rate", step="postgresql: SELECT articles", unit="%").value == 20
    known = {"number": "1", "known": "true", "share": "1.5", "parts": '*"a"*'}
    assert read(spans, **asked, read="count", where=known).value == 1
    assert taken_for("opentelemetry_js", "web.jsonl") == ["otlp"]


# --- as a source


def of_files(files: str, role: str, environment: str, root: Path = GENERATED, **config: Any) -> Reading:
    asked = {"role": role, "environment": environment, "commit": COMMIT}
    return read_files("otlp", files, root=root, config=config, question=asked, begins=ORDERS, read="count")


def test_one_folder_holds_the_traces_of_both_environments() -> None:
    assert of_files("*[gn].jsonl", "value", "staging").value == 12
    baseline = of_files("*[gn].jsonl", "baseline", "production")
    assert (baseline.value, baseline.facts["files"]) == (12, 2)
    assert "of another environment (staging)" in str(baseline.facts["left_out"])


def test_a_value_is_never_compared_with_itself(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(otlp(span()))
    assert of_files("run.json", "value", "staging", tmp_path).value == 1
    same = of_files("run.json", "baseline", "production", tmp_path)
    assert same.state == "missing" and "compared with itself" in same.why
    assert of_files("none", "baseline", "production", tmp_path, baseline_files="run.json").value == 1
