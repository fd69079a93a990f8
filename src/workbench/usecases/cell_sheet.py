"""Cells of a table that were typed, and what saving them would do or why nothing is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.text import safe_text
from workbench.record import Change, Stored
from workbench.usecases.plans import Step

Texts = Mapping[str, str]
Keep = Literal["mine", "theirs"]
NOTHING: Mapping[str, Texts] = {}


class Edits(msgspec.Struct, frozen=True, kw_only=True):
    """Cells of a table of this ``kind`` that were typed and are not saved yet, by row and field.

    ``changed`` are cells of rows that the record has, and ``seen`` is each of these rows as it was when
    the first of its cells was opened.  ``added`` are rows that are new, under keys of the table's own.
    A row goes by its id, a flow by its key.
    """

    kind: str
    changed: Mapping[str, Texts] = NOTHING
    added: Mapping[str, Texts] = NOTHING
    seen: Mapping[str, Stored] = {}


class CellProblem(msgspec.Struct, frozen=True):
    """What is wrong in a cell, and what to do; ``title`` is what the row is called, ``column`` the field's title."""

    row: str
    field: str
    title: str
    column: str
    what: str
    hint: str = ""


class WrongCells(UsageError):
    """Nothing was saved, because some cells are wrong."""

    def __init__(self, problems: Sequence[CellProblem]) -> None:
        first = problems[0]
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        where = f"{first.column} of “{safe_text(first.title, 60)}”" if first.title else first.column
        super().__init__(f"{where}: {first.what}{more}", hint=first.hint or None)
        self.problems = tuple(problems)


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """One row whose cells somebody else changed meanwhile: ``fields`` are (name, title, mine, theirs) as text."""

    row: str
    title: str
    fields: tuple[tuple[str, str, str, str], ...]


class Overtaken(WorkbenchError):
    """Nothing was saved, because somebody else changed the same cells; ``now`` are their rows as they are."""

    def __init__(self, clashes: Sequence[Clash], now: Mapping[str, Stored]) -> None:
        count = sum(len(clash.fields) for clash in clashes)
        first = safe_text(clashes[0].title, 60)
        super().__init__(
            f"somebody else changed {'a cell' if count == 1 else f'{count} cells'} that you edited: “{first}”"
            + (" and others" if len(clashes) > 1 else ""),
            hint="look at both versions and choose",
        )
        self.clashes, self.now = tuple(clashes), now


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What saving some edits would do: rows that are ``new`` or ``changed``, and what is in the way of it.

    ``rows`` leads from a new row's key in the table to the one that it gets.
    """

    new: tuple[Step, ...] = ()
    changed: tuple[Step, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    clashes: tuple[Clash, ...] = ()
    changes: tuple[Change, ...] = ()
    rows: Mapping[str, str] = {}
    now: Mapping[str, Stored] = {}
