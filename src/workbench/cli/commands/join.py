"""``workbench join``: taking up a record that is shared."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.sharing.joining import join as join_record


@click.command()
@click.argument("url")
@common("project", "record", "as_person", "json")
@pass_settings
def join(settings: Settings, url: str) -> None:
    """Take up the project's record from the server where it is shared.

    URL is the address of the database without a password, as postgresql://ROLE@HOST/DATABASE.
    """
    done = join_record(session.options_of(settings), url)
    document = {
        "schema": "workbench.joined.1",
        "project": done.project,
        "url": done.url,
        "role": done.role,
        "desk": done.desk,
        "received": done.synced.received,
    }
    output.done(settings, f"joined “{done.project}”: {done.synced.received} entries received", document)
