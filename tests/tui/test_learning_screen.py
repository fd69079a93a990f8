"""Learning in the app: figures with what they count beside them, where enter leads, and the page that is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.cli.test_learn import fill
from tests.tui.driving import driven, press, shown, web_shop

from workbench.tui.screens.learning import LearningScreen
from workbench.tui.screens.parity import ParityScreen

LEARNING = ("ctrl+p", *"learning", "enter")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shop with twelve releases behind it, at the moment of its record."""
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    with build.shop(tmp_path / "shop") as context:
        fill(context)
    with build.made_at(build.NOW):
        yield tmp_path / "shop"


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_a_figure_says_what_it_counts_and_what_it_leaves_out(shop: Path) -> None:
    async with driven(shop, (160, 44)) as pilot:
        await press(pilot, *LEARNING)
        assert isinstance(pilot.app.screen, LearningScreen)
        screen = shown(pilot)
        assert "staging was right about 9 of 11 releases (52–95 %)" in screen
        assert "82 %, 52–95 %" in screen and "──────────━━━━━━┿━━─" in screen
        assert "False alarms" in screen and "too few to say" in screen
        assert "releases that had no trouble in" in screen
        assert "its watching has not ended: 1.11.0" in screen


async def test_enter_goes_to_the_difference_that_hurt(shop: Path) -> None:
    async with driven(shop, (110, 40)) as pilot:
        await press(pilot, *LEARNING, "/", *"is mocked", "enter", "enter")
        assert isinstance(pilot.app.screen, ParityScreen) and "is mocked" in shown(pilot)


async def test_w_writes_the_quarterly_review_and_never_over_another_unasked(shop: Path) -> None:
    page = shop.parent / "quarterly-review-2026-Q2.html"
    async with driven(shop, (110, 40)) as pilot:
        await press(pilot, *LEARNING, "w")
        assert "written: " in shown(pilot) and "<h1>" in page.read_text(encoding="utf-8")
        page.write_text("mine", encoding="utf-8")
        await press(pilot, "w", "escape")
        assert page.read_text(encoding="utf-8") == "mine"


async def test_before_anything_was_learnt_it_says_so(demo: Path) -> None:
    async with driven(demo, (80, 24)) as pilot:
        await press(pilot, *LEARNING)
        screen = shown(pilot)
        assert "0 releases watched to the end" in screen and "nothing to count" in screen
