"""Break-glass, a withdrawn build, predictions, blockers and hooks in the app."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, opened, press, second_writer, shown, web_shop

from workbench.releases.model import Outcome, find
from workbench.tui.screens.blockers import BlockersScreen
from workbench.tui.screens.hooks import HooksScreen
from workbench.usecases import breaking_glass
from workbench.usecases.project import Options
from workbench.usecases.trusting import agree, look

LIVE = """
hooks:
  - {key: page, title: Page whoever is on call, on: [frozen, break_glass], kind: command, run: 'true'}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = web_shop(tmp_path, monkeypatch)
    file = root / "workbench.yaml"
    file.write_text(file.read_text(encoding="utf-8") + LIVE, encoding="utf-8")
    agree(look(Options(project=root)))
    return root


async def test_a_release_goes_out_by_break_glass_with_keys_alone(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "6", "M", "b")
        await press(pilot, "tab")
        await press(pilot, *"2.14.0", "tab", "tab", "tab", *"checkout fails for everybody", "ctrl+s")
        assert "Break-glass" in shown(pilot) and "Its review" in shown(pilot)
    with second_writer(shop) as context:
        assert find(context.record, "2.14.0").release.outcome is Outcome.SHIPPED
        (one,) = breaking_glass.reviews(context)
        assert one.value.reason == "checkout fails for everybody" and one.value.skipped


async def test_a_build_is_withdrawn(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "6", "M", "w", "tab", *"it locks the orders table", "ctrl+s")
        assert "withdrawn" in shown(pilot)
        await press(pilot, "1")
        assert "not withdrawn" in shown(pilot)


async def test_blockers_stand_by_age_and_lead_to_their_line(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "ctrl+p", *"blockers", "enter")
        assert isinstance(pilot.app.screen, BlockersScreen)
        assert "Open since" in shown(pilot) and "unassigned" in shown(pilot)
        await press(pilot, "enter")
        assert not isinstance(pilot.app.screen, BlockersScreen)


async def test_a_hook_is_tried_from_the_list(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "ctrl+p", *"hooks", "enter")
        assert isinstance(pilot.app.screen, HooksScreen)
        assert "not called yet" in shown(pilot)
        await press(pilot, "t")
        await pilot.app.workers.wait_for_complete()
        await press(pilot)
        assert "page: ran" in shown(pilot)


def test_hooks_are_called_beside_the_desk_and_noted(shop: Path) -> None:
    with opened(shop) as app:
        assert app.desk._context is not None and app.desk._context.aside is not None
