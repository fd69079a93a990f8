"""The sitting comes back after quitting."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, press, second_writer, settle, shown, web_shop
from textual.pilot import Pilot

from workbench.tui.app import WorkbenchApp
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.widgets.form import FormScreen
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.sitting import Draft, Sitting, keep_sitting


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def work(pilot: Pilot[None]) -> WorkbenchApp:
    """The app, as what it is."""
    assert isinstance(pilot.app, WorkbenchApp)
    return pilot.app


async def left(pilot: Pilot[None]) -> Sitting:
    """Quits, and keeps where one was as the app does once it is gone."""
    await press(pilot, "ctrl+q")
    found = work(pilot).left
    assert found is not None
    await work(pilot).desk.call(keep_sitting, found)
    return found


async def test_screen_row_filter_and_order_come_back(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "7", "down", "2", "slash", *"rate", "enter", "greater_than_sign")
        table = pilot.app.screen.query_one(RecordTable)
        row, order = table.cursor_key, table.sorted_by
        assert (await left(pilot)).mode == "parity"
    async with driven(root) as pilot:
        assert isinstance(pilot.app.screen, WorkScreen) and pilot.app.screen.MODE == "parity"
        table = pilot.app.screen.query_one(RecordTable)
        assert (table.cursor_key, table.sorted_by, table.filter_text) == (row, order, "rate")
        await press(pilot, "7")
        flows = pilot.app.screen.query_one(RecordTable)
        assert flows.cursor_key == flows.keys[1]


async def test_what_was_typed_into_a_form_comes_back_and_is_not_asked_about(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "6", "a", *"2.15.0")
        await left(pilot)
        assert pilot.app._exit
    async with driven(root) as pilot:
        await settle(pilot)
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        assert form.typed() == {"version": "2.15.0"}
        await press(pilot, "escape")
        assert "Leave without saving?" in shown(pilot)


async def test_words_whose_form_cannot_be_opened_again_are_shown(root: Path) -> None:
    draft = Draft("no_such_action", "", "Add a thing", {"title": "half a ti"})
    async with driven(root) as pilot:
        await work(pilot).desk.call(keep_sitting, Sitting("parity", {}, draft))
    async with driven(root) as pilot:
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReadingPanel)
        assert "Typed and not saved: Add a thing" in shown(pilot) and "half a ti" in shown(pilot)


async def test_a_signing_sheet_is_not_kept(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "6", "a", *"2.15.0")
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        form.KEPT = False  # type: ignore[misc]
        await press(pilot, "ctrl+q")
        assert "Leave without saving?" in shown(pilot) and not pilot.app._exit


async def test_a_file_that_names_what_acts_at_once_only_shows_its_words(root: Path) -> None:
    with second_writer(root) as context:
        head = context.record.head
        keep_sitting(context, Sitting("benchmarks", {}, Draft("fetch", "", "A fetch", {"a": "typed words"})))
    async with driven(root) as pilot:
        assert "Typed and not saved" in shown(pilot)
    with second_writer(root) as context:
        assert context.record.head == head
