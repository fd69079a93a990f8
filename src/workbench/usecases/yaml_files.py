"""YAML files that are not ours, as lists, mappings and texts: what kinds of source read of a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.definitions.files import Unusable, read_text
from workbench.definitions.yaml_text import Mapping, Node, Scalar, parse


def yaml_file(path: Path) -> Any:
    """One file; every scalar is text, nothing where nothing is written.  ``None`` where it cannot be read."""
    try:
        return yaml_data(read_text(path))
    except Unusable:
        return None


def yaml_data(text: str) -> Any:
    """The same of a text."""
    root = parse(text, "").root
    return None if root is None else _data(root)


def _data(node: Node) -> Any:
    if isinstance(node, Scalar):
        return None if node.empty else node.text
    if isinstance(node, Mapping):
        return {name: _data(value) for name, (_, value) in node.entries.items()}
    return [_data(item) for item in node.items]
