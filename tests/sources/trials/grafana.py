"""Trials of Grafana's proxy: what lies behind it, and what Grafana itself answers."""

from tests.sources.support import Answer, Asked, body, vector
from tests.sources.trials.frame import NOW, Case, ServerTrials

_GONE = {"message": "Unable to find datasource", "messageId": "datasource.notFound", "statusCode": 404}
_FORBIDDEN = {"accessErrorId": "ACE0421", "message": "You'll need additional permissions: datasources:query"}


def _right(asked: Asked) -> Answer:
    assert asked.path.startswith("/api/datasources/proxy/uid/PBFA97CFB590B2093/api/v1/")
    query = asked.form.get("query", "")
    return vector(({}, "0.002" if "code" in query else "0.375" if "quantile" in query else "1200"), at=NOW)


TRIALS = ServerTrials(
    secrets=("GRAFANA_TOKEN",),
    right=_right,
    expects={"checkout-p95": "0.375", "checkout-errors": "0.002"},
    empty=Case(vector(), "missing", ("no series",)),
    partial=Case(vector(({}, "0.4"), at=NOW, warnings=["store-2 is gone"]), "ok", ("store-2 is gone",)),
    another=Case(body({"results": {"A": {"frames": []}}}), "error", ("another form", "another version")),
    refused=Case(body(_FORBIDDEN, 403), "error", ("refuses us", "datasources:query", "token")),
    wrong_token=Case(body({"message": "Invalid API key"}, 401), "error", ("refuses us", "Invalid API key")),
    more={
        "another uid": Case(body(_GONE, 404), "error", ("uid of the data source",)),
        "nothing behind it": Case((502, {}, b"Bad Gateway"), "error", ("status 502",)),
    },
)
