"""Trials of Datadog, as its documentation of both queries answers."""

from typing import Any

from tests.sources.support import Answer, Asked, body
from tests.sources.trials.frame import Case, ServerTrials


def _scalar(*values: float | None, **more: Any) -> Answer:
    column = {
        "name": "a",
        "type": "number",
        "values": list(values),
        "meta": {"unit": [{"name": "second"}, None]},
    }
    return body({"data": {"type": "scalar_response", "attributes": {"columns": [column]}}, **more})


def _series(*points: float | None, count: int = 1, **more: Any) -> Answer:
    one = {"metric": "errors", "pointlist": [[1757926800000.0 + n, point] for n, point in enumerate(points)]}
    return body({"status": "ok", "res_type": "time_series", "series": [one] * count, **more})


def _right(asked: Asked) -> Answer:
    if asked.path == "/api/v1/query":
        assert asked.params["from"].isdigit() and len(asked.params["to"]) == 10
        return _series(3, None, 4)
    assert b'"from":1' in asked.body.replace(b" ", b"")
    return _scalar(0.375)


TRIALS = ServerTrials(
    secrets=("DD_API_KEY", "DD_APP_KEY"),
    right=_right,
    expects={"checkout-p95": "0.375", "checkout-errors": "7"},
    empty=Case(_scalar(), "missing", ("nothing was measured",)),
    partial="Datadog's answers say nothing of data that is missing",
    another=Case(body({"data": {"type": "timeseries_response"}}), "error", ("no answer to a query",)),
    refused=Case(body({"errors": ["Forbidden"]}, 403), "error", ("refuses us", "Forbidden", "token")),
    more={
        "null": Case(_scalar(None), "missing", ("null",)),
        "an error of status 200": Case(
            _scalar(0.1, errors="the query timed out"), "error", ("the query timed out",)
        ),
        "several groups": Case(_scalar(0.1, 0.2), "error", ("several groups",)),
        "no series": Case(_series(count=0), "missing", (), "checkout-errors"),
        "points of null": Case(_series(None, None), "missing", (), "checkout-errors"),
        "several series": Case(_series(1, count=2), "error", ("several series",), "checkout-errors"),
        "status error": Case(
            _series(1, status="error", error="rollup is wrong"),
            "error",
            ("rollup is wrong",),
            "checkout-errors",
        ),
        "a wrong query": Case(
            body({"errors": ["Invalid query"]}, 400), "error", ("status 400", "Invalid query")
        ),
    },
)
