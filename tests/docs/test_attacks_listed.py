"""The table of attacks in docs/gates.md: every test of one stands there, with what stops it."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def maker():
    spec = spec_from_file_location("make_attacks", DOCS / "make_attacks.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_made_from_the_tests() -> None:
    page = (DOCS / "gates.md").read_text(encoding="utf-8")
    assert "<!-- attacks -->" in page
    assert maker().written(page) == page, "make attacks"


def test_each_attack_says_what_stops_it() -> None:
    found = maker().attacks()
    assert [attack.test for attack in found if not attack.tried or not attack.stopped] == []
    assert len({attack.tried for attack in found}) == len(found)
