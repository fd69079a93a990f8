"""exchange, import of a pack, restore, handover and repair as they are typed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests import building as build
from tests.cli.conftest import Type
from tests.usecases.two_desks import copy_project

from workbench.usecases import exchanging


@pytest.fixture
def kim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with build.shop(tmp_path / "kim") as context:
        build.add_difference(context, "cache size", staging="1", production="2", flows=("checkout",))
        copy_project(context.root, tmp_path / "sam")
    monkeypatch.chdir(tmp_path / "kim")
    monkeypatch.setenv("WORKBENCH_AS", "kim")
    return tmp_path / "kim"


def test_a_pack_goes_there_and_back(kim: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    said = type_in("exchange", "--to", "kim.pack")
    assert "wrote kim.pack: " in said.out and "workbench import kim.pack" in said.err
    sam = kim.parent / "sam"
    monkeypatch.chdir(sam)
    found = type_in("restore", "../kim/kim.pack", "--as", "sam", "--json").json
    assert (found["what"], found["kept"], found["left"]) == ("pack", None, 0)
    type_in(
        "parity",
        "add",
        "queue depth",
        "--staging",
        "1",
        "--production",
        "9",
        "--severity",
        "low",
        "--as",
        "sam",
    )
    written = type_in("exchange", "--to", "sam.pack", "--json").json
    assert (
        written["schema"] == "workbench.exchange-pack.1"
        and Path("sam.pack").stat().st_size == written["bytes"]
    )
    monkeypatch.chdir(kim)
    dry = type_in("import", "../sam/sam.pack", "--dry-run", "--json").json
    assert not dry["applied"] and len(dry["taken"]) == 2
    done = type_in("import", "../sam/sam.pack")
    assert "2 entries imported from the desk" in done.out
    again = type_in("import", "../sam/sam.pack")
    assert "nothing new in sam.pack" in again.out
    own = type_in("import", "kim.pack")
    assert "nothing new in kim.pack" in own.out and "lacks" not in own.err + own.out
    lines = type_in("exchange").out.splitlines()
    assert lines[0].endswith("of 2 desks") and "this desk" in lines[1] and "by sam" in lines[2]
    overview = type_in("exchange", "--json").json
    assert [desk["own"] for desk in overview["desks"]] == [True, False] and overview["quarantined"] == []


def test_what_is_quarantined_exits_with_1_and_is_dropped(kim: Path, type_in: Type) -> None:
    with build.opened(kim) as context:
        exchanging.write_pack(context, kim / "kim.pack")
    type_in("restore", kim / "kim.pack", "--record", "other.db", "--as", "sam")
    type_in("parity", "edit", "cache size", "--production", "4")
    with build.opened(kim) as context:
        import msgspec

        from workbench.record.packs import encode_pack

        pack = context.record.pack()
        lines = tuple(line.replace(b'"production":"4"', b'"production":4') for line in pack.entries)
        (kim / "bad.pack").write_bytes(encode_pack(msgspec.structs.replace(pack, entries=lines)))
    said = type_in("import", "bad.pack", "--record", "other.db", "--as", "sam", code=1)
    assert "quarantined" in said.out and "by kim" in said.out and "workbench repair" in said.err
    listed = type_in("repair", "--record", "other.db")
    assert "its value is not that of a difference" in listed.out and "--drop" in listed.err
    digest = type_in("repair", "--record", "other.db", "--json").json["quarantined"][0]["digest"]
    type_in("repair", "--record", "other.db", "--drop", digest[:12], "--as", "sam", code=2)
    dropped = type_in(
        "repair",
        "--record",
        "other.db",
        "--drop",
        digest[:12],
        "--reason",
        "spoiled on its way",
        "--as",
        "sam",
    )
    assert dropped.out.startswith("dropped: entry")
    assert "nothing is quarantined" in type_in("repair", "--record", "other.db").out


def test_a_damaged_record_is_repaired_once_that_is_wanted(kim: Path, type_in: Type) -> None:
    connection = sqlite3.connect(".workbench/record.db")
    connection.execute("DELETE FROM e_flow")
    connection.commit()
    connection.close()
    assert "repair --dry-run" in type_in("verify", code=4).err
    dry = type_in("repair", "--dry-run")
    assert "the ledger is intact" in dry.out and "nothing was changed" in dry.err
    type_in("repair", code=2)
    found = type_in("repair", "--yes", "--json").json
    assert found["applied"] and found["mended"]["same_desk"] and Path(found["mended"]["kept"]).exists()
    type_in("verify")


def test_a_record_that_is_handed_over_refuses_in_words(kim: Path, type_in: Type) -> None:
    type_in("handover", "--to", "x.handover", code=2)
    done = type_in("handover", "--to", "x.handover", "--for", "sam")
    assert "handed over to sam: x.handover" in done.out and Path("x.handover.md").is_file()
    refused = type_in("parity", "edit", "cache size", "--production", "9", code=2)
    assert "this record was handed over to sam on" in refused.err and "handover --cancel" in refused.err
    shown = type_in("handover")
    assert "\n- **" in shown.out and "- •" not in shown.out
    assert "this desk writes no more" in shown.out and "## What falls due" in shown.out
    assert type_in("handover", "--json").json["closed"]
    type_in("handover", "--cancel", code=2)
    type_in("handover", "--cancel", "--reason", "sam is ill this week")
    type_in("parity", "edit", "cache size", "--production", "9")


def test_a_copy_that_was_never_written_to_is_handed_over_as_a_desk_of_its_own(
    kim: Path, type_in: Type
) -> None:
    type_in("backup", "copy.db")
    type_in("handover", "--to", "x.handover", "--for", "sam", "--record", "copy.db")
    assert type_in("handover", "--record", "copy.db", "--json").json["closed"]
    type_in("handover", "--cancel", "--reason", "sam is ill this week", "--record", "copy.db")
    assert not type_in("handover", "--record", "copy.db", "--json").json["closed"]
    type_in("restore", "x.handover", "--record", "elsewhere.db")
    type_in("verify", "--record", "elsewhere.db")


@pytest.mark.parametrize(
    "words",
    [
        ("exchange", "--to", "-"), ("exchange", "--for", "sam"), ("exchange", "--to", "workbench.yaml"),
        ("exchange", "--to", "nowhere/x.pack"), ("exchange", "--to", "x.pack", "--for", "nobody"),
        ("exchange", "--to", "x.pack", "--since", "missing.pack"), ("restore", "missing.pack"),
        ("restore", "workbench.yaml"), ("restore", "."), ("repair", "--from", "missing.pack"),
        ("repair", "--drop", "abcdef123456", "--reason", "long enough to count"), ("repair", "--drop", "a", "--enter", "b"),
        ("handover", "--cancel", "--reason", "nothing was handed over"), ("handover", "--to", "-", "--for", "sam"),
        ("handover", "--cancel", "--to", "x"), ("handover", "--for", "sam"), ("handover", "--reason", "sam is away"),
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_is_told_in_words_and_changes_nothing(
    kim: Path, type_in: Type, words: tuple[str, ...]
) -> None:
    before = sorted(path.name for path in kim.iterdir())
    said = type_in(*words, code=2)
    assert said.err.startswith("workbench: ") and "try: " in said.err
    assert sorted(path.name for path in kim.iterdir()) == before
