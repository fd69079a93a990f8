"""Saved views of a table stand in a file that may come from anywhere: what is read from it is safe and has bounds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build

from workbench.model import turns
from workbench.model.errors import UsageError
from workbench.usecases import table_views
from workbench.usecases.context import Context
from workbench.usecases.table_views import TableView, read_views, remove_view, save_view

HOSTILE = r"""{"parity": {"\u001b[31mname\u202e": {"columns": ["title", "title", "\u001b[2J"],
 "widths": {"title": 99999999999, "owner": -5}, "frozen": "\u001b", "order": ["\u0007", true], "filter": "a\u202eb\u001b"}}}"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    with build.shop(tmp_path / "shop") as context:
        yield context


def write(context: Context, text: str) -> None:
    file = table_views._file(context)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_what_could_steer_a_terminal_is_taken_out_and_widths_have_bounds(shop: Context) -> None:
    write(shop, HOSTILE)
    assert read_views(shop, "parity") == {
        "·[31mname": TableView(
            columns=("title", "·[2J"),
            widths={"title": table_views.WIDEST, "owner": 1},
            frozen="·",
            order=("·", True),
            filter="ab·",
        )
    }
    remove_view(shop, "parity", "·[31mname")
    assert read_views(shop, "parity") == {}


@pytest.mark.parametrize(
    "text", ["", "[]", '{"parity": 3}', '{"parity": {"a": {"widths": {"b": 1e400}}}}', "[" * 9999]
)
def test_a_file_that_is_no_list_of_views_holds_none(shop: Context, text: str) -> None:
    write(shop, text)
    assert read_views(shop, "parity") == {}
    save_view(shop, "parity", "mine", TableView(filter="cache"))
    assert read_views(shop, "parity") == {"mine": TableView(filter="cache")}


def test_a_file_that_is_far_too_long_is_left_out(shop: Context) -> None:
    write(shop, HOSTILE + " " * table_views.MOST)
    assert read_views(shop, "parity") == {}


def test_the_folder_of_views_is_this_users_alone(shop: Context) -> None:
    save_view(shop, "parity", "mine", TableView(filter="cache"))
    assert table_views._file(shop).parent.stat().st_mode & 0o777 == 0o700


def test_a_view_is_neither_saved_nor_removed_while_another_app_does(
    shop: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_view(shop, "parity", "mine", TableView(filter="mine"))
    monkeypatch.setattr(turns, "_TURN", 0.0)
    with turns.in_turn(table_views._file(shop)):
        with pytest.raises(UsageError, match="was not saved"):
            save_view(shop, "parity", "another", TableView())
        with pytest.raises(UsageError, match="was not saved"):
            remove_view(shop, "parity", "mine")
    assert read_views(shop, "parity") == {"mine": TableView(filter="mine")}
