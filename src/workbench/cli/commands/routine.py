"""``workbench routine``: what is done again and again."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.evidence import evidence_options
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.usecases import routines
from workbench.usecases.evidence_typed import Given
from workbench.usecases.views.routines import document, page_document, read_lines, read_page


@click.group(cls=Family)
def routine() -> None:
    """What is done again and again: each week, sprint, month, quarter, after each refresh."""


@routine.command("list")
@click.option("--due", is_flag=True, help="Only what is due or overdue.")
@common("project", "record", "now", "json")
@pass_settings
def list_(settings: Settings, due: bool) -> None:
    """List the routines, what is due first."""
    with session.reading(settings) as context:
        found = [line for line in read_lines(context) if not due or line.due.state in ("overdue", "due")]
    if settings.json:
        output.emit({"schema": "workbench.routines.1", "routines": [document(line) for line in found]})
        return
    output.table(
        ("", "routine", "what", "how often", "state", "last done"),
        [(line.mark.symbol, line.key, line.title, line.every, line.state, line.last) for line in found],
        empty="nothing is due" if due else "every routine is left out",
    )


@routine.command("show")
@click.argument("ref")
@common("project", "record", "now", "json")
@pass_settings
def show(settings: Settings, ref: str) -> None:
    """Show one routine: how it is done, and when it was.  REF is its key, or a part of it or of its title."""
    with session.reading(settings) as context:
        page = read_page(context, ref)
    line = page.line
    if settings.json:
        output.emit({"schema": "workbench.routine.1", **page_document(page)})
        return
    output.line(f"{line.mark.symbol} {line.title}  ({line.key})")
    output.pairs(
        [("how often", line.every), ("state", line.state), ("whose", line.owner)]
        + [(fact.label.lower(), fact.text) for fact in page.facts]
    )
    output.lines(f"  {fact.label}  {fact.text}" for fact in page.told)


@routine.command("done")
@click.argument("ref")
@click.option("--at", metavar="TIME", help="When it was done, if not now.")
@click.option("--comment", default="", metavar="TEXT", help="What came of it.")
@evidence_options
@common("project", "record", "as_person", "json")
@pass_settings
def done(
    settings: Settings,
    ref: str,
    at: str | None,
    comment: str,
    link: str,
    file: Path | None,
    note: str,
    title: str,
) -> None:
    """Say that a routine was done; evidence may come along.  REF is its key, or a part of it or of its title."""
    given = Given(link=link, file=file, note=note.strip())
    if title and given == routines.NOTHING:
        raise UsageError("a title is that of a piece of evidence", hint="add --link, --file or --note")
    with session.acting(settings) as context:
        due = routines.find_due(context, ref)
        routines.done(context, due, at=session.moment(context, at), words=comment, given=given, title=title)
        page = read_page(context, due.routine.key)
    output.done(
        settings,
        f"done: {page.line.title} ({page.line.state.removeprefix('done, ')})",
        {"schema": "workbench.routine.1", **page_document(page)},
        hint="workbench routine list --due",
    )
