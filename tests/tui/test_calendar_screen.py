"""The calendar in the app: what falls due under its days, the row of marks, and where enter leads."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, press, shown, web_shop

from workbench.tui.screens.calendar import CalendarScreen
from workbench.tui.screens.environments import EnvironmentsScreen
from workbench.tui.screens.releases import ReleasesScreen

CALENDAR = ("ctrl+p", *"calendar", "enter")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_days_say_what_falls_due_and_what_it_does(shop: Path) -> None:
    async with driven(shop, (110, 40)) as pilot:
        await press(pilot, *CALENDAR)
        screen = shown(pilot)
        assert "↑ 2.14.0 planned" in screen and "✗ not ready  ○ waits for people" in screen
        assert "Thu 17 Sep 2026" in screen and "2.14.0 is planned to go out" in screen
        await press(pilot, "/", *"null notes ends", "enter")
        screen = shown(pilot)
        assert "✗ The decision on orders: null notes ends (closing)" in screen
        assert "from 1 Oct: orders: null notes blocks: undecided again" in screen


@pytest.mark.parametrize(
    ("words", "screen", "said"),
    [
        ("for a refresh", EnvironmentsScreen, "Staging, two slots"),
        ("planned to go out", ReleasesScreen, "2.14.0"),
    ],
)
async def test_enter_goes_where_one_does_something_about_it(
    words: str, screen: type, said: str, shop: Path
) -> None:
    async with driven(shop, (110, 40)) as pilot:
        await press(pilot, *CALENDAR, "/", *words, "enter", "enter")
        assert isinstance(pilot.app.screen, screen)
        assert "▸" in shown(pilot) and said in shown(pilot)


async def test_b_tells_it_by_week_and_by_release(shop: Path) -> None:
    async with driven(shop, (110, 40)) as pilot:
        await press(pilot, *CALENDAR, "b")
        assert isinstance(pilot.app.screen, CalendarScreen)
        assert "Week of Mon 14 Sep 2026" in shown(pilot) and "by week, 91 days ahead" in shown(pilot)
        await press(pilot, "b")
        assert "Until 2.14.0, planned for Thu 17 Sep 2026" in shown(pilot)


async def test_in_a_small_window_the_row_of_marks_leaves_out_what_they_mean(shop: Path) -> None:
    async with driven(shop, (80, 24)) as pilot:
        await press(pilot, *CALENDAR)
        assert "↑ 2.14.0 planned" in shown(pilot) and "waits for people" not in shown(pilot)
