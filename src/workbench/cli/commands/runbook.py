"""``workbench runbook``: how something is done when it has to be done, and whether that was rehearsed."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.drills import find_runbook
from workbench.usecases.views import drills as drill_views
from workbench.usecases.views import runbooks as views


@click.group(cls=Family)
def runbook() -> None:
    """Runbooks: their steps, and whether they were rehearsed."""


@runbook.command("list")
@click.option("--stale", is_flag=True, help="Only those that are not rehearsed.")
@common("project", "record", "now", "json")
@pass_settings
def list_(settings: Settings, stale: bool) -> None:
    """List the runbooks, and how each stands after its drills."""
    with session.reading(settings) as context:
        found = [line for line in views.read_runbooks(context) if not (stale and line.state.rehearsed)]
    if settings.json:
        rows = [views.document(line) for line in found]
        output.emit({"schema": "workbench.runbooks.1", "runbooks": rows})
        return
    output.table(
        ("", "runbook", "for", "title", "owner", "stands"),
        [
            (line.mark.symbol, line.key, line.purpose, line.runbook.title, line.owner, line.state.why)
            for line in found
        ],
        empty="every runbook is rehearsed"
        if stale
        else "no runbooks; list some under runbooks: in workbench.yaml",
    )


@runbook.command("show")
@click.argument("key")
@common("project", "record", "now", "json")
@pass_settings
def show(settings: Settings, key: str) -> None:
    """Show a runbook: its steps, what failed in its last drill, its playbook and its drills."""
    with session.reading(settings) as context:
        page = views.read_runbook(context, find_runbook(context, key))
        drills = drill_views.read_drills(context, key)
        documents = [drill_views.document(stored, value, context.now) for stored, value in page.drills]
    if settings.json:
        output.emit({"schema": "workbench.runbook.1", **views.page_document(page), "drills": documents})
        return
    runbook, failed = page.line.runbook, views.failed_steps(page.line)
    output.line(f"{runbook.title}  ({runbook.key})")
    output.pairs(
        (fact.label.lower(), f"{fact.mark.symbol} {fact.text}" if fact.mark else fact.text)
        for fact in views.facts(page)
    )
    for number, step in enumerate(runbook.steps):
        target = f"  (within {step.target})" if step.target else ""
        output.line(f"  {number + 1}. {step.do}{target}")
        if step.expect:
            output.line(f"     expect: {step.expect}")
        if number in failed:
            output.line(f"     ▲ failed in the last drill: {failed[number]}")
    for question, options in views.decisions(page.playbook) if page.playbook else ():
        output.line(f"  {question}")
        output.pairs((f"    {option.label}", option.text) for option in options)
    for line in drills:
        output.line(f"  {line.mark.symbol} {line.when}: {line.result}, {line.took}  ({line.id[-12:]})")
