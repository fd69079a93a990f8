"""Trials of run results of dbt."""

import json
from typing import Any

from tests.sources.generated import GENERATED
from tests.sources.trials.frame import FileCase, FileTrials


def _results(*results: dict[str, Any], version: str = "v6") -> bytes:
    schema = f"https://schemas.getdbt.com/dbt/run-results/{version}.json"
    metadata = {"dbt_schema_version": schema, "dbt_version": "1.11.16"}
    return json.dumps({"metadata": metadata, "results": results, "args": {"which": "test"}}).encode()


def _test(name: str = "t", status: str = "pass") -> dict[str, Any]:
    return {"unique_id": f"test.shop.{name}.abc", "status": status, "failures": 0, "message": None}


# Its commit is that of the run, not of the trials' candidate.
_RIGHT = (GENERATED / "dbt" / "failed.json").read_bytes().replace(b'"env": {"COMMIT"', b'"env": {"OTHER"')

TRIALS = FileTrials(
    file="target/run_results.json",
    right=_RIGHT,
    expects={"no-critical-mismatch": "2", "data-tests": "25"},
    empty=FileCase(_results(), "missing", ("no test",)),
    cut_off=FileCase(_RIGHT[:-20], "error", ("run_results.json",)),
    another=FileCase(_results(_test(), version="v99"), "error", ("v99", "versions 4 to 6")),
    bomb=FileCase(
        lambda path: path.write_text('{"metadata": ' + '{"a":' * 200_000), "error", ("run_results.json",)
    ),
    hostile=FileCase(_results(_test("\x1b[2J../../[red]", "fail")), "ok", ("../../",)),
    more={
        "skipped": FileCase(_results(_test(), _test("u", "skipped")), "missing", ("u",)),
        "a status of another day": FileCase(_results(_test(), _test("u", "paused")), "missing", ("u",)),
        "only models": FileCase(
            (GENERATED / "dbt" / "run.json").read_bytes().replace(b'"env": {"COMMIT"', b'"env": {"OTHER"'),
            "missing",
            ("“dbt run” ran no test", "dbt build"),
        ),
        "another commit": FileCase((GENERATED / "dbt" / "passed.json").read_bytes(), "missing", ("4f2a91c",)),
    },
)
