"""Dashboards in the app: their lines lead on, alerts come in beside the desk, the stand-up is five lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, press, shown, web_shop

from workbench.cli import run
from workbench.tui.screens.benchmark_detail import BenchmarkDetail
from workbench.tui.screens.dashboards import ExecutiveScreen, OnCallScreen, StandUpScreen
from workbench.tui.screens.learning import LearningScreen


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_on_call_shows_alerts_and_what_fails_and_leads_there(shop: Path) -> None:
    async with driven(shop, (110, 34)) as pilot:
        await press(pilot, "ctrl+p", *"on call", "enter")
        assert isinstance(pilot.app.screen, OnCallScreen)
        screen = shown(pilot)
        assert "Alerts   no alert is active" in screen and "asking" not in screen
        assert "✗ Checkout p95" in screen and "▲ Login error rate" in screen
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, BenchmarkDetail)


async def test_alerts_are_asked_again_and_a_mistake_of_the_source_is_told(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driven(shop, (110, 34)) as pilot:
        await press(pilot, "ctrl+p", *"on call", "enter")
        for file in (shop / "recordings" / "metrics").glob("api-v1-alerts-*"):
            file.unlink()
        await press(pilot, "f")
        assert "▲ metrics" in shown(pilot) and "could not be asked" in shown(pilot)


async def test_the_executive_dashboard_says_what_nobody_measures(shop: Path) -> None:
    async with driven(shop, (110, 40)) as pilot:
        await press(pilot, "ctrl+p", *"executive", "enter")
        assert isinstance(pilot.app.screen, ExecutiveScreen)
        screen = shown(pilot)
        assert "1 of 6 passed" in screen and "~ Open findings" in screen and "no source yet" in screen


async def test_the_stand_up_is_five_numbered_lines(shop: Path) -> None:
    async with driven(shop, (80, 24)) as pilot:
        await press(pilot, "ctrl+p", *"stand-up", "enter")
        assert isinstance(pilot.app.screen, StandUpScreen)
        lines = [line.strip() for line in shown(pilot).splitlines()]
        assert [line[0] for line in lines if line[:3] in {f"{n}  " for n in range(1, 6)}] == list("12345")


@pytest.fixture
def tickets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample with a past: three releases that went out."""
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    assert run(["demo", "incident", "--to", str(tmp_path / "incident"), "--headless"]) in (0, 1)
    return tmp_path / "incident"


async def test_what_was_learnt_leads_to_learning(tickets: Path) -> None:
    async with driven(tickets, (110, 40)) as pilot:
        await press(pilot, "ctrl+p", *"executive", "enter", "/", *"change fail", "enter")
        assert "too few to say" in shown(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, LearningScreen)
