"""``workbench investigation``: why a score of an environment fell, and what came of it."""

from __future__ import annotations

from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.fields import options
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.investigations.fields import FIELDS
from workbench.investigations.model import Ending, Investigation
from workbench.model.errors import UsageError
from workbench.model.noun_fields import ADD, EDIT, asked_by
from workbench.record import Stored
from workbench.usecases import filling, investigating
from workbench.usecases.context import Context
from workbench.usecases.views.investigations import ended_words, lines, numbers, read_investigations, told


@click.group(cls=Family)
def investigation() -> None:
    """Why a score of an environment fell, and what came of it."""


@investigation.command("list")
@click.option("--all", "every", is_flag=True, help="Those that have ended, too.")
@common("project", "record", "now", "json")
@pass_settings
def list_(settings: Settings, every: bool) -> None:
    """List what is being investigated."""
    with session.reading(settings) as context:
        found = lines(context, only_open=not every)
        documents = [_document(context, *pair) for pair in read_investigations(context, only_open=not every)]
    if settings.json:
        output.emit({"schema": "workbench.investigations.1", "investigations": documents})
        return
    output.table(
        ("", "id", "what", "fell to", "owner", "state", "opened"),
        [
            (line.mark.symbol, line.id[-12:], line.title, line.fell, line.owner, line.state, line.when)
            for line in found
        ],
        empty="nothing is being investigated" if not every else "nothing was ever investigated",
    )


@investigation.command("show")
@click.argument("ref")
@common("project", "record", "now", "json")
@pass_settings
def show(settings: Settings, ref: str) -> None:
    """Show one investigation.  REF is its id, its title, or a part of one."""
    with session.reading(settings) as context:
        stored, value = investigating.find_investigation(context, ref)
        document, rows = _document(context, stored, value), told(context, value)
    if settings.json:
        output.emit({"schema": "workbench.investigation.1", **document})
        return
    output.line(f"{value.title}  ({stored.id[-12:]})")
    output.pairs(rows)


@investigation.command("open")
@click.argument("title")
@options(asked_by(FIELDS, ADD), leave_out=("title",))
@common("project", "record", "as_person", "json")
@pass_settings
def open_(settings: Settings, /, title: str, **given: Any) -> None:
    """Open an investigation by hand."""
    with session.acting(settings) as context:
        value = filling.change(context, FIELDS, Investigation(title=""), {"title": title, **given})
        ident = investigating.open_investigation(context, value)
        document = _in_record(context, ident)
    output.done(
        settings,
        f"opened {title} ({ident[-12:]})",
        {"schema": "workbench.investigation.1", **document},
        hint=f"workbench investigation end {ident[-12:]} --difference REF --finding TEXT",
    )


@investigation.command("edit")
@click.argument("ref")
@options(asked_by(FIELDS, EDIT))
@common("project", "record", "as_person", "json")
@pass_settings
def edit(settings: Settings, /, ref: str, **given: Any) -> None:
    """Name the owner, or say what was found so far."""
    with session.acting(settings) as context:
        stored, value = investigating.find_investigation(context, ref)
        changed = filling.change(context, FIELDS, value, given)
        if changed == value:
            raise UsageError("nothing to change", hint="workbench investigation edit --help lists the fields")
        investigating.edit_investigation(context, stored, changed)
        document = _in_record(context, stored.id)
    output.done(settings, f"edited {changed.title}", {"schema": "workbench.investigation.1", **document})


@investigation.command("end")
@click.argument("ref")
@click.option("--difference", metavar="REF", help="It ended in this difference of the map.")
@click.option("--refresh", metavar="TEXT", help="It ended in a refresh of the data: which one.")
@click.option("--limit", metavar="TEXT", help="It ended in another limit: which, and why.")
@click.option("--finding", default="", metavar="TEXT", help="What was found out, if that is not said yet.")
@common("project", "record", "as_person", "json")
@pass_settings
def end(
    settings: Settings, ref: str, difference: str | None, refresh: str | None, limit: str | None, finding: str
) -> None:
    """End an investigation, with its finding and what came of it."""
    given = {Ending.DIFFERENCE: difference, Ending.REFRESH: refresh, Ending.LIMIT: limit}
    said = [(ending, text) for ending, text in given.items() if text]
    if len(said) != 1:
        raise UsageError("what did it end in?", hint="one of --difference REF, --refresh TEXT, --limit TEXT")
    with session.acting(settings) as context:
        stored, value = investigating.find_investigation(context, ref)
        investigating.end_investigation(context, stored, value, *said[0], finding)
        document = _in_record(context, stored.id)
    output.done(settings, f"ended {value.title}", {"schema": "workbench.investigation.1", **document})


def _in_record(context: Context, ident: str) -> dict[str, Any]:
    return session.as_it_stands(
        context, lambda: _document(context, *investigating.find_investigation(context, ident))
    )


def _document(context: Context, stored: Stored, value: Investigation) -> dict[str, Any]:
    said = output.fields(value) | numbers(value)
    return {"id": stored.id, "base": stored.base, **said, "ended_in": ended_words(context.record, value)}
