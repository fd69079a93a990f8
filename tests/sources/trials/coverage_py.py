"""Trials of coverage.py's JSON."""

import json
from typing import Any

from tests.sources.trials.frame import FileCase, FileTrials


def report(files: dict[str, Any], **totals: Any) -> bytes:
    """A report of files with their executed and missing lines."""
    told = {"covered_lines": sum(len(one["executed_lines"]) for one in files.values())}
    told["num_statements"] = told["covered_lines"] + sum(len(one["missing_lines"]) for one in files.values())
    meta = {"format": 3, "version": "7.11.3", "timestamp": "2026-09-15T09:00:00", "branch_coverage": True}
    return json.dumps({"meta": meta, "files": files, "totals": {**told, **totals}}).encode()


PAY = {"executed_lines": [1, 2, 3, 4], "missing_lines": [5]}
RIGHT = report({"src/payment/pay.py": PAY, "src/cart.py": {"executed_lines": [], "missing_lines": [1, 2]}})

TRIALS = FileTrials(
    file="coverage.json",
    right=RIGHT,
    expects={"payment-covered": "80", "code-without-tests": "3"},
    empty=FileCase(report({}), "missing", ("no file of the report matches src/payment/**",)),
    cut_off=FileCase(RIGHT[:-30], "error", ("coverage.json",)),
    another=FileCase(b'{"total": {"lines": {"pct": 100}}}', "error", ("coverage.json cannot be read",)),
    bomb=FileCase(b'{"meta": ' + b"[" * 100_000, "error", ("coverage.json",)),
    hostile=FileCase(
        report({"src/payment/\x1b[31m[red]../../etc/passwd \u202e": PAY}), "ok", ("passwd", "4 of 5")
    ),
    more={
        "better than its totals": FileCase(
            report({"src/payment/pay.py": PAY}, covered_lines=1, num_statements=9), "missing", ("contradicts itself", "11.1%")
        ),
        "negative": FileCase(report({"src/payment/pay.py": PAY}, covered_lines=-1), "error", ("no count",)),
        "no lines": FileCase(
            report({"src/payment/pay.py": {"executed_lines": [], "missing_lines": []}}), "missing", ("no lines were measured",)
        ),
        "lines that are texts": FileCase(RIGHT.replace(b"[5]", b'["5"]'), "error", ("coverage.json cannot be read",)),
        "another year": FileCase(RIGHT.replace(b"2026-09-15", b"1970-01-01"), "error", ("the clock was not set",)),
    },
)  # fmt: skip
