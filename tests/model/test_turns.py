"""What several processes change is changed by one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.model import turns
from workbench.model.turns import in_turn


def test_while_one_changes_a_file_another_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_TURN", 0.0)
    path = tmp_path / "mine" / "list.json"
    with in_turn(path), pytest.raises(OSError, match="locked"), in_turn(path):
        raise AssertionError("both had their turn")
    with in_turn(path), in_turn(tmp_path / "mine" / "other.json"):
        assert not path.exists()


def test_the_turn_ends_with_whoever_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_TURN", 0.0)
    with pytest.raises(ZeroDivisionError), in_turn(tmp_path / "list.json"):
        raise ZeroDivisionError
    with in_turn(tmp_path / "list.json"):
        pass


def test_where_no_folder_can_be_is_an_error_of_files(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "list.lock").mkdir()
    for path in (tmp_path / "file" / "list.json", tmp_path / "list.json"):
        with pytest.raises(OSError), in_turn(path):
            raise AssertionError("it had its turn")
