"""What database roles may do stands in docs/team.md as tests try it, with every attack by one."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from tests.real.rights import COLUMNS, RIGHTS

DOCS = Path(__file__).parents[2] / "docs"


def maker() -> ModuleType:
    spec = spec_from_file_location("make_rights", DOCS / "make_rights.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_lists_what_is_tried() -> None:
    page = (DOCS / "team.md").read_text(encoding="utf-8")
    assert "<!-- rights -->" in page
    assert maker().written(page) == page, "make attacks"


def test_each_right_and_each_sort_of_role_stands_once() -> None:
    lines = list(maker().rights())
    assert len(lines) == len(RIGHTS) + 2
    assert len({right.words for right in RIGHTS}) == len(RIGHTS)
    assert all(line.count("|") == len(COLUMNS) + 2 for line in lines)


def test_each_attack_is_told_once_and_says_what_stops_it() -> None:
    lines = list(maker().attacks())[2:]
    assert len(lines) > 50
    assert len({line.split("|")[2] for line in lines}) == len(lines)
