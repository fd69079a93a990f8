"""Names in a team's table that the project does not know: they go in as written, and are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from workbench.model.cells import CellError
from workbench.model.errors import Problem, UsageError
from workbench.model.tables import match_name
from workbench.model.text import safe_text
from workbench.usecases.context import Context
from workbench.usecases.flow_names import flow_names, known_flows, meant_flow
from workbench.usecases.people import unknown_person
from workbench.usecases.table_rows import Table
from workbench.usecases.team_tables import TeamTable

# What is said of a name that nobody knows, and what it may mean.
Told = Callable[[str], tuple[str, str] | None]


def unknown_names(
    context: Context, table: Table, subject: TeamTable, mapping: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Flows that the inventory does not have, and people near to one of the project: each once, at its line."""
    tellers = {"flow": _flows, "person": _people}
    found: dict[tuple[str, str], Problem] = {}
    for field in subject.fields:
        if not field.refers or field.name not in mapping:
            continue
        tell = tellers[field.refers](context)
        column = table.columns.index(mapping[field.name])
        for line, cell in _first_lines(table, column):
            with suppress(CellError):
                value = field.read(cell, context.zone)
                for name in (value,) if isinstance(value, str) else value:
                    known = (field.refers, match_name(name))
                    if known not in found and (told := tell(name)):
                        what, hint = told
                        found[known] = Problem(table.file, line, 1, f"{what}; kept as written", hint)
    return tuple(sorted(found.values(), key=lambda problem: problem.line))


def _first_lines(table: Table, column: int) -> Iterator[tuple[int, str]]:
    """What stands in a column, each once, with the line of the first."""
    seen: set[str] = set()
    for row in table.rows:
        cell = row.cells[column]
        if cell and cell not in seen:
            seen.add(cell)
            yield row.line, cell


def _flows(context: Context) -> Told:
    names = flow_names(context)
    known = known_flows(names)

    def tell(name: str) -> tuple[str, str] | None:
        if match_name(name) in known:
            return None
        return f"the inventory has no flow “{safe_text(name, 60)}”", meant_flow(name, names)

    return tell


def _people(context: Context) -> Told:
    people = context.definitions.project.people

    def tell(name: str) -> tuple[str, str] | None:
        try:
            return unknown_person(people, name)
        except UsageError:  # it fits two: told as a cell that cannot be read
            return None

    return tell
