"""Which files of a project a pattern names."""

from __future__ import annotations

from pathlib import Path

from workbench.sources.project_files import find


def test_no_pattern_reaches_the_record(tmp_path: Path) -> None:
    for name in (".workbench/record.db", "deploy/.env"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("A=1\n")
    assert find(tmp_path, ["**/*", "**/.*", ".workbench/*"]) == [tmp_path.resolve() / "deploy/.env"]
