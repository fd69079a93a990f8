"""The page about the demonstration, typed command by command."""

from __future__ import annotations

from pathlib import Path

from tests.docs.transcripts import fits, type_page

PAGE = Path(__file__).parents[2] / "docs" / "demonstration.md"


def test_every_command_prints_what_the_page_says(tmp_path: Path) -> None:
    assert type_page(PAGE, tmp_path) > 10


def test_the_comparison_can_fail() -> None:
    assert fits(["a …", "…", "z"], ["a b", "c", "d", "z"])
    assert fits(["a", "…"], ["a"])
    assert not fits(["a", "…", "z"], ["a", "b"])
    assert not fits(["a b"], ["a c"])
    assert not fits(["a"], ["a", "b"])
