"""Comparing on Releases: two that are marked, or two candidates by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, in_panel, press, shown, web_shop

from workbench.tui.screens.comparing import ComparisonScreen
from workbench.tui.screens.releases import ReleasesScreen


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_two_candidates_are_compared_by_name(shop: Path) -> None:
    async with driven(shop, (120, 40)) as pilot:
        await press(pilot, "6", "D")
        assert "2.14.0@1" in in_panel(pilot) and "2.14.0@2" in in_panel(pilot)
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, ComparisonScreen)
        text = shown(pilot)
        assert "2.14.0 rc1 → 2.14.0 rc2" in text
        assert "✗ Checkout p95" in text and "fail, blocking (0.69 s)" in text
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReleasesScreen)


async def test_two_marked_releases_are_compared_at_once(shop: Path) -> None:
    async with driven(shop, (120, 40)) as pilot:
        await press(pilot, "6", "a", *"2.15.0", "ctrl+s")
        await press(pilot, "g", "space", "down", "space", "D")
        assert isinstance(pilot.app.screen, ComparisonScreen)
        assert "→" in shown(pilot) and "2.15.0" in shown(pilot)


async def test_the_same_one_twice_is_refused_in_the_form(shop: Path) -> None:
    async with driven(shop, (120, 40)) as pilot:
        await press(pilot, "6", "D", "tab", *"2.14.0@1", "ctrl+s")
        assert "both are the same" in in_panel(pilot)
        await press(pilot, "backspace", *"9", "ctrl+s")
        assert "✗" in in_panel(pilot)
