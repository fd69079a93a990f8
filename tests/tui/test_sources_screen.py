"""The screen of the project's sources: what came of each, and trying one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build
from tests.tui.driving import driven, press, settle, shown

from workbench.tui.screens.sources import SourcesScreen


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    with build.shop(tmp_path / "shop") as context:
        build.measured(context, "p95", "0.46")
        (context.root / "reports").mkdir(exist_ok=True)
        report = "<testsuite name='unit' tests='1'><testcase name='adds' classname='cart'/></testsuite>"
        (context.root / "reports" / "unit.xml").write_text(report, encoding="utf-8")
        return context.root


async def test_a_source_is_seen_and_tried(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "ctrl+p", *"sources", "enter")
        assert isinstance(pilot.app.screen, SourcesScreen)
        assert "1 answered, 2 never asked" in shown(pilot) and "typed by people" in shown(pilot)
        await press(pilot, "down", "t")
        for _ in range(100):  # it is asked in a thread, which a busy machine begins later
            if "asking" not in shown(pilot) and "1 passed" in shown(pilot):
                break
            await settle(pilot)
        await press(pilot, "enter")
        assert "Tried just now" in shown(pilot) and "green: 1 passed" in shown(pilot)
        await press(pilot, "down", "t")
        assert "people type what this source says" in shown(pilot)
