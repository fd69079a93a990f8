"""Every command of the page on benchmarks over time, on the demonstration."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.web_shop import copied

from workbench.cli.running import root

PAGE = (Path(__file__).parents[2] / "docs" / "over-time.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ workbench (.+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_works(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copied(tmp_path / "shop"))
    found = CliRunner().invoke(root, [*shlex.split(command)], catch_exceptions=False)
    assert found.exit_code == 0 and found.output.strip(), found.output
