"""Trials of Cucumber's messages."""

import json
from typing import Any

from tests.sources.trials.frame import COMMIT, FileCase, FileTrials

META = {
    "meta": {
        "protocolVersion": "28.1.0",
        "implementation": {"name": "cucumber-js", "version": "12.2.0"},
        "ci": {"name": "CI", "git": {"revision": COMMIT, "remote": "https://example.com/shop.git"}},
    }
}
BEGINS = {"testRunStarted": {"id": "r", "timestamp": {"seconds": "1789462800", "nanos": 5}}}


def lines(*messages: dict[str, Any]) -> bytes:
    """Messages as they stand in a file."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in messages)


def scenario(name: str, *attempts: str) -> list[dict[str, Any]]:
    """A scenario of one step, and how its attempts ended; without any it never began."""
    found: list[dict[str, Any]] = [
        {"pickle": {"id": f"p {name}", "name": name, "uri": "shop.feature", "steps": [], "tags": []}},
        {"testCase": {"id": f"c {name}", "pickleId": f"p {name}", "testSteps": []}},
    ]
    for number, status in enumerate(attempts):
        key = f"s {name} {number}"
        result = {"status": status, "duration": {"seconds": 0, "nanos": 250_000_000}}
        again = number + 1 < len(attempts)
        found += [
            {"testCaseStarted": {"id": key, "testCaseId": f"c {name}", "attempt": number}},
            {"testStepFinished": {"testCaseStartedId": key, "testStepId": "x", "testStepResult": result}},
            {"testCaseFinished": {"testCaseStartedId": key, "willBeRetried": again}},
        ]
    return found


def run(*scenarios: list[dict[str, Any]], success: bool = True, meta: Any = META) -> bytes:
    """A whole run."""
    return lines(
        meta, BEGINS, *(one for each in scenarios for one in each), {"testRunFinished": {"success": success}}
    )


ADDS, PAYS = scenario("Adds", "PASSED"), scenario("Pays", "FAILED", "PASSED")
RIGHT = run(ADDS, PAYS)
OTHER = {"meta": {**META["meta"], "ci": {"git": {"revision": "a1b2c3d4"}}}}

TRIALS = FileTrials(
    file="reports/run.ndjson",
    right=RIGHT,
    expects={"tests/scenarios": "1", "scenarios-pass": "100", "works-after-a-deployment": "0"},
    empty=FileCase(run(), "missing", ("the report holds no tests",)),
    cut_off=FileCase(
        RIGHT[: RIGHT.rindex(b'{"testRunFinished')], "error", ("run.ndjson ends before the run does",)
    ),
    another=FileCase(b'[{"keyword": "Feature", "elements": []}]\n', "error", ("line 1 is no message of Cucumber",)),
    bomb=FileCase(b'{"meta": ' + b"[" * 100_000, "error", ("run.ndjson line 1",)),
    hostile=FileCase(
        run(ADDS, scenario("\x1b[31m[red]../../etc/passwd[/] \u202e", "FAILED"), success=False), "ok", ("green no", "passwd")
    ),
    more={
        "cut in a line": FileCase(RIGHT[:-10], "error", ("is no message of Cucumber",)),
        "undefined": FileCase(run(ADDS, scenario("Ships", "UNDEFINED")), "ok", ("green no", "Ships (undefined)")),
        "pending": FileCase(run(ADDS, scenario("Waits", "PENDING")), "ok", ("green yes", "skipped 1")),
        "pending in a strict run": FileCase(
            run(ADDS, scenario("Waits", "PENDING"), success=False), "ok", ("green no", "counts 1 failure and marks none")
        ),
        "never began": FileCase(run(ADDS, scenario("Lost")), "ok", ("has no result of 1 scenario",)),
        "a broken feature": FileCase(
            lines(META, BEGINS, *ADDS, {"parseError": {"message": "no"}}, {"testRunFinished": {"success": False}}),
            "ok",
            ("green no", "a feature file that cannot be read"),
        ),
        "a hook fails": FileCase(
            lines(META, BEGINS, *ADDS, {"testRunHookFinished": {"result": {"status": "FAILED"}}}, {"testRunFinished": {"success": False}}),
            "ok",
            ("green no", "a hook of the whole run"),
        ),
        "no run": FileCase(lines(META), "error", ("holds no run",)),
        "of another commit": FileCase(run(ADDS, meta=OTHER), "missing", ("for commit a1b2c3d",)),
        "a time that is none": FileCase(RIGHT.replace(b'"1789462800"', b'"soon"'), "error", ("line 2",)),
    },
)  # fmt: skip
