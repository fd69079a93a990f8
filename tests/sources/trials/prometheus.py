"""Trials of Prometheus."""

from tests.sources.support import body, vector
from tests.sources.trials.frame import NOW, Case, ServerTrials

TRIALS = ServerTrials(
    example="""\
sources:
  - key: metrics
    kind: prometheus
    url: https://prometheus.example.com/prefix
    token: ${METRICS_TOKEN}
    headers: {X-Key: "${METRICS_KEY}"}
    tenant: shop
benchmarks:
  - key: p95
    title: Checkout answers quickly
    flow: checkout
    mode: blocking
    measure: {source: metrics, query: 'p95{env="$environment"}', unit: s, window: 1h}
    pass: <= 0.5 s
""",
    secrets=("METRICS_TOKEN", "METRICS_KEY"),
    right=vector(({}, "0.375"), at=NOW),
    expects={"p95": "0.375"},
    empty=Case(vector(), "missing", ("no series",)),
    partial=Case(vector(({}, "0.375"), at=NOW, warnings=["store-2 is gone"]), "ok", ("store-2 is gone",)),
    another=Case(body({"version": 3, "frames": []}), "error", ("another form", "another version")),
    more={
        "Mimir without a tenant": Case(
            (401, {"Content-Type": "text/plain"}, b"no org id\n"), "error", ("whose data", "tenant")
        ),
        "Mimir's limit": Case(
            body(
                {
                    "status": "error",
                    "errorType": "execution",
                    "error": "too many chunks (err-mimir-max-chunks-per-query)",
                },
                422,
            ),
            "error",
            ("err-mimir-max-chunks-per-query",),
        ),
        "a cluster of VictoriaMetrics": Case(
            vector(({}, "0.375"), at=NOW, isPartial=True), "ok", ("could not look at all of its data",)
        ),
        "VictoriaMetrics' refusal": Case(
            body({"status": "error", "errorType": "422", "error": "unexpected token"}, 422),
            "error",
            ("unexpected token",),
        ),
        "a path without the prefix": Case((404, {}, b"404 page not found"), "error", ("/prometheus",)),
    },
)
