"""Environments in the app: what the list and a page say, and what is recorded from there."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, in_panel, press, second_writer, shown

from workbench.environments.model import Finding, ends_of_life, occupancies, refreshes
from workbench.tui.screens.environment_page import EnvironmentScreen
from workbench.tui.screens.environments import EnvironmentsScreen
from workbench.tui.screens.readiness import ReadinessScreen

PROJECT = """\
project: shop
title: Shop
people: [{key: kim, name: Kim, roles: [release-owner]}]
"""
ENVIRONMENTS = """\
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging, staging_kind: scaled-down, title: Staging, owner: kim, fresh_within: 7d}
"""
OPENED = ("ctrl+p", *"go to the env", "enter")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WORKBENCH_AS", "kim")
    root = tmp_path / "shop"
    root.mkdir()
    (root / "workbench.yaml").write_text(PROJECT + ENVIRONMENTS)
    return root


async def test_a_project_without_environments_says_what_belongs_here(shop: Path) -> None:
    (shop / "workbench.yaml").write_text(PROJECT)
    async with driven(shop) as pilot:
        await press(pilot, *OPENED)
        assert isinstance(pilot.app.screen, EnvironmentsScreen)
        assert "List your environments" in shown(pilot)
        await press(pilot, "a")
        assert "no environment is listed" in shown(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)


async def test_the_list_says_how_each_stands_and_the_page_all_of_it(shop: Path) -> None:
    async with driven(shop, (120, 40)) as pilot:
        await press(pilot, *OPENED)
        screen = shown(pilot)
        assert "2 environments · 1 without fresh, validated data" in screen
        assert screen.index("Staging") < screen.index("production")
        assert "minimum parity not known" in screen
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, EnvironmentScreen)
        page = shown(pilot)
        assert "Failure modes and anti-patterns: none seen" in page
        assert "no probe of kind masking has looked" in page
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, EnvironmentsScreen)


async def test_a_records_who_uses_it_and_M_frees_it(shop: Path) -> None:
    async with driven(shop, (100, 40)) as pilot:
        await press(pilot, *OPENED, "a")
        assert "Now free What (•) who uses it" in in_panel(pilot)
        await press(pilot, "tab", *"payments", "tab", *"load test of it", "ctrl+s")
        assert "payments uses Staging · u undo" in shown(pilot)
        assert "1 occupied" in shown(pilot)
        await press(pilot, "M")
        assert "Free of" in in_panel(pilot)
        await press(pilot, "ctrl+s")
        assert "1 occupied" not in shown(pilot)
    with second_writer(shop) as other:
        ((_, value),) = occupancies(other.record)
        assert (value.who, value.why) == ("payments", "load test of it")
        assert value.ends is not None


async def test_what_an_occupancy_lacks_is_said_in_the_form_and_nothing_is_lost(shop: Path) -> None:
    async with driven(shop, (100, 40)) as pilot:
        await press(pilot, *OPENED, "a", "tab", *"payments", "tab", *"tbd", "ctrl+s")
        panel = in_panel(pilot)
        assert "an occupancy needs a reason" in panel
        assert "payments" in panel


async def test_a_refresh_is_recorded_and_validated_from_its_page(shop: Path) -> None:
    async with driven(shop, (100, 40)) as pilot:
        await press(pilot, *OPENED, "enter", "a", "right", "ctrl+s")
        assert "refresh of Staging recorded" in shown(pilot)
        await press(pilot, "M")
        assert "Row counts" in in_panel(pilot)
        await press(pilot, "tab", "left", "left", "ctrl+s")
        assert "marked as validated" in shown(pilot)
    with second_writer(shop) as other:
        ((_, value),) = refreshes(other.record, "staging")
        assert value.rows is Finding.PASSED
        assert value.plans is Finding.UNCHECKED


async def test_M_sets_an_end_and_u_takes_it_back(shop: Path) -> None:
    async with driven(shop, (100, 40)) as pilot:
        await press(pilot, *OPENED, "M", "tab", *"2026-01-01", "tab", *"moved away", "ctrl+s")
        assert "1 past its end" in shown(pilot)
        await press(pilot, "u")
        assert "past its end" not in shown(pilot)
    with second_writer(shop) as other:
        assert not ends_of_life(other.record)


async def test_an_environment_is_found_by_its_name(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "ctrl+p", *"staging", "enter")
        assert isinstance(pilot.app.screen, EnvironmentsScreen)
        assert pilot.app.screen.table.cursor_key == "staging"


async def test_t_asks_about_the_change_and_shows_the_reasoning(shop: Path) -> None:
    async with driven(shop, (100, 60)) as pilot:
        await press(pilot, *OPENED, "t")
        assert "Does it change a database schema?" in in_panel(pilot)
        await press(pilot, "left", "left", "tab", "left", "left", "ctrl+s")
        panel = in_panel(pilot)
        assert "staging is needed" in panel
        assert "it touches a database schema and an API between services" in panel
        assert "Personal data ~ not known" in panel
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, EnvironmentsScreen)
