"""Trials of results of Great Expectations."""

import json
from pathlib import Path
from typing import Any

from tests.sources.generated import GENERATED
from tests.sources.trials.frame import FileCase, FileTrials


def _result(*results: dict[str, Any], evaluated: int | None = None) -> bytes:
    statistics = {"evaluated_expectations": len(results) if evaluated is None else evaluated}
    meta = {"active_batch_definition": {"data_asset_name": "orders"}}
    told = {"success": True, "results": results, "statistics": statistics, "meta": meta}
    return json.dumps(told).encode()


def _met(**more: Any) -> dict[str, Any]:
    config = {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "number"}}
    return {
        "success": True,
        "expectation_config": config,
        "result": {"element_count": 40, "unexpected_count": 0},
        **more,
    }


def _deep(path: Path) -> None:
    path.write_text('{"results": ' + "[" * 200_000 + "]" * 200_000 + "}")


_RIGHT = (GENERATED / "great_expectations" / "failed.json").read_bytes()

TRIALS = FileTrials(
    file="gx/uncommitted/validations/orders/run.json",
    right=_RIGHT,
    expects={"orders-fit": "60", "no-critical-mismatch": "2", "expectations-met": "25"},
    empty=FileCase(
        (GENERATED / "great_expectations" / "empty.json").read_bytes(),
        "missing",
        ("no expectations",),
        of="expectations-met",
    ),
    cut_off=FileCase(_RIGHT[:-20], "error", ("run.json",)),
    another=FileCase(b'{"success": true, "checks": []}', "error", ("another version",)),
    bomb=FileCase(_deep, "error", ("nested too deep",)),
    hostile=FileCase(
        _result(_met(success=False, expectation_config={"type": "\x1b[2J../../[red]", "kwargs": {}})),
        "ok",
        ("../../",),
        of="expectations-met",
    ),
    more={
        "erred": FileCase(
            (GENERATED / "great_expectations" / "errored.json").read_bytes(),
            "missing",
            ("price", "does not exist"),
        ),
        "failures alone": FileCase(_result(_met(), evaluated=4), "missing", ("lists 1 expectation of 4",)),
        "fails without a failure": FileCase(
            _result(_met()).replace(b'{"success": true', b'{"success": false', 1),
            "missing",
            ("did not succeed", "nothing that was not met"),
        ),
        "counts as texts": FileCase(
            _result(_met(success=False, result={"element_count": "40", "unexpected_count": "1,5"})),
            "error",
            ("unexpected_count",),
        ),
        "nothing expected": FileCase(
            _result(_met(expectation_config={})), "error", ("does not say what was expected",)
        ),
        "neither": FileCase(_result(_met(success=None)), "error", ("neither",)),
        "negative": FileCase(
            _result(_met(result={"element_count": 4, "unexpected_count": -1})), "error", ("unexpected_count",)
        ),
    },
)
