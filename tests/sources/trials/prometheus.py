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
)
