"""Trials of New Relic, as the documentation of NerdGraph answers."""

from typing import Any

from tests.sources.support import Answer, Asked, body
from tests.sources.trials.frame import Case, ServerTrials


def _rows(*rows: dict[str, Any], **more: Any) -> Answer:
    return body({"data": {"actor": {"account": {"nrql": {"results": list(rows)}}}}, **more})


def _right(asked: Asked) -> Answer:
    assert asked.path == "/graphql" and b"SINCE 17" in asked.body
    return _rows({"p95": {"95": 0.375}, "failed": 0.25, "n": 5200})


_DENIED = {"message": "User cannot access account 1234567", "path": ["actor", "account"]}

TRIALS = ServerTrials(
    secrets=("NEW_RELIC_KEY",),
    right=_right,
    expects={"checkout-p95": "0.375", "checkout-errors": "0.25"},
    empty=Case(_rows({"p95": {"95": None}, "n": 0}), "missing", ("nothing was measured",)),
    partial="NerdGraph tells a query that ran out of time as an error",
    another=Case(body({"facets": [], "totalResult": {}}), "error", ("no answer to a query",)),
    more={
        "an error of status 200": Case(
            body({"data": {"actor": {"account": None}}, "errors": [_DENIED]}),
            "error",
            ("cannot access account",),
        ),
        "a share of nothing": Case(_rows({"failed": 0, "n": 0}), "missing", (), "checkout-errors"),
        "several rows": Case(_rows({"n": 1}, {"n": 2}), "error", ("several rows",)),
        "no row": Case(_rows(), "missing", ()),
    },
)
