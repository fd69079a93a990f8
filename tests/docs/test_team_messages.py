"""The table of messages in docs/team.md is what the program says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "team.md").read_text(encoding="utf-8")


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_team", DOCS / "make_team.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_message_is_on_the_page() -> None:
    assert maker().written(PAGE) == PAGE, "run docs/make_team.py"


def test_every_message_says_what_to_do() -> None:
    rows = list(maker().messages())
    assert len(rows) > 40
    assert all(what and hint and "{" not in what + hint for what, hint in rows)
