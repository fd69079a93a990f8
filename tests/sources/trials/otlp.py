"""Trials of files of traces."""

import gzip
import json
from typing import Any

from tests.sources.trials.frame import COMMIT, FileCase, FileTrials

BEGINS = 1_789_462_800 * 10**9  # 2026-09-15T09:00:00Z


def span(number: int, name: str = "POST /orders", *, seconds: float = 0.25, **more: Any) -> dict[str, Any]:
    """A span that is a trace of its own."""
    return {
        "traceId": f"{number:032x}", "spanId": f"{number:016x}", "name": name, "kind": 2,
        "startTimeUnixNano": str(BEGINS), "endTimeUnixNano": str(BEGINS + round(seconds * 1e9)), **more,
    }  # fmt: skip


def otlp(*spans: dict[str, Any], service: str = "gateway", **resource: str) -> dict[str, Any]:
    """One export of a service of staging, built from the candidate's commit."""
    named = {
        "service.name": service,
        "deployment.environment.name": "staging",
        "vcs.ref.head.revision": COMMIT,
        **{key.replace("__", "."): text for key, text in resource.items()},
    }
    attributes = [{"key": key, "value": {"stringValue": text}} for key, text in named.items()]
    return {
        "resourceSpans": [{"resource": {"attributes": attributes}, "scopeSpans": [{"spans": list(spans)}]}]
    }


def lines(*documents: dict[str, Any]) -> bytes:
    """One document a line."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in documents)


RIGHT = lines(otlp(span(1), span(2, seconds=0.75)), otlp(span(3, seconds=0.5)))
_HOSTILE = lines(
    otlp(span(1, "POST /orders"), span(2, "\x1b[31m[red]../../etc/passwd[/red]\u202e"), deployment__x="=1+1")
)

TRIALS = FileTrials(
    example="""\
sources:
  - {key: traces, kind: otlp, files: "traces/*", stubs: {stub: "true"}, link: "https://traces.example.com/trace/$trace"}
benchmarks:
  - key: p50
    title: Orders are taken in time
    flow: checkout
    mode: blocking
    measure: {source: traces, begins: "gateway: POST /orders", statistic: p50, unit: s}
    pass: <= 1 s
  - key: complete
    title: Orders run from end to end
    flow: checkout
    mode: blocking
    measure: {source: traces, read: complete, begins: "gateway: POST /orders", steps: ["gateway: POST /orders"], unit: "%"}
    pass: ">= 90 %"
""",
    file="traces/staging.jsonl",
    right=RIGHT,
    expects={"p50": "0.5", "complete": "100"},
    empty=FileCase(lines({"resourceSpans": []}), "missing", ("no spans",)),
    cut_off=FileCase(RIGHT[:-30], "error", ("staging.jsonl:2", "cut off")),
    another=FileCase(lines({"spans": [{"trace_id": "1"}]}), "error", ("holds no traces", "spans")),
    bomb=FileCase(lambda path: path.write_bytes(gzip.compress(b" " * 300_000_000, 1)), "error", ("256 MB",)),
    hostile=FileCase(_HOSTILE, "ok", ()),
    more={
        "of another commit": FileCase(
            lines(otlp(span(1), vcs__ref__head__revision="ab" * 20)), "missing", ("commit abababa",)
        ),
        "of another environment": FileCase(
            lines(otlp(span(1), deployment__environment__name="prod")),
            "missing",
            ("prod", "environments of the source"),
        ),
        "another flow": FileCase(lines(otlp(span(1, "GET /orders"))), "missing", ("gateway: GET /orders",)),
        "a stub": FileCase(lines(otlp(span(1), stub="true")), "ok", ("is a stub in 1 run",), of="complete"),
        "from the future": FileCase(
            lines(
                otlp(span(1, startTimeUnixNano="1999999999000000000", endTimeUnixNano="1999999999500000000"))
            ),
            "error",
            ("check both clocks",),
        ),
        "times in milliseconds": FileCase(
            lines(otlp(span(1, startTimeUnixNano=1_789_462_800_000))),
            "error",
            ("nanoseconds", "staging.jsonl"),
        ),
    },
)
