"""Differences planted into plans."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from workbench.probes.captured import Capture, Plant
from workbench.probes.databases import first

_MOST = 4  # of one sort


def of(capture: Capture, prefix: str) -> Iterator[Plant]:
    """Another way to read a table, another join, a plan that is missing."""
    yield from first(_changed(capture, prefix, "whole-table", "reads {} otherwise", _scan), _MOST)
    yield from first(_changed(capture, prefix, "other-join", "joins otherwise", _join), _MOST)
    yield from first(_missing(capture, prefix), 1)


def _changed(
    capture: Capture, prefix: str, key: str, what: str, change: Callable[[dict[str, Any]], str]
) -> Iterator[Plant]:
    for at, piece in enumerate(capture.pieces):
        if not piece.name.startswith(prefix):
            continue
        plan = json.loads(piece.data)
        thing = next((found for node in _nodes(plan) if (found := change(node))), "")
        if thing:
            planted = msgspec.structs.replace(piece, data=json.dumps(plan).encode())
            pieces = (*capture.pieces[:at], planted, *capture.pieces[at + 1 :])
            title = f"{piece.name.removeprefix(prefix)} {what.format(thing)}"
            yield Plant(key, title, msgspec.structs.replace(capture, pieces=pieces))


def _nodes(plan: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    waiting = [step.get("Plan", step) for step in plan]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.get("Plans", [])


def _scan(node: dict[str, Any]) -> str:
    """The table that is now read whole, or by an index, whichever it was not; "" where the step reads none."""
    if "detail" in node:
        verb, _, rest = str(node["detail"]).partition(" ")
        if verb not in ("SCAN", "SEARCH"):
            return ""
        node["detail"] = f"{'SCAN' if verb == 'SEARCH' else 'SEARCH'} {rest}"
        return rest.partition(" ")[0]
    table = str(node.get("Relation Name", ""))
    if table:
        whole = node["Node Type"] == "Seq Scan"
        node["Node Type"] = "Index Scan" if whole else "Seq Scan"
        node.pop("Index Name", None)
    return table


def _join(node: dict[str, Any]) -> str:
    if node.get("Node Type") not in ("Hash Join", "Nested Loop", "Merge Join"):
        return ""
    node["Node Type"] = "Nested Loop" if node["Node Type"] != "Nested Loop" else "Hash Join"
    return str(node["Node Type"])


def _missing(capture: Capture, prefix: str) -> Iterator[Plant]:
    for piece in capture.pieces:
        if piece.name.startswith(prefix):
            rest = tuple(one for one in capture.pieces if one is not piece)
            title = f"{piece.name.removeprefix(prefix)} has no plan"
            yield Plant("missing-plan", title, msgspec.structs.replace(capture, pieces=rest))
