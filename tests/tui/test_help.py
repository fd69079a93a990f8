"""The help of every screen: all keys, without scrolling in a terminal of 80 by 24."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, in_panel, press, settle, web_shop
from textual.containers import VerticalScroll

from workbench.tui.registry import mode_of, screens
from workbench.tui.screens.base import WorkScreen
from workbench.tui.widgets.help_panel import HelpPanel

GONE_TO = ("",)  # no key leads there
DECLARED = ("5", "a", *"it fails", "ctrl+s")
WAYS = {
    "readiness": (),
    "parity": ("2",),
    "benchmarks": ("3",),
    "benchmark": ("3", "enter"),
    "checklists": ("4",),
    "walking": ("4", "enter", "tab"),
    "incidents": ("5",),
    "incident": DECLARED,
    "incident_walk": (*DECLARED, "enter"),
    "review": (*DECLARED, "r"),
    "actions": GONE_TO,
    "releases": ("6",),
    "flows": ("7",),
    "matrix": ("3", "X"),
    "history": ("8",),
    "notes": ("9",),
    "difference": ("2", "enter"),
    "flow": ("7", "enter"),
    "discovered": ("2", "ctrl+p", *"discover", "enter"),
    "flows_seen": ("7", "do flows_from_traces"),
    "statement": GONE_TO,
    "guide": GONE_TO,
    "drift": GONE_TO,
    "calendar": GONE_TO,
    "learning": GONE_TO,
    "executive": GONE_TO,
    "on_call": GONE_TO,
    "stand_up": GONE_TO,
    "routines": GONE_TO,
    "fleet": GONE_TO,
    "blockers": GONE_TO,
    "sources": GONE_TO,
    "hooks": GONE_TO,
    "sharing": GONE_TO,
    "scores": GONE_TO,
    "environments": GONE_TO,
    "environment": (*GONE_TO, "enter"),
    "runbooks": GONE_TO,
    "runbook": (*GONE_TO, "enter"),
    "probes": GONE_TO,
    "probe": (*GONE_TO, "enter"),
    "poll": ("1", "do poll"),
    "comparison": ("6", "D", "ctrl+s"),
    "proposals": ("2", "do proposals"),  # an action without a key
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def test_every_screen_is_looked_at() -> None:
    assert set(WAYS) == set(screens())


@pytest.mark.parametrize("mode", WAYS)
async def test_all_keys_are_seen_at_once(mode: str, shop: Path) -> None:
    async with driven(shop) as pilot:
        for key in WAYS[mode]:
            if key.startswith("do "):
                await pilot.app.screen.action_do(key.removeprefix("do "))  # type: ignore[attr-defined]
                await settle(pilot)
            elif key:
                await press(pilot, key)
            else:
                await pilot.app.screen.go(mode_of(mode), None)  # type: ignore[attr-defined]
                await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, WorkScreen) and mode == screen.MODE
        await press(pilot, "question_mark")
        panel = pilot.app.screen
        assert isinstance(panel, HelpPanel)
        assert panel.query_one(".panel--scroll", VerticalScroll).max_scroll_y == 0
        text = f" {in_panel(pilot)}"
        for line in screen.key_lines():
            assert f" {line.key} {line.short or line.text}" in text, line
        assert "esc back" in text and "ctrl+p find" in text


async def test_in_a_small_window_the_help_scrolls(shop: Path) -> None:
    async with driven(shop, (60, 16)) as pilot:
        await press(pilot, "question_mark")
        scroll = pilot.app.screen.query_one(".panel--scroll", VerticalScroll)
        await press(pilot, *"jjk")
        assert scroll.scroll_y == 1


async def test_in_a_high_window_the_help_says_what_the_marks_mean(shop: Path) -> None:
    async with driven(shop, (100, 50)) as pilot:
        await press(pilot, "question_mark")
        text = in_panel(pilot)
        for said in ("✗ blocker", "▲ risk", "✓ done", "⊘ overridden or accepted", "~ not known yet"):
            assert said in text
