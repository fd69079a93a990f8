"""Trials of Sentry, as the documentation of its API answers."""

from tests.sources.support import Answer, Asked, body
from tests.sources.trials.frame import Case, ServerTrials


def _events(count: int, rate: float | None) -> Answer:
    fields = {"failure_rate()": "percentage", "count()": "integer"}
    told = {
        "data": [{"failure_rate()": rate, "count()": count}],
        "meta": {"fields": fields, "isMetricsData": False},
    }
    return body(told)


def _sessions(count: int, rate: float | None) -> Answer:
    totals = {"crash_free_rate(session)": rate, "sum(session)": count}
    group = {"by": {}, "totals": totals, "series": {}}
    told = {
        "start": "2026-09-14T10:00:00Z",
        "end": "2026-09-15T10:00:00Z",
        "intervals": [],
        "groups": [group],
    }
    return body(told)


def _right(asked: Asked) -> Answer:
    return _sessions(800, 0.9975) if asked.path.endswith("/sessions/") else _events(1200, 0.0025)


def _nothing(asked: Asked) -> Answer:
    return _sessions(0, None) if asked.path.endswith("/sessions/") else _events(0, 0)


TRIALS = ServerTrials(
    secrets=("SENTRY_TOKEN",),
    right=_right,
    expects={"failed-transactions": "0.0025", "sessions-without-crash": "0.9975"},
    empty=Case(_nothing, "missing", ("nothing was measured",)),
    partial="one row is asked for, which comes whole or not at all",
    another=Case(body({"data": [{"failure_rate": 0.1, "count": 9}]}), "error", ("failure_rate()",)),
    more={
        "no sessions": Case(_nothing, "missing", ("nothing was measured",), of="sessions-without-crash"),
        "an environment that is not known": Case(
            body({"detail": "The requested resource does not exist"}, 404), "error", ("status 404",)
        ),
        "an error of status 200": Case(body({"detail": "Invalid query"}), "error", ("Invalid query",)),
    },
)
