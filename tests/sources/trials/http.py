"""Trials of any server that answers in JSON."""

from tests.sources.support import body
from tests.sources.trials.frame import Case, ServerTrials

TRIALS = ServerTrials(
    example="""\
sources:
  - key: inventory
    kind: http
    url: https://inventory.example.com
    token: ${INVENTORY_TOKEN}
    headers: {X-Api-Key: "${INVENTORY_KEY}"}
benchmarks:
  - key: out-of-stock
    title: Few articles are out of stock
    flow: checkout
    mode: blocking
    measure: {source: inventory, path: /stock/$environment, value: data.out, error_if: error.message, partial_if: timed_out, unit: "%"}
    pass: <= 2 %
""",
    secrets=("INVENTORY_TOKEN", "INVENTORY_KEY"),
    right=body({"data": {"out": "1.25"}}),
    expects={"out-of-stock": "1.25"},
    empty=Case(body({"data": {"out": None}}), "missing", ("null",)),
    partial=Case(body({"data": {"out": 1}, "timed_out": True}), "ok", ("not the whole one",)),
    more={
        "an error of status 200": Case(
            body({"data": {"out": 1}, "error": {"message": "no access"}}), "error", ("no access",)
        ),
    },
    another=Case(body({"stock": {"out": 1}}), "error", ("data",)),
)
