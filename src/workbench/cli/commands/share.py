"""``workbench share``: a record that other desks take up through a server."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.sharing.sharing import share as share_record


@click.command()
@click.argument("url")
@common("project", "record", "as_person", "json")
@pass_settings
def share(settings: Settings, url: str) -> None:
    """Share the record with other desks through a PostgreSQL database.

    URL is the address of the database without a password, as postgresql://ROLE@HOST/DATABASE.
    """
    with session.acting(settings) as context:
        done = share_record(context, url)
    document = {"schema": "workbench.shared.1", "url": done.url, "role": done.role, "sent": done.synced.sent}
    output.done(
        settings,
        f"shared at {done.url}: {done.synced.sent} entries sent",
        document,
        hint="others: workbench join URL",
    )
