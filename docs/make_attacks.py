"""Write the table of attacks in docs/gates.md from the tests that try them: `make attacks`, after one was added."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).with_name("gates.md")
TESTS = Path(__file__).parents[1] / "tests" / "attacks"
BEGIN, END = "<!-- attacks -->\n", "<!-- end -->"


class Attack(NamedTuple):
    """One attack: the test that tries it, and what its docstring says of it."""

    test: str
    tried: str
    stopped: str


def attacks() -> list[Attack]:
    """Every test of an attack, by file and then as written."""
    return [attack for path in sorted(TESTS.glob("test_*.py")) for attack in _in(path)]


def _in(path: Path) -> Iterator[Attack]:
    for item in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name.startswith("test_"):
            tried, _, stopped = (ast.get_docstring(item) or "").partition("\n\n")
            yield Attack(f"{path.stem}.{item.name}", _line(tried), _line(stopped))


def _line(text: str) -> str:
    return " ".join(text.split())


def written(page: str) -> str:
    """The page with the table between its marks as the tests have it now."""
    head = "| | attack | what stops it |\n| --- | --- | --- |\n"
    rows = "".join(
        f"| {number} | {_cell(attack.tried)} | {_cell(attack.stopped)} |\n"
        for number, attack in enumerate(attacks(), 1)
    )
    found = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    return found.sub(lambda _: f"{BEGIN}{head}{rows}{END}", page)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
