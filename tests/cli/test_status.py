"""``workbench status``: the release at a glance."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Type


def test_it_says_in_one_page_what_the_checkout_is_about(shop: Path, type_in: Type) -> None:
    said = type_in("status", code=1)
    assert said.out.startswith("Web shop 2.14.0 rc2 a1b2c3d: ✗ blocked, 3 blockers, ")
    assert said.out.endswith("\nnext: workbench release candidate COMMIT\n")
    assert len(said.out.splitlines()) < 50


def test_its_json_and_its_one_line_say_the_same(shop: Path, type_in: Type) -> None:
    document = type_in("status", "--json", code=1).json
    assert document["state"] == "blocked" and len(document["blockers"]) == 3
    line = type_in("status", "--short", code=1).out
    assert line.startswith("✗ Web shop 2.14.0 rc2: blocked, 3 blockers, ") and line.count("\n") == 1
    assert "contradict" in type_in("status", "--short", "--json", code=2).err


def test_its_gates_and_its_head_are_those_of_gate(shop: Path, type_in: Type) -> None:
    document = type_in("status", "--json", code=1).json
    for item in document["gates"]:
        gate = type_in("gate", item["key"], "--json", code=None)
        assert (gate.json["title"], gate.json["state"]) == (item["title"], item["state"])
        assert gate.json["ledger_head"] == document["ledger_head"]


def test_without_a_release_it_says_how_to_plan_one(shop: Path, type_in: Type) -> None:
    assert "there is no release 9.9" in type_in("status", "--release", "9.9", code=2).err


def test_a_demonstration_without_a_terminal_prints_it(empty: Path, type_in: Type) -> None:
    said = type_in("demo", "--headless", "--to", empty / "shop", code=1)
    assert said.out == type_in("status", "--project", empty / "shop", code=1).out
    assert type_in("demo", "--to", empty / "other", "--json", code=1).json["schema"] == "workbench.status.1"
