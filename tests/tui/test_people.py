"""``W`` switches who one is inside the app."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, in_panel, press, second_writer, shown, web_shop

from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.people import PeoplePanel
from workbench.tui.widgets.dialog import Confirm
from workbench.tui.widgets.table import RecordTable


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_who_one_is_changes_for_what_is_done_from_then_on(root: Path) -> None:
    async with driven(root, (110, 30)) as pilot:
        await press(pilot, "6", "a", *"2.15.0", "ctrl+s")
        await press(pilot, "W")
        assert isinstance(pilot.app.screen, PeoplePanel)
        assert "staging owner" in in_panel(pilot) and "you" in in_panel(pilot)
        table = pilot.app.screen.query_one(RecordTable)
        await press(pilot, "home", *(["down"] * table.keys.index("kim")), "enter")
        assert "You are Kim now: staging owner" in shown(pilot)
        assert isinstance(pilot.app.screen, WorkScreen) and pilot.app.screen.view.person == "kim"
        await press(pilot, "a", *"2.16.0", "ctrl+s")
        with second_writer(root) as context:
            entries = [e for e in context.record.history("release") if e.verb == "planned"][:2]
            assert [(e.actor, e.identity) for e in entries] == [
                ("kim", "asserted in the app"),
                ("robin", context.record.history("release", entries[1].id)[-1].identity),
            ]
        await press(pilot, "u")  # one's own, not what robin did before
        assert "Undone: planned release 2.16.0" in shown(pilot)


async def test_another_persons_acts_are_not_undone(root: Path) -> None:
    async with driven(root, (110, 30)) as pilot:
        await press(pilot, "6", "a", *"2.15.0", "ctrl+s", "W", "end", "enter", "u")
        assert "2.15.0" in shown(pilot)
        assert isinstance(pilot.app.screen, Confirm) or "nothing of yours to undo" in shown(pilot)


async def test_what_was_edited_is_saved_or_given_up_first(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driven(root, (110, 30)) as pilot:
        monkeypatch.setattr(
            "workbench.tui.app.WorkbenchApp.unsaved_edits", lambda self: ["  Parity: clock drift"]
        )
        await press(pilot, "W")
        assert isinstance(pilot.app.screen, WorkScreen)
        assert "save your edits first (ctrl+s), or discard them (esc): Parity: clock drift" in shown(pilot)


async def test_escape_changes_nothing(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "W", "down", "escape")
        assert isinstance(pilot.app.screen, WorkScreen) and pilot.app.screen.view.person == "robin"
