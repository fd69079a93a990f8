"""One thing has one name: the retired words of docs/words.md stand in no text that a person reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "workbench"
PAGES = (
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "checklists").glob("*.yaml")),
    *sorted((ROOT / "sample_projects").rglob("*.yaml")),
    *sorted((ROOT / "sample_projects").rglob("*.md")),
    *sorted((ROOT / "sample_projects").rglob("*.csv")),
)
RETIRED = re.compile(
    r"\b(?:look(?:s|ed|ing)? (?:it |the map |them )?over|no matter|grave(?:st)?|(?:is|are|was|were|not) through"
    r"|ways? back|going back|goes back|in hand|lets? past|letting past"
    r"|(?:take|takes|taken|took|taking)(?: \w+)? back|a word on it|worries|takes? care|looks? after"
    r"|waits for (?:you|a second person)|own words|off the map|taken? in|read in a year|foretold|by itself|cannot be approved yet)\b",
    re.IGNORECASE,
)
# Words that records, tables and kept reports hold, or that people's tables may say.
STORED = {
    "gates/model.py": {"worries"},
    "usecases/views/readiness.py": {"worries"},
    "parity/reviews.py": {"looked over"},
    "parity/fields.py": {"grave", "no matter"},
}
KNOWN = ("docs/words.md",)  # it lists them


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module: docstrings only where a command or a shape prints them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(SOURCE).as_posix()
    silent = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(node.value)
    for node in ast.walk(tree):
        told = isinstance(node, ast.FunctionDef) and name.startswith("cli/commands/")
        if told and isinstance(node, ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr):
            silent.discard(node.body[0].value)  # type: ignore[arg-type]
    if name.startswith("definitions/"):
        silent = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in silent:
            yield node.lineno, node.value


def retired(path: Path) -> list[str]:
    kept = STORED.get(path.relative_to(SOURCE).as_posix(), set())
    return [
        f"{path.relative_to(ROOT)}:{line}: {found[0]}"
        for line, text in texts(path)
        if text not in kept and (found := RETIRED.search(text))
    ]


@pytest.mark.parametrize("room", sorted({path.relative_to(SOURCE).parts[0] for path in SOURCE.rglob("*.py")}))
def test_no_string_says_a_retired_word(room: str) -> None:
    place = SOURCE / room
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    assert [line for path in files for line in retired(path)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_says_a_retired_word(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() in KNOWN:
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [f"{n}: {found[0]}" for n, line in enumerate(lines, 1) if (found := RETIRED.search(line))] == []


def test_every_retired_word_is_listed_beside_its_term() -> None:
    listed = [
        row.rsplit("|", 2)[1] for row in (ROOT / "docs/words.md").read_text().splitlines() if row[:2] == "| "
    ]
    words = [word.strip() for cell in listed[1:] for word in cell.split(",") if word.strip(" -")]
    assert words and [word for word in words if not RETIRED.search(word)] == []
