"""Prometheus bodies, decoded: here when small, in another process when large.

Decoding 40 MB holds the interpreter for over a second, and with it the screen.  Run as
``python -m workbench.sources.decode`` this module reads a body from standard input and
writes eight bytes of length, a JSON header and the points as float64.
"""

from __future__ import annotations

import os
import re
import sys
from array import array
from itertools import chain

import msgspec

MOST_SAMPLES = 200  # that are told apart in an error about several series


class Sample(msgspec.Struct, frozen=True):
    """One series of an instant answer: its labels, its time, its value as the server wrote it."""

    labels: dict[str, str]
    time: float = 0.0
    text: str = ""
    histogram: bool = False


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
    garbled: str = ""


class _Series(msgspec.Struct, gc=False):
    metric: dict[str, str] = {}
    values: msgspec.Raw = msgspec.Raw()
    histograms: msgspec.Raw = msgspec.Raw()


class _Element(msgspec.Struct, gc=False):
    metric: dict[str, str] = {}
    value: tuple[float, str] | None = None
    histogram: msgspec.Raw = msgspec.Raw()


class _Matrix(msgspec.Struct, tag_field="resultType", tag="matrix"):
    result: list[_Series]


class _Vector(msgspec.Struct, tag_field="resultType", tag="vector"):
    result: list[_Element]


class _Scalar(msgspec.Struct, tag_field="resultType", tag="scalar"):
    result: tuple[float, str]


class _String(msgspec.Struct, tag_field="resultType", tag="string"):
    result: tuple[float, str]


class _Body(msgspec.Struct):
    status: str
    data: _Matrix | _Vector | _Scalar | _String | None = None
    errorType: str = ""
    error: str = ""
    warnings: list[str] | None = None
    infos: list[str] | None = None


_decoder = msgspec.json.Decoder(_Body)
_row = msgspec.json.Decoder(list[float])
_numbers = msgspec.json.Decoder(list[tuple[float, float]], strict=False)
_PLUS_INFINITY = re.compile(rb'(,\s*)"\+Inf"(\s*\])')


def decode(body: bytes | bytearray) -> Decoded:
    """Never raises for what a server may send: ``garbled`` says what is wrong with it."""
    try:
        parsed = _decoder.decode(body)
        points = _points(parsed)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return Decoded(garbled=str(error) or "it is no JSON")
    found = Decoded(
        status=parsed.status,
        error_type=parsed.errorType,
        error=parsed.error,
        warnings=(parsed.warnings or [])[:20],
        infos=(parsed.infos or [])[:20],
    )
    data = parsed.data
    if isinstance(data, _Vector):
        found.kind, found.total = "vector", len(data.result)
        found.samples = [_sample(element) for element in data.result[:MOST_SAMPLES]]
    elif isinstance(data, _Matrix):
        found.kind, found.total = "matrix", len(data.result)
        found.samples = [
            Sample(series.metric, histogram=bool(bytes(series.histograms)))
            for series in data.result[:MOST_SAMPLES]
        ]
        found.points = points
    elif data is not None:
        found.kind = "scalar" if isinstance(data, _Scalar) else "string"
        found.total, found.samples = 1, [Sample({}, data.result[0], data.result[1])]
    return found


def _points(parsed: _Body) -> bytes:
    """The first series' points; of further series only the labels are wanted."""
    if not isinstance(parsed.data, _Matrix) or not parsed.data.result:
        return b""
    values = bytes(parsed.data.result[0].values)
    if not values:
        return b""
    flat = _flat(values)
    return _pairs(values) if flat is None else flat


def _flat(values: bytes) -> bytes | None:
    """``[[t,"v"],[t,"v"]]`` read as one row of numbers: faster than as pairs.

    ``None`` where that is not safe: other nesting, or texts such as NaN.
    """
    try:
        numbers = _row.decode(b"[" + values.translate(None, b'[]"') + b"]")
    except msgspec.DecodeError:
        return None
    pairs = len(numbers) // 2
    # Every pair ends with its one text, which follows a comma: so it is a number and a text.
    regular = (
        len(numbers) == 2 * pairs
        and values.startswith(b"[[")
        and values.endswith(b'"]]')
        and values.count(b"[") == values.count(b"]") == pairs + 1
        and values.count(b'"') == 2 * pairs
        and values.count(b',"') == pairs
        and values.count(b'"],[') == pairs - 1
    )
    return array("d", numbers).tobytes() if regular else None


def _pairs(values: bytes) -> bytes:
    try:
        points = _numbers.decode(values)
    except msgspec.ValidationError:
        # msgspec reads "-Inf" and "NaN" as numbers, but not with a plus sign.
        points = _numbers.decode(_PLUS_INFINITY.sub(rb'\1"Inf"\2', values))
    return array("d", chain.from_iterable(points)).tobytes()


def _sample(element: _Element) -> Sample:
    time, text = element.value or (0.0, "")
    return Sample(element.metric, time, text, histogram=element.value is None)


async def decode_anywhere(body: bytes, elsewhere_from: int) -> Decoded:
    """:func:`decode`, in another process for bodies of ``elsewhere_from`` bytes or more."""
    if len(body) < elsewhere_from:
        return decode(body)
    import asyncio  # not at the head: the other process has no use for it

    return await asyncio.to_thread(decode_elsewhere, body)


def decode_elsewhere(body: bytes) -> Decoded:
    """:func:`decode` in a process of its own.  Blocks, but leaves the interpreter free."""
    import subprocess

    with subprocess.Popen(
        [sys.executable, "-m", "workbench.sources.decode", str(len(body))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            _write_all(process.stdin.fileno(), body)
        except OSError:
            return Decoded(garbled="the process that decodes large answers ended early")
        finally:
            process.stdin.close()
        with open(process.stdout.fileno(), "rb", closefd=False) as output:
            answer = output.read()
    if len(answer) < 8:
        return Decoded(garbled="the process that decodes large answers ended early")
    size = int.from_bytes(answer[:8], "little")
    found = msgspec.json.decode(answer[8 : 8 + size], type=Decoded)
    found.points = answer[8 + size :]
    return found


def _write_all(descriptor: int, body: bytes) -> None:
    view = memoryview(body)
    while view:
        view = view[os.write(descriptor, view[: 2**20]) :]


def _read_all(size: int) -> bytearray:
    """Exactly ``size`` bytes of standard input, into memory that is there from the start."""
    body = bytearray(size)
    view, position = memoryview(body), 0
    with open(0, "rb", buffering=0, closefd=False) as standard_input:
        while position < size:
            count = standard_input.readinto(view[position:])
            if not count:
                break
            position += count
    return body


def _main() -> None:
    import gc

    gc.disable()  # nothing here outlives the answer
    found = decode(_read_all(int(sys.argv[1])))
    points, found.points = found.points, b""
    header = msgspec.json.encode(found)
    sys.stdout.buffer.write(len(header).to_bytes(8, "little") + header)
    sys.stdout.buffer.write(points)
    sys.stdout.buffer.flush()
    os._exit(0)  # giving millions of small objects back one by one takes longer than reading them


if __name__ == "__main__":
    _main()
