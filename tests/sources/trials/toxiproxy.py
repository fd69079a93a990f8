"""Trials of Toxiproxy, as its documentation answers."""

from tests.sources.support import body
from tests.sources.trials.frame import Case, ServerTrials

TOXIC = {
    "name": "slow",
    "type": "latency",
    "stream": "downstream",
    "toxicity": 1.0,
    "attributes": {"latency": 900},
}


def _proxies(*toxics, enabled=True):
    return {
        "redis": {
            "name": "redis",
            "listen": "[::]:26379",
            "upstream": "redis:6379",
            "enabled": enabled,
            "toxics": [*toxics],
        }
    }


def _answer(asked):
    return body(_proxies(TOXIC, TOXIC) | {"gone": {"name": "gone", "enabled": False, "toxics": []}})


TRIALS = ServerTrials(
    right=_answer,
    expects={"no-fault-left": "2", "nothing-cut-off": "1"},
    empty=Case(body({}), "missing", ("nothing was measured",)),
    partial="it tells all of its proxies at once",
    another=Case(body({"error": "proxy not found", "status": 404}), "error", ("proxy not found",)),
    more={
        "no fault": Case(body(_proxies()), "ok", ()),
        "something else": Case(body({"status": "ok", "version": "2"}), "error", ("no list of proxies",)),
        "nothing cut off of something else": Case(
            body({"data": []}), "error", ("no list of proxies",), of="nothing-cut-off"
        ),
    },
)
