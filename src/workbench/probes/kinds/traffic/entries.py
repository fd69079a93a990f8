"""Lines of access logs, and rows of tables with requests by route.

Common and combined log format (https://httpd.apache.org/docs/current/logs.html), with the times that nginx can add
behind it (``$request_time $upstream_response_time``); JSON lines as nginx, Caddy, Envoy and others write them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.probes.routes import route_of

READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND"})
_LINE = re.compile(
    rb'\S+ \S+ .*?\[(?P<time>[^\]]{20,30})\] "(?P<method>[A-Z]{3,20}) (?P<path>\S+)[^"]*" [0-9]{3} '
    rb"(?P<size>[0-9]+|-)(?P<rest>.*)\Z"
)
_QUOTED = re.compile(rb'(?:\s*"(?:[^"\\]|\\.)*"){0,2}')  # referrer and user agent
_TIMES = re.compile(rb"(?:\A|[\s=\"])([0-9]{1,6}\.[0-9]{1,6})(?=[\s\"]|\Z)")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}
_STAMP = re.compile(r"(\d{1,2})/(\w{3})/(\d{4}):(\d\d):(\d\d):\d\d(?: ([+-])(\d\d)(\d\d))?\Z")


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One request, or as many as a table counts.

    ``minute`` counts from 1970, ``seconds`` is how long it took in all, ``upstream`` how much of it the
    service itself took, as far as the log tells.
    """

    route: str
    reads: bool
    count: float = 1
    minute: int | None = None
    size: int = 0
    seconds: float | None = None
    upstream: float | None = None


def entry_of(line: bytes) -> Entry | None:
    """What a line of a log says; ``None`` for a line that is none."""
    try:
        return _of_json(msgspec.json.decode(line)) if line.startswith(b"{") else _of_text(line)
    except (msgspec.DecodeError, ValueError, OverflowError):
        return None


def _of_text(line: bytes) -> Entry | None:
    match = _LINE.match(line)
    if match is None:
        return None
    method = match["method"].decode()
    times = [float(one) for one in _TIMES.findall(_QUOTED.sub(b"", match["rest"], count=1))]
    return Entry(
        _route(method, match["path"].decode("utf-8", "replace")),
        method in READS,
        minute=_minute(match["time"].decode("ascii", "replace")),
        size=int(match["size"]) if match["size"] != b"-" else 0,
        seconds=times[0] if times else None,
        upstream=times[1] if len(times) > 1 else None,
    )


@lru_cache(maxsize=20_000)
def _route(method: str, path: str) -> str:
    return route_of(method, path)


@lru_cache(maxsize=20_000)
def _minute(text: str) -> int | None:
    match = _STAMP.match(text)
    if match is None or match[2] not in _MONTHS:
        return None
    day = datetime(int(match[3]), _MONTHS[match[2]], int(match[1]), int(match[4]), int(match[5]), tzinfo=UTC)
    offset = (int(match[7]) * 60 + int(match[8])) * (-1 if match[6] == "-" else 1) if match[6] else 0
    return int(day.timestamp()) // 60 - offset


# --- JSON ---------------------------------------------------------------------------------

_METHOD = ("method", "request_method", "http_method", "verb")
_PATH = ("path", "uri", "request_uri", "url", "target")
_TIME = ("time", "ts", "timestamp", "@timestamp", "start_time", "time_iso8601", "time_local", "date")
_SIZE = ("size", "bytes", "bytes_sent", "body_bytes_sent", "response_size")
_SECONDS = ("request_time", "duration", "latency", "response_time", "elapsed", "duration_ms", "latency_ms")
_UPSTREAM = ("upstream_response_time", "upstream_time", "upstream_duration", "upstream_duration_ms")


def _of_json(row: Any) -> Entry | None:
    if not isinstance(row, dict):
        return None
    inner = row.get("request") or row.get("httpRequest") or row.get("http")
    fields = {**(inner if isinstance(inner, dict) else {}), **row}
    method, path = _text(fields, _METHOD), _text(fields, _PATH)
    if isinstance(inner, str):  # "GET /x HTTP/1.1"
        method, _, rest = inner.partition(" ")
        path = rest.partition(" ")[0]
    if not method or not path:
        return None
    return Entry(
        _route(method.upper(), path if path.startswith("/") else _without_host(path)),
        method.upper() in READS,
        minute=_moment(_first(fields, _TIME)[1]),
        size=int(_number(fields, _SIZE) or 0),
        seconds=_number(fields, _SECONDS),
        upstream=_number(fields, _UPSTREAM),
    )


def _without_host(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2] if "://" in url else f"/{url}"


def _first(fields: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    return next(((name, fields[name]) for name in names if fields.get(name) is not None), ("", None))


def _text(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    value = _first(fields, names)[1]
    return value if isinstance(value, str) else ""


def _number(fields: Mapping[str, Any], names: tuple[str, ...]) -> float | None:
    """A number, also one in a text; what is called ``_ms`` counts as thousandths."""
    name, value = _first(fields, names)
    if isinstance(value, str):
        milli, value = value.endswith("ms"), value.removesuffix("ms").removesuffix("s")
        value = float(value) / (1000 if milli else 1) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", value) else None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 1e15:
        return None
    return value / 1000 if name.endswith("_ms") else float(value)


def _moment(value: Any) -> int | None:
    if isinstance(value, int | float) and 0 < value < 1e17:
        return int(value / (1 if value < 1e11 else 1000 if value < 1e14 else 1_000_000)) // 60
    if not isinstance(value, str):
        return None
    if (minute := _minute(value)) is not None:
        return minute
    moment = datetime.fromisoformat(value)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) // 60


# --- tables -------------------------------------------------------------------------------

_ROUTE = ("route", "path", "endpoint", "uri")
_COUNT = ("requests", "count", "rate", "per_minute", "per_second", "rpm", "rps")


def is_table(data: bytes) -> bool:
    """Whether a file begins with the names of a table's columns."""
    head = data.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace").lower()
    names = {name.strip().strip('"') for name in re.split(r"[,;\t]", head)}
    return bool(names & set(_ROUTE)) and bool(names & set(_COUNT))


def rows_of(data: bytes, where: str) -> Iterator[Entry]:
    """Requests by route; the method stands in its own column or before the route."""
    text = data.decode("utf-8-sig", "replace")
    divider = next(mark for mark in (",", ";", "\t") if mark in text.partition("\n")[0])
    reader = csv.DictReader(io.StringIO(text), delimiter=divider)
    for number, raw in enumerate(reader, 2):
        row = {str(name).strip().lower(): value for name, value in raw.items() if isinstance(value, str)}
        route, count = _text(row, _ROUTE).strip(), _number(row, _COUNT)
        if count is None:
            raise SourceError(
                f"the number of requests to {safe_text(route, 60)} cannot be read", where=f"{where}:{number}"
            )
        method, _, path = route.rpartition(" ")
        method = (row.get("method") or method or "GET").strip().upper()
        yield Entry(_route(method, path), method in READS, count)
