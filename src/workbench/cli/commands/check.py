"""``workbench check``: every mistake in the project's files, at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.definitions import Definitions
from workbench.model.errors import DefinitionError, Problem
from workbench.model.text import number_of
from workbench.usecases.foreseeing import foreseen
from workbench.usecases.project import read_definitions
from workbench.usecases.signable import doubts, signable
from workbench.usecases.views.marks import Mark

if TYPE_CHECKING:
    from workbench.signoff.delegations import Delegation


@click.command()
@click.option(
    "--explain", metavar="KEY", help="What a benchmark resolves to, and where each part comes from."
)
@click.option(
    "--whole",
    is_flag=True,
    help="Look into the record as well: delegations, builds that nobody can sign, and exceptions that outlived their release.",
)
@common("project", "record", "now", "json")
@pass_settings
def check(settings: Settings, explain: str | None, whole: bool) -> int:
    """Check the project's files, all mistakes at once.

    Each as FILE:LINE:COLUMN: what is wrong (what was probably meant).  Policies are
    checked too: for each gate, whether the people listed can sign it.  Exits with 2 if there is a
    mistake; warnings do not count.
    """
    try:
        _, definitions = read_definitions(session.options_of(settings))
    except DefinitionError as error:
        return _mistakes(settings, error)
    if explain:
        from workbench.cli.commands.explaining import explain_benchmark  # what judges, a third of the start

        return explain_benchmark(settings, definitions, explain)
    lent, outlived, stuck = _in_record(settings) if whole else ((), (), ())
    proved = signable(definitions, settings.now or datetime.now(UTC), lent)
    found = (*definitions.warnings, *foreseen(definitions), *doubts(definitions, proved))
    mistakes = sum(problem.severity == "error" for problem in found)
    if settings.json:
        gates = [
            {"gate": one.gate, "ok": one.ok, "why": one.words, "needed": [n.person for n in one.needed]}
            for one in proved
        ]
        output.emit(
            {
                **_document(found, ok=not mistakes, files=definitions.files),
                "gates": gates,
                "outlived": list(outlived),
                "stuck": list(stuck),
            }
        )
        return 2 if mistakes else 0
    output.lines(_line(problem) for problem in found)
    output.lines(
        f"{Mark.DONE.symbol if one.ok else Mark.OPEN.symbol} {one.gate} {one.words}" for one in proved
    )
    output.lines(f"{Mark.OPEN.symbol} {words}" for words in (*stuck, *outlived))
    output.line(_summary(definitions, mistakes, len(found) - mistakes))
    return 2 if mistakes else 0


def _in_record(settings: Settings) -> tuple[tuple[Delegation, ...], tuple[str, ...], tuple[str, ...]]:
    """What the record knows beside the files: delegations, exceptions that outlived their release, gates that nobody can sign."""
    from workbench.usecases.delegating import delegations_of
    from workbench.usecases.outliving import outlived  # opens the record, which the check of files does not
    from workbench.usecases.stuck_seats import stuck

    with session.reading(settings) as context:
        return tuple(delegations_of(context)), tuple(outlived(context)), tuple(stuck(context))


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
    return {
        "schema": "workbench.check.1", "ok": ok, "files": list(files), "problems": list(problems), "gates": [], "outlived": [], "stuck": [],
    }  # fmt: skip


def _summary(definitions: Definitions, mistakes: int, found: int) -> str:
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
    told = number_of(mistakes, "mistake") if mistakes else "no mistakes"
    return f"{project.project}: {words}; {told}, {found or 'no'} warning{'s' if found != 1 else ''}"
