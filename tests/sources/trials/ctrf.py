"""Trials of CTRF reports."""

import json
from pathlib import Path
from typing import Any

from tests.sources.trials.frame import COMMIT, FileCase, FileTrials

FILE = "ctrf/report.json"


def report(*tests: dict[str, Any], **change: Any) -> bytes:
    """A report of these tests; ``change`` goes into its results."""
    shown = [{"duration": 100, **test} for test in tests]
    passed, failed = (sum(test["status"] == word for test in tests) for word in ("passed", "failed"))
    summary = {
        "tests": len(tests), "passed": passed, "failed": failed, "skipped": 0, "pending": 0, "other": 0,
        "start": 1789462800000, "stop": 1789462801000,
    }  # fmt: skip
    results = {
        "tool": {"name": "playwright", "version": "1.56"},
        "summary": summary,
        "tests": shown,
        "environment": {"commit": COMMIT, "testEnvironment": "staging"},
        **change,
    }
    return json.dumps({"reportFormat": "CTRF", "specVersion": "1.0.0", "results": results}).encode()


PASSED = {"name": "adds", "status": "passed"}
FLAKY = {"name": "pays", "status": "passed", "flaky": True, "retries": 1}
RIGHT = report(PASSED, FLAKY)
HOSTILE = {"name": "\x1b[31m[red]x[/] ../../etc/passwd \u202e", "status": "failed"}


def _many(path: Path) -> None:
    path.write_bytes(b'{"results": ' + b"[" * 200_000)


TRIALS = FileTrials(
    file=FILE,
    right=RIGHT,
    expects={"tests/end-to-end": "1", "hardly-flaky": "1", "works-after-a-deployment": "0"},
    empty=FileCase(report(), "missing", ("the report holds no tests",)),
    cut_off=FileCase(RIGHT[:-30], "error", ("report.json",)),
    another=FileCase(
        RIGHT.replace(b'"CTRF"', b'"OTHER"'), "error", ("no CTRF report", "reportFormat is “OTHER”")
    ),
    bomb=FileCase(_many, "error", ("report.json cannot be read",)),
    hostile=FileCase(report(PASSED, HOSTILE), "ok", ("green no", "passwd")),
    more={
        "other": FileCase(report(PASSED, {"name": "x", "status": "other"}), "ok", ("green no", "x (other)")),
        "text for a number": FileCase(
            RIGHT.replace(b'"tests": 2', b'"tests": "two"'), "error", ("summary.tests",)
        ),
        "negative": FileCase(RIGHT.replace(b'"failed": 0', b'"failed": -1'), "error", ("no count",)),
        "not all listed": FileCase(
            RIGHT.replace(b'"tests": 2', b'"tests": 9'), "ok", ("announces 9 tests and lists 2",)
        ),
        "no tests listed": FileCase(
            report(summary={"tests": 3, "failed": 1}), "ok", ("green no", "counts 1 failure and marks none")
        ),
        "of another commit": FileCase(
            RIGHT.replace(COMMIT.encode(), b"a1b2c3d"), "missing", ("reports are for commit a1b2c3d",)
        ),
        "not healthy": FileCase(
            report(PASSED, environment={"healthy": False}),
            "ok",
            ("environment of its tests was not healthy",),
        ),
        "from the future": FileCase(
            RIGHT.replace(b"1789462800000", b"1999999999000"), "error", ("check both clocks",)
        ),
    },
)
