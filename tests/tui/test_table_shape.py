"""Columns that somebody has chosen, views of a table that were saved, and edits that are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, press, shown, web_shop

from workbench.tui.screens.columns_panel import Arrangement
from workbench.tui.screens.detail import Detail
from workbench.tui.screens.table_screen import TableScreen
from workbench.tui.widgets.columns import Column, Shape, arrange_columns, shaped
from workbench.tui.widgets.rows import Cell, Row, Section, widest

COLUMNS = (
    Column("sign", ""),
    Column("name", "Name", frozen=True),
    Column("where", "Where", drop=1),
    Column("size", "Size"),
)
WIDTHS = {"name": 10, "where": 8, "size": 4}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", Shape(("name", "where", "size"), {}, "name")),
        ("right right", Shape(("name", "where", "size"), {"name": 12}, "name")),
        ("space", Shape(("where", "size"), {}, "")),
        ("down down space", Shape(("name", "size"), {}, "name")),
        ("down down shift+down", Shape(("name", "size", "where"), {}, "name")),
        ("down shift+down", Shape(("name", "where", "size"), {}, "where")),
        ("down shift+up", Shape(("name", "where", "size"), {}, "")),
        ("space down down space down space", Shape(("size",), {}, "")),
    ],
)
def test_columns_are_shown_moved_widened_and_frozen(keys: str, expected: Shape) -> None:
    made = Arrangement(COLUMNS, Shape(), WIDTHS)
    for key in keys.split():
        made.press(key)
    assert made.shape(Shape()) == expected


def test_a_shape_begins_where_it_was_left() -> None:
    shape = Shape(("size", "name"), {"size": 9}, "size", ("name", True), "gate")
    made = Arrangement(COLUMNS, shape, WIDTHS)
    assert made.rows == ["size", "", "name", "where"]
    assert made.shape(shape) == shape


def test_a_column_that_hides_takes_no_room_while_nothing_stands_in_it() -> None:
    columns = (Column("name", "Name"), Column("trend", "By build", hides=True))
    rows = [Row("a", (Cell("first"), Cell())), Row("b", (Cell("second"), Cell("▁▂")))]
    assert widest(columns, [Section(None, rows[:1])]) == [5, 0]
    assert widest(columns, [Section(None, rows)]) == [6, 8]
    assert [place.index for place in arrange_columns(columns, [5, 0], 40).places] == [0]


def test_chosen_columns_give_way_to_none_and_what_is_unknown_is_passed_over() -> None:
    shape = Shape(("size", "gone", "where", "name"), {"where": 30, "gone": 4}, "gone")
    columns, chosen = shaped(COLUMNS, shape)
    layout = arrange_columns(columns, [0, 10, 8, 4], 40, scrolls=True, chosen=chosen)
    assert [(COLUMNS[place.index].key, place.width) for place in layout.places] == [
        ("size", 4), ("where", 30), ("name", 10),
    ]  # fmt: skip
    assert [place.index for place in layout.visible(0)] == [3, 2]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_columns_and_views_are_there_again_in_the_next_sitting(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(
            pilot, "2", "C", *["down"] * 4, "space", "enter", "greater_than_sign", "slash", *"gate", "enter"
        )
        await press(pilot, "v", "ctrl+s", *"gates", "enter")
    async with driven(shop) as pilot:
        await press(pilot, "2")
        screen = pilot.app.screen
        assert isinstance(screen, TableScreen)
        assert "Sev" not in shown(pilot) and len(screen.table.keys) == 11
        await press(pilot, "v", "down")
        assert "filter gate · by What differs ↓" in shown(pilot)
        await press(pilot, "enter")
        assert screen.table.filter_text == "gate"
        await press(pilot, "v", "down", "delete", "v")
        assert "filter gate" not in shown(pilot)


async def test_edits_are_never_given_up_or_left_without_a_question(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "2", "down", "e", *"other words")
        await press(pilot, "ctrl+q")
        assert "Leave without saving your edits?" in shown(pilot) and "other words" in shown(pilot)
        await press(pilot, "escape", "down", "q", "escape")
        assert pilot.app._exit is False
        await press(pilot, "escape")
        assert "1 cells" not in shown(pilot) and "Discard your edits?" in shown(pilot)
        await press(pilot, "escape")
        assert "other words" in shown(pilot)
        await press(pilot, "escape", "enter")
        assert "other words" not in shown(pilot)
        await press(pilot, "q")
        assert pilot.app._exit is True


async def test_the_height_of_the_detail_and_the_columns_stay_while_the_cursor_moves(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "2")
        screen = pilot.app.screen
        assert isinstance(screen, TableScreen)
        stood = set()
        for _ in range(len(screen.table.keys) + 1):
            stood.add(
                (screen.table.size, tuple(screen.table.widths.items()), screen.query_one(Detail).region)
            )
            await press(pilot, "down")
        assert len(stood) == 1
        assert "a new row" in shown(pilot)
