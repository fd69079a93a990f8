"""Checks of data as real tools wrote them: each tool's results, judged as the run is known to have gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.sources.generated import GENERATED, read, written

from workbench.sources.kinds import KINDS
from workbench.sources.recognising import Sample, recognised

GX, DBT = "great_expectations", "dbt"


@pytest.mark.parametrize(
    ("file", "asked", "number"),
    [
        ("great_expectations/passed", "pass_rate", 1),
        ("great_expectations/failed", "pass_rate", 0.25),
        ("great_expectations/failed", "rows_passed", 0.6),
        ("great_expectations/failed", "failed", 3),
        ("great_expectations/failed", "critical_failed", 2),
        ("great_expectations/errored", "errored", 1),
        ("great_expectations/checkpoint", "pass_rate", 0.5),
        ("great_expectations/described", "pass_rate", 0.5),
        ("dbt/passed", "pass_rate", 1),
        ("dbt/failed", "pass_rate", 0.25),
        ("dbt/failed", "failed", 3),
        ("dbt/failed", "critical_failed", 2),
        ("dbt/model-error", "errored", 1),
        ("dbt/model-error", "not_evaluated", 2),
        ("dbt/test-error", "errored", 1),
        ("soda/passed", "pass_rate", 1),
        ("soda/failed", "pass_rate", 0.25),
        ("soda/failed", "failed", 3),
        ("soda/failed", "critical_failed", 2),
    ],
)
def test_what_real_runs_did(file: str, asked: str, number: float) -> None:
    reading = read(file.partition("/")[0], f"{file}.json", read=asked)
    assert (reading.state, float(reading.value or 0)) == ("ok", number), reading.why


@pytest.mark.parametrize("asked", ["pass_rate", "failed", "critical_failed", "rows_passed"])
@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("great_expectations/errored", "orders.price expect_column_values_to_not_be_null"),
        ("great_expectations/empty", "the suite has no expectations"),
        ("dbt/model-error", "model broken (Database Error in model broken"),
        ("dbt/test-error", "price_is_positive"),
        ("dbt/run", "“dbt run” ran no test"),
        ("soda/errored", 'Referenced column "price" not found'),
    ],
)
def test_what_was_not_evaluated_is_never_a_number(file: str, why: str, asked: str) -> None:
    reading = read(file.partition("/")[0], f"{file}.json", read=asked)
    assert (reading.state, reading.value) == ("missing", None)
    if asked != "rows_passed" or file != "dbt/run":
        assert why in reading.why


def test_empty_values_are_told_and_a_percentage_of_the_tool_is_not_taken() -> None:
    reading = read(GX, f"{GX}/failed.json", read="rows_passed", checks=["*between"])
    assert float(reading.value or 0) == 38 / 40
    assert reading.facts["empty_values"] == "4, which no check looked at"


@pytest.mark.parametrize("name", ["failed.json", "checkpoint.json", "described.json"])
def test_the_evidence_holds_no_value_of_the_data(name: str, tmp_path: Path) -> None:
    text = (GENERATED / GX / name).read_text()
    assert '"XX"' in text
    from tests.sources.support import AT, ask

    from workbench.sources.great_expectations import GreatExpectationsConfig, GreatExpectationsMeasure
    from workbench.sources.reading import Question, SourceSpec

    source = SourceSpec("s", GX, GreatExpectationsConfig(files=f"{GX}/{name}"))
    after = AT.replace(year=AT.year + 100)  # than any checkout of the file
    asked = Question(subject="b", source="s", at=after, ask=GreatExpectationsMeasure())
    (batch,) = ask([source], [asked], root=GENERATED).batches
    (blob,) = batch.blobs
    assert b"XX" not in blob.data and b"unexpected_count" in blob.data


def test_results_of_a_run_and_of_its_tests_count_together() -> None:
    reading = read(DBT, ["dbt/run.json", "dbt/failed.json"])
    assert float(reading.value or 0) == 0.25


def test_dbt_tells_its_commit_where_it_was_given_one() -> None:
    commit = "4f2a91c0d7e6b5a48392817160f5e4d3c2b1a098"
    assert read(DBT, "dbt/passed.json", question={"commit": commit}).state == "ok"
    assert "4f2a91c" in read(DBT, "dbt/passed.json", question={"commit": "b" * 40}).why


def test_a_checkpoint_of_version_0_18_has_its_validations_inside(tmp_path: Path) -> None:
    config = {"expectation_type": "expect_column_to_exist", "kwargs": {"column": "number"}}
    inner: dict[str, Any] = {
        "success": True,
        "results": [{"success": True, "expectation_config": config, "result": {}, "exception_info": None}],
        "statistics": {"evaluated_expectations": 1},
        "meta": {"run_id": {"run_name": None, "run_time": "2026-03-02T09:00:04+00:00"}},
    }
    outer = {"run_id": {}, "run_results": {"ValidationResultIdentifier::a": {"validation_result": inner}}}
    name = written(tmp_path, "checkpoint.json", outer)
    assert read(GX, name, root=tmp_path).value == 1
    (found,) = recognised(Sample(name, (tmp_path / name).read_bytes()), KINDS)
    assert found.kind == GX


@pytest.mark.parametrize(
    "path",
    sorted(path for name in (GX, DBT, "soda") for path in (GENERATED / name).glob("*.json")),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_they_are_recognised(path: Path) -> None:
    (found,) = recognised(Sample(path.name, path.read_bytes()), KINDS)
    assert found.kind == path.parent.name
