"""Who may import what: no circles, heavy packages in their rooms, front ends that take only shapes from below.

Layers are checked by import-linter (``make lint``); these are the rules that it cannot say.
"""

from __future__ import annotations

import ast
import enum
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import grimp
import msgspec
import pytest

ROOT = Path(__file__).resolve().parents[1] / "src" / "workbench"
# A front end calls these freely: use cases, the other front end, and what everybody shares.
_FREE = {"usecases", "cli", "tui", "model", "shipped"}


@cache
def imports(file: Path) -> tuple[tuple[int, str, str], ...]:
    """Line, module and name of everything that a file imports, wherever it does so."""
    return tuple(_imports(ast.parse(file.read_text(encoding="utf-8"))))


def _imports(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)


def files(*rooms: str) -> list[Path]:
    return sorted(file for room in rooms for file in (ROOT / room).rglob("*.py"))


def named(module: str, name: str) -> Any:
    found = importlib.import_module(module)
    return getattr(found, name) if hasattr(found, name) else importlib.import_module(f"{module}.{name}")


def is_shape(found: Any) -> bool:
    """A struct, an enum, an error, several of them, or a name for a type: none of them decides anything."""
    if isinstance(found, tuple):
        return all(isinstance(one, (msgspec.Struct, enum.Enum)) for one in found)
    if inspect.isclass(found):
        return issubclass(found, (msgspec.Struct, enum.Enum, BaseException))
    return type(found).__module__ == "typing" or type(found).__name__ in ("GenericAlias", "UnionType")


def reaches() -> dict[str, list[str]]:
    """What the front ends take from below the use cases that is no shape, and where."""
    found: dict[str, list[str]] = {}
    for file in files("cli", "tui"):
        for line, module, name in imports(file):
            room = module.split(".")[1] if module.startswith("workbench.") else ""
            if module == "workbench":
                room, module = name, f"workbench.{name}" if (ROOT / name).is_dir() else module
            if not room or room in _FREE or (name and is_shape(named(module, name))):
                continue
            found.setdefault(f"{module}.{name}".rstrip("."), []).append(f"{file.relative_to(ROOT)}:{line}")
    return found


def test_front_ends_take_only_shapes_from_below_the_use_cases() -> None:
    found = reaches()
    told = "\n".join(f"{what}: {', '.join(places)}" for what, places in found.items())
    assert not found, (
        "a front end decides nothing: ask a use case, or work it out once in usecases/views/\n" + told
    )


def circles(*, typing_too: bool) -> set[str]:
    """Modules that import one another in a circle, each circle as one text."""
    graph = grimp.build_graph("workbench", exclude_type_checking_imports=not typing_too, cache_dir=None)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    reached = {module: _reached(module, imported) for module in imported}
    groups = {
        frozenset(other for other in reached[module] if module in reached[other])
        for module in imported
        if module in reached[module]
    }
    return {" ".join(sorted(name.removeprefix("workbench.") for name in group)) for group in groups}


def _reached(start: str, imported: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for following in imported[waiting.pop()] - found:
            found.add(following)
            waiting.append(following)
    return found


def test_nothing_is_imported_in_a_circle() -> None:
    assert not circles(typing_too=True)


@pytest.mark.parametrize(
    ("package", "rooms"),
    [
        ("textual", {"tui"}),
        ("rich", {"tui"}),
        ("click", {"cli"}),
        ("httpx", {"sources"}),
        ("psycopg", {"sources", "mailbox"}),
    ],
)
def test_a_package_stays_in_its_room(package: str, rooms: set[str]) -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in sorted(ROOT.rglob("*.py"))
        for line, module, _ in imports(file)
        if module.partition(".")[0] == package and file.relative_to(ROOT).parts[0] not in rooms
    ]
    assert not wrong, f"only {', '.join(rooms)} may import {package}"
