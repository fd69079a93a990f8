"""Runbooks in the app: the list, the page with its running clock, and a drill by keys alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.golden.playing import typed
from tests.tui.driving import driven, in_panel, press, second_writer, settle, shown
from textual.pilot import Pilot

from workbench.drills.model import DrillResult, StepState, all_drills
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.runbook_page import RunbookScreen
from workbench.tui.screens.runbooks import RunbooksScreen
from workbench.usecases import drills
from workbench.usecases.drills import Begin
from workbench.usecases.views.walks import Walk

PROJECT = """\
project: shop
title: Shop
people: [{key: kim, name: Kim, roles: [release-owner]}]
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging, staging_kind: scaled-down}
"""
RUNBOOKS = """\
runbooks:
  - key: fallback
    title: Take payments without the gateway
    mitigate_within: 15min
    steps: [{do: Look at the dashboard, target: 2min}, {do: Switch the flag, expect: orders are queued}]
"""


async def go_to_runbooks(pilot: Pilot[None]) -> None:
    screen = pilot.app.screen
    assert isinstance(screen, WorkScreen)
    await screen.action_do("mode_runbooks")
    await settle(pilot)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WORKBENCH_AS", "kim")
    root = tmp_path / "shop"
    root.mkdir()
    (root / "workbench.yaml").write_text(PROJECT + RUNBOOKS)
    return root


async def test_a_project_without_runbooks_says_what_belongs_here(shop: Path) -> None:
    (shop / "workbench.yaml").write_text(PROJECT)
    async with driven(shop) as pilot:
        await go_to_runbooks(pilot)
        assert isinstance(pilot.app.screen, RunbooksScreen)
        assert "No runbooks yet" in shown(pilot)
        await press(pilot, "S")
        assert "no runbook is listed" in shown(pilot)


async def test_a_drill_by_keys_alone(shop: Path) -> None:
    async with driven(shop, (100, 30)) as pilot:
        await go_to_runbooks(pilot)
        assert "never drilled" in shown(pilot)
        await press(pilot, "enter", "y")
        assert isinstance(pilot.app.screen, RunbookScreen)
        assert "no drill of it is running: S begins one" in shown(pilot)
        await press(pilot, "S", *"timeout", "ctrl+s")
        assert "since today" in shown(pilot) and "left of 15min" in shown(pilot)
        await press(pilot, "y", "F")
        assert in_panel(pilot)
        await press(pilot, *"no such flag", "ctrl+s")
        assert "no such flag" in shown(pilot)
        await press(pilot, "M", "ctrl+s", "M", "ctrl+s", "M", "ctrl+s")
        assert "step 2 failed on" in shown(pilot) and "nobody changed it" in shown(pilot)
        with second_writer(shop) as context:
            ((_, drill),) = all_drills(context.record)
        assert (drill.result, drill.fault) == (DrillResult.FAILED, "timeout")
        assert [one.state for one in drill.steps] == [StepState.DONE, StepState.FAILED]
        assert drill.detected_at and drill.mitigated_at


async def test_the_clock_goes_on_while_the_app_is_closed(shop: Path) -> None:
    async with driven(shop, (100, 30)) as pilot:
        await go_to_runbooks(pilot)
        await press(pilot, "enter", "S", "ctrl+s")
    async with driven(shop, (100, 30)) as pilot:
        await go_to_runbooks(pilot)
        assert "being drilled since today" in shown(pilot)
        await press(pilot, "enter")
        page = pilot.app.screen
        assert isinstance(page, RunbookScreen) and page._walk is not None and page._walk.running is not None
        began, earlier = page._walk.running.value.started_at, page._walk.now()
        page._walk = _at(page._walk, began + timedelta(hours=1, minutes=2, seconds=3))
        page._tick()
        assert "1:02:03 since today" in shown(pilot) and "47:03 over the target 15min" in shown(pilot)
        assert earlier >= began


def _at(walk: Walk, moment: datetime) -> Walk:
    return msgspec.structs.replace(walk, now=lambda: moment)


async def test_a_drill_that_another_desk_began_cannot_be_begun_again(shop: Path) -> None:
    async with driven(shop, (100, 30)) as pilot:
        await go_to_runbooks(pilot)
        with second_writer(shop) as context:
            drills.start_drill(context, Begin(runbook="fallback"))
        await press(pilot, "S", "ctrl+s")
        assert "is being drilled already" in shown(pilot)


async def test_an_item_on_rehearsal_leads_to_its_runbook(shop: Path) -> None:
    listed = RUNBOOKS.replace("title: Take", "for: rollback\n    title: Take")
    gates = "checklists: [ready.yaml]\ngates: [{key: go, title: Go, requires: [{checklist: ready}]}]\n"
    (shop / "workbench.yaml").write_text(PROJECT + listed + gates)
    (shop / "ready.yaml").write_text(
        "checklist: ready\ntitle: Ready\nitems:\n  - {key: back, title: Rollback rehearsed, why: It fails otherwise.,"
        " check: Look., automatic: rollback_rehearsed}\n"
    )
    assert typed(f"release new 1.0 --commit abcdef1 --project {shop}")[2] == 0
    async with driven(shop, (100, 30)) as pilot:
        assert "never drilled for this candidate" in shown(pilot)
        await press(pilot, "4", "enter")
        assert "waits for Runbooks" in shown(pilot) or "from Runbooks" in shown(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, RunbookScreen)


async def test_the_runbook_of_an_incident_is_executed_from_its_page(shop: Path) -> None:
    said = "incident new 'Payments fail' --environment staging --severity high"
    assert typed(f"release new 1.0 --commit abcdef1 --project {shop}")[2] == 0
    assert typed(f"{said} --project {shop}")[2] == 0
    async with driven(shop, (100, 30)) as pilot:
        await press(pilot, "5", "enter", "S")
        assert "said in words" in shown(pilot), "it names none: one is chosen"
        await press(pilot, "escape")
        assert typed(f"incident edit payments --runbook fallback --project {shop}")[2] == 0
        await settle(pilot)
        await press(pilot, "S")
        assert isinstance(pilot.app.screen, RunbookScreen)
        assert "Payments fail" in shown(pilot) and "since today" in shown(pilot)
        await press(pilot, "escape")
        assert "runbook “Take payments without the gateway” begins" in shown(pilot)
        await press(pilot, "S")
        assert isinstance(pilot.app.screen, RunbookScreen)
