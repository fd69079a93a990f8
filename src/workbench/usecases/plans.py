"""What importing a team's table would change, as people are shown it."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from workbench.model.errors import Problem
from workbench.record import Change


class Step(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row that goes in: ``fields`` are (title of the field, before, after) as text."""

    line: int
    title: str
    fields: tuple[tuple[str, str, str], ...] = ()


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """One row that the file and the record both changed.

    ``fields`` are (title of the field, as last imported or exported, in the file, in the record);
    the first is ``None`` where the row never was.
    """

    line: int
    title: str
    fields: tuple[tuple[str, str | None, str, str], ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What importing a table would do; ``changes`` is the act itself, empty where there is nothing to do.

    ``problems`` name rows that are left out, ``remarks`` rows that say something other than what
    goes in, ``notes`` names that the project does not know and that go in as they are written.
    ``no_difference`` counts new rows with the same value on both sides.
    """

    kind: str
    file: str
    new: tuple[Step, ...]
    changed: tuple[Step, ...]
    same: int
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    changes: Collection[Change]
    remarks: tuple[Problem, ...] = ()
    no_difference: int = 0
    notes: tuple[Problem, ...] = ()
