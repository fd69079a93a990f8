"""``workbench join``: taking up a record that is shared."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.commands.share import exchanged
from workbench.cli.options import Settings, common, pass_settings
from workbench.cli.transferring import transferring
from workbench.usecases.sharing.joining import join as join_record
from workbench.usecases.views.sharing import outcomes as views
from workbench.usecases.views.sharing.sync import exit_code


@click.command()
@click.argument("url")
@click.option(
    "--of",
    "named",
    default="",
    metavar="NAME",
    help="Which record, where the server holds several: the project, or the end of the record's id.",
)
@click.option(
    "--again",
    is_flag=True,
    help="Lay the record anew as a new desk; the one here is kept beside it, and what only that holds comes along.",
)
@common("project", "record", "as_person", "json")
@pass_settings
def join(settings: Settings, url: str, named: str, again: bool) -> int:
    """Take up the project's record from the server where it is shared, as a desk of one's own.

    URL is the address of the database without a password, as postgresql://ROLE@HOST/DATABASE.  In a clone of the project's repository,
    or in an empty folder.  The same record that is here already, brought by file, is joined with it.  With a role that only reads, as
    CI has, nothing is sent.  Interrupted, it is called again.
    """
    with transferring() as steps:
        done = join_record(session.options_of(settings), url, named=named, again=again, steps=steps)
    document = {
        "schema": "workbench.joined.1",
        "project": done.project,
        "url": done.url,
        "role": done.role,
        "desk": done.desk,
        "laid": done.laid,
        "already": done.already,
        "sends": done.sends,
        "entries": done.entries,
        "desks": done.desks,
        "has_files": done.has_files,
        "demonstration": done.demonstration,
        "kept": str(done.kept) if done.kept else None,
        "set_aside": str(done.set_aside) if done.set_aside else None,
        "only_there": done.only_there,
        "aside": done.aside,
        **exchanged(done.synced),
    }
    lines = list(views.joined_lines(done))
    if settings.json:
        output.emit({**document, "done": lines[0]})
    else:
        output.lines(lines)
        output.talk_lines(f"next: {text}" for text in views.joined_advice(done))
        output.talk_lines(f"workbench: {text}" for text in done.remarks)
    return 1 if done.aside else exit_code(done.synced)
