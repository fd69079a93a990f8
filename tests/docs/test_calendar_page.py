"""Every command of the page on the calendar, on the demonstration; and every kind of event is on it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from workbench.cli.running import root
from workbench.usecases.demonstration import prepare
from workbench.usecases.views.calendar import What

PAGE = (Path(__file__).parents[2] / "docs" / "calendar.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ workbench ([^>\n]+)", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_DATA", str(tmp_path_factory.mktemp("calendar-data")))
        return prepare("web-shop", tmp_path_factory.mktemp("calendar") / "shop")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_works(command: str, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    monkeypatch.setenv("WORKBENCH_DATA", str(shop.parent / "data"))
    found = CliRunner().invoke(root, [*shlex.split(command)], catch_exceptions=False)
    assert found.exit_code == 0 and "Checkout" in found.output, found.output


@pytest.mark.parametrize("what", What)
def test_every_kind_of_event_is_described(what: What) -> None:
    assert f"`{what.value}`" in PAGE
