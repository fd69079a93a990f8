"""The guide in the app: a list of pages, each read with what the record shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, in_panel, press, settle, shown, web_shop

from workbench.tui.screens.guide_screen import GuideScreen


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_a_page_is_read_with_what_the_record_shows(root: Path) -> None:
    async with driven(root, (100, 60)) as pilot:
        await pilot.app.screen.go("guide", "experiments")  # type: ignore[attr-defined]
        await settle(pilot)
        assert isinstance(pilot.app.screen, GuideScreen)
        await press(pilot, "enter")
        text = in_panel(pilot)
        assert "A mirror of 1 %" in text and "In your record" in text


async def test_beside_the_list_stands_the_page_where_there_is_room(root: Path) -> None:
    async with driven(root, (160, 50)) as pilot:
        await pilot.app.screen.go("guide", "layers")  # type: ignore[attr-defined]
        await settle(pilot)
        assert "In your record" in shown(pilot)
        assert "nothing looks at it" in shown(pilot)


async def test_the_help_of_a_screen_leads_to_its_page(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "2", "question_mark")
        assert "enter guide: Parity in words" in in_panel(pilot)
        await press(pilot, "enter")
        assert "Two environments are never identical." in in_panel(pilot)
