"""The lists: how far each is, what is known of an item, and answering without walking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.tui.driving import driven, opened, press, shown, web_shop
from tests.tui.pictures import body, in_sizes
from tests.tui.stories import said
from textual.pilot import Pilot

from workbench.tui.screens.checklists import ChecklistsScreen
from workbench.tui.screens.walking import WalkingScreen
from workbench.tui.widgets.form import FormScreen
from workbench.tui.widgets.table import RecordTable


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def table(pilot: Pilot[None]) -> RecordTable:
    return next(s for s in pilot.app.screen_stack if isinstance(s, ChecklistsScreen)).query_one(RecordTable)


async def test_each_list_says_how_far_it_is(shop: Path) -> None:
    async with driven(shop, (120, 60)) as pilot:
        await press(pilot, "4")
        assert "◐ Pre-production   6 of 10" in shown(pilot)
        assert "Incident in staging" not in shown(pilot), "an incident walks that list"
        assert "Why " in shown(pilot) and "Check " in shown(pilot)


async def test_walking_begins_at_the_first_open_item_reading_at_the_one_in_hand(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter")
        assert isinstance(pilot.app.screen, WalkingScreen)
        assert "Staging runs what the templates say" in shown(pilot)
        await press(pilot, "tab")
        assert "Data in staging is current and masked" in shown(pilot)


async def test_coming_back_from_the_walk_stands_on_the_item_that_was_in_hand(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter", "tab", "tab", "escape")
        assert table(pilot).cursor_key == "pre-production/runbooks-rehearsed"


async def test_what_the_record_answers_cannot_be_ticked(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", *["down"] * 8, "y")
        assert said(pilot) == [
            "y done: answered automatically from 2 Parity: not reviewed for this release yet"
        ]


async def test_an_answered_item_is_not_answered_over(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "y")
        assert said(pilot) == ["y done: already answered; delete to remove the answer"]
        await press(pilot, "delete")
        assert "◐ Pre-production   5 of 10" in shown(pilot)
        await press(pilot, "u")
        assert "◐ Pre-production   6 of 10" in shown(pilot)


async def test_not_applicable_asks_why_and_counts_as_answered(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "down", "x", "ctrl+s")
        assert isinstance(pilot.app.screen, FormScreen)
        assert "Required" in shown(pilot)
        await press(pilot, *"no data is touched", "enter")
        assert "◐ Pre-production   7 of 10" in shown(pilot)
        assert "– Data in staging is current and masked" in shown(pilot)


async def test_a_filter_leaves_the_matching_items(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "slash", *"scanners", "enter")
        assert "Scanners have cleared these artifacts" in shown(pilot)
        assert "Dashboards show" not in shown(pilot)


@in_sizes({"": ("4",)})
def test_picture(
    shop: Path, snap_compare: Callable[..., bool], keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    with opened(shop) as app:
        assert snap_compare(app, run_before=body(*keys), terminal_size=size)
