"""``workbench gate`` as a CI job types it: notes, attestations, and what the auditor is told, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Type
from tests.ssh import make_key

from workbench.usecases.attesting.dsse import read_envelope


def test_a_note_comes_home_once_and_is_listed(shop: Path, type_in: Type) -> None:
    type_in("gate", "benchmarks", "--note", "asking.json", code=1)
    type_in("gate", "benchmarks", "--advisory", "--note", "anyway.json")
    said = type_in("import", "asking.json", "anyway.json")
    assert "blocked by 3\n" in said.out and "went on anyway" in said.out
    assert "it was here already" in type_in("import", "asking.json").out
    listed = type_in("gate", "--askings", "--json").json["askings"]
    assert [one["went_on"] for one in listed] == [False, True]
    assert [one["doubts"] for one in listed] == [[], []] or "stale" in str(listed)
    assert type_in("gate", "benchmarks", "--askings").out.count("benchmarks") == 2
    assert type_in("gate", "go", "--askings", code=None).out.count("benchmarks") == 0
    assert "asking of Benchmarks of 2.14.0" in type_in("history").out


def test_a_note_is_imported_alone(shop: Path, type_in: Type) -> None:
    type_in("gate", "benchmarks", "--note", "asking.json", code=1)
    for more in (("--dry-run",), ("--name", "x"), ("workbench.yaml",)):
        assert "taken as they are" in type_in("import", "asking.json", *more, code=2).err


def test_an_excerpt_is_named_by_what_it_was_made_from(shop: Path, type_in: Type) -> None:
    type_in("excerpt", "--output", "e.jsonl")
    type_in("gate", "benchmarks", "--excerpt", "e.jsonl", "--note", "asking.json", code=1)
    note = json.loads(Path("asking.json").read_bytes())
    assert note["judged_from"]["sort"] == "excerpt" and len(note["judged_from"]["file"]) == 64
    assert "doubtful" not in type_in("import", "asking.json").out


def test_attestations_are_lines_of_statements_or_envelopes(shop: Path, type_in: Type, tmp_path: Path) -> None:
    type_in("gate", "benchmarks", "--attest", "gate.jsonl", code=1)
    lines = [json.loads(line) for line in Path("gate.jsonl").read_bytes().splitlines()]
    assert [line["_type"] for line in lines] == ["https://in-toto.io/Statement/v1"] * 4
    key = make_key(tmp_path)
    type_in("gate", "benchmarks", "--attest", "signed.jsonl", "--ssh-key", key, code=1)
    envelopes = [read_envelope(line) for line in Path("signed.jsonl").read_bytes().splitlines()]
    assert [json.loads(one.payload)["predicateType"] for one in envelopes] == [
        line["predicateType"] for line in lines
    ]


def test_what_contradicts_itself_is_refused_before_anything_is_judged(shop: Path, type_in: Type) -> None:
    assert "add --attest" in type_in("gate", "--ssh-key", "key", code=2).err
    type_in("gate", "--attest", "a.jsonl", "--ssh-key", "no-such-key", code=2)
    type_in("gate", "--note", "n.json", "--now", "2026-09-16", code=2)
    type_in("gate", "--attest", "a.jsonl", "--now", "2026-09-16", code=2)
    assert not Path("a.jsonl").exists() and not Path("n.json").exists()


@pytest.mark.parametrize(
    ("form", "ending", "begins"),
    [
        ("text", "txt", "Web shop: audit"),
        ("json", "json", "{\n"),
        ("csv", "csv", "at,claimed at"),
        ("html", "html", "<!doctype html>"),
        ("cdevents", "jsonl", '{"data":'),
    ],
)
def test_an_audit_is_printed_or_written_by_its_ending(
    shop: Path, type_in: Type, form: str, ending: str, begins: str
) -> None:
    words = ("audit", "--from", "2026-09-01", "--to", "2026-09-30")
    type_in(*words, "--output", f"a.{ending}")
    written = Path(f"a.{ending}").read_bytes().decode()
    assert written.startswith(begins)
    type_in(*words, "--format", form, "--output", "out/")
    assert (Path("out") / f"audit-web-shop.{ending}").read_bytes().decode() == written


def test_an_audit_of_no_period_is_refused(shop: Path, type_in: Type) -> None:
    assert "lies after" in type_in("audit", "--from", "2026-09-30", "--to", "2026-09-01", code=2).err
    type_in("audit", "--from", "nonsense", code=2)
    type_in("audit", "--output", "a.pdf", code=2)


def test_without_a_record_an_audit_says_what_to_do(empty: Path, type_in: Type) -> None:
    assert "workbench init" in type_in("audit", code=2).err
