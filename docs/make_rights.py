"""Write what database roles may do, and the attacks by them, into docs/team.md: `make attacks`, after one was added."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

PAGE = Path(__file__).with_name("team.md")
ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests" / "real"
BEGIN, END = "<!-- rights -->\n", "<!-- end -->"


def rights() -> Iterator[str]:
    """The table of what each sort of role may do, as a test tries it."""
    sys.path.insert(0, str(ROOT))
    try:
        from tests.real.rights import COLUMNS, RIGHTS
    finally:
        sys.path.remove(str(ROOT))
    yield f"| | {' | '.join(COLUMNS.values())} |"
    yield f"| --- |{' :-: |' * len(COLUMNS)}"
    for right in RIGHTS:
        yield f"| {right.words} | {' | '.join('✓' if role in right.may else '–' for role in COLUMNS)} |"


def attacks() -> Iterator[str]:
    """The table of attacks, from the docstrings of the tests that try them."""
    yield "| | attack | what stops it |"
    yield "| --- | --- | --- |"
    attack_of = _attacks_module()._in
    found = [
        one for path in sorted(TESTS.glob("test_mailbox_*.py")) for one in attack_of(path) if one.stopped
    ]
    for number, one in enumerate(found, 1):
        yield f"| {number} | {_cell(one.tried)} | {_cell(one.stopped)} |"


def _attacks_module() -> ModuleType:
    """The script for the other table of attacks, which reads docstrings."""
    spec = importlib.util.spec_from_file_location("make_attacks", Path(__file__).with_name("make_attacks.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(page: str) -> str:
    """The page with both tables between their marks."""
    text = "\n".join((*rights(), "", *attacks(), ""))
    found = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    return found.sub(lambda _: f"{BEGIN}{text}{END}", page, count=1)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
