"""Taking in a team's table, in one act; a new record begins from tables that the project names."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain

from workbench.definitions.files import Unusable, inside
from workbench.model.errors import DefinitionError, Problem
from workbench.model.text import safe_text
from workbench.record import Change, Commit
from workbench.usecases.columns import Unclear, columns_of, read, unclear_numbers
from workbench.usecases.comparing import plan
from workbench.usecases.context import Context, commit, commit_many
from workbench.usecases.plans import Plan
from workbench.usecases.team_tables import TABLES

MANY = 2_000


def apply(context: Context, planned: Plan) -> Commit | None:
    """Write the plan in one act; ``None`` where there is nothing to write."""
    return _write(context, planned.changes) if planned.changes else None


def _write(context: Context, *parts: Collection[Change]) -> Commit:
    """One act.  A great many changes are made while they are written: no copy of them is held."""
    count = sum(map(len, parts))
    changes = chain.from_iterable(parts)
    return commit(context, list(changes)) if count <= MANY else commit_many(context, changes, count)


def _number(file: str, item: Unclear) -> Problem:
    what = f"column “{safe_text(item.column, 40)}” says {item.cells[0]}: which {item.title.lower()} is that?"
    return Problem(file, 1, 1, what, f"write {', '.join(item.choices)}")


def start_record(context: Context) -> Commit | None:
    """Fill a new record from the files that the project names under ``start_from``.

    Any problem in them raises ``DefinitionError`` with file and line, and nothing goes in.
    """
    named = context.definitions.project.start_from
    if named is None:
        return None
    parts: list[Collection[Change]] = []
    problems: list[Problem] = []
    for kind, team_table in TABLES.items():
        text = getattr(named, team_table.begins_from)
        if text is None:
            continue
        try:
            path = inside(context.root, text)
        except Unusable as error:
            problems.append(error.problem("workbench.yaml"))
            continue
        if not path.exists():
            continue
        table = read(path, kind, text)
        mapping = columns_of(context, table, kind).mapping
        if unclear := unclear_numbers(table, kind, mapping, {}):
            problems += (_number(text, item) for item in unclear)
            continue
        planned = plan(context, table, kind, mapping)
        problems += sorted((*planned.problems, *planned.remarks), key=lambda problem: problem.line)
        parts.append(planned.changes)
    if problems:
        raise DefinitionError(problems)
    return _write(context, *parts) if any(parts) else None
