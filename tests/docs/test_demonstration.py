"""The page about the demonstration is run, command by command."""

from __future__ import annotations

from pathlib import Path

from tests.docs.transcripts import matches, run, steps

PAGE = Path(__file__).parents[2] / "docs" / "demonstration.md"


def test_every_command_prints_what_the_page_says(tmp_path: Path) -> None:
    found = list(steps(PAGE))
    assert len(found) > 10
    for step in found:
        output, code = run(step.command, tmp_path)
        assert code == step.code, f"$ {step.command}\n{output}"
        assert matches(step.output, output), f"$ {step.command}\n{output}\n--- the page says\n{step.output}"


def test_the_comparison_can_fail() -> None:
    assert matches("a …\n…\nz", "a b\nc\nd\nz")
    assert matches("a\n…", "a")
    assert not matches("a\n…\nz", "a\nb")
    assert not matches("a b", "a c")
