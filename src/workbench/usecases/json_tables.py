"""A team's table as JSON: a list of objects, each a row."""

from __future__ import annotations

import json
from typing import Any

from workbench.model.cells import clean, write_list
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.usecases.table_rows import Table, require_room, table_of

_BLANK = " \t\r\n"
_HINT = '[{"title": "load balancer", "staging": "none"}]'


def from_json(text: str, shown: str) -> Table:
    """The table that a JSON list of objects is; ``UsageError`` with the line for anything else."""
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
    at, line = _next(text, 0), 1
    if text[at : at + 1] != "[":
        raise _wrong(shown, 1, "a list of rows is expected")
    found: list[tuple[int, dict[str, str]]] = []
    done = 0
    at = _next(text, at + 1)
    while text[at : at + 1] != "]":
        line, done = line + text.count("\n", done, at), at
        try:
            row, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            what = error.msg if isinstance(error, json.JSONDecodeError) else "it nests too deep"
            raise _wrong(shown, line, f"this is not valid JSON: {what}") from None
        found.append((line, _row(row, shown, line)))
        require_room(len(found), shown)
        at = _next(text, end)
        mark = text[at : at + 1]
        if mark not in (",", "]"):
            raise _wrong(shown, line, "this is not valid JSON: a comma or ] is expected after the row")
        if mark == ",":
            at = _next(text, at + 1)
    return table_of(found, shown)


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _row(row: Any, shown: str, line: int) -> dict[str, str]:
    if not isinstance(row, dict):
        raise _wrong(shown, line, "a row is written as names and values")
    return {clean(name): _cell(value, shown, line) for name, value in row.items() if clean(name)}


def _cell(value: Any, shown: str, line: int) -> str:
    if isinstance(value, list):
        return write_list(_scalar(item, shown, line) for item in value)
    return _scalar(value, shown, line)


def _scalar(value: Any, shown: str, line: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    raise _wrong(shown, line, "text, or a list of texts, is expected in a cell")


def _wrong(shown: str, line: int, what: str) -> UsageError:
    return UsageError(safe_text(what, 200), where=f"{shown}:{line}", hint=_HINT)
