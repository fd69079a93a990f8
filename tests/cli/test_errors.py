"""Everything that can go wrong: words, exit codes, never a traceback."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click
import pytest
from tests.cli.conftest import Type

from workbench.cli import running


def test_no_project_here(empty: Path, type_in: Type) -> None:
    said = type_in("gate", code=2)
    assert said.err.splitlines() == [
        "workbench: there is no workbench.yaml here or in a folder above",
        f"  at: {empty}",
        "  try: make one with workbench init, or name the folder with --project",
    ]
    assert said.out == ""


def test_no_record_yet(shop: Path, type_in: Type) -> None:
    shutil.rmtree(shop / ".workbench")
    said = type_in("gate", code=2)
    assert "no release record yet" in said.err
    assert "workbench release new" in said.err
    assert not (shop / ".workbench").exists(), "reading makes no record"


def test_all_mistakes_at_once_with_file_line_and_column(shop: Path, type_in: Type) -> None:
    text = (shop / "workbench.yaml").read_text(encoding="utf-8")
    broken = text.replace("kind: prometheus", "kind: promethus").replace(
        "roles: [staging-owner]", "rolls: []"
    )
    (shop / "workbench.yaml").write_text(broken, encoding="utf-8")
    lines = type_in("gate", code=2).err.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("workbench.yaml:") and line.split(":")[1].isdigit() for line in lines)
    assert any("prometheus" in line for line in lines), "the likeliest correction is named"
    checked = type_in("check", code=2)
    assert checked.out.splitlines() == lines
    assert type_in("check", "--json", code=2).json["ok"] is False
    assert type_in("gate", "--json", code=2).json["problems"]


@pytest.mark.parametrize(
    "text", ["project: [", "\tproject: x", "", "project: &a [*a, *a]\n", "project: a\nproject: b\n"]
)
def test_broken_yaml_is_told(shop: Path, type_in: Type, text: str) -> None:
    (shop / "workbench.yaml").write_text(text, encoding="utf-8")
    assert "workbench.yaml" in type_in("check", code=2).out


def test_a_file_that_is_no_record_exits_with_4(shop: Path, type_in: Type) -> None:
    (shop / "other.db").write_bytes(b"not a record" * 1000)
    assert "not a release record" in type_in("gate", "--record", "other.db", code=4).err


def test_damage_exits_with_4(shop: Path, type_in: Type) -> None:
    type_in("verify")
    import sqlite3

    with sqlite3.connect(shop / ".workbench" / "record.db") as database:
        database.execute("UPDATE e_flow SET name = 'other' WHERE key = 'checkout'")
    database.close()
    said = type_in("verify", code=4)
    assert "NOT intact" in said.out
    assert type_in("verify", "--json", code=4).json["problem"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_read_only_folder_can_be_read_and_not_written(shop: Path, type_in: Type) -> None:
    folder = shop / ".workbench"
    for path in (folder / "record.db", folder):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        type_in("gate", code=1)
        assert "cannot be written" in type_in("parity", "add", "x", code=2).err
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["gat"], "Did you mean “workbench gate”?"),
        (["parity", "lst"], "Did you mean “workbench parity list”?"),
        (["gate", "--jsn"], "No such option"),
        (["override", "x"], "an override has a reason and an end"),
        (["parity", "decide", "load balancer"], "which decision?"),
        (["--now", "2026-09-01", "parity", "add", "x"], "--now only evaluates"),
        (["fetch", "--now", "2026-09-01"], "--now only evaluates"),
        (["--now", "2026-09-01", "release", "new", "9", "--commit", "abc1234"], "--now only evaluates"),
        (["gate", "--now", "yesterday"], "is not a date or time"),
        (["--as", "nobody", "parity", "reviewed"], "there is no person “nobody”"),
        (["gate", "--release", "9.9"], "there is no release 9.9"),
        (["import", "nothing-here.json"], "cannot be read"),
        (["import", "flows"], "which file"),
        (["sign", "--received", "x"], "--code CODE"),
        (["benchmark", "enter", "checkout-p95", "1"], "no evidence given"),
        (["checklist", "walk", "pre-production"], "needs a terminal"),
        (["flow", "tier", "checkout"], "three answers"),
        (["fetch", "--source", "nope"], "there is no source “nope”"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_to_do(
    shop: Path, type_in: Type, words: list[str], part: str
) -> None:
    said = type_in(*words, code=2)
    assert part in said.err


def test_errors_are_one_object_with_json(empty: Path, type_in: Type) -> None:
    found = type_in("gate", "--json", code=2).json
    assert found["schema"] == "workbench.error.1"
    assert "workbench.yaml" in found["error"]
    assert found["exit_code"] == 2


def test_without_a_terminal_the_app_says_so(shop: Path, type_in: Type) -> None:
    said = type_in(code=2)
    assert "needs a terminal" in said.err
    assert "workbench gate" in said.err
    assert "--headless" in type_in("demo", code=2).err


def _raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    @click.command()
    def broken() -> None:
        raise error

    monkeypatch.setattr(running.root, "get_command", lambda context, name: broken)


def test_our_own_mistakes_are_an_apology(monkeypatch: pytest.MonkeyPatch, type_in: Type) -> None:
    _raising(monkeypatch, RuntimeError("oh \x1b[31m no"))
    said = type_in("gate", code=70)
    assert "RuntimeError" in said.err
    assert "report it" in said.err


def test_a_full_disk_is_not_our_mistake(monkeypatch: pytest.MonkeyPatch, type_in: Type) -> None:
    _raising(monkeypatch, OSError(28, "No space left on device", "/full/x"))
    assert "the system refused: No space left on device" in type_in("gate", code=2).err


def test_ctrl_c_is_one_line(monkeypatch: pytest.MonkeyPatch, type_in: Type) -> None:
    _raising(monkeypatch, KeyboardInterrupt())
    assert type_in("gate", code=130).err == "cancelled\n"


def test_debug_shows_the_details(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _raising(monkeypatch, RuntimeError("oh no"))
    monkeypatch.setenv("WORKBENCH_DEBUG", "1")
    assert running.run(["gate"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_what_was_mistyped_is_told_as_json_too_where_json_is_asked_for(shop: Path, type_in: Type) -> None:
    for words in (("gate", "--format", "xxx", "--json"), ("parity", "list", "--json", "--severity", "grave")):
        said = type_in(*words, code=2)
        assert said.json["schema"] == "workbench.error.1" and said.json["error"] in said.err


@pytest.mark.parametrize("group", ["export", "parity", "flow"])
def test_a_family_of_commands_alone_shows_its_help_as_it_is(shop: Path, type_in: Type, group: str) -> None:
    said = type_in(group, code=2)
    assert said.err.startswith("Usage: ") and len(said.err.splitlines()) > 8


def test_a_table_is_written_as_its_file_ends(shop: Path, type_in: Type) -> None:
    type_in("export", "table", "difference", "--output", "d.json")
    assert (shop / "d.json").read_text(encoding="utf-8").startswith(("[", "{"))
    type_in("export", "table", "difference", "--output", "d.csv")
    assert (shop / "d.csv").read_text(encoding="utf-8").startswith("seq,")
