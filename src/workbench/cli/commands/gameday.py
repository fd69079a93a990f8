"""``workbench gameday``: several drills run together."""

from __future__ import annotations

from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.drills.model import Gameday
from workbench.model.text import number_of
from workbench.model.times import clock_text
from workbench.record import Stored
from workbench.usecases import drills
from workbench.usecases.context import Context
from workbench.usecases.views import drills as views
from workbench.usecases.views.people import named

_at = click.option("--at", metavar="TIME", help="When it is; now unless said.")


@click.group(cls=Family)
def gameday() -> None:
    """Gamedays: several drills run together."""


@gameday.command("new")
@click.argument("title")
@_at
@click.option("--with", "people", multiple=True, metavar="PERSON", help="Who takes part; repeatable.")
@click.option("--note", default="", metavar="TEXT", help="What it is to show.")
@common("project", "record", "as_person", "json")
@pass_settings
def new(settings: Settings, title: str, at: str | None, people: tuple[str, ...], note: str) -> None:
    """Plan a gameday; drills that name it belong to it."""
    with session.acting(settings) as context:
        ident = drills.plan_gameday(context, title, session.moment(context, at), people, note)
        document = _document(context, *drills.find_gameday(context, ident))
    hint = f"workbench drill start RUNBOOK --gameday {ident[-12:]}"
    output.done(settings, f"planned {title} ({ident[-12:]})", _schema(document), hint=hint)


@gameday.command("edit")
@click.argument("ref")
@_at
@click.option("--note", metavar="TEXT", help="What came of it.")
@common("project", "record", "as_person", "json")
@pass_settings
def edit(settings: Settings, ref: str, at: str | None, note: str | None) -> None:
    """Move a gameday, or say what came of it."""
    with session.acting(settings) as context:
        stored, value = drills.find_gameday(context, ref)
        drills.edit_gameday(context, stored, value, at=session.moment(context, at), words=note)
        document = _document(context, *drills.find_gameday(context, stored.id))
    output.done(settings, f"edited {value.title}", _schema(document))


@gameday.command("list")
@common("project", "record", "now", "json")
@pass_settings
def list_(settings: Settings) -> None:
    """List the gamedays, the latest first."""
    with session.reading(settings) as context:
        found = drills.read_gamedays(context)
        documents = [_document(context, *pair) for pair in found]
        rows = [
            (
                stored.id[-12:],
                clock_text(value.at, context.now, context.zone),
                value.title,
                number_of(len(views.gameday_drills(context, stored.id)), "drill"),
            )
            for stored, value in found
        ]
    if settings.json:
        output.emit({"schema": "workbench.gamedays.1", "gamedays": documents})
        return
    output.table(("id", "when", "gameday", "drills"), rows, empty="no gameday is planned")


@gameday.command("show")
@click.argument("ref")
@common("project", "record", "now", "json")
@pass_settings
def show(settings: Settings, ref: str) -> None:
    """Show a gameday and its drills.  REF is its id, its title, or a part of one."""
    with session.reading(settings) as context:
        stored, value = drills.find_gameday(context, ref)
        document, lines = _document(context, stored, value), views.gameday_drills(context, stored.id)
        when = clock_text(value.at, context.now, context.zone)
        people = ", ".join(
            named(context.definitions, key) for key in dict.fromkeys((value.by, *value.people))
        )
    if settings.json:
        output.emit(_schema(document))
        return
    output.line(f"{value.title}  ({stored.id[-12:]})")
    output.pairs([("when", when), ("people", people), ("comment", value.words)])
    for line in lines:
        fault = f", {line.value.fault}" if line.value.fault else ""
        output.line(f"  {line.mark.symbol} {line.title}{fault}: {line.result}, {line.took}")


def _document(context: Context, stored: Stored, value: Gameday) -> dict[str, Any]:
    runs = [
        {"id": line.id, "runbook": line.value.runbook, "result": line.value.result.value or None}
        for line in views.gameday_drills(context, stored.id)
    ]
    return {"id": stored.id, "base": stored.base, **output.fields(value), "drills": runs}


def _schema(document: dict[str, Any]) -> dict[str, Any]:
    return {"schema": "workbench.gameday.1", **document}
