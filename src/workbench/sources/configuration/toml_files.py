"""TOML, by the standard library; lines are found beside it, for that one does not tell them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workbench.sources.configuration.tree import DEPTH_LIMIT, Block, Document, Items, Leaf, Node, Unreadable

_LINE = re.compile(r"line (\d+)")
_TABLE = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def read_toml(text: str) -> Document:
    """The tables of a file; ``Unreadable`` where it is no TOML, as with a name that stands twice."""
    import tomllib

    try:
        found = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = _LINE.search(str(error))
        raise Unreadable(f"it is no TOML: {error}", int(line[1]) if line else 0) from None
    return Document("toml", (_block(found, _lines(text), (), 0),))


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """On which line each name stands, as far as can be told from how lines begin."""
    found: dict[tuple[str, ...], int] = {}
    here: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if table := _TABLE.fullmatch(line):
            here = _parts(table[1])
            found.setdefault(here, number)
        elif key := _KEY.match(line):
            found.setdefault((*here, *_parts(key[1])), number)
    return found


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(text))


def _block(
    held: Mapping[str, Any], lines: Mapping[tuple[str, ...], int], path: tuple[str, ...], line: int
) -> Block:
    entries: dict[str, tuple[int, Node]] = {}
    for name, value in held.items():
        at = lines.get((*path, name), line)
        entries[name] = (at, _node(value, lines, (*path, name), at))
    return Block(entries, line)


def _node(value: Any, lines: Mapping[tuple[str, ...], int], path: tuple[str, ...], line: int) -> Node:
    if len(path) > DEPTH_LIMIT:
        raise Unreadable(f"it is nested more than {DEPTH_LIMIT} levels deep", line)
    if isinstance(value, dict):
        return _block(value, lines, path, line)
    if isinstance(value, list):
        return Items(tuple(_node(item, lines, path, line) for item in value), line)
    if isinstance(value, str):
        return Leaf(value, line)
    if isinstance(value, bool):
        return Leaf("true" if value else "false", line)
    return Leaf(str(value), line, bare=True)
