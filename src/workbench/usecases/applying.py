"""Rows for a table of the record, written as lines of JSON: added and edited in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from workbench.model.cells import write_list
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.record import Commit, Stored
from workbench.usecases.cell_edits import save
from workbench.usecases.cell_sheet import Edits, Texts
from workbench.usecases.context import Context
from workbench.usecases.mapping import find_difference, find_flow
from workbench.usecases.team_tables import TABLES

# What a line calls the row that it edits, by the table.
NAMED = {"differences": "difference", "flows": "flow"}
_EXAMPLE = '{"difference": "load balancer", "staging": "none"}, or {"title": …} for a new one'


class Applied(msgspec.Struct, frozen=True):
    """How many rows were added and edited, and the act; ``None`` where the record said all of it."""

    added: int
    edited: int
    commit: Commit | None


def apply_rows(context: Context, kind: str, text: str, reason: str = "") -> Applied:
    """Add and edit rows of a table in one act: a line that names a row edits it, any other adds one.

    ``UsageError`` with the line for what cannot be read; nothing is written then.
    """
    rows = _read(text, kind)
    changed: dict[str, Texts] = {}
    seen: dict[str, Stored] = {}
    added: dict[str, Texts] = {}
    for line, row in rows:
        ref = row.pop(NAMED[kind], None)
        if ref is None:
            added[f"line {line}"] = row
            continue
        key, stored = _found(context, kind, ref)
        if key in changed:
            raise _wrong(
                line,
                f"“{safe_text(ref, 60)}” is already in a line above",
                "put everything about a row on one line",
            )
        changed[key], seen[key] = row, stored
    saved = save(context, Edits(kind=kind, changed=changed, added=added, seen=seen), reason)
    return Applied(len(saved.rows), _edited(saved.commit, len(saved.rows)), saved.commit)


def _edited(commit: Commit | None, added: int) -> int:
    return len(commit.entries) - added if commit is not None else 0


def _found(context: Context, kind: str, ref: str) -> tuple[str, Stored]:
    if kind == "flows":
        stored, flow = find_flow(context, ref)
        return flow.key, stored
    stored, _ = find_difference(context, ref)
    return stored.id, stored


def _read(text: str, kind: str) -> list[tuple[int, dict[str, str]]]:
    found = [(line, _row(said, line, kind)) for line, said in enumerate(text.splitlines(), 1) if said.strip()]
    if not found:
        raise UsageError("there are no rows", hint=f"write one line for each: {_EXAMPLE}")
    return found


def _row(said: str, line: int, kind: str) -> dict[str, str]:
    try:
        row = msgspec.json.decode(said, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError) as error:
        raise _wrong(line, f"this is not a row: {safe_text(error, 80)}", _EXAMPLE) from None
    names = [field.name for field in TABLES[kind].fields]
    unknown = [name for name in row if name not in (*names, NAMED[kind])]
    if unknown:
        raise _wrong(line, f"there is no field “{safe_text(unknown[0], 40)}”", f"one of {', '.join(names)}")
    return {name: _text(value, line) for name, value in row.items()}


def _text(value: Any, line: int) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return write_list(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or (isinstance(value, Mapping | Sequence) and not isinstance(value, str)):
        raise _wrong(line, "a field takes text or a list of texts", _EXAMPLE)
    return str(value)


def _wrong(line: int, what: str, hint: str) -> UsageError:
    return UsageError(f"line {line}: {what}", hint=hint)
