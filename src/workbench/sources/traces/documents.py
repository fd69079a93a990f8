"""Bytes that hold traces, whoever wrote them: one JSON document, or one on each line."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import number_of, safe_text
from workbench.sources.other_form import in_words
from workbench.sources.traces import jaeger_json, otlp
from workbench.sources.traces.model import MOST_SPANS, Spans, together

LARGEST = 256 * 2**20  # bytes, also of what a packed file unpacks to
OTHER_SIGNALS = frozenset({"resourceMetrics", "resourceLogs"})
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_SNAKE = re.compile(r"_([a-z])")
_CONSOLE = frozenset({"context", "parent_id", "start_time"})


class _Result(msgspec.Struct, rename="camel"):
    resource_spans: list[otlp.ResourceSpans | None] | None = None


class _Error(msgspec.Struct):
    message: str = ""
    msg: str = ""


class _Document(msgspec.Struct, rename="camel"):
    """Each spelling under the key that tells it: OTLP, Jaeger 3, Tempo's two, and Jaeger's own."""

    resource_spans: list[otlp.ResourceSpans | None] | None = None
    result: _Result | None = None
    batches: list[otlp.ResourceSpans | None] | None = None
    trace: _Result | None = None
    data: list[jaeger_json.JaegerTrace] | None = None
    status: str | int | None = None
    message: str | None = None
    error: _Error | str | None = None
    errors: list[_Error] | None = None


_DECODE = msgspec.json.Decoder(_Document)
_ANY = msgspec.json.Decoder()
_KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NOTHING = (b"null", b"{}", b"[]")
KNOWN = frozenset({"resourceSpans", "result", "batches", "trace", "data"})


def unpacked(data: bytes, where: str) -> bytes:
    """A file's bytes without gzip; ``SourceError`` for one that unpacks to too much, or is packed otherwise."""
    if data.startswith(_ZSTD):
        raise SourceError(
            "it is packed with zstd", where=where, hint="let the collector write it plain, or with gzip"
        )
    if not data.startswith(_GZIP):
        return data
    found, rest = bytearray(), data
    try:
        while rest:
            reader = zlib.decompressobj(wbits=31)
            found += reader.decompress(rest, LARGEST + 1 - len(found))
            if len(found) > LARGEST:
                raise SourceError(f"it unpacks to more than {LARGEST // 2**20} MB", where=where)
            if not reader.eof:
                raise SourceError("the gzip file is cut off in the middle", where=where)
            rest = reader.unused_data.lstrip(b"\0")
    except zlib.error:
        raise SourceError("the gzip file is damaged", where=where) from None
    return bytes(found)


def read_traces(data: bytes, where: str) -> Spans:
    """The spans of a file or an answer.

    ``SourceError`` for what is no JSON, breaks off, says an error, holds no traces by its shape, or too many.
    """
    parts, count = [], 0
    for document, place in _documents(unpacked(data, where), where):
        found = _spans(document, place)
        if found is None:
            continue
        parts.append(found)
        count += len(found.spans)
        if count > MOST_SPANS:
            raise SourceError(f"it holds more than {MOST_SPANS:,} spans", where=where)
    return together(parts)


def _documents(data: bytes, where: str) -> Iterator[tuple[bytes, str]]:
    """The JSON documents of a file with their places: one a line, or the whole of it."""
    text = data.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        raise SourceError("it is empty", where=where)
    first = text.partition(b"\n")[0].strip()
    if len(first) == len(text) or not _whole(first):
        yield text, where
        return
    for number, line in enumerate(text.split(b"\n"), 1):
        if line.strip():
            yield line, f"{where}:{number}"


def _whole(line: bytes) -> bool:
    try:
        _KEYS.decode(line)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False
    return True


def _spans(document: bytes, where: str) -> Spans | None:
    """The spans of one document; ``None`` where it holds metrics or logs beside them."""
    found = _decoded(document, where)
    said = found.error.message if isinstance(found.error, _Error) else found.error
    if said is None and found.errors:
        said = found.errors[0].msg or found.errors[0].message or "no reason is said"
    if said is not None and not found.data:
        raise SourceError(f"it says an error instead of traces: {safe_text(said, 300)}", where=where)
    if found.data is not None:
        spans = jaeger_json.spans_of(found.data, where)
        partial = f"Jaeger says: {safe_text(said, 200)}" if said else spans.partial
        return msgspec.structs.replace(spans, partial=partial)
    for resources in (
        found.resource_spans,
        found.batches,
        *(one.resource_spans for one in (found.result, found.trace) if one),
    ):
        if resources is not None:
            return msgspec.structs.replace(otlp.spans_of(resources, where), partial=_partial(found))
    return _without_spans(document, where)


def _partial(document: _Document) -> str:
    """What Tempo says of an answer that is not whole."""
    if document.status not in ("PARTIAL", 1):
        return ""
    return f"Tempo says that the trace is partial: {safe_text(document.message or 'no reason is said', 200)}"


def _decoded(document: bytes, where: str) -> _Document:
    try:
        return _DECODE.decode(document)
    except RecursionError:
        raise SourceError("it is nested too deep", where=where) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise _unreadable(document, where, str(error)) from None


def _unreadable(document: bytes, where: str, reason: str) -> SourceError:
    if not document.lstrip().startswith((b"{", b"[")):
        return SourceError(
            "it is no JSON", where=where, hint="a collector writes JSON where its exporter says format: json"
        )
    if "truncated" in reason:
        return SourceError(
            "it is cut off in the middle", where=where, hint="let whoever writes it finish first"
        )
    return SourceError(f"it is not what traces look like: {safe_text(in_words(reason), 200)}", where=where)


def _without_spans(document: bytes, where: str) -> Spans | None:
    keys = _KEYS.decode(document)
    if keys.keys() & OTHER_SIGNALS:
        return None
    if any(bytes(keys[key]).strip() in _NOTHING for key in KNOWN & keys.keys()):
        return Spans()  # an empty export
    if "scopeSpans" in keys:  # Java's logging exporter leaves out what is around it
        return _spans(b'{"resourceSpans":[' + document + b"]}", where)
    if "resource_spans" in keys:
        return _spans(msgspec.json.encode(_camel(_ANY.decode(document))), where)
    if keys.keys() >= _CONSOLE:
        raise SourceError(
            "it is what an SDK prints on the console",
            where=where,
            hint="write OTLP with its file or HTTP exporter",
        )
    named = ", ".join(safe_text(key, 40) for key in list(keys)[:5]) or "nothing"
    raise SourceError(f"it holds no traces: its keys are {named}", where=where)


def _camel(value: Any) -> Any:
    """A document with its own names in place of those of a protobuf library that keeps them; data stays as it is."""
    if isinstance(value, list):
        return [_camel(each) for each in value]
    if isinstance(value, dict):
        return {_SNAKE.sub(lambda found: found[1].upper(), key): _camel(each) for key, each in value.items()}
    return value


def counted(spans: Spans) -> str:
    """How much was read, in words."""
    return f"{number_of(len(spans.spans), 'span')} of {number_of(len({span.trace for span in spans.spans}), 'trace')}"
