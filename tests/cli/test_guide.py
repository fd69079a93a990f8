"""``workbench guide``: read anywhere; in a project with what its record shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.building import shop

from workbench.cli.running import run


def test_it_lists_its_pages_and_reads_one_outside_of_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["guide"]) == 0
    assert "Eight layers" in capsys.readouterr().out
    assert run(["guide", "layers"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Eight layers\n====")
    assert "there is no workbench.yaml" in printed.err
    assert max(map(len, printed.out.splitlines())) <= 96


def test_in_a_project_it_ends_with_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with shop(tmp_path):
        pass
    monkeypatch.chdir(tmp_path)
    assert run(["guide", "dimensions", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["page"] == "dimensions" and found["title"] == "Five qualities of a flow"
    assert {row["label"] for row in found["record"]} >= {"Latency", "Errors"}
    assert run(["guide", "nothing"]) == 2
    assert "lists the pages" in capsys.readouterr().err
