"""Jaeger's own JSON, as its user interface asks for it and its “Download” hands it out.

Its times are microseconds, and what a service is stands beside the spans, under ``processes``
(https://www.jaegertracing.io/docs/1.76/apis/ calls the interface internal; version 3 answers in OTLP).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.traces.model import Kind, Span, Spans

_KINDS: tuple[Kind, ...] = ("server", "client", "producer", "consumer")
_EARLIEST, _LATEST = 946_684_800 * 10**6, 4_102_444_800 * 10**6  # 2000 and 2100 in microseconds


class _Tag(msgspec.Struct):
    key: str
    value: msgspec.Raw = msgspec.Raw(b"null")


class _Reference(msgspec.Struct):
    ref_type: str = msgspec.field(default="CHILD_OF", name="refType")
    trace: str = msgspec.field(default="", name="traceID")
    span: str = msgspec.field(default="", name="spanID")


class _Process(msgspec.Struct):
    service: str = msgspec.field(default="", name="serviceName")
    tags: list[_Tag] | None = None


class _Span(msgspec.Struct):
    trace: str = msgspec.field(name="traceID")
    id: str = msgspec.field(name="spanID")
    start: int = msgspec.field(name="startTime")
    duration: int
    name: str = msgspec.field(default="", name="operationName")
    parent: str | None = msgspec.field(default=None, name="parentSpanID")
    references: list[_Reference] | None = None
    tags: list[_Tag] | None = None
    process: str | None = msgspec.field(default=None, name="processID")


class JaegerTrace(msgspec.Struct):
    """One trace with its processes."""

    spans: list[_Span] | None
    processes: dict[str, _Process] | None = None
    warnings: list[str] | None = None


def spans_of(traces: Iterable[JaegerTrace], where: str) -> Spans:
    """The spans of Jaeger's traces; ``SourceError`` for an id or a time that is none."""
    found, partial = list[Span](), ""
    for trace in traces:
        processes = {key: (process, _texts(process.tags)) for key, process in (trace.processes or {}).items()}
        nobody = (_Process(), dict[str, str]())
        found += [
            _span(span, *processes.get(span.process or "", nobody), where) for span in trace.spans or ()
        ]
        if trace.warnings:
            partial = f"Jaeger warns: {safe_text(trace.warnings[0], 200)}"
    return Spans(spans=tuple(found), partial=partial)


def _span(span: _Span, process: _Process, resource: Mapping[str, str], where: str) -> Span:
    tags = _texts(span.tags)
    if not _EARLIEST <= span.start <= _LATEST or span.duration < 0:
        raise SourceError(
            f"a span begins at {span.start} and takes {span.duration}, which are no microseconds since 1970",
            where=where,
        )
    trace = _id(span.trace, 32, where)
    parents = [one for one in span.references or () if one.trace.zfill(32) == trace]
    child = [one for one in parents if one.ref_type == "CHILD_OF"] or parents
    parent = child[0].span if child else span.parent or ""
    kind: Kind = next((known for known in _KINDS if known == tags.get("span.kind")), "internal")
    start = span.start * 1000
    failed = tags.get("error", "false") not in ("false", "") or tags.get("otel.status_code") == "ERROR"
    return Span(
        trace=trace,
        id=_id(span.id, 16, where),
        parent=_id(parent, 16, where) if parent.strip("0") else "",
        service=process.service,
        name=span.name,
        kind=kind,
        start=start,
        end=start + span.duration * 1000,
        failed=failed,
        attributes=tags,
        resource=resource,
        links=tuple(
            (_id(one.trace, 32, where), _id(one.span, 16, where))
            for one in span.references or ()
            if one.trace.zfill(32) != trace
        ),
    )


def _id(text: str, digits: int, where: str) -> str:
    """An id with the zeros that Jaeger leaves out before it."""
    try:
        int(text, 16)
    except ValueError:
        text = ""
    if not 0 < len(text) <= digits:
        raise SourceError("a trace or a span has no id of hexadecimal digits", where=where)
    return text.lower().zfill(digits)


def _texts(tags: list[_Tag] | None) -> dict[str, str]:
    found = {}
    for tag in tags or ():
        value = bytes(tag.value)
        if value.startswith(b'"'):
            found[tag.key] = msgspec.json.decode(value, type=str)
        elif value != b"null":
            found[tag.key] = value.decode(errors="replace")
    return found
