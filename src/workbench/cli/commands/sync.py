"""``workbench sync``: send and receive."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.sharing.syncing import sync as sync_record


@click.command()
@common("project", "record", "as_person", "json")
@pass_settings
def sync(settings: Settings) -> int:
    """Send what this desk wrote to the server, and receive what the others wrote."""
    with session.acting(settings) as context:
        done = sync_record(context)
    document = {"schema": "workbench.sync.1"} | output.fields(done)
    output.done(settings, f"sent {done.sent} entries, received {done.received}", document)
    return 1 if done.quarantined or done.refused else 0
