"""OTLP as JSON, in the spelling of its specification and in that of a protobuf library.

The specification writes ids in hexadecimal and enumerations as numbers
(https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).  What a protobuf library makes of the same message
has ids in base64 and enumerations by name; exporters and servers hand that out, too.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.traces.model import Kind, Span, Spans

BASE64 = "ids are written in base64, as a protobuf library writes them; the specification of OTLP asks for hexadecimal"
_EARLIEST, _LATEST = 946_684_800 * 10**9, 4_102_444_800 * 10**9  # 2000 and 2100 in nanoseconds
_KINDS: tuple[Kind, ...] = ("internal", "internal", "server", "client", "producer", "consumer")
_STATUS = {"UNSET": False, "OK": False, "ERROR": True}
_Number = int | str | float
_NONE = msgspec.Raw(b"")  # a raw value can be no other type, too


class _Value(msgspec.Struct, rename="camel"):
    string_value: str | None = None
    bool_value: bool | None = None
    int_value: _Number | None = None
    double_value: _Number | None = None
    array_value: msgspec.Raw = _NONE
    kvlist_value: msgspec.Raw = _NONE
    bytes_value: str | None = None


class _Attribute(msgspec.Struct):
    key: str
    value: _Value | None = None


class _Resource(msgspec.Struct):
    attributes: list[_Attribute] | None = None


class _Status(msgspec.Struct):
    code: int | str | None = None


class _Link(msgspec.Struct, rename="camel"):
    trace_id: str = ""
    span_id: str = ""


class _Span(msgspec.Struct, rename="camel"):
    trace_id: str
    span_id: str
    name: str = ""
    start_time_unix_nano: _Number = 0
    end_time_unix_nano: _Number = 0
    parent_span_id: str | None = None
    kind: int | str | None = None
    attributes: list[_Attribute] | None = None
    status: _Status | None = None
    links: list[_Link] | None = None


class _Scope(msgspec.Struct):
    spans: list[_Span] | None = None


class ResourceSpans(msgspec.Struct, rename="camel"):
    """The spans of one resource; earlier versions call their scopes ``instrumentationLibrarySpans``."""

    resource: _Resource | None = None
    scope_spans: list[_Scope] | None = None
    instrumentation_library_spans: list[_Scope] | None = None


def spans_of(resources: Iterable[ResourceSpans | None], where: str) -> Spans:
    """The spans of OTLP; ``SourceError`` for an id, a time or a status that is none."""
    reader = _Reader(where)
    spans = tuple(span for resource in resources if resource for span in reader.of(resource))
    return Spans(spans=spans, notes=(BASE64,) if reader.base64 else ())


class _Reader:
    def __init__(self, where: str) -> None:
        self._where = where
        self.base64 = False

    def of(self, resource: ResourceSpans) -> Iterator[Span]:
        own = texts(resource.resource.attributes if resource.resource else None)
        service = own.get("service.name", "")
        for scope in resource.scope_spans or resource.instrumentation_library_spans or ():
            for span in scope.spans or ():
                yield self._span(span, service, own)

    def _span(self, span: _Span, service: str, resource: Mapping[str, str]) -> Span:
        parent = self._id(span.parent_span_id, 8, "parentSpanId") if span.parent_span_id else ""
        return Span(
            trace=self._id(span.trace_id, 16, "traceId", needed=True),
            id=self._id(span.span_id, 8, "spanId", needed=True),
            parent=parent,
            service=service,
            name=span.name,
            kind=_kind(span.kind),
            start=self._moment(span.start_time_unix_nano, "startTimeUnixNano"),
            end=self._moment(span.end_time_unix_nano, "endTimeUnixNano", absent=True),
            failed=self._failed(span.status),
            attributes=texts(span.attributes),
            resource=resource,
            links=tuple(
                (self._id(link.trace_id, 16, "traceId"), self._id(link.span_id, 8, "spanId"))
                for link in span.links or ()
            ),
        )

    def _id(self, text: str, size: int, field: str, *, needed: bool = False) -> str:
        """An id of so many bytes in hexadecimal; nothing where all of it is zero."""
        try:
            if text.endswith("="):
                raw = base64.b64decode(text, validate=True)
                self.base64 = True
            else:
                raw = bytes.fromhex(text.rjust(2 * size, "0"))
        except (ValueError, binascii.Error):
            raw = b""
        if len(raw) != size or (needed and not any(raw)):
            raise SourceError(
                f"“{safe_text(text, 60)}” is no {field}: {2 * size} hexadecimal digits", where=self._where
            )
        return raw.hex() if any(raw) else ""

    def _moment(self, value: _Number, field: str, *, absent: bool = False) -> int:
        if isinstance(value, str):
            found = int(value) if value.isascii() and value.isdigit() and len(value) < 30 else -1
        else:
            found = int(value) if isfinite(value) else -1
        if absent and not found:
            return 0
        if not _EARLIEST <= found <= _LATEST:
            raise SourceError(
                f"{field} is {safe_text(value, 40)}, which is no time in nanoseconds since 1970",
                where=self._where,
            )
        return found

    def _failed(self, status: _Status | None) -> bool:
        code = None if status is None else status.code
        if code is None or code in (0, 1, 2):
            return code == 2
        known = _STATUS.get(str(code).removeprefix("STATUS_CODE_").upper())
        if known is None:
            raise SourceError(
                f"a span has the status “{safe_text(code, 40)}”: is it of another version?", where=self._where
            )
        return known


def texts(attributes: list[_Attribute] | None) -> dict[str, str]:
    """Attributes as texts; what holds nothing is left out."""
    found = {}
    for one in attributes or ():
        if one.value is not None and (text := _text(one.value)) is not None:
            found[one.key] = text
    return found


def _text(value: _Value) -> str | None:
    if value.string_value is not None:
        return value.string_value
    if value.bool_value is not None:
        return "true" if value.bool_value else "false"
    for number in (value.int_value, value.double_value):
        if number is not None:
            return str(number)
    whole = bytes(value.array_value) or bytes(value.kvlist_value)
    return whole.decode(errors="replace") if whole else value.bytes_value


def _kind(kind: int | str | None) -> Kind:
    if isinstance(kind, int):
        return _KINDS[kind] if 0 <= kind < len(_KINDS) else "internal"
    named = (kind or "").removeprefix("SPAN_KIND_").lower()
    return next((known for known in _KINDS if known == named), "internal")
