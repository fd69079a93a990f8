"""Trials of Elasticsearch and OpenSearch, as the documentation of searches and aggregations answers."""

from typing import Any

from tests.sources.support import Answer, Asked, body
from tests.sources.trials.frame import Case, ServerTrials


def _found(hits: int = 5200, p95: float | None = 375.5, **more: Any) -> Answer:
    answer = {
        "took": 12,
        "timed_out": False,
        "_shards": {"total": 5, "successful": 5, "skipped": 0, "failed": 0},
        "hits": {"total": {"value": hits, "relation": "eq"}, "max_score": None, "hits": []},
        "aggregations": {"time": {"values": {"95.0": p95}}, "failed": {"doc_count": 3}},
    }
    return body({**answer, **more})


def _right(asked: Asked) -> Answer:
    assert (asked.method, asked.path) == ("POST", "/access-*/_search")
    return _found()


_WRONG = {
    "error": {"root_cause": [], "type": "parsing_exception", "reason": "unknown query [trem]"},
    "status": 400,
}

TRIALS = ServerTrials(
    secrets=("SEARCH_KEY",),
    right=_right,
    expects={"checkout-p95": "375.5", "checkout-failures": "3"},
    empty=Case(_found(0, None), "missing", ("nothing was measured",)),
    partial=Case(_found(timed_out=True), "ok", ("it timed out",)),
    another=Case(
        body({"name": "node-1", "version": {"number": "9.1.0"}}), "error", ("no answer to a search",)
    ),
    more={
        "failed shards": Case(
            _found(_shards={"total": 5, "successful": 3, "failed": 2}), "ok", ("2 of 5 shards failed",)
        ),
        "a skipped cluster": Case(
            _found(_clusters={"total": 2, "skipped": 1}), "ok", ("a cluster was skipped",)
        ),
        "no index": Case(
            _found(0, None, _shards={"total": 0, "successful": 0, "failed": 0}), "error", ("no index",)
        ),
        "no index, quietly": Case(
            _found(0, None, _shards={"total": 0, "successful": 0, "failed": 0}),
            "error",
            ("no index",),
            "checkout-failures",
        ),
        "no document is no zero": Case(_found(0, None), "missing", (), "checkout-failures"),
        "a wrong query": Case(body(_WRONG, 400), "error", ("status 400", "unknown query [trem]")),
    },
)
