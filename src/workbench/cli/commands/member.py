"""``workbench member``: who may see a shared record, write to it, sign in it or keep it."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.sharing import members
from workbench.usecases.views.sharing import members as views


@click.group(cls=Family)
def member() -> None:
    """Members: who may see a shared record, write to it, sign in it or keep it."""


@member.command("list")
@common("project", "record", "as_person", "json")
@pass_settings
def list_(settings: Settings) -> None:
    """List the members of the shared record: what each may do, and what is in the way of it."""
    with session.keeping(settings) as context:
        found = members.read_members(context)
    if settings.json:
        rows = [
            {"role": one.role, "may": one.may, "persons": one.persons, "desks": one.desks, "lacks": one.lacks}
            for one in found
        ]
        output.emit({"schema": "workbench.members.1", "members": rows})
        return
    output.table(
        ("", "role", "may", "desks", "added by"),
        [
            (line.mark.symbol, line.role, line.may, line.desks, line.added_by)
            for line in views.member_lines(found)
        ],
        empty="nobody is a member",
    )
    output.talk_lines(views.missing(found))


@member.command("add")
@click.argument("role")
@click.option(
    "--right",
    "may",
    required=True,
    type=click.Choice(views.RIGHTS),
    help="What the role may do with the record.",
)
@click.option("--person", default="", metavar="PERSON", help="For a signer: the person that it signs for.")
@common("project", "record", "as_person", "json")
@pass_settings
def add(settings: Settings, role: str, may: str, person: str) -> None:
    """Let a role of the database see this record.

    A reader sees it, a writer sends entries of its own desks, a signer may sign for one person too, and a keeper lets roles in and out.
    """
    with session.reading(settings) as context:
        done = members.add(context, role, may, person)
    document = {
        "schema": "workbench.member.1",
        "role": done.role,
        "may": done.may,
        "person": done.person,
        "changed": done.changed,
        "lacks": done.lacks,
    }
    output.done(settings, views.admitted_words(done), document)
    _advise(settings, done)


@member.command("remove")
@click.argument("role")
@click.option("--person", default="", metavar="PERSON", help="Only its right to sign for this person.")
@common("project", "record", "as_person", "json")
@pass_settings
def remove(settings: Settings, role: str, person: str) -> None:
    """Take the rights of a role on this record away, at once.

    What it sent stays, and so does the role itself, which the database's administrator removes.
    """
    with session.reading(settings) as context:
        done = members.remove(context, role, person)
    document = {
        "schema": "workbench.member-removed.1",
        "role": done.role,
        "person": done.person,
        "member": done.member,
    }
    output.done(settings, views.removed_words(done), document)


def _advise(settings: Settings, done: members.Admitted) -> None:
    if not settings.json:
        output.talk_lines(f"next: {text}" for text in views.advice(done))
