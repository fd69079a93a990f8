"""The ledger as lines, checked by a program that has nothing of the workbench."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from pathlib import Path

from tests.cli.conftest import Type


def problem_of(path: Path) -> str | None:
    """What is wrong with a ledger's lines; written from ``docs/record-format.md`` alone."""
    chain = hashlib.sha256(b"wb.genesis.1\0").digest()
    with path.open("rb") as file:
        for count, line in enumerate(file, 1):
            said = json.loads(line)
            if list(said) != ["seq", "body", "digest", "chain"] or said["seq"] != count:
                return f"line {count} is not an entry in its place"
            body = line[line.index(b'"body":') + len(b'"body":') : line.rindex(b',"digest":')]
            digest = hashlib.sha256(b"wb.entry.1\0" + body).digest()
            if said["body"] is not None and digest.hex() != said["digest"]:
                return f"line {count} does not have its digest"
            chain = hashlib.sha256(chain + bytes.fromhex(said["digest"])).digest()
            if chain.hex() != said["chain"]:
                return f"line {count} does not continue the chain"
    return None


def ledger_of(shop: Path, type_in: Type) -> Path:
    said = type_in("export", "ledger", "--output", "ledger.jsonl")
    assert "wrote ledger.jsonl" in said.err
    return shop / "ledger.jsonl"


def test_the_chain_holds_and_ends_where_the_record_ends(shop: Path, type_in: Type) -> None:
    type_in("parity", "add", "Größe \x7f of “the” data\nand more")
    path = ledger_of(shop, type_in)
    assert problem_of(path) is None
    last = json.loads(path.read_bytes().splitlines()[-1])
    head = type_in("verify", "--json").json["head"]
    assert (last["seq"], last["digest"], last["chain"]) == (head["seq"], head["digest"], head["chain"])


def test_what_is_counted_from_the_lines_is_what_the_tables_say(shop: Path, type_in: Type) -> None:
    latest = {}
    for line in ledger_of(shop, type_in).read_bytes().splitlines():
        body = json.loads(line)["body"]
        latest[body["entity"], body["id"]] = body.get("value")
    counted = Counter(entity for (entity, _), value in latest.items() if value is not None)
    for entity in ("flow", "difference", "release", "answer"):
        rows = json.loads(type_in("export", "table", entity, "--format", "json").out)["rows"]
        assert counted[entity] == len(rows)


def test_the_checker_finds_what_was_changed(shop: Path, type_in: Type) -> None:
    path = ledger_of(shop, type_in)
    lines = path.read_bytes().splitlines(keepends=True)
    for changed, words in (
        (
            [*lines[:3], lines[3].replace(b'"actor":"', b'"actor":"x'), *lines[4:]],
            "line 4 does not have its digest",
        ),
        ([*lines[:3], *lines[4:]], "line 4 is not an entry in its place"),
    ):
        path.write_bytes(b"".join(changed))
        assert problem_of(path) == words


def test_a_purged_entry_is_empty_and_the_chain_goes_on(shop: Path, type_in: Type) -> None:
    type_in("parity", "add", "a secret that nobody should have typed")
    digest = type_in("history", "--json").json["entries"][0]["digest"]
    type_in("parity", "edit", "a secret that nobody should have typed", "--title", "a title")
    type_in("purge", digest, "--reason", "a secret")
    type_in("approve", digest[:12], "--as", "sam")
    path = ledger_of(shop, type_in)
    said = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [one["body"] for one in said if one["digest"] == digest] == [None]
    assert problem_of(path) is None and b"a secret that nobody" not in path.read_bytes()


def test_it_goes_to_standard_output_or_into_a_folder(shop: Path, type_in: Type) -> None:
    out = type_in("export", "ledger").out
    type_in("export", "ledger", "--output", "kept/")
    assert (shop / "kept" / "ledger.jsonl").read_text(encoding="utf-8") == out


def test_a_ledger_that_was_changed_is_not_exported(shop: Path, type_in: Type) -> None:
    path = ledger_of(shop, type_in)
    before = path.read_bytes()
    with sqlite3.connect(shop / ".workbench" / "record.db") as other:
        other.execute("UPDATE ledger SET digest = zeroblob(32) WHERE seq = 4")
    said = type_in("export", "ledger", "--output", "ledger.jsonl", code=4)
    assert "entry 4" in said.err
    assert path.read_bytes() == before and not [p for p in shop.iterdir() if ".part" in p.name]


def test_the_project_may_have_mistakes(shop: Path, type_in: Type) -> None:
    (shop / "workbench.yaml").write_text("nothing: [of use", encoding="utf-8")
    assert problem_of(ledger_of(shop, type_in)) is None
