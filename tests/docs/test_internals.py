"""The tour of the house names what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbench.criteria import forms
from workbench.gates import kinds as requirement_kinds
from workbench.model import errors
from workbench.sources import kinds as source_kinds
from workbench.usecases import nouns

TOP = Path(__file__).parents[2]
SOURCE = TOP / "src" / "workbench"
PAGE = (TOP / "docs" / "internals.md").read_text(encoding="utf-8")
ROOMS = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"}
TABLE = re.findall(r"^\| ((?:`[\w/]+`(?:, )?)+) \| .* \| (.*) \|$", PAGE, re.MULTILINE)


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_every_room_is_in_the_table() -> None:
    assert {name for names, _ in TABLE for name in quoted(names)} - {"usecases/views"} == ROOMS


@pytest.mark.parametrize(("names", "begin"), TABLE)
def test_one_can_begin_where_it_says(names: str, begin: str) -> None:
    for file in quoted(begin):
        assert any((SOURCE / room / file).exists() for room in quoted(names)), file


def test_the_order_of_rooms_is_the_one_that_is_enforced() -> None:
    import tomllib

    layers = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    ordered = [name for layer in layers["contracts"][0]["layers"] for name in layer.split(" | ")]
    line = next(line for line in PAGE.splitlines() if line.startswith("`cli` → "))
    told = quoted(PAGE[PAGE.index(line) : PAGE.index("`cli` stands above")])
    assert sorted(told) == sorted(ordered)
    places = {
        name: place
        for place, layer in enumerate(layers["contracts"][0]["layers"])
        for name in layer.split(" | ")
    }
    assert [places[name] for name in told] == sorted(places.values())


def paths() -> list[str]:
    """Everything beside the table that looks like a file or folder of the project."""
    beside = "\n".join(line for line in PAGE.splitlines() if not line.startswith("|"))
    return [text for text in quoted(beside) if "/" in text and "…" not in text and " " not in text]


@pytest.mark.parametrize("path", paths())
def test_every_path_is_there(path: str) -> None:
    file = path.partition(":")[0]
    assert (SOURCE / file).exists() or (TOP / file).exists(), file


def test_the_lists_that_take_a_new_line_are_where_it_says() -> None:
    for module, name in (
        (requirement_kinds, "NAMES"),
        (source_kinds, "NAMES"),
        (nouns, "NOUNS"),
        (forms, "FORMS"),
    ):
        assert hasattr(module, name)
        place = Path(module.__file__ or "").relative_to(SOURCE).as_posix()
        assert place in PAGE, place


def test_the_errors_are_called_so() -> None:
    for name in re.findall(r"`(\w+(?:Error|Change|Moved|NotAllowed))`", PAGE):
        assert hasattr(errors, name), name
