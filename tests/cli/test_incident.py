"""An incident as it is typed: from its declaration to its end, with what a pipeline and a script see of it."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path

import pytest
from tests.cli.conftest import Type

TEXT = """\
project: shop
people:
  - {key: kim, name: Kim, roles: [release-owner]}
  - {key: robin, name: Robin, roles: [release-owner]}
environments:
  - {key: prod, kind: production}
  - {key: staging, kind: staging}
gates:
  - key: go
    title: Go
    requires:
      - differences_decided: high
  - key: list
    title: List
    requires:
      - checklist: incident
checklists: [incident]
start_from: {parity: differences.csv}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, type_in: Type) -> Path:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "workbench.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "differences.csv").write_text("title,severity\ncache,low\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("WORKBENCH_AS", "kim")
    type_in("release", "new", "1.0", "--commit", "abcdef1")
    return folder


def declared(type_in: Type, title: str = "checkout answers 503", *words: str) -> str:
    said = type_in(
        "incident", "new", title, "--environment", "staging", "--severity", "sev2", *words, "--json"
    )
    return str(said.json["id"])


def test_a_gate_is_blocked_until_the_freeze_is_lifted(shop: Path, type_in: Type) -> None:
    type_in("gate", "go")
    ident = declared(type_in)
    said = type_in("gate", "go", code=1)
    assert "frozen by kim: incident in staging: checkout answers 503" in said.out
    assert f"workbench freeze --lift {ident[-12:]} --reason WHY" in said.out + said.err
    type_in("incident", "mitigated", ident, "--note", "retries are on")
    assert type_in("incident", "close", ident, "--json").json["frozen"] is True
    type_in("gate", "go", code=1)
    type_in("freeze", "--lift", "--reason", "checkout has answered for an hour")
    type_in("gate", "go")
    found = type_in("incident", "show", ident, "--json").json
    assert [line["what"] for line in found["timeline"]] == ["frozen", "mitigated", "closed", "lifted"]
    assert (found["state"], found["version"], found["build"]) == ("closed", "1.0", "rc1")


def test_several_freezes_are_told_apart(shop: Path, type_in: Type) -> None:
    first = declared(type_in)
    declared(type_in, "search is down")
    said = type_in("freeze", "--lift", "--reason", "all is well again", code=2)
    assert "2 freezes hold" in said.err and first[-12:] in said.err
    assert (
        type_in("freeze", "--lift", "search", "--reason", "the index is rebuilt", "--json").json["left"] == 1
    )
    assert "is nothing to do" in type_in("freeze", "search", "--reason", "the index is rebuilt", code=2).err


def test_the_list_of_an_incident_is_walked_with_numbered_answers(
    shop: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared(type_in)
    type_in("gate", "list", code=1)
    monkeypatch.setattr(sys, "stdin", StringIO("3\nnothing of production hangs on it\n5\n"))
    assert "1 saved" in type_in("checklist", "walk", "--incident", "checkout", "--plain").out
    found = type_in("checklist", "list", "--incident", "checkout", "--json").json
    assert found["release"] is None and found["incident"]
    states = {item["ref"]: item["state"] for item in found["checklists"][0]["items"]}
    assert states["incident/isolated"] == "not_applicable"
    assert states["incident/promotion-frozen"] == "done"
    assert type_in("checklist", "list", "--json").json["checklists"] == []


def test_a_whole_timeline_is_taken_from_a_file(shop: Path, type_in: Type) -> None:
    declared(type_in)
    (shop / "timeline.txt").write_text("2026-01-01 23:50 first page\n00:05 Kim leads\n", encoding="utf-8")
    said = type_in("incident", "note", "checkout", "--from", "timeline.txt", "--json").json
    assert [line["words"] for line in said["timeline"]][:2] == ["first page", "Kim leads"]
    type_in("undo")
    assert len(type_in("incident", "show", "checkout", "--json").json["timeline"]) == 1
    assert "say what happened" in type_in("incident", "note", "checkout", code=2).err


def test_one_in_production_is_named_by_the_kind_of_its_environment(shop: Path, type_in: Type) -> None:
    said = type_in(
        "incident", "new", "cart is slow", "--environment", "production", "--severity", "low", "--json"
    )
    assert (said.json["environment"], said.json["frozen"], said.json["version"]) == ("prod", False, None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new", "x", "--environment", "stagin", "--severity", "low"), "did you mean staging?"),
        (("new", "x", "--environment", "staging"), "how bad is it?"),
        (("new", " ", "--environment", "staging", "--severity", "low"), "in a few words"),
        (("new", "x", "--environment", "staging", "--severity", "low", "--started", "tomorrow"), "to come"),
        (("new", "x", "--environment", "staging", "--severity", "low", "--candidate", "rc7"), "known: rc1"),
        (("note", "nothing", "x"), "there is no incident"),
        (("note", "checkout", "  "), "says what happened"),
        (("correct", "checkout", "nothing", "x", "--reason", "it was wrong"), "there is no line"),
        (("merge", "checkout", "--into", "checkout"), "not part of itself"),
        (("mistake", "checkout", "--reason", "TBD"), "a year from now"),
        (("edit", "checkout"), "nothing to change"),
        (("reopen", "checkout", "--reason", "it times out"), "is open"),
    ],
)
def test_what_cannot_be_is_refused_and_says_what_can(
    shop: Path, type_in: Type, words: tuple[str, ...], said: str
) -> None:
    declared(type_in)
    found = type_in("incident", *words, code=None)
    assert found.code in (1, 2) and said in found.err
