"""Drift in the app: what differs and since when, where one does something about it, and the diary."""

from __future__ import annotations

from pathlib import Path

from tests.tui.driving import driven, in_panel, press, shown
from tests.tui.test_probes_screen import run, shop

from workbench.tui.screens.drift import DriftScreen
from workbench.tui.screens.parity import ParityScreen
from workbench.tui.screens.probe_page import ProbeScreen

__all__ = ["shop"]
DRIFT = ("ctrl+p", *"drift", "enter")


async def test_drift_is_listed_by_environment_with_what_was_not_looked_at(shop: Path) -> None:
    async with driven(shop, (110, 34)) as pilot:
        await press(pilot, *DRIFT)
        assert isinstance(pilot.app.screen, DriftScreen)
        assert "Nothing was compared yet" in shown(pilot)
        assert "▲ Settings are those of production" in shown(pilot)  # never run
        await run(pilot)
        screen = shown(pilot)
        assert "2 of 4 parameters drifted" in screen
        assert "staging   2 of 4 drifted, configuration 2, looked at just now" in screen
        (line,) = [line for line in screen.splitlines() if "POOL" in line]
        assert line.split()[:8] == ["▲", "POOL", "5", "50", "not", "on", "the", "map"]
        assert "hunter2" not in screen
        assert "▲ Files are there" in screen  # it could not look


async def test_enter_leads_to_the_probe_and_once_it_is_on_the_map_to_its_row(shop: Path) -> None:
    async with driven(shop, (110, 34)) as pilot:
        await press(pilot, *DRIFT)
        await run(pilot)
        await press(pilot, "g", "enter")
        assert isinstance(pilot.app.screen, ProbeScreen)
        await press(pilot, "a", "escape")
        assert isinstance(pilot.app.screen, DriftScreen)
        await press(pilot, "g", "enter")
        assert isinstance(pilot.app.screen, ParityScreen)


async def test_two_environments_are_compared_from_the_diary(shop: Path) -> None:
    async with driven(shop, (110, 34)) as pilot:
        await press(pilot, *DRIFT)
        await run(pilot)
        await press(pilot, "i", "ctrl+u", *"staging", "tab", "ctrl+u", *"production", "ctrl+s")
        assert "staging now → production now" in in_panel(pilot)
        assert "2 parameters of 4 differ" in in_panel(pilot)
        assert "POOL 5 50" in in_panel(pilot)
