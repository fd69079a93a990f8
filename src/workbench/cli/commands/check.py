"""``workbench check``: every mistake in the project's files, at once."""

from __future__ import annotations

from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.definitions import Definitions
from workbench.model.errors import DefinitionError, Problem
from workbench.model.text import number_of
from workbench.usecases.foreseeing import foreseen
from workbench.usecases.project import read_definitions


@click.command()
@click.option(
    "--explain", metavar="KEY", help="What a benchmark resolves to, and where each part comes from."
)
@common("project", "record", "now", "json")
@pass_settings
def check(settings: Settings, explain: str | None) -> int:
    """Check the project's files, all mistakes at once.

    Each as FILE:LINE:COLUMN: what is wrong (what was probably meant).  Policies are looked
    over too.  Exits with 2 if there is a mistake; warnings do not count.
    """
    try:
        _, definitions = read_definitions(session.options_of(settings))
    except DefinitionError as error:
        return _mistakes(settings, error)
    if explain:
        from workbench.cli.commands.explaining import explain_benchmark  # what judges, a third of the start

        return explain_benchmark(settings, definitions, explain)
    warnings = (*definitions.warnings, *foreseen(definitions))
    if settings.json:
        output.emit(_document(warnings, ok=True, files=definitions.files))
        return 0
    output.lines(_line(problem) for problem in warnings)
    output.line(_summary(definitions, len(warnings)))
    return 0


def _mistakes(settings: Settings, error: DefinitionError) -> int:
    if settings.json:
        output.emit(_document(error.problems, ok=False, files=()))
    else:
        output.lines(_line(problem) for problem in error.problems)
        count = len(error.problems)
        output.talk(f"{number_of(count, 'mistake')}")
    return error.exit_code


def _line(problem: Problem) -> str:
    kind = "warning: " if problem.severity == "warning" else ""
    return f"{problem.where}: {kind}{problem.what}" + (f" ({problem.hint})" if problem.hint else "")


def _document(problems: tuple[Problem, ...], *, ok: bool, files: tuple[str, ...]) -> dict[str, Any]:
    return {"schema": "workbench.check.1", "ok": ok, "files": list(files), "problems": list(problems)}


def _summary(definitions: Definitions, found: int) -> str:
    project = definitions.project
    counts = (
        (len(project.gates), "gate"),
        (len(project.benchmarks), "benchmark"),
        (len(project.sources), "source"),
        (len(project.people), "person"),
        (len(definitions.checklists), "checklist"),
    )
    plural = {"person": "people"}
    words = ", ".join(f"{n} {name if n == 1 else plural.get(name, name + 's')}" for n, name in counts)
    return f"{project.project}: {words}; no mistakes, {found or 'no'} warning{'s' if found != 1 else ''}"
