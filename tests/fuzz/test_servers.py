"""Servers' answers over real sockets: odd values, odd heads, and bytes that are no HTTP at all."""

from __future__ import annotations

import gzip
import json
import zlib
from functools import partial
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import COMMIT, asking, server

from workbench.sources.fetch import Fetch
from workbench.sources.tuning import Tuning
from workbench.usecases import alerts, fetching

_VECTOR = {
    "resultType": "vector",
    "result": [{"metric": {"env": "staging"}, "value": [1789380000.1, "0.42"]}],
}
_MATRIX = {
    "resultType": "matrix",
    "result": [{"metric": {}, "values": [[1789380000 + n * 900, "0.8"] for n in range(5)]}],
}
_RUN = {
    "id": 1, "workflow_id": 7, "run_number": 3, "run_attempt": 1, "status": "completed", "conclusion": "success",
    "event": "push", "head_sha": COMMIT, "head_branch": "main", "name": "CI", "path": ".github/workflows/ci.yml",
    "created_at": "2026-11-20T10:00:00Z", "run_started_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T10:05:00Z",
    "html_url": "http://127.0.0.1/run", "actor": {"login": "kim"},
}  # fmt: skip
_TOO_OLD = {
    "status": "error",
    "errorType": "bad_data",
    "error": "parse error",
    "warnings": ["x"],
    "infos": ["y"],
}
_ALERT = {
    "labels": {"alertname": "PaymentErrors", "severity": "page"},
    "annotations": {"summary": "2 % fail"},
    "state": "firing",
    "activeAt": "2026-09-14T09:40:00.123456789Z",
}
TREES: tuple[Any, ...] = (
    {"status": "success", "data": {"version": "2.42.0", "application": "vmselect"}},
    {"status": "success", "data": _VECTOR, "warnings": ["partial"], "isPartial": True},
    {"status": "success", "data": _MATRIX},
    {"status": "success", "data": {"resultType": "scalar", "result": [1789380000.1, "1"]}},
    _TOO_OLD,
    {
        "status": "success",
        "data": {"alerts": [_ALERT, _ALERT | {"state": "pending", "activeAt": "0000-00-00"}]},
    },
    {"total_count": 2, "workflow_runs": [_RUN, _RUN | {"id": 2, "conclusion": "failure"}]},
    {"message": "Not Found", "documentation_url": "http://127.0.0.1", "status": "404"},
)
STATUS = st.sampled_from(
    (200, 200, 200, 200, 204, 206, 301, 302, 307, 400, 401, 403, 404, 418, 422, 429, 500, 503, 600, 99)
)
HEADERS = st.sampled_from(
    (
        "Retry-After",
        "Date",
        "Location",
        "Content-Type",
        "Content-Encoding",
        "Transfer-Encoding",
        "Content-Length",
        "X-RateLimit-Reset",
        "X-RateLimit-Remaining",
        "Link",
        "Set-Cookie",
        "Connection",
        "X-Odd",
    )
)
HEADER_VALUES = st.one_of(
    st.sampled_from(
        (
            "0",
            "-5",
            "1e999",
            "nan",
            "9" * 40,
            "Wed, 21 Oct 2026 07:28:00 GMT",
            "Wed, 99 Foo 0000 99:99:99 XYZ",
            "Fri, 31 Dec 9999 23:59:59 -9999",
            "Mon, 01 Jan 0001 00:00:00 +2359",
            "gzip",
            "deflate",
            "br",
            "gzip, gzip, gzip",
            "chunked",
            "identity",
            "/elsewhere",
            "http://elsewhere.invalid/",
            "http://[::1",
            "//x",
            "http://127.0.0.1:99999/",
            "javascript:1",
            "text/html; charset=utf-7",
            "application/json; charset=ebcdic",
            "close",
        )
    ),
    odd.texts,
)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """One whole answer: mostly proper HTTP with something odd in it."""
    body = draw(st.one_of(st.sampled_from(TREES).flatmap(odd.trees).map(odd.as_json), odd.bytes_of(_GOOD)))
    headers = draw(st.dictionaries(HEADERS, HEADER_VALUES, max_size=2))
    packed = headers.get("Content-Encoding", "")
    if draw(st.booleans()):
        body = {"gzip": gzip.compress, "deflate": zlib.compress}.get(packed, bytes)(body)
    headers.setdefault("Content-Length", str(len(body)))
    head = f"HTTP/1.1 {draw(STATUS)} Odd\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers.items()
    )
    whole = head.encode("utf-8", "replace") + b"\r\n" + body
    return draw(odd.bytes_of([whole], most=2)) if draw(st.integers(0, 9)) == 0 else whole


_GOOD = [json.dumps(tree).encode() for tree in TREES]


async def _no_pause(_: float) -> None:
    """A server may ask for an hour."""


IMPATIENT = partial(Fetch, tuning=Tuning(attempts=2, pause=_no_pause))


@SOME
@given(st.lists(answers(), min_size=1, max_size=4))
def test_servers(said: list[bytes]) -> None:
    place = asking()
    place.put_back()
    server().say(said)
    with patch.object(fetching, "Fetch", IMPATIENT):
        place.survives("fetch", "--as", "kim")
    place.survives("gate")
    server().say(said)
    with patch.object(alerts, "Fetch", IMPATIENT):
        place.survives("dashboard", "on-call")
