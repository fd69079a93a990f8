"""Trials of Loki, as the documentation of its HTTP API answers."""

from tests.sources.support import Answer, Asked, body, vector
from tests.sources.trials.frame import NOW, Case, ServerTrials

_LINES = {"stream": {"app": "checkout"}, "values": [["1757930400000000000", "level=error out of stock"]]}


def _right(asked: Asked) -> Answer:
    assert asked.path in ("/loki/api/v1/query", "/loki/api/v1/status/buildinfo")
    query = asked.form.get("query", "")
    value = "7" if "error" in query and "count" in query else "0.42" if "quantile" in query else "5200"
    return vector(({}, value), at=NOW)


TRIALS = ServerTrials(
    secrets=("LOKI_TOKEN",),
    right=_right,
    expects={"checkout-error-lines": "7", "checkout-p99": "0.42"},
    empty=Case(vector(), "missing", ("no series",)),
    partial=Case(
        vector(({}, "7"), at=NOW, warnings=["a shard was left out"]), "ok", ("a shard was left out",)
    ),
    another=Case(body({"streams": []}), "error", ("another form", "another version")),
    more={
        "log lines": Case(
            body({"status": "success", "data": {"resultType": "streams", "result": [_LINES], "stats": {}}}),
            "error",
            ("log lines", "count_over_time"),
        ),
        "no tenant": Case((401, {"Content-Type": "text/plain"}, b"no org id\n"), "error", ("tenant",)),
        "a wrong query": Case(
            (400, {"Content-Type": "text/plain"}, b"parse error at line 1, col 9: syntax error"),
            "error",
            ("status 400",),
        ),
    },
)
