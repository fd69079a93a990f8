"""Where a value stands in a JSON document: ``data.p95``, ``items[0].total``, ``"a name".count``.

These are the identifiers, indexes and sub-expressions of JMESPath (https://jmespath.org/specification.html);
its functions, filters and projections are no part of it: one place names one value.
"""

from __future__ import annotations

import json
import re
from typing import Any, cast

_STEP = re.compile(
    r'(?P<name>[A-Za-z_][A-Za-z0-9_-]*)|(?P<quoted>"(?:[^"\\]|\\.)+")|\[(?P<index>-?[0-9]{1,9})\]'
)


def read_place(text: str) -> tuple[str | int, ...]:
    """The steps to a value; ``ValueError`` says where the text cannot be read."""
    steps: list[str | int] = []
    position, after_dot = 0, True
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None or (match["index"] is None) is not after_dot:
            raise ValueError(
                f"“{text}” cannot be read from its character {position + 1} on; write data.items[0].total"
            )
        steps.append(_step(match))
        position, after_dot = match.end(), False
        if text[position : position + 1] == ".":
            position, after_dot = position + 1, True
    if after_dot:
        raise ValueError(f"“{text}” names no value; write data.items[0].total")
    return tuple(steps)


def _step(match: re.Match[str]) -> str | int:
    if match["index"] is not None:
        return int(match["index"])
    return str(json.loads(match["quoted"])) if match["quoted"] else match["name"]


def look_up(document: Any, steps: tuple[str | int, ...]) -> Any:
    """The value at a place; ``LookupError`` names the first step that leads nowhere."""
    for step in steps:
        if not isinstance(document, dict if isinstance(step, str) else list):
            raise LookupError(_written(step))
        try:
            document = cast(Any, document)[step]
        except LookupError:
            raise LookupError(_written(step)) from None
    return document


def _written(step: str | int) -> str:
    return step if isinstance(step, str) else f"[{step}]"
