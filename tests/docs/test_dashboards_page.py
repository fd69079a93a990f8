"""Every command of the page on dashboards, on the demonstration; and every section is on it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from workbench.cli.running import root
from workbench.usecases.demonstration import prepare
from workbench.usecases.views.dashboards.model import Which

PAGE = (Path(__file__).parents[2] / "docs" / "dashboards.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ workbench ([^>\n]+)", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_DATA", str(tmp_path_factory.mktemp("dashboards-data")))
        return prepare("web-shop", tmp_path_factory.mktemp("dashboards") / "shop")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_works(command: str, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    monkeypatch.setenv("WORKBENCH_DATA", str(shop.parent / "data"))
    found = CliRunner().invoke(root, [*shlex.split(command)], catch_exceptions=False)
    assert found.exit_code == 0 and found.output.strip(), found.output


@pytest.mark.parametrize("which", Which)
def test_every_dashboard_is_described(which: Which) -> None:
    assert f"$ workbench dashboard {which.value}\n" in PAGE and f"## {which.words}\n" in PAGE
