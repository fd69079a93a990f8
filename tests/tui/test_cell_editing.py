"""Cells that are edited in place: the text while it is typed, what is pending, and the table around them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.geometry import Region
from textual.pilot import Pilot

from workbench.tui.theme import register
from workbench.tui.widgets.columns import TEXT, Column, Edit, arrange_columns, choice
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import EditTable
from workbench.tui.widgets.table.cell_editor import CellEditor
from workbench.tui.widgets.table.pending import Pending
from workbench.tui.widgets.table.typing_line import TypingLine

LEVELS = choice("high", "medium", "low")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("x", "x"),
        ("end x", "one twox"),
        ("home x", "xone two"),
        ("left x", "xone two"),
        ("backspace", ""),
        ("end backspace backspace", "one t"),
        ("home delete", "ne two"),
        ("end ctrl+w", "one "),
        ("end ctrl+w ctrl+w", ""),
        ("end ctrl+left x", "one xtwo"),
        ("home ctrl+right x", "one xtwo"),
        ("end ctrl+u", ""),
        ("home ctrl+k x", "x"),
        ("home shift+right shift+right x", "xe two"),
    ],
)
def test_text_is_typed_over_moved_in_and_removed(keys: str, expected: str) -> None:
    line = TypingLine("one two", selected=True)
    for key in keys.split():
        assert line.press(key, key if len(key) == 1 else None)
    assert line.text == expected


def test_a_long_text_is_seen_around_its_caret() -> None:
    line = TypingLine("漢字" * 20)
    first, last = line.window(10)
    assert line.text[first:last] == "漢字漢字"
    line.press("home", None)
    assert line.window(10) == (0, 5)


def test_what_is_pasted_into_a_text_is_one_line_and_harmless() -> None:
    line = TypingLine("a", selected=True)
    line.insert("one\ntwo\x1b[2J")
    assert line.text == "one two·[2J"


@pytest.mark.parametrize(
    ("edit", "keys", "expected"),
    [
        (LEVELS, "", "medium"),
        (LEVELS, "l", "low"),
        (LEVELS, "down", "low"),
        (LEVELS, "up", "high"),
        (LEVELS, "i", "high"),
        (LEVELS, "x", "x"),
        (Edit(("Robin", "Kim")), "k", "k"),
        (Edit(("Robin", "Kim")), "k down", "Kim"),
    ],
)
def test_a_choice_is_typed_or_picked(edit: Edit, keys: str, expected: str) -> None:
    editor = CellEditor("row", "column", "medium", edit)
    for key in keys.split():
        assert editor.press(key, key if len(key) == 1 else None)
    assert editor.value == expected


def test_a_choice_that_nobody_made_is_none() -> None:
    assert CellEditor("+1", "column", "", LEVELS).value == ""


def test_an_edit_that_gives_back_what_was_there_is_none() -> None:
    pending = Pending()
    pending.put("a", "name", "new", was="old", error="no")
    assert (len(pending), pending.errors) == (1, {("a", "name"): "no"})
    pending.put("a", "name", "old", was="old")
    assert (len(pending), pending.errors, pending.texts) == (0, {}, {})


def test_what_was_typed_while_the_rest_was_saved_stays() -> None:
    pending = Pending()
    draft = pending.new_draft()
    pending.put(draft, "name", "one", was="")
    pending.put("a", "name", "two", was="")
    saved = pending.copy()
    assert list(saved) == ["a", draft]
    pending.put("a", "name", "three", was="")
    pending.settle(saved)
    assert pending.texts == {"a": {"name": "three"}}


def test_columns_that_do_not_fit_stand_beyond_the_edge_and_frozen_ones_stay() -> None:
    columns = (
        Column("name", frozen=True, least=10),
        Column("wide", least=30),
        Column("more", least=10, drop=1),
        Column("last", least=10, drop=2),
    )
    layout = arrange_columns(columns, [10, 30, 10, 10], 42, scrolls=True)
    assert [place.index for place in layout.visible(0)] == [0, 1]
    offset = layout.reveal(3, 0)
    assert [(place.index, place.x) for place in layout.visible(offset)] == [(0, 0), (2, 12), (3, 24)]
    assert layout.reveal(1, offset) == 0


# --- in a table ------------------------------------------------------------------------------

COLUMNS = (
    Column("level", "Level", edit=LEVELS),
    Column("name", "Name", flex=1, frozen=True, edit=TEXT),
    Column("where", "Where", edit=TEXT),
    Column("size", "Size", align="right"),
)


class EditApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        register(self, "workbench-dark")
        self.said: list[str] = []
        self.saved: list[dict[str, dict[str, str]]] = []

    def compose(self) -> ComposeResult:
        yield EditTable(COLUMNS, draft="type a name")

    def on_mount(self) -> None:
        self.query_one(EditTable).set_rows(rows("abc"))

    @on(EditTable.Said)
    def note_said(self, message: EditTable.Said) -> None:
        self.said.append(message.text)

    @on(EditTable.SaveEdits)
    def note_saved(self, message: EditTable.SaveEdits) -> None:
        self.saved.append(message.pending)


def rows(names: Sequence[str]) -> list[Row]:
    return [Row(name, (Cell("high"), Cell(name), Cell(f"in {name}"), Cell("1"))) for name in names]


@asynccontextmanager
async def shown() -> AsyncIterator[tuple[EditTable, EditApp, Pilot[None]]]:
    app = EditApp()
    async with app.run_test(size=(80, 16)) as pilot:
        await pilot.pause()
        yield app.query_one(EditTable), app, pilot


def screen_of(table: EditTable) -> list[str]:
    width, height = table.size
    return [strip.text.rstrip() for strip in table.render_lines(Region(0, 0, width, height))]


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def test_tab_keeps_and_goes_on_arrows_keep_and_leave_esc_gives_up() -> None:
    async with shown() as (table, app, pilot):
        assert table.cell == ("a", "name")
        table.edit()
        await press(pilot, *"new", "tab", *"here", "down")
        assert table.cell == ("b", "where")
        assert table.pending == {"a": {"name": "new", "where": "here"}}
        assert screen_of(table)[1].startswith("  *  high     new")
        table.edit()
        await press(pilot, *"gone", "escape")
        assert table.pending == {"a": {"name": "new", "where": "here"}}
        await press(pilot, "right")
        table.edit()
        await pilot.pause()
        assert app.said[-1] == "Size is not edited here"


async def test_pending_edits_survive_a_refresh_and_are_gone_once_saved() -> None:
    async with shown() as (table, app, pilot):
        table.edit()
        await press(pilot, *"new", "enter")
        table.set_rows(rows("cab"))
        table.save()
        await pilot.pause()
        assert app.saved == [{"a": {"name": "new"}}]
        table.settle(app.saved[0])
        assert table.pending == {}


async def test_new_rows_are_typed_one_after_the_other() -> None:
    async with shown() as (table, app, pilot):
        table.add_row()
        await press(pilot, "l", "tab", *"one", "enter", "m", "tab", *"two", "enter", "enter")
        assert table.cursor_key is None
        table.save()
        await pilot.pause()
        assert list(app.saved[0].values()) == [
            {"level": "low", "name": "one"},
            {"level": "medium", "name": "two"},
        ]


async def test_a_text_that_is_refused_stays_in_its_editor() -> None:
    async with shown() as (table, app, pilot):
        table.check = lambda row, column, text: "no digits" if text.isdigit() else None
        table.edit()
        await press(pilot, "1", "down")
        assert (app.said[-1], table.is_editing, table.pending) == ("no digits", True, {})
        await press(pilot, "backspace", "x", "down")
        assert table.pending == {"a": {"name": "x"}}


async def test_text_goes_into_the_editor_whatever_it_says() -> None:
    async with shown() as (table, _, pilot):
        table.edit()
        table.post_message(Paste("one\ttwo\nthree"))
        await press(pilot, "q", "slash", "enter")
        assert table.pending == {"a": {"name": "one two threeq/"}}


async def test_one_text_is_pasted_into_the_whole_block_and_a_block_is_posted() -> None:
    async with shown() as (table, app, pilot):
        await press(pilot, "shift+down", "shift+right")
        assert table.block == (("a", "b"), ("name", "where"))
        app.copy_to_clipboard("same")
        table.paste(app.clipboard)
        assert table.pending == {key: {"name": "same", "where": "same"} for key in "ab"}
        table.copy()
        assert app.clipboard == "same\tsame\nsame\tsame\n"
        table.take({"c": {"level": "LOW"}}, [{"name": "new", "level": "awful"}], ["“Cost”"])
        await pilot.pause()
        assert table.pending["c"] == {"level": "low"}
        assert table.errors == {("+1", "level"): "“awful” is none of: high, medium, low"}
        assert app.said[-1].startswith("1 new row; 1 cell; 1 cell wrong; left out: “Cost” · ctrl+s save")
        table.save()
        await pilot.pause()
        assert (table.cell, app.saved) == (("+1", "level"), [])


async def test_a_value_is_filled_into_marked_rows_or_from_the_row_above() -> None:
    async with shown() as (table, _, pilot):
        await press(pilot, "right", "down")
        table.fill()
        assert table.pending == {"b": {"where": "in a"}}
        table.action_first()
        table.mark_alike()
        assert table.marked == ("a", "b")
        await press(pilot, "G", "up")
        table.fill()
        assert table.pending == {"a": {"where": "in c"}, "b": {"where": "in c"}}


async def test_the_column_under_the_cursor_sorts_with_a_sign_that_is_not_cut() -> None:
    async with shown() as (table, _, pilot):
        table.sort_here(descending=True)
        assert table.keys == ("c", "b", "a")
        assert "Name↓" in screen_of(table)[0]
        await press(pilot, "right", "right")
        table.sort_here(descending=False)
        assert "↑Size" in screen_of(table)[0]
        table.sort_here(descending=False)
        assert table.sorted_by is None


async def test_a_new_row_stays_in_sight_until_it_is_left() -> None:
    async with shown() as (table, _, pilot):
        table.set_filter("b")
        table.sort_by("name", descending=True)
        table.set_rows(rows("azbc"))
        table.keep_in_sight(["z"])
        assert (table.keys, table.cursor_key) == (("b", "z"), "z")
        await press(pilot, "up")
        assert (table.keys, table.cursor_key) == (("b",), "b")
