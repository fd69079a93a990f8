"""``workbench init`` on the command line: what it asks, and what it says may be typed next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from .conftest import Type


@pytest.fixture
def checkout(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a workflow and a remote on GitHub, and we are in it."""
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (empty / ".github" / "workflows").mkdir(parents=True)
    (empty / ".github" / "workflows" / "ci.yml").write_text("on: push\n")
    for words in (["init", "-q"], ["remote", "add", "origin", "https://github.com/example/shop"]):
        subprocess.run(["git", *words], cwd=empty, check=True, capture_output=True)
    return empty


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, answer: bool) -> list[str]:
    """Somebody sits there and answers so; what they are asked."""
    asked: list[str] = []

    def confirm(text: str, **_: object) -> bool:
        asked.append(text)
        return answer

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(click, "confirm", confirm)
    return asked


@pytest.mark.parametrize("answer", [True, False])
def test_on_a_terminal_it_asks_whether_the_server_may_be_asked(
    checkout: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch, answer: bool
) -> None:
    asked = on_a_terminal(monkeypatch, answer)
    said = type_in("init")
    assert asked == ["May this project ask https://api.github.com, with GITHUB_TOKEN from the environment?"]
    assert ("workbench trust" in said.err) is not answer
    assert type_in("trust", "--json", code=None).code == (0 if answer else 2)


def test_elsewhere_it_agrees_only_where_that_is_said(checkout: Path, type_in: Type) -> None:
    assert type_in("init", "--json").json["trusted"] is False
    again = type_in("init", "--force", "--trust", "--json").json
    assert again["trusted"] is True
    assert "workbench trust" not in again["next"]


def test_the_way_without_a_network_is_named_and_can_be_gone(checkout: Path, type_in: Type) -> None:
    said = type_in("init")
    assert "without a network: workbench init --force --offline" in said.err
    offline = type_in("init", "--force", "--offline")
    assert "without a network" not in offline.err
    type_in("release", "candidate", "a" * 40)
    type_in(
        "benchmark", "enter", "failed-jobs", "0", "--link", "https://github.com/example/shop/actions/runs/7"
    )
    assert "CI: ✓ ready" in type_in("gate", "ci").out


def test_without_a_data_folder_it_begins_and_agrees_to_nothing(
    checkout: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", "relative")
    assert type_in("init", "--json").json["trusted"] is False
    assert "WORKBENCH_DATA" in type_in("init", "--force", "--trust", code=2).err


def test_every_sample_file_points_at_a_schema_that_is_there(shop: Path) -> None:
    files = [shop / "workbench.yaml", *(shop / "benchmarks").glob("*.yaml")]
    assert len(files) > 2
    for path in files:
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        assert (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve().is_file(), (
            path
        )


def test_schemas_are_written_again_where_the_files_look_for_them(shop: Path, type_in: Type) -> None:
    schemas = shop / ".workbench" / "schemas"
    before = {path.name: path.read_bytes() for path in schemas.iterdir()}
    for path in schemas.iterdir():
        path.unlink()
    (shop / "workbench.yaml").write_text("project: [\n")  # its mistakes do not stand in the way
    type_in("schema", "--write")
    assert {path.name: path.read_bytes() for path in schemas.iterdir()} == before
