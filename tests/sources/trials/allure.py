"""Trials of Allure's results."""

import json
from typing import Any

from tests.sources.trials.frame import COMMIT, FileCase, FileTrials


def result(name: str = "adds", status: str | None = "passed", **change: Any) -> bytes:
    """One attempt at a test."""
    labels = [{"name": "suite", "value": "cart"}, {"name": "framework", "value": "pytest"}]
    document = {
        "uuid": f"u-{name}", "historyId": f"h-{name}", "name": name, "fullName": f"cart.{name}",
        "status": status, "stage": "finished", "start": 1789462800000, "stop": 1789462800500,
        "labels": [*labels, {"name": "commit", "value": COMMIT}],
    }  # fmt: skip
    return json.dumps({**document, **change}).encode()


RIGHT = result()
OTHER = result("pays")
CONTAINER = {
    "uuid": "c",
    "children": ["u-adds"],
    "befores": [],
    "afters": [{"name": "empties", "status": "broken"}],
}

TRIALS = FileTrials(
    file="allure-results/1-result.json",
    right=RIGHT,
    beside={"allure-results/0-result.json": OTHER},
    expects={"tests/end-to-end": "1", "hardly-flaky": "0", "works-after-a-deployment": "0"},
    empty=FileCase(result(status="skipped"), "ok", ("green yes", "skipped 1")),
    cut_off=FileCase(RIGHT[:-20], "error", ("1-result.json",)),
    another=FileCase(b'[{"uid": "x", "status": "passed"}]', "error", ("1-result.json",)),
    bomb=FileCase(b"[" * 100_000, "error", ("1-result.json",)),
    hostile=FileCase(
        result("\x1b[31m[red]../../etc/passwd[/] \u202e", "failed"), "ok", ("green no", "passwd")
    ),
    more={
        "broken": FileCase(result(status="broken"), "ok", ("green no", "errors 1")),
        "no status": FileCase(result(status=None), "ok", ("green no", "adds (no status)")),
        "unknown": FileCase(result(status="unknown"), "ok", ("green no", "adds (unknown)")),
        "never finished": FileCase(result(stage="running"), "ok", ("green no", "adds (running)")),
        "a fixture fails": FileCase(json.dumps(CONTAINER).encode(), "ok", ("green no", "empties")),
        "an earlier attempt": FileCase(result("pays", "failed", stop=1789462800100), "ok", ("green yes", "flaky 1")),
        "of another commit": FileCase(
            result("pays", "failed", labels=[{"name": "commit", "value": "a1b2c3d4"}]), "ok", ("green yes", "left_out_files allure-results/1-result.json is of commit a1b2c3d")
        ),
        "times that are none": FileCase(result(start=-5), "error", ("1-result.json cannot be read",)),
        "seconds for milliseconds": FileCase(result(start="1e400"), "error", ("1-result.json cannot be read",)),
    },
)  # fmt: skip
