"""A plan as a line of text: what is done, with which tables and indexes, innermost in brackets.

Costs, estimates and the values of conditions are left out: they differ with every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text

_DEEPEST = 200


def read_plan(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """A plan's text and its tables; ``SourceError`` where it is none."""
    try:
        plan = msgspec.json.decode(data)
        if isinstance(plan, list) and plan and isinstance(plan[0], dict) and "Plan" in plan[0]:
            root = plan[0]["Plan"]
            return _text(root, 0), tuple(sorted(set(_tables(root, 0))))
        if (
            isinstance(plan, list)
            and all(isinstance(step, dict) and "detail" in step for step in plan)
            and plan
        ):
            return _of_sqlite(plan)
    except (msgspec.DecodeError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise SourceError("the plan is garbled", where=f"query {name}")


def _text(node: dict[str, Any], depth: int) -> str:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    words = [str(node["Node Type"])]
    kind = node.get("Join Type")
    if kind and kind != "Inner":
        words.append(str(kind).lower())
    if node.get("Strategy") in ("Sorted", "Hashed", "Mixed") and words[0] == "Aggregate":
        words[0] = f"{node['Strategy']} {words[0]}"
    if index := node.get("Index Name"):
        words.append(f"by {index}")
    if table := node.get("Relation Name") or node.get("CTE Name") or node.get("Function Name"):
        words.append(f"on {table}")
    inner = ", ".join(_text(child, depth + 1) for child in node.get("Plans", ()))
    return safe_text(" ".join(words) + (f" ({inner})" if inner else ""), 2000)


def _tables(node: dict[str, Any], depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if "Relation Name" in node:
        yield str(node["Relation Name"])
    for child in node.get("Plans", ()):
        yield from _tables(child, depth + 1)


def _of_sqlite(plan: list[dict[str, Any]]) -> tuple[str, tuple[str, ...]]:
    details = [safe_text(step["detail"], 300) for step in plan]
    tables = {match[1] for detail in details if (match := re.match(r"(?:SCAN|SEARCH) (\w+)", detail))}
    return "; ".join(details), tuple(sorted(tables))
