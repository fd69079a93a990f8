"""``workbench action``: what is done after an incident, by whom and until when."""

from __future__ import annotations

from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.fields import options
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.incidents.action_fields import FIELDS
from workbench.incidents.actions import Action
from workbench.model.noun_fields import ADD, EDIT, asked_by
from workbench.record import Stored
from workbench.usecases import actions
from workbench.usecases.context import Context
from workbench.usecases.incident_reviews import subject_of
from workbench.usecases.people import key_or_text
from workbench.usecases.views.actions import after_words, lines, read_actions, told

SCHEMA = "workbench.action.1"


@click.group(cls=Family)
def action() -> None:
    """What is done after an incident, by whom and until when."""


@action.command("list")
@click.option("--all", "every", is_flag=True, help="Those that were done or dropped, too.")
@click.option("--incident", metavar="REF", help="Only those of this incident.")
@click.option("--owner", metavar="PERSON", help="Only those of this person.")
@common("project", "record", "now", "json")
@pass_settings
def list_(settings: Settings, every: bool, incident: str | None, owner: str | None) -> None:
    """List what is to be done, what is due first."""
    with session.reading(settings) as context:
        found = read_actions(
            context,
            only_open=not every,
            subject=subject_of(context, incident=incident) if incident else None,
            owner=key_or_text(context.definitions.project.people, owner) if owner else None,
        )
        shown = lines(context, found)
        documents = [_document(context, *pair) for pair in found]
    if settings.json:
        output.emit({"schema": "workbench.actions.1", "actions": documents})
        return
    output.table(
        ("", "id", "what", "owner", "due", "after", "state"),
        [
            (line.mark.symbol, line.id[-12:], line.title, line.owner, line.due, line.after, line.state)
            for line in shown
        ],
        empty="nothing is to be done" if not every else "no action was ever added",
    )


@action.command("show")
@click.argument("ref")
@common("project", "record", "now", "json")
@pass_settings
def show(settings: Settings, ref: str) -> None:
    """Show one action.  REF is its id, its title, or a part of one."""
    with session.reading(settings) as context:
        stored, value = actions.find_action(context, ref)
        document, rows = _document(context, stored, value), told(context, value)
    if settings.json:
        output.emit({"schema": SCHEMA, **document})
        return
    output.line(f"{value.title}  ({stored.id[-12:]})")
    output.pairs(rows[1:])


@action.command("add")
@click.argument("title")
@click.option("--incident", metavar="REF", help="The incident that it came of.")
@click.option(
    "--tests", "source", metavar="SOURCE", help="The failed tests that it came of, by their source."
)
@click.option("--candidate", metavar="RC", help="The candidate whose tests failed, if not the latest.")
@options(asked_by(FIELDS, ADD), leave_out=("title",))
@common("project", "record", "as_person", "release", "json")
@pass_settings
def add(
    settings: Settings,
    /,
    title: str,
    incident: str | None,
    source: str | None,
    candidate: str | None,
    **given: Any,
) -> None:
    """Add what is to be done, with its owner and its day.

    It can be added without them; a gate that asks for actions then blocks until somebody names both.
    """
    with session.acting(settings) as context:
        named = incident is not None or source is not None
        subject = subject_of(context, incident=incident, tests=source, candidate=candidate) if named else ""
        ident = actions.add_action(context, {"title": title, **given}, subject)
        document, value = _in_record(context, ident), actions.find_action(context, ident)[1]
    lacks = [
        f"--{name} {what}"
        for name, what in (("owner", "PERSON"), ("due", "DATE"))
        if not getattr(value, name)
    ]
    hint = (
        f"workbench action edit {ident[-12:]} {' '.join(lacks)}"
        if lacks
        else f"workbench action done {ident[-12:]}"
    )
    output.done(settings, f"added {value.title} ({ident[-12:]})", {"schema": SCHEMA, **document}, hint=hint)


@action.command("edit")
@click.argument("ref")
@options(asked_by(FIELDS, EDIT))
@common("project", "record", "as_person", "json")
@pass_settings
def edit(settings: Settings, /, ref: str, **given: Any) -> None:
    """Name the owner or the day, or say it in other words."""
    with session.acting(settings) as context:
        stored, value = actions.find_action(context, ref)
        changed = actions.edit_action(context, stored, value, given)
        document = _in_record(context, stored.id)
    output.done(settings, f"edited {changed.title}", {"schema": SCHEMA, **document})


@action.command("done")
@click.argument("ref")
@click.option("--note", default="", metavar="TEXT", help="What was done.")
@click.option("--link", default="", metavar="URL", help="What shows that it is done.")
@common("project", "record", "as_person", "json")
@pass_settings
def done(settings: Settings, ref: str, note: str, link: str) -> None:
    """Say that it is done, and what shows it."""
    with session.acting(settings) as context:
        stored, value = actions.find_action(context, ref)
        actions.finish_action(context, stored, value, why=note, link=link)
        document = _in_record(context, stored.id)
    output.done(settings, f"done: {value.title}", {"schema": SCHEMA, **document})


@action.command("drop")
@click.argument("ref")
@click.option("--reason", required=True, metavar="TEXT", help="Why it will not be done.")
@common("project", "record", "as_person", "json")
@pass_settings
def drop(settings: Settings, ref: str, reason: str) -> None:
    """Say that it will not be done, and why."""
    with session.acting(settings) as context:
        stored, value = actions.find_action(context, ref)
        actions.drop_action(context, stored, value, reason)
        document = _in_record(context, stored.id)
    output.done(settings, f"dropped {value.title}", {"schema": SCHEMA, **document})


@action.command("reopen")
@click.argument("ref")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is to be done after all.")
@common("project", "record", "as_person", "json")
@pass_settings
def reopen(settings: Settings, ref: str, reason: str) -> None:
    """Say that it is to be done after all, and why."""
    with session.acting(settings) as context:
        stored, value = actions.find_action(context, ref)
        actions.reopen_action(context, stored, value, reason)
        document = _in_record(context, stored.id)
    output.done(settings, f"reopened {value.title}", {"schema": SCHEMA, **document})


def _in_record(context: Context, ident: str) -> dict[str, Any]:
    return session.as_it_stands(context, lambda: _document(context, *actions.find_action(context, ident)))


def _document(context: Context, stored: Stored, value: Action) -> dict[str, Any]:
    return {
        "id": stored.id,
        "base": stored.base,
        **output.fields(value),
        "after": after_words(context.record, value.subject) or None,
        "overdue": value.open and value.overdue(context.now),
    }
