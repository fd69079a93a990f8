"""``verify``, ``backup``, ``history`` and ``undo`` need the record only."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build

from workbench.cli.running import run

MISTAKES = ["project: [\n", "nonsense: 1\n", "", "project: shop\npeople: 7\n", "\x00"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with build.shop(tmp_path / "shop", now=build.NOW) as context:
        build.add_difference(context, "a cache")
    return tmp_path / "shop"


def said(root: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = run([words[0], "--project", str(root), *words[1:]])
    return code, *capsys.readouterr()


@pytest.mark.parametrize("text", MISTAKES)
def test_they_work_while_the_projects_file_has_mistakes(
    root: Path, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "workbench.yaml").write_text(text, encoding="utf-8")
    copy = tmp_path / "copy.db"
    for words in (("verify",), ("backup", str(copy)), ("history",)):
        code, out, err = said(root, *words, capsys=capsys)
        assert code == 0 and out
        assert "only the record was used" in err and "workbench.yaml" in err
    assert copy.exists()
    code, out, err = said(root, "undo", "--yes", "--as", "kim", capsys=capsys)
    assert code == 0 and "Undone: " in out
    assert "that you are kim (asserted by --as) was not compared with the project's people" in err
    code, _, err = said(root, "gate", capsys=capsys)
    assert code == 2


def test_undo_without_definitions_still_takes_back_only_what_is_ones_own(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "workbench.yaml").write_text("x: [", encoding="utf-8")
    code, _, err = said(root, "undo", "--yes", "--as", "robin", capsys=capsys)
    assert code == 2 and "robin" in err
    (root / ".workbench" / "person").write_text("kim\n", encoding="utf-8")
    code, _, err = said(root, "undo", "--yes", capsys=capsys)
    assert code == 0 and "that you are kim (set for this folder)" in err


def test_they_work_without_the_projects_file(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "workbench.yaml").unlink()
    assert said(root, "verify", capsys=capsys)[0] == 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert said(elsewhere, "verify", capsys=capsys)[0] == 2
    record = str(root / ".workbench" / "record.db")
    assert said(elsewhere, "verify", "--record", record, capsys=capsys)[0] == 0
