"""A schema's name is a promise: what ``--json`` prints under it always has the same fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.golden.story import STORY

KEPT = Path(__file__).parent / "kept"
PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
SOURCE = Path(__file__).parents[2] / "src" / "workbench"
FILES = (
    "workbench.excerpt.1",
    "workbench.request.1",
    "workbench.reply.1",
    "workbench.basis.2",
    "workbench.shown.1",
)
"""Names of files and kept documents that the workbench writes and reads itself."""


def printed() -> Iterator[tuple[str, dict[str, Any]]]:
    for step in STORY:
        if "json" in step.command and step.name.endswith(".json") and not step.command.startswith("schema "):
            document = json.loads((KEPT / step.name).read_text(encoding="utf-8"))
            yield step.name, document


def shapes() -> dict[str, dict[str, tuple[str, ...]]]:
    """The fields under each schema's name, by the file that holds them."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, document in printed():
        fields = tuple(key for key in document if key not in ("schema", "done"))
        found.setdefault(document["schema"], {})[name] = fields
    return found


SHAPES = shapes()
ROWS = {
    name: re.findall(r"`([^`]+)`", fields)
    for name, fields in re.findall(r"^\| `(workbench\.[\w.-]+)` \|[^|]*\| (.*) \|$", PAGE, re.MULTILINE)
}


@pytest.mark.parametrize("schema", SHAPES)
def test_one_name_is_one_shape(schema: str) -> None:
    assert len(set(SHAPES[schema].values())) == 1, SHAPES[schema]


@pytest.mark.parametrize("schema", SHAPES)
def test_its_fields_are_documented(schema: str) -> None:
    (fields,) = set(SHAPES[schema].values())
    assert ROWS[schema] in ([], list(fields)), "“see” a page that describes them, or all of them in order"


def test_every_name_in_the_program_is_in_the_story_and_on_the_page() -> None:
    named = {
        name
        for path in SOURCE.rglob("*.py")
        for name in re.findall(r'"(workbench\.[a-z-]+\.\d+)"', path.read_text(encoding="utf-8"))
    } - set(FILES)
    assert sorted(named) == sorted(SHAPES) == sorted(ROWS)
