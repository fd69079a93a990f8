"""What scanners and checks of data wrote, brought home by ``workbench import`` as their guides say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests import building as build
from tests.cli.conftest import Type
from tests.sources.trials.terraform_plan import SECRET, plan, resource

from workbench.evidence.results import ResultFile

GENERATED = Path(__file__).parents[1] / "data" / "generated"
PROJECT = (
    build.HEAD
    + build.PEOPLE
    + """\
sources:
  - {key: scans, kind: sarif, files: 'reports/*.sarif'}
  - {key: checks, kind: great_expectations, files: 'reports/gx*.json'}
  - {key: models, kind: dbt, files: target/run_results.json}
  - {key: components, kind: sbom, files: 'sbom/$environment.json', baseline_files: sbom/production.json}
  - {key: plan, kind: terraform_plan, files: plans/staging.json}
benchmarks:
  - {key: findings, flow: checkout, title: Findings, measure: {source: scans, severity: [critical, high]}, pass: == 0, mode: blocking}
  - {key: fits, flow: checkout, title: Data fits, measure: {source: checks, read: rows_passed, unit: '%'}, pass: '>= 95 %', mode: blocking}
  - {key: tested, flow: checkout, title: Data is tested, measure: {source: models, unit: '%'}, pass: '>= 95 %', mode: blocking}
  - {key: same, environment: staging, title: Components, measure: {source: components}, pass: <= 2, mode: blocking}
  - {key: drift, environment: staging, title: Drift, measure: {source: plan, read: drifted}, pass: == 0, mode: advisory}
"""
)
GIVEN = ("--commit", build.SHA, "--reason", "the CI run 4711 of this commit wrote it", "--json")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with build.shop(tmp_path / "shop", PROJECT):
        pass
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def taken(document: dict[str, Any]) -> dict[str, str]:
    """What was measured, by benchmark."""
    (file,) = document["files"]
    return {one["subject"]: one["value"] for one in file["taken"]}


@pytest.mark.parametrize(
    ("file", "subject", "value"),
    [
        ("bandit/found.sarif", "findings", "2"),
        ("bandit/clean.sarif", "findings", "0"),
        ("semgrep/found.sarif", "findings", "1"),
        ("great_expectations/passed.json", "fits", "100"),
        ("great_expectations/failed.json", "fits", "60"),
    ],
)
def test_a_file_is_recognised_and_measured(
    file: str, subject: str, value: str, folder: Path, type_in: Type
) -> None:
    document = type_in("import", GENERATED / file, *GIVEN).json
    assert taken(document) == {subject: value}
    assert document["files"][0]["bound"] == "given"


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("bandit/unreadable.sarif", "syntax error while parsing AST from file (broken/sums.py)"),
        ("great_expectations/errored.json", "orders.price"),
        ("great_expectations/empty.json", "the suite has no expectations"),
        ("dbt/passed.json", "4f2a91c"),  # it names another commit
    ],
)
def test_what_measured_nothing_is_left_out_and_says_why(
    file: str, why: str, folder: Path, type_in: Type
) -> None:
    (one,) = type_in("import", GENERATED / file, *GIVEN, code=2).json["files"]
    assert one["taken"] == []
    assert why in str(one["left_out"])


def test_a_benchmark_names_what_was_found(folder: Path, type_in: Type) -> None:
    type_in("import", GENERATED / "bandit" / "found.sarif", *GIVEN)
    assert "B324 in shop/files.py:11; B602 in shop/files.py:7" in type_in("benchmark", "show", "findings").out
    assert "critical, high" in type_in("check", "--explain", "findings").out


def test_two_lists_of_components_are_compared(folder: Path, type_in: Type) -> None:
    (folder / "sbom").mkdir()
    (folder / "sbom" / "production.json").write_bytes(
        (GENERATED / "cyclonedx" / "production.json").read_bytes()
    )
    document = type_in(
        "import", GENERATED / "cyclonedx" / "staging.json", "--name", "sbom/staging.json", *GIVEN
    ).json
    assert taken(document)["same"] == "3"


def test_no_value_of_a_plan_and_of_the_data_enters_the_record(
    folder: Path, tmp_path: Path, type_in: Type
) -> None:
    (tmp_path / "staging.json").write_bytes(plan(drift=[resource("aws_db_instance.shop", "update")]))
    document = type_in("import", tmp_path / "staging.json", *GIVEN).json
    assert taken(document)["drift"] == "1"
    type_in("import", GENERATED / "great_expectations" / "failed.json", *GIVEN)
    for path in (folder / ".workbench").rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()
    blobs = _blobs(folder)
    assert len(blobs) == 2
    for blob in blobs:
        assert SECRET.encode() not in blob and b"partial_unexpected_list" not in blob


def _blobs(folder: Path) -> list[bytes]:
    """The files that the record keeps."""
    with build.opened(folder, now=None) as context:
        rows = context.record.all("result_file")
        found = [context.record.blob(row.decode(ResultFile).digest) for row in rows]
    return [blob.data for blob in found if blob is not None]
