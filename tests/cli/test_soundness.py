"""A record that was cut or edited is not judged and not written to: exit code 4, and what to do."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from tests.cli.conftest import Type

RECORD = Path(".workbench", "record.db")


def put_back(copy: Path, shop: Path) -> None:
    """An older copy in the place of the record."""
    for name in ("record.db-wal", "record.db-shm"):
        (shop / ".workbench" / name).unlink(missing_ok=True)
    shutil.copyfile(copy, shop / RECORD)


@pytest.fixture
def cut(shop: Path, type_in: Type, data_folder: Path) -> Path:
    """The web shop after an older copy came back; the file of what was seen."""
    copy = shop / "older.db"
    type_in("parity", "add", "the first one")
    type_in("backup", copy)
    type_in("parity", "add", "brand new one")
    put_back(copy, shop)
    return next(data_folder.glob("*.json"))


def test_a_record_that_was_cut_is_not_judged(cut: Path, type_in: Type) -> None:
    for words in (("gate",), ("gate", "parity"), ("gate", "--advisory"), ("notes",), ("excerpt",)):
        said = type_in(*words, code=4)
        assert "the record cannot be trusted: it ends at entry" in said.err
        assert str(cut) in said.err and "workbench verify" in said.err and "aside" in said.err
    found = type_in("gate", "--json", code=4).json
    assert (found["schema"], found["exit_code"]) == ("workbench.error.1", 4)


def test_a_record_that_was_cut_is_not_written_to(cut: Path, shop: Path, type_in: Type) -> None:
    before = type_in("history", "--json").json
    for words in (
        ("parity", "add", "another"),
        ("freeze", "--reason", "an incident today"),
        ("undo",),
        ("fetch",),
    ):
        assert "the record cannot be trusted" in type_in(*words, code=4).err
    assert type_in("history", "--json").json == before


def test_what_helps_goes_on_in_a_record_that_was_cut(cut: Path, shop: Path, type_in: Type) -> None:
    assert "NOT intact" in type_in("verify", code=4).out
    assert "the record was cut or replaced" in type_in("doctor", code=2).out
    assert "the first one" in type_in("history").out
    type_in("backup", shop / "as-it-is.db")


def test_one_can_go_on_with_an_older_copy_on_purpose(cut: Path, type_in: Type) -> None:
    cut.rename(cut.with_suffix(".before"))
    type_in("gate", code=1)
    type_in("parity", "add", "another")
    assert "intact" in type_in("verify").out
    assert cut.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE e_difference SET value = replace(value, 'undecided', 'no_matter')", "e_difference"),
        ("UPDATE e_difference SET decision = 'no_matter'", "e_difference"),
        ("DELETE FROM e_difference", "e_difference"),
        ("UPDATE e_answer SET value = replace(value, 'not_done', 'done') || ' '", "e_answer"),
        ("UPDATE e_release SET value = replace(value, '2.14.0', '2.15.0')", "e_release"),
        ("UPDATE e_candidate SET actor = 'nobody'", "e_candidate"),
        ("UPDATE e_override SET value = replace(value, '2026', '2036')", "e_override"),
        ("DELETE FROM e_parity_review", "e_parity_review"),
    ],
)
def test_a_row_that_was_edited_by_hand_is_found(shop: Path, type_in: Type, change: str, words: str) -> None:
    connection = sqlite3.connect(shop / RECORD)
    with connection:
        assert connection.execute(change).rowcount
    connection.close()
    said = type_in("gate", "parity", code=4)
    assert "the record cannot be trusted: the row" in said.err and words in said.err
    assert words in type_in("verify", code=4).out


def test_a_change_whose_end_cannot_be_noted_is_saved_and_told(
    shop: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = shop / "taken"
    taken.write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("WORKBENCH_DATA", str(taken / "data"))
    said = type_in("parity", "add", "kept all the same")
    assert "kept all the same" in said.out
    assert "saved, but the end of the ledger could not be noted" in said.err
    assert "kept all the same" in type_in("parity", "list").out
    assert "saved, but" in type_in("undo").err
