"""Probes in the app: what the list and a probe's page say, and how they are run from there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.probes.lines import Blind, know_lines
from tests.tui.driving import driven, in_panel, press, second_writer, settle, shown
from textual.pilot import Pilot

from workbench.parity.decisions import Decision
from workbench.parity.model import Difference, all_differences
from workbench.probes.runs import latest_runs
from workbench.releases.model import Release
from workbench.tui.screens.parity import ParityScreen
from workbench.tui.screens.probe_page import ProbeScreen
from workbench.tui.screens.probes import ProbesScreen
from workbench.tui.screens.proposals import ProposalsScreen
from workbench.tui.screens.readiness import ReadinessScreen
from workbench.usecases import releasing
from workbench.usecases.opening import open_context
from workbench.usecases.probing import Wanted, probe
from workbench.usecases.project import Options

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


async def run(pilot: Pilot[None], key: str = "p") -> str:
    """Run probes, and close the panel once it is through; what that said."""
    await press(pilot, key)
    while not pilot.app.screen.query(".progress--said") or "enter" not in in_panel(pilot):
        await settle(pilot)
    words = in_panel(pilot)
    await press(pilot, "enter")
    return words


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
        assert "3 probes · 1 pass · 1 found differences · 1 could not look" in await run(pilot)
        screen = shown(pilot)
        assert "▲ 1 fails · ▲ 1 could not look · ▲ 2 unproven · ○ 2 proposals · 1 passes" in screen
        assert (
            screen.index("2 new differences") < screen.index("could not look: ") < screen.index("passes, unp")
        )
        with second_writer(shop) as other:
            assert sorted(latest_runs(other.record)) == ["limits", "lost", "settings"]


async def test_only_the_marked_ones_run(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED, "space")
        await run(pilot)
        with second_writer(shop) as other:
            assert list(latest_runs(other.record)) == ["lost"]


async def test_t_plants_differences_and_the_list_says_how_many_were_found(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED)
        assert "8 of 8 planted differences found" in await run(pilot, "t")
        assert "6 of 6" in shown(pilot)
        assert "✓ Limits are those of prod" in shown(pilot)


async def test_a_probe_whose_comparison_is_blind_stays_unproven(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know_lines(monkeypatch, Blind)
    async with driven(shop, (100, 30)) as pilot:
        await press(pilot, *OPENED)
        await run(pilot, "t")
        assert "0 of 6" in shown(pilot)
        assert "passes, unproven" in shown(pilot)


async def test_the_page_of_a_probe_shows_both_values_and_no_secret(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED)
        await run(pilot)
        await press(pilot, "g", "enter")
        assert isinstance(pilot.app.screen, ProbeScreen)
        screen = shown(pilot)
        assert "Settings are those of production" in screen
        assert "a secret" in screen
        assert "another secret" in screen
        assert "hunter2" not in screen
        assert screen.count("not on the map") == 3  # both rows, and the detail of the first
        await press(pilot, "down", "i")
        assert "Staging 5 Production 50" in in_panel(pilot)
        assert 'ignore: - "POOL"' in in_panel(pilot)
        await press(pilot, "escape")
        await run(pilot)
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


# --- proposals -----------------------------------------------------------------------------

PROPOSALS = ("ctrl+p", *"proposals", "enter")


def _map(shop: Path) -> dict[str, Difference]:
    with second_writer(shop) as other:
        return {value.title: value for _, value in all_differences(other.record)}


async def test_what_is_marked_is_taken_into_the_map_and_decided_on_at_once(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED)
        await run(pilot)
        await press(pilot, "g", "enter", "space", "down", "space", "a")
        assert "2 differences added to the map" in shown(pilot)
        assert [(value.probe, value.path) for value in _map(shop).values()] == [
            ("settings", "DB_PASSWORD"),
            ("settings", "POOL"),
        ]
        assert "hunter2" not in str(_map(shop))
        assert "2 differences, 2 undecided" in shown(pilot)
        await press(pilot, "d", "c", "ctrl+s")
        assert {value.decision for value in _map(shop).values()} == {Decision.CLOSE}
        assert "2 differences, decided" in shown(pilot)


async def test_the_map_says_how_much_is_proposed_and_all_of_it_is_listed(shop: Path) -> None:
    async with driven(shop, (100, 30)) as pilot:
        await press(pilot, *OPENED)
        await run(pilot)
        await press(pilot, "2")
        assert "The parity map is empty · ▲ 2 proposals under 0" in shown(pilot)
        await press(pilot, *PROPOSALS)
        assert isinstance(pilot.app.screen, ProposalsScreen)
        assert "2 proposed · nothing enters the map until you take it" in shown(pilot)
        await press(pilot, "a")
        assert "1 proposed" in shown(pilot)
        assert list(_map(shop)) == ["DB_PASSWORD"]
        await press(pilot, "d", "escape", "u")
        assert _map(shop) == {}
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ParityScreen)
        assert "▲ 2 proposals" in shown(pilot)


async def test_proposals_are_found_from_everywhere_and_marked_ones_say_what_comes_next(shop: Path) -> None:
    async with driven(shop, (100, 30)) as pilot:
        await press(pilot, *OPENED)
        await run(pilot)
        await press(pilot, "1", *PROPOSALS)
        assert isinstance(pilot.app.screen, ProposalsScreen)
        await press(pilot, *PROPOSALS, "space")
        assert "a to take them into the map" in shown(pilot)
        await press(pilot, "a")
        assert "d to decide on them" in shown(pilot)
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)


async def test_what_is_not_on_the_map_cannot_be_decided_on(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED)
        await run(pilot)
        await press(pilot, "2")
        await press(pilot, *PROPOSALS, "d")
        assert "it is not on the map: a to add it first" in shown(pilot)


async def test_a_difference_that_is_found_no_more_is_removed(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED)
        await run(pilot)
        await press(pilot, "2")
        await press(pilot, *PROPOSALS, "a")
        (shop / "s.env").write_text("POOL=5\nREGION=eu\nDB_PASSWORD=hunter2-production\n")
        await press(pilot, "escape")
        assert "1 probe · 1 found differences" in await run(pilot)
        await press(pilot, *PROPOSALS)
        assert "found no more" in shown(pilot)
        await press(pilot, "down", "a")
        assert "1 difference removed" in shown(pilot)
        assert _map(shop) == {}


async def test_a_difference_says_which_probe_watches_it_and_p_runs_that(shop: Path) -> None:
    async with driven(shop, (100, 30)) as pilot:
        await press(pilot, *OPENED)
        await run(pilot)
        await press(pilot, "2")
        await press(pilot, *PROPOSALS, "down", "a", "escape")
        assert "Settings are those of production, at POOL" in shown(pilot)
        assert "▲ found in its only run" in shown(pilot)
        await run(pilot)
        assert "▲▲ found in both runs" in shown(pilot)
        await press(pilot, "enter")
        await run(pilot)
        assert "▲▲▲ found in all of the last 3 runs" in shown(pilot)


async def test_a_row_that_no_probe_watches_says_so(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "2", "a", *"by hand", "ctrl+s", "p")
        assert "no probe watches this row" in shown(pilot)


async def test_from_the_list_one_goes_to_the_row_of_the_map(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *OPENED)
        await run(pilot)
        await press(pilot, "g", "enter", "down", "a", "enter")
        assert isinstance(pilot.app.screen, ParityScreen)
        assert "POOL" in shown(pilot)


async def test_a_probe_is_found_by_its_title(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "ctrl+p", *"limits are", "enter")
        assert isinstance(pilot.app.screen, ProbesScreen | ProbeScreen)
        assert "Limits are those of production" in shown(pilot)


async def test_a_line_of_a_gate_leads_to_the_page_of_its_probe(shop: Path) -> None:
    (shop / "workbench.yaml").write_text(PROJECT + "      - probes_run: {within: 24h}\n" + PROBES)
    begun = open_context(Options(project=shop), create=True)
    releasing.plan(begun, Release(version="1.0"))
    begun.record.close()
    async with driven(shop, (100, 30)) as pilot:
        assert "never run" in shown(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ProbeScreen)
        await run(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)
        assert "2 undecided: DB_PASSWORD, POOL" in shown(pilot)
        await press(pilot, "down")
        assert "p probe" in shown(pilot)
        await run(pilot)
        assert "Limits are those of production" not in shown(pilot)  # it is met
        await press(pilot, *OPENED)
        assert "✗ Settings are those" in shown(pilot)
