"""The table: its place, its filter, its order, its marks, its empty state."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.tui.driving import text_row
from textual import on
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from workbench.tui.theme import Mark, register
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import RecordTable

COLUMNS = (Column("name", "Name", flex=1), Column("size", "Size", align="right", drop=1))


class TableApp(App[None]):
    def __init__(self, items: list[Item]) -> None:
        super().__init__()
        register(self, "workbench-dark")
        self.items = items
        self.said: list[tuple[str, Any]] = []

    def compose(self) -> ComposeResult:
        yield RecordTable(COLUMNS, empty="Nothing yet. a adds one.")

    def on_mount(self) -> None:
        self.query_one(RecordTable).set_rows(self.items)

    @on(RecordTable.Activated)
    @on(RecordTable.Selected)
    def note_key(self, message: RecordTable.Activated | RecordTable.Selected) -> None:
        self.said.append((type(message).__name__, message.key))

    @on(RecordTable.Marked)
    def note_marks(self, message: RecordTable.Marked) -> None:
        self.said.append(("Marked", message.keys))


def rows(*names: str) -> list[Item]:
    return [text_row(name, name, str(len(name))) for name in names]


@asynccontextmanager
async def shown(
    items: list[Item], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[RecordTable, TableApp, Pilot[None]]]:
    app = TableApp(items)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app.query_one(RecordTable), app, pilot


def screen_of(table: RecordTable) -> list[str]:
    width, height = table.size
    return [strip.text.rstrip() for strip in table.render_lines(Region(0, 0, width, height))]


async def test_keys_move_over_rows_and_skip_headings() -> None:
    items = [Heading("Blockers"), *rows("one", "two"), Heading("To do"), *rows("three")]
    async with shown(items) as (table, app, pilot):
        assert table.cursor_key == "one"
        await pilot.press("down", "down")
        assert table.cursor_key == "three"
        await pilot.press("down")
        assert table.cursor_key == "three"
        await pilot.press("home")
        assert table.cursor_key == "one"
        await pilot.press("end", "enter")
        assert app.said[-1] == ("Activated", "three")
        lines = screen_of(table)
        assert lines[1] == " Blockers"
        assert lines[4:6] == ["", " To do"]
        assert lines[6].startswith(" ▸   three")


@pytest.mark.parametrize(
    ("left", "expected"),
    [("a b c d e", "c"), ("a b d e", "d"), ("a b", "b"), ("x y", "x"), ("", None)],
)
async def test_the_cursor_keeps_its_place_when_rows_change(left: str, expected: str | None) -> None:
    async with shown(rows(*"abcde")) as (table, _, pilot):
        table.move_to("c")
        table.set_rows(rows(*left.split()))
        await pilot.pause()
        assert table.cursor_key == expected


async def test_rows_added_above_leave_the_window_where_it_was() -> None:
    names = [f"row {number}" for number in range(200)]
    async with shown(rows(*names)) as (table, _, pilot):
        table.move_to("row 100")
        before = screen_of(table)
        table.set_rows(rows(*(f"new {number}" for number in range(50)), *names))
        await pilot.pause()
        assert screen_of(table) == before


async def test_an_update_replaces_one_row_in_place() -> None:
    async with shown(rows(*"abc")) as (table, _, _pilot):
        table.update_rows([(1, Row("b", (Cell("bee, longer than before"), Cell("9")), Mark.DONE))])
        assert "✓ bee, longer than before" in screen_of(table)[2]


@pytest.mark.parametrize(
    ("changes", "gone", "expected"),
    [
        ([(0, "c")], "", "cabd"),
        ([(3, "a")], "", "bcda"),
        ([(1, "x"), (4, "y")], "", "axbcyd"),
        ([(0, "d"), (3, "a")], "b", "dca"),
        ([], "ad", "bc"),
    ],
)
async def test_an_update_looks_as_if_all_rows_were_shown_anew(
    changes: list[tuple[int, str]], gone: str, expected: str
) -> None:
    async with shown(rows(*"abcd")) as (table, _, pilot):
        table.move_to("c")
        table.update_rows([(place, text_row(name, f"{name} again")) for place, name in changes], gone)
        await pilot.pause()
        updated = screen_of(table)
        changed = {name for _, name in changes}
        again = [text_row(name, f"{name} again") if name in changed else rows(name)[0] for name in expected]
        table.set_rows(again)
        await pilot.pause()
        assert table.keys == tuple(expected)
        assert table.cursor_key == "c"
        assert screen_of(table) == updated


async def test_the_widest_row_leaves_and_the_columns_are_laid_out_again() -> None:
    async with shown([text_row("a", "the widest of all rows"), *rows("b", "c")]) as (table, _, pilot):
        table.update_rows([(0, text_row("a", "a"))])
        await pilot.pause()
        updated = screen_of(table)
        table.set_rows([text_row("a", "a"), *rows("b", "c")])
        await pilot.pause()
        assert screen_of(table) == updated


async def test_among_headings_a_row_has_no_place() -> None:
    async with shown([Heading("Fruit"), *rows("apple")]) as (table, _, _pilot):
        with pytest.raises(ValueError, match="among headings"):
            table.update_rows([(0, text_row("apple", "apple"))])


async def test_the_filter_narrows_and_esc_brings_everything_back() -> None:
    items = [Heading("Fruit"), *rows("apple", "pear"), Heading("Other"), *rows("stone apple", "glass")]
    async with shown(items) as (table, _, pilot):
        table.move_to("pear")
        await pilot.press("slash", *"apple")
        assert table.keys == ("apple", "stone apple")
        assert "/ apple█" in screen_of(table)[0]
        assert "2 of 4" in screen_of(table)[0]
        await pilot.press("space", *"st")
        assert table.keys == ("stone apple",)
        assert "Fruit" not in "\n".join(screen_of(table))
        await pilot.press("enter", "escape")
        assert table.filter_text == ""
        assert len(table.keys) == 4


async def test_a_filter_without_a_match_says_so() -> None:
    async with shown(rows("a")) as (table, _, pilot):
        await pilot.press("slash", "z")
        assert "Nothing here contains “z”. esc shows all 1." in "\n".join(screen_of(table))
        assert table.cursor_key is None
        await pilot.press("backspace")
        assert table.cursor_key == "a"


async def test_an_empty_table_says_what_belongs_there() -> None:
    async with shown([]) as (table, _, pilot):
        assert "Nothing yet. a adds one." in "\n".join(screen_of(table))
        await pilot.press("down", "up", "end", "pagedown", "enter")
        table.action_mark()


async def test_sorting_is_within_sections_and_keeps_the_cursor() -> None:
    items: list[Item] = [
        Heading("One"),
        Row("b", (Cell("b"), Cell("10 s", order=10))),
        Row("a", (Cell("A"), Cell("9 s", order=9))),
        Row("n", (Cell("n"), Cell(""))),
        Heading("Two"),
        *rows("c"),
    ]
    async with shown(items) as (table, _, _pilot):
        table.move_to("b")
        table.sort_by("size")
        assert table.keys == ("a", "b", "n", "c")
        table.sort_by("name", descending=True)
        assert table.keys == ("n", "b", "a", "c")
        assert table.cursor_key == "b"
        table.sort_by(None)
        assert table.keys == ("b", "a", "n", "c")


async def test_marks_go_with_their_rows() -> None:
    async with shown(rows(*"abc")) as (table, app, pilot):
        table.action_mark()
        table.action_mark()
        await pilot.pause()
        assert app.said[-2] == ("Marked", ("a", "b")) or ("Marked", ("a", "b")) in app.said
        assert table.cursor_key == "c"
        assert screen_of(table)[1].startswith("┃")
        table.set_rows(rows("b", "c"))
        assert table.marked == ("b",)
        table.clear_marks()
        assert table.marked == ()


async def test_the_mouse_selects_opens_and_sorts() -> None:
    async with shown(rows("bb", "a")) as (table, app, pilot):
        await pilot.click(RecordTable, offset=(8, 2))
        assert table.cursor_key == "a"
        await pilot.click(RecordTable, offset=(8, 2), times=2)
        assert ("Activated", "a") in app.said
        await pilot.click(RecordTable, offset=(6, 0))
        assert table.sorted_by == ("name", False)
        assert table.keys == ("a", "bb")
        await pilot.click(RecordTable, offset=(6, 0))
        assert table.sorted_by == ("name", True)
        await pilot.click(RecordTable, offset=(6, 0))
        assert table.sorted_by is None


async def test_pages_scroll_and_the_cursor_stays_in_sight() -> None:
    async with shown(rows(*(f"row {number}" for number in range(300)))) as (table, _, pilot):
        for keys in (["pagedown"] * 3, ["end"], ["pageup"] * 2, ["home"]):
            await pilot.press(*keys)
            assert any(line.startswith(" ▸") for line in screen_of(table))
        assert table.cursor_key == "row 0"
        assert table.scroll_y == 0


async def test_ten_thousand_rows_draw_only_what_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    async with shown(rows(*(f"row {number}" for number in range(10_000)))) as (table, _, pilot):
        drawn: list[Row] = []
        draw = table._row_line

        def counting(row: Row, current: bool, width: int) -> Any:
            drawn.append(row)
            return draw(row, current, width)

        monkeypatch.setattr(table, "_row_line", counting)
        await pilot.press("down")
        assert len(drawn) <= 4
        await pilot.press("end")
        assert table.cursor_key == "row 9999"
        assert len(drawn) < 100


async def test_wide_characters_are_cut_to_their_cells() -> None:
    items = rows("漢字" * 60, "🙂" * 60, "é" * 200)
    async with shown(items, size=(61, 15)) as (table, _, _pilot):
        for strip in table.render_lines(Region(0, 0, 61, 15)):
            assert strip.cell_length == 61


HOSTILE = (
    "[/x]",
    "[@click=app.quit]quit[/]",
    "\x1b[2J\x1b]0;t\x07",
    "\u202egnp.exe",
    "🙂" * 99,
    "x" * 100_000,
)


async def test_hostile_names_are_shown_and_steer_nothing() -> None:
    items: list[Item] = [Heading(name, name) for name in HOSTILE[:4]]
    items += [text_row(f"k{number}", name, name) for number, name in enumerate(HOSTILE)]
    async with shown(items) as (table, app, pilot):
        await pilot.press("slash", "[", "escape", "end")
        table.action_mark()
        await pilot.press("enter")
        table.set_rows([text_row("k0", "\x1b[31m"), *(item for item in items[5:])])
        text = "\n".join(screen_of(table))
        assert "[@click=app.quit]quit[/]" in text
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
        await pilot.click(RecordTable, offset=(8, 3))
        assert app.is_running
