"""What the files say differently, found and put on the map in the app."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.probes.kinds.looking import put
from tests.tui.driving import driven, press, second_writer, shown

from workbench.parity.model import all_differences
from workbench.tui.screens.discovered import DiscoveredScreen
from workbench.tui.screens.parity import ParityScreen
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

PROJECT = """\
project: shop
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging}
gates:
  - {key: go, title: Go, requires: [{differences_decided: {at_least: high}}]}
"""
FILES = {
    "workbench.yaml": PROJECT,
    ".env.staging": "POOL=5\nDB_PASSWORD=hunter2-staging\nSAME=1\n",
    ".env.production": "POOL=50\nDB_PASSWORD=hunter2-production\nSAME=1\n",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    put(tmp_path / "shop", FILES)
    open_context(Options(project=tmp_path / "shop"), create=True).record.close()
    return tmp_path / "shop"


async def test_where_no_files_belong_together_nothing_was_compared(tmp_path: Path) -> None:
    put(tmp_path / "shop", {"workbench.yaml": PROJECT})
    open_context(Options(project=tmp_path / "shop"), create=True).record.close()
    async with driven(tmp_path / "shop") as pilot:
        await press(pilot, "ctrl+p", *"discover", "enter")
        assert isinstance(pilot.app.screen, DiscoveredScreen)
        assert "Nothing was compared" in shown(pilot) and "No file of staging has one" in shown(pilot)
        assert "Nothing differs" not in shown(pilot)
        await press(pilot, "escape", "ctrl+p", *"proposals", "enter")
        assert "No probe is there to propose anything" in shown(pilot)


async def test_what_could_not_be_compared_can_be_read(tmp_path: Path) -> None:
    put(tmp_path / "shop", {**FILES, ".env.staging": "\x00\x01"})
    open_context(Options(project=tmp_path / "shop"), create=True).record.close()
    async with driven(tmp_path / "shop") as pilot:
        await press(pilot, "ctrl+p", *"discover", "enter")
        assert "1 note: i" in shown(pilot)
        await press(pilot, "i")
        assert "Not compared" in shown(pilot) and ".env" in shown(pilot)


def _titles(shop: Path) -> dict[str, tuple[str, str]]:
    with second_writer(shop) as other:
        return {one.title: (one.staging, one.production) for _, one in all_differences(other.record)}


async def test_what_is_marked_is_put_on_the_map_and_undone(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "2", "ctrl+p", *"discover", "enter")
        assert isinstance(pilot.app.screen, DiscoveredScreen)
        screen = shown(pilot)
        assert "2 differences" in screen and "1 parameter equal in 1 pair" in screen
        assert ".env: POOL" in screen and "secret, differs" in screen and "hunter2" not in screen
        assert _titles(shop) == {}
        await press(pilot, "space", "down", "space", "a")
        assert "2 differences put on the map" in shown(pilot)
        assert _titles(shop) == {
            ".env: DB_PASSWORD": ("a secret", "another secret"),
            ".env: POOL": ("5", "50"),
        }
        assert "on the map" in shown(pilot)
        await press(pilot, "u")
        assert _titles(shop) == {}


async def test_enter_goes_to_the_row_once_there_is_one(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "2", "ctrl+p", *"discover", "enter", "a", "enter")
        assert isinstance(pilot.app.screen, ParityScreen)
        assert ".env: DB_PASSWORD" in shown(pilot)
