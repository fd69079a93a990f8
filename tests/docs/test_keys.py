"""One key means one thing, and docs/keys.md has every key of every screen, as the app has it."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest
from textual.binding import Binding
from textual.widgets import Input

import workbench.tui
from workbench.tui.key_list import WIDGETS, KeyRow, key_rows
from workbench.tui.keyboard import STANDARD
from workbench.tui.keys import LABELS, OPEN_ENDED, spoken
from workbench.tui.registry import screens

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "keys.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows() -> list[KeyRow]:
    return key_rows(STANDARD)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = spec_from_file_location("make_keys", DOCS / "make_keys.py")
    assert spec is not None and spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_no_key_has_a_second_meaning(rows: list[KeyRow]) -> None:
    standard = {spoken(key): label for key, label in LABELS.items() if key not in OPEN_ENDED}
    open_ended = {spoken(key) for key in OPEN_ENDED}
    other = [row for row in rows if row.key not in open_ended and standard.get(row.key) != row.label]
    assert other == []


def test_every_key_says_what_it_does_where_it_is(rows: list[KeyRow]) -> None:
    assert [row for row in rows if not row.help] == []


def test_what_a_screen_binds_beside_its_actions_is_listed(rows: list[KeyRow]) -> None:
    listed = {(row.screen, row.key) for row in rows}
    bound = {
        (name, spoken(key))
        for name, screen in screens().items()
        for each in screen.__mro__
        if each.__module__.startswith("workbench.")
        for binding in each.__dict__.get("BINDINGS", ())
        for key in binding.key.split(",")
    }
    everywhere = {key for screen, key in listed if screen == "everywhere"}
    assert {(name, key) for name, key in bound - listed if key not in everywhere} == set()


def test_no_widget_or_dialog_has_keys_that_are_not_listed() -> None:
    listed = {each for widget in (*WIDGETS.values(), *screens().values()) for each in widget.__mro__}
    bound = set()
    for module in walk_packages(workbench.tui.__path__, "workbench.tui."):
        for each in vars(import_module(module.name)).values():
            own = isinstance(each, type) and each.__module__ == module.name
            if own and any(isinstance(one, Binding) for one in each.__dict__.get("BINDINGS", ())):
                bound.add(each)
    assert {each.__name__ for each in bound - listed} == set()


def test_every_screen_says_what_its_keys_do(rows: list[KeyRow]) -> None:
    assert [row for row in rows if not row.label] == []


def test_the_page_is_as_the_app_is(rows: list[KeyRow], script: ModuleType) -> None:
    assert script.written(PAGE, rows) == PAGE, "`make keys` writes the tables again"


def test_what_is_typed_into_a_field_is_what_fields_know() -> None:
    text = PAGE.partition("In a line of text")[2].partition("###")[0]
    typed = set(re.findall(r"`([^`\n]+)`", text))
    known = {spoken(key) for binding in Input.BINDINGS for key in binding.key.split(",")}
    assert typed <= known
