"""The parity statement in the app: read with its marks, kept, edited, and marked where a figure has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.tui.driving import driven, in_panel, press, second_writer, settle, shown, web_shop
from textual.pilot import Pilot

from workbench.tui.screens.statement import StatementScreen
from workbench.tui.theme import Mark
from workbench.tui.widgets.rows import Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases import mapping, parity_statement


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def come(pilot: Pilot[Any]) -> StatementScreen:
    await pilot.app.screen.go("statement", None)  # type: ignore[attr-defined]
    await settle(pilot)
    assert isinstance(pilot.app.screen, StatementScreen)
    return pilot.app.screen


def marked(screen: StatementScreen, mark: Mark) -> list[str]:
    table = screen.query_one(RecordTable)
    rows = [table.row(key) for key in table.keys]
    return [row.cells[0].text for row in rows if isinstance(row, Row) and row.mark is mark]


async def test_the_draft_is_read_and_kept(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        screen = await come(pilot)
        assert "a draft that no one has kept" in shown(pilot)
        assert "Test reliability is low." in marked(screen, Mark.OPEN)
        await press(pilot, "r")
        assert "kept by robin" in shown(pilot)
        assert not marked(screen, Mark.OPEN)
        await press(pilot, "r")
        assert "every sentence is kept, and this one fits" in shown(pilot)


async def test_a_sentence_is_edited_and_marked_when_its_figure_changes(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        screen = await come(pilot)
        screen.query_one(RecordTable).move_to(
            next(key for key in screen.query_one(RecordTable).keys if key.endswith("search-results 0"))
        )
        await press(pilot, "e")
        assert "value" in in_panel(pilot) and "96.5 %" in in_panel(pilot)
        await press(pilot, "end", *" Good.", "ctrl+s")
        assert "Good." in shown(pilot) and "(edited)" in shown(pilot)
        with second_writer(root, "robin") as context:
            stored, value = mapping.find_difference(context, "search index size")
            mapping.edit_difference(context, stored, msgspec.structs.replace(value, staging="5 products"))
        await press(pilot, "ctrl+r")
        assert marked(screen, Mark.WARNS) == [
            text for text in marked(screen, Mark.WARNS) if text.startswith("Search index size")
        ]
        assert "no longer fits: staging was 40,000 products, is now 5 products" in shown(pilot)


async def test_enter_shows_the_rows_and_figures(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await come(pilot)
        await press(pilot, "down", "enter")
        text = in_panel(pilot)
        assert "payment gateway mocked (difference)" in text
        assert "production vendor's API v3" in text


async def test_a_sentence_of_ones_own_and_one_that_is_taken_out(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        screen = await come(pilot)
        await press(pilot, "a", "tab", *"We watch the first hour.", "ctrl+s")
        assert "We watch the first hour." in shown(pilot)
        table = screen.query_one(RecordTable)
        table.move_to(next(key for key in table.keys if "own-1" in key))
        await settle(pilot)
        await press(pilot, "delete")
        assert "We watch the first hour." not in shown(pilot)
    with second_writer(root) as context:
        assert [claim.text for claim in parity_statement.read_here(context).left_out] == [
            "We watch the first hour."
        ]
