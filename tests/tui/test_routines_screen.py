"""Routines in the app: what is due first, how it is done, and saying that it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, press, shown, web_shop

from workbench.tui.screens.routines import RoutinesScreen

ROUTINES = ("ctrl+p", *"routines", "enter")
OWN = """
routines:
  - {key: open-findings, from: 2026-08-31, role: staging-owner}
  - {key: rota, title: The rota is filled, every: 10d, needs_evidence: yes}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = web_shop(tmp_path, monkeypatch)
    with (root / "workbench.yaml").open("a", encoding="utf-8") as file:
        file.write(OWN)
    return root


async def test_what_is_overdue_stands_first_and_is_done_with_evidence(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *ROUTINES)
        assert isinstance(pilot.app.screen, RoutinesScreen)
        screen = shown(pilot)
        assert "1 overdue" in screen and "1 due" in screen
        (line,) = [line for line in screen.splitlines() if "Open findings" in line and "✗" in line]
        assert "overdue, was due by 6 Sep" in line
        assert "the oldest first" in screen  # how it is done
        await press(pilot, "y", *"12 open, 3 old", "ctrl+s")
        screen = shown(pilot)
        assert "overdue" not in screen
        (line,) = [line for line in screen.splitlines() if "Open findings" in line and "✓" in line]
        assert "done, next by 27 Sep" in line
        await press(pilot, "u")
        assert "overdue, was due by 6 Sep" in shown(pilot)


async def test_one_that_needs_evidence_asks_until_it_has_some(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *ROUTINES, "down", "y", "ctrl+s")
        assert "Required" in shown(pilot)
        await press(pilot, *"filled until November", "ctrl+s")
        assert "done, next by 25 Sep" in shown(pilot)


async def test_what_was_done_earlier_may_be_entered_later(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *ROUTINES, "y", "tab", "tab", *"2026-09-09", "ctrl+s")
        assert "due by 20 Sep" in shown(pilot)
