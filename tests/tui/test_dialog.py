"""Dialogs answer with what the person decided."""

from __future__ import annotations

from typing import Any

import pytest
from tests.tui.gallery import Gallery
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from workbench.model.errors import SourceError
from workbench.tui.actions import KeyLine
from workbench.tui.terminal import Terminal
from workbench.tui.theme import register
from workbench.tui.widgets.conflict import Conflict, Difference
from workbench.tui.widgets.dialog import Confirm, MessagePanel
from workbench.tui.widgets.footer import FooterLine
from workbench.tui.widgets.help_panel import HelpPanel
from workbench.tui.widgets.progress import Asked, ProgressPanel
from workbench.tui.widgets.small import TooSmall

HOSTILE = "[/x][@click=app.quit]\x1b[2J\u202e🙂" + "x" * 100_000


class DialogApp(App[None]):
    def __init__(self, panel: Screen[Any]) -> None:
        super().__init__()
        register(self, "workbench-dark")
        self.panel = panel
        self.results: list[Any] = []

    def on_mount(self) -> None:
        self.push_screen(self.panel, self.results.append)


async def results_of(panel: Screen[Any], *keys: str) -> list[Any]:
    app = DialogApp(panel)
    async with app.run_test() as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        return app.results


@pytest.mark.parametrize(("keys", "expected"), [(["enter"], [True]), (["escape"], [None]), ([*"yn"], [])])
async def test_a_question_wants_an_answer(keys: list[str], expected: list[bool | None]) -> None:
    assert await results_of(Confirm("Sure?"), *keys) == expected


async def test_the_word_must_be_typed_exactly() -> None:
    panel = Confirm("Sign?", word="2.14.0", ask="Type the version to sign")
    assert await results_of(panel, *"2.14", "enter", *".0", "enter") == [True]
    wrong = Confirm("Sign?", word="2.14.0")
    assert await results_of(wrong, *"2.15.0", "enter") == []


async def test_of_two_versions_one_is_kept() -> None:
    differences = [Difference("Reason", "mine", "theirs")]
    assert await results_of(Conflict("t", "x", differences), "left", "enter") == ["mine"]
    assert await results_of(Conflict("t", "x", differences), "left", "right", "enter") == ["theirs"]
    assert await results_of(Conflict("t", "x", differences), "enter") == [], "nobody chose one"
    assert await results_of(Conflict("t", "x", differences), "escape") == [None]


async def test_a_fetch_is_stopped_once_and_stays_readable() -> None:
    stopped: list[bool] = []
    panel = ProgressPanel("Asking", [Asked("p", "Prometheus")], cancel=lambda: stopped.append(True))
    app = DialogApp(panel)
    async with app.run_test() as pilot:
        panel.set_line(Asked("p", "Prometheus", "asking", 3, 4))
        panel.set_line(Asked("c", "CI", "done", 1, 1))
        await pilot.press("enter", "escape", "escape")
        assert stopped == [True]
        assert app.results == []
        panel.finish("Stopped: 4 of 5 answered.")
        await pilot.press("enter")
        await pilot.pause()
        assert app.results == [False]


async def press_hint(pilot: Pilot[None], label: str) -> None:
    footer = pilot.app.screen.query_one(FooterLine)
    text = "".join(piece.text for piece in footer.lay_out(footer.size.width)[0])
    await pilot.click(footer, offset=(text.index(label), 0))
    await pilot.pause()


async def test_hints_can_be_clicked() -> None:
    app = DialogApp(Conflict("t", "x", [Difference("Reason", "mine", "theirs")]))
    async with app.run_test() as pilot:
        await press_hint(pilot, "choose")
        await press_hint(pilot, "keep yours")
        assert app.results == ["mine"]


PANELS = [
    lambda: Confirm(HOSTILE, HOSTILE, word=HOSTILE, ask=HOSTILE, yes=HOSTILE, no=HOSTILE),
    lambda: MessagePanel(SourceError(HOSTILE, where=HOSTILE, hint=HOSTILE), title=HOSTILE),
    lambda: Conflict(HOSTILE, HOSTILE, [Difference(HOSTILE, HOSTILE, HOSTILE)]),
    lambda: HelpPanel(HOSTILE, [KeyLine(HOSTILE, HOSTILE, HOSTILE)], text=HOSTILE),
    lambda: ProgressPanel(HOSTILE, [Asked(HOSTILE, HOSTILE, "failed", 1, 2, HOSTILE)]),
]


@pytest.mark.parametrize("make", PANELS)
async def test_hostile_text_steers_no_dialog(make: Any) -> None:
    app = DialogApp(make())
    async with app.run_test(size=(60, 15)) as pilot:
        await pilot.pause()
        assert app.is_running
        for strip in app.screen._compositor.render_strips():
            assert not {"\x1b", "\x07", "\u202e"} & set(strip.text)
        footer = app.screen.query_one(FooterLine)
        assert 0 < footer.region.bottom <= 15


async def test_a_small_window_gets_a_notice_until_it_is_large_again() -> None:
    app = Gallery()
    async with app.run_test(size=(50, 12)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, TooSmall)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert not isinstance(app.screen, TooSmall)
        await pilot.resize_terminal(59, 24)
        await pilot.pause()
        assert isinstance(app.screen, TooSmall)


@pytest.mark.parametrize("theme", ["workbench-dark", "workbench-light", "workbench-ansi"])
async def test_the_screen_below_a_dialog_stays_to_be_seen(theme: str) -> None:
    app = Gallery(Terminal(theme, None, False))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        assert isinstance(app.screen, Conflict)
        text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "web-shop 2.14.0" in text
        assert "Somebody else changed this difference" in text
