"""Answers of Prometheus' query API, decoded.

Series are kept as bytes until they are looked at, and points are read in pieces: a large
answer holds the interpreter, and with it the screen, for a few hundredths of a second only.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from itertools import chain

import msgspec

from workbench.sources.other_form import in_words
from workbench.sources.prometheus.native import Native

MOST_SAMPLES = 200  # that are told apart in an error about several series
_PIECE = 2**18  # bytes of points that are read at once


class Sample(msgspec.Struct, frozen=True):
    """One series of an instant answer: its labels, its time, its value as the server wrote it."""

    labels: dict[str, str]
    time: float = 0.0
    text: str = ""
    native: Native | None = None

    @property
    def histogram(self) -> bool:
        """Whether it is a native histogram instead of a number."""
        return self.native is not None


class Decoded(msgspec.Struct, kw_only=True):
    """An answer of Prometheus' query API.

    ``samples`` are the first of ``total`` series; ``points`` are t, value, t, value, … of the
    first series of a matrix as native float64.
    """

    status: str = ""
    kind: str = ""
    total: int = 0
    samples: list[Sample] = []
    points: bytes = b""
    error_type: str = ""
    error: str = ""
    warnings: list[str] = []
    infos: list[str] = []
    is_partial: bool = False
    garbled: str = ""
    other_form: bool = False


class _Series(msgspec.Struct, gc=False):
    metric: dict[str, str] = {}
    values: msgspec.Raw = msgspec.Raw()
    histograms: msgspec.Raw = msgspec.Raw()


class _Element(msgspec.Struct, gc=False):
    metric: dict[str, str] = {}
    value: tuple[float, str] | None = None
    histogram: tuple[float, Native] | None = None


class _Matrix(msgspec.Struct, tag_field="resultType", tag="matrix"):
    result: list[msgspec.Raw]


class _Vector(msgspec.Struct, tag_field="resultType", tag="vector"):
    result: list[msgspec.Raw]


class _Scalar(msgspec.Struct, tag_field="resultType", tag="scalar"):
    result: tuple[float, str]


class _String(msgspec.Struct, tag_field="resultType", tag="string"):
    result: tuple[float, str]


class _Streams(msgspec.Struct, tag_field="resultType", tag="streams"):
    """Lines of logs, as Loki answers a query that counts nothing."""

    result: list[msgspec.Raw] = []


class _Body(msgspec.Struct):
    status: str
    data: _Matrix | _Vector | _Scalar | _String | _Streams | None = None
    errorType: str = ""
    error: str = ""
    warnings: list[str] | None = None
    infos: list[str] | None = None
    isPartial: bool | None = None


_EMPTY = Native("")
_body = msgspec.json.Decoder(_Body)
_series = msgspec.json.Decoder(_Series)
_element = msgspec.json.Decoder(_Element)
_numbers = msgspec.json.Decoder(list[tuple[float, float]], strict=False)
_list = msgspec.json.Decoder(list[float], strict=False)
_BETWEEN = re.compile(rb"\],\[")
_PLUS_INFINITY = re.compile(rb'(,\s*)"\+Inf"(\s*\])')


def decode(body: bytes) -> Decoded:
    """Never raises for what a server may send: ``garbled`` says what is wrong, ``other_form`` that it is JSON."""
    try:
        return _decoded(_body.decode(body))
    except msgspec.ValidationError as error:
        return Decoded(garbled=in_words(error), other_form=True)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return Decoded(garbled=str(error) or "it is no JSON")


def _decoded(parsed: _Body) -> Decoded:
    found = Decoded(
        status=parsed.status,
        error_type=parsed.errorType,
        error=parsed.error,
        warnings=(parsed.warnings or [])[:20],
        infos=(parsed.infos or [])[:20],
        is_partial=bool(parsed.isPartial),
    )
    data = parsed.data
    if isinstance(data, _Vector):
        found.kind, found.total = "vector", len(data.result)
        found.samples = [_sample(_element.decode(raw)) for raw in data.result[:MOST_SAMPLES]]
    elif isinstance(data, _Matrix):
        series = [_series.decode(raw) for raw in data.result[:MOST_SAMPLES]]
        found.kind, found.total = "matrix", len(data.result)
        found.samples = [
            Sample(one.metric, native=_EMPTY if memoryview(one.histograms) else None) for one in series
        ]
        found.points = _points(memoryview(series[0].values)) if series else b""
    elif isinstance(data, _Streams):
        found.kind, found.total = "streams", len(data.result)
    elif data is not None:
        found.kind = "scalar" if isinstance(data, _Scalar) else "string"
        found.total, found.samples = 1, [Sample({}, data.result[0], data.result[1])]
    return found


def _sample(element: _Element) -> Sample:
    if element.value is None and element.histogram is not None:
        return Sample(element.metric, element.histogram[0], native=element.histogram[1])
    time, text = element.value or (0.0, "")
    return Sample(element.metric, time, text)


def _points(values: memoryview | bytes) -> bytes:
    """``[[t,"v"],[t,"v"]]`` as float64; nothing of the answer is copied but a piece at a time."""
    found = array("d")
    for piece in _pieces(values):
        found.extend(_flat(piece) or array("d", chain.from_iterable(_pairs(piece))))
    return found.tobytes()


def _flat(values: bytes) -> array[float] | None:
    """The same without making pairs first, which takes half the time; ``None`` where that is not safe.

    Once what stands between two pairs is taken out no bracket is left, so every pair ends with a text; none
    begins with one, so each has two things at least; and as there are twice as many as pairs, exactly two.
    """
    flat = values[2:-2].replace(b'"],[', b'",')
    pairs = 1 + (len(values) - 4 - len(flat)) // 2
    whole = values.startswith(b"[[") and values.endswith(b'"]]')
    if not whole or b"[" in flat or b"]" in flat or flat.startswith(b'"') or b'","' in flat:
        return None
    try:
        numbers = _list.decode(b"[%b]" % flat)
    except msgspec.DecodeError:
        return None
    return array("d", numbers) if len(numbers) == 2 * pairs else None


def _pieces(values: memoryview | bytes) -> Iterator[bytes]:
    """The same list in several, cut between two of its pairs."""
    start, cut = 0, _BETWEEN.search(values, _PIECE)
    while cut:
        yield (b"[" if start else b"") + bytes(values[start : cut.start() + 1]) + b"]"
        start = cut.start() + 2
        cut = _BETWEEN.search(values, start + _PIECE)
    if values:
        yield (b"[" if start else b"") + bytes(values[start:])


def _pairs(values: bytes) -> list[tuple[float, float]]:
    try:
        return _numbers.decode(values)
    except msgspec.ValidationError:
        # msgspec reads "-Inf" and "NaN" as numbers, but not with a plus sign.
        return _numbers.decode(_PLUS_INFINITY.sub(rb'\1"Inf"\2', values))
