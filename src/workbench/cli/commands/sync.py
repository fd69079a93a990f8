"""``workbench sync``: send and receive."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.sharing.syncing import sync as sync_record
from workbench.usecases.views import sync as views


@click.command()
@common("project", "record", "as_person", "json")
@pass_settings
def sync(settings: Settings) -> int:
    """Send what this desk wrote to the server, and receive what the others wrote.

    It may be ended and called again at any moment. Exit code 0 says that all was sent and received; 1 that somebody has
    to look: something is quarantined or refused, or the server is not as it was; 3 that the server could not be asked, or
    takes nothing at present, and what was written here waits.
    """
    with session.keeping(settings, readonly=False) as context:
        done = sync_record(context)
    if settings.json:
        output.emit({"schema": "workbench.sync.1"} | output.fields(done) | {"done": views.summary(done)})
    else:
        output.lines(views.synced_lines(done))
        output.talk_lines(f"next: {text}" for text in views.advice(done))
    return views.exit_code(done)
