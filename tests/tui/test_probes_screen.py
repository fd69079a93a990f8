"""Probes in the app: what the list and a probe's page say, and how they are run from there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.probes.lines import Blind, know_lines
from tests.tui.driving import driven, in_panel, press, second_writer, shown

from workbench.probes.runs import latest_runs
from workbench.tui.screens.probe_page import ProbeScreen
from workbench.tui.screens.probes import ProbesScreen
from workbench.tui.screens.readiness import ReadinessScreen
from workbench.usecases.probing import Wanted, probe

PROJECT = """\
project: shop
title: Shop
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging}
gates:
  - key: go
    title: Go
    requires:
      - differences_decided: {at_least: high}
"""
PROBES = """\
probes:
  - {key: settings, kind: lines, title: Settings are those of production, staging: s.env, production: p.env}
  - {key: limits, kind: lines, title: Limits are those of production, staging: l.env, production: l.env}
  - {key: lost, kind: lines, title: Files are there, staging: nowhere.env, production: p.env}
"""
OPENED = ("ctrl+p", *"probes", "enter")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    know_lines(monkeypatch)
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    root = tmp_path / "shop"
    root.mkdir()
    (root / "workbench.yaml").write_text(PROJECT + PROBES)
    (root / "s.env").write_text("POOL=5\nREGION=eu\nDB_PASSWORD=hunter2-staging\n")
    (root / "p.env").write_text("POOL=50\nREGION=eu\nDB_PASSWORD=hunter2-production\n")
    (root / "l.env").write_text("LIMIT=5\n")
    return root


async def test_a_project_without_probes_says_what_belongs_here(shop: Path) -> None:
    (shop / "workbench.yaml").write_text(PROJECT)
    async with driven(shop) as pilot:
        await press(pilot, *OPENED)
        assert isinstance(pilot.app.screen, ProbesScreen)
        assert "No probes yet" in shown(pilot)
        assert "E edit file" in shown(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)


async def test_p_runs_all_and_the_list_says_how_each_stands(shop: Path) -> None:
    async with driven(shop, (100, 30)) as pilot:
        await press(pilot, *OPENED)
        assert "3 probes · ▲ 3 unproven · 3 never run" in shown(pilot)
        await press(pilot, "p")
        assert "3 probes · 1 pass · 1 found differences · 1 could not look" in in_panel(pilot)
        await press(pilot, "enter")
        screen = shown(pilot)
        assert "▲ 1 fails · ▲ 1 could not look · ▲ 2 unproven · ○ 2 proposals · 1 passes" in screen
        assert (
            screen.index("2 new differences") < screen.index("could not look: ") < screen.index("passes, unp")
        )
        with second_writer(shop) as other:
            assert sorted(latest_runs(other.record)) == ["limits", "lost", "settings"]


async def test_only_the_marked_ones_run(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED, "space", "p", "enter")
        with second_writer(shop) as other:
            assert list(latest_runs(other.record)) == ["lost"]


async def test_t_plants_differences_and_the_list_says_how_many_were_found(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED, "t")
        assert "8 of 8 planted differences found" in in_panel(pilot)
        await press(pilot, "enter")
        assert "6 of 6" in shown(pilot)
        assert "✓ Limits are those of prod" in shown(pilot)


async def test_a_probe_whose_comparison_is_blind_stays_unproven(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know_lines(monkeypatch, Blind)
    async with driven(shop, (100, 30)) as pilot:
        await press(pilot, *OPENED, "t", "enter")
        assert "0 of 6" in shown(pilot)
        assert "passes, unproven" in shown(pilot)


async def test_the_page_of_a_probe_shows_both_values_and_no_secret(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED, "p", "enter", "g", "enter")
        assert isinstance(pilot.app.screen, ProbeScreen)
        screen = shown(pilot)
        assert "Settings are those of production" in screen
        assert "secret, differs" in screen
        assert "hunter2" not in screen
        assert screen.count("not on the map") == 3  # both rows, and the detail of the first
        await press(pilot, "down", "i")
        assert "Staging 5 Production 50" in in_panel(pilot)
        assert 'ignore: - "POOL"' in in_panel(pilot)
        await press(pilot, "escape", "p", "enter")
        assert "failed both runs" in shown(pilot)
        await press(pilot, "space", "escape")
        assert isinstance(pilot.app.screen, ProbeScreen)  # the mark is taken off first
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ProbesScreen)


def _look_elsewhere(shop: Path) -> None:
    with second_writer(shop) as other:
        probe(other, Wanted(probes=("settings",)))


async def test_a_run_of_another_process_shows_up_by_itself(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED)
        await asyncio.to_thread(_look_elsewhere, shop)
        await pilot.app.poll()  # type: ignore[attr-defined]
        await press(pilot, "g")
        assert "2 new differences" in shown(pilot)


async def test_a_probe_that_the_files_do_not_name_any_more_is_left(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED, "g", "enter")
        (shop / "workbench.yaml").write_text(PROJECT)
        await press(pilot, "ctrl+r")
        assert isinstance(pilot.app.screen, ProbesScreen)
