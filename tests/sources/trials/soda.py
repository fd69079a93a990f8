"""Trials of results of Soda."""

import json
from typing import Any

from tests.sources.generated import GENERATED
from tests.sources.trials.frame import FileCase, FileTrials


def scan(*checks: dict[str, Any], **more: Any) -> bytes:
    """A scan with these checks."""
    told = {"definitionName": "nightly", "hasErrors": False, "hasFailures": False, "checks": list(checks)}
    return json.dumps(told | more).encode()


def check(name: str = "row_count > 0", outcome: str | None = "pass") -> dict[str, Any]:
    """A check of the orders."""
    return {"name": name, "outcome": outcome, "table": "orders", "diagnostics": {"value": 4}}


_RIGHT = (GENERATED / "soda" / "failed.json").read_bytes()

TRIALS = FileTrials(
    file="reports/soda.json",
    right=_RIGHT,
    expects={"no-critical-mismatch": "2", "orders-checked": "25"},
    empty=FileCase(scan(), "missing", ("no checks",)),
    cut_off=FileCase(_RIGHT[:-9], "error", ("soda.json",)),
    another=FileCase(b'{"contract": {}, "checkResults": []}', "error", ("soda.json",)),
    bomb=FileCase(
        scan(profiling=[]).replace(b'"profiling": []', b'"profiling": ' + b"[" * 200_000 + b"]" * 200_000),
        "error",
        ("nested too deep",),
    ),
    hostile=FileCase(scan(check("../../\x1b[2J[red]\u202e", "fail")), "ok", ("../../",)),
    more={
        "erred": FileCase(
            (GENERATED / "soda" / "errored.json").read_bytes(), "missing", ('"price" not found',)
        ),
        "not evaluated": FileCase(scan(check(), check("change", None)), "missing", ("orders.change",)),
        "another outcome": FileCase(scan(check(), check("x", "NOT_EVALUATED")), "missing", ("orders.x",)),
        "errors without words": FileCase(scan(check(), hasErrors=True), "missing", ("does not say which",)),
    },
)
