"""Undo and redo in the app: named, asked about where they are of an earlier sitting, marked in the history."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, press, second_writer, shown, web_shop

from workbench.tui.widgets.dialog import Confirm, MessagePanel
from workbench.usecases import undoing


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_undo_and_redo_are_one_key_each_and_name_the_act(root: Path) -> None:
    async with driven(root, (100, 24)) as pilot:
        await press(pilot, "2", "a", *"clock drift", "ctrl+s", "1")
        await press(pilot, "u")
        assert "Undone: found difference clock drift · U redoes it" in shown(pilot)
        await press(pilot, "U")
        assert "Redone: found difference clock drift · u undoes it" in shown(pilot)
        await press(pilot, "U")
        assert "there is nothing of yours to redo" in shown(pilot)
        await press(pilot, "u", "8")
        assert "undone: redid: difference clock drift" in shown(pilot).replace("  ", " ")


async def test_what_is_older_than_this_sitting_is_named_and_asked_about(root: Path) -> None:
    with second_writer(root) as context:
        coming = undoing.coming_undo(context)
        head = context.record.head
        assert coming is not None
    async with driven(root, (100, 24)) as pilot:
        await press(pilot, "u")
        assert isinstance(pilot.app.screen, Confirm)
        assert f"Undo: {coming.words}?" in shown(pilot)
        await press(pilot, "escape")
        with second_writer(root) as context:
            assert context.record.head == head


async def test_what_somebody_changed_since_is_refused_by_name(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "2", "a", *"clock drift", "ctrl+s")
        with second_writer(root, "kim") as context:
            (row,) = context.record.all("difference", "title = ?", ("clock drift",))
            from workbench.record import Change
            from workbench.usecases.context import commit

            value = {**row.decode(dict), "title": "clocks drift"}
            commit(context, [Change("difference", row.id, "edited", value, row.base)])
        await press(pilot, "u")
        assert isinstance(pilot.app.screen, MessagePanel)
        assert "difference clocks drift was changed since: kim edited" in " ".join(shown(pilot).split())
