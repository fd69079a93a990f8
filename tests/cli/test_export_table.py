"""Any table of the record, as it lies there, for a spreadsheet or a program."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Type

from workbench.usecases.nouns import NOUNS


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_table_comes_with_every_column_in_the_ledgers_order(shop: Path, type_in: Type) -> None:
    rows = read(type_in("export", "table", "difference").out)
    assert [int(row["seq"]) for row in rows] == sorted(int(row["seq"]) for row in rows)
    assert {row["title"] for row in rows} > {"load balancer", "payment gateway mocked"}
    first = rows[0]
    assert json.loads(first["value"])["title"] == first["title"]
    assert list(first)[:8] == ["seq", "id", "base", "verb", "actor", "recorded_at", "contested", "value"]


def test_rows_of_one_entity_have_a_table_too(shop: Path, type_in: Type) -> None:
    rows = read(type_in("export", "table", "measurement").out)
    assert {row["subject"] for row in rows} >= {"checkout-p95", "payment-faults"}


def test_json_holds_values_as_what_they_are(shop: Path, type_in: Type) -> None:
    found = json.loads(type_in("export", "table", "release", "--format", "json").out)
    assert (found["schema"], found["table"]) == ("workbench.table.1", "release")
    (row,) = found["rows"]
    assert row["value"]["version"] == row["version"] == "2.14.0"
    for name in ("measurement", "freeze"):
        assert isinstance(json.loads(type_in("export", "table", name, "--format", "json").out)["rows"], list)


def test_every_noun_has_one(shop: Path, type_in: Type) -> None:
    for noun in NOUNS:
        assert type_in("export", "table", noun.name).out.startswith("seq,id,base")


def test_no_cell_is_a_formula(shop: Path, type_in: Type) -> None:
    type_in("parity", "add", "=HYPERLINK(1)")
    (row,) = [r for r in read(type_in("export", "table", "difference").out) if "HYPER" in r["title"]]
    assert row["title"] == "'=HYPERLINK(1)"
    found = json.loads(type_in("export", "table", "difference", "--format", "json").out)["rows"]
    assert "=HYPERLINK(1)" in [row["title"] for row in found]


def test_a_table_goes_to_a_file(shop: Path, type_in: Type) -> None:
    said = type_in("export", "table", "flow", "--output", "flows-as-they-lie.csv")
    assert "wrote flows-as-they-lie.csv" in said.err
    assert len(read((shop / "flows-as-they-lie.csv").read_text(encoding="utf-8"))) > 5


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("diference", "did you mean difference?"),
        ("ledger", "there are: release, candidate, shipment, changed_files, "),
    ],
)
def test_an_unknown_name_says_which_there_are(shop: Path, type_in: Type, name: str, words: str) -> None:
    said = type_in("export", "table", name, code=2)
    assert f"there is no table “{name}”" in said.err and words in said.err


def test_exporting_changes_nothing(shop: Path, type_in: Type) -> None:
    before = type_in("history", "--json").json
    type_in("export", "table", "answer")
    assert type_in("history", "--json").json == before
