"""``workbench sync``: send and receive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.cli.transferring import transferring
from workbench.usecases.context import Context
from workbench.usecases.sharing.receiving import Steps
from workbench.usecases.sharing.synced import Synced
from workbench.usecases.sharing.syncing import sync as sync_record
from workbench.usecases.views.sharing import sync as views

if TYPE_CHECKING:
    from workbench.usecases.sharing.heads import Left


@click.command()
@click.option(
    "--ssh-key",
    metavar="FILE",
    help="Sign a head over all that was read of the server with this key; `git` for git's.",
)
@common("project", "record", "as_person", "json")
@pass_settings
def sync(settings: Settings, ssh_key: str | None) -> int:
    """Send what this desk wrote to the server, and receive what the others wrote.

    With --ssh-key you also sign how many packs there are and what they come to: other desks compare what they are shown with it, and
    nobody who owns the server can make one up.

    It may be ended with ctrl+c and called again at any moment: it says what was done, and the next one goes on. Exit code 0 says that all was sent and received; 1 that somebody has
    to look: something is quarantined or refused, or the server is not as it was; 3 that the server could not be asked, or
    takes nothing at present, and what was written here waits; 130 that ctrl+c ended it.
    """
    with session.keeping(settings, readonly=False) as context, transferring() as steps:
        done, left = (
            (sync_record(context, steps), None) if ssh_key is None else _signed(context, ssh_key, steps)
        )
    if settings.json:
        said = {"signed": output.fields(left) if left is not None else None, "done": views.summary(done)}
        output.emit({"schema": "workbench.sync.1"} | output.fields(done) | said)
    else:
        output.lines(views.synced_lines(done))
        if left is not None:
            output.line(
                f"signed by {output.safe(left.signed)}: the head over {left.number:,} packs of the server"
            )
        output.talk_lines(f"next: {text}" for text in views.advice(done))
    return views.exit_code(done)


def _signed(context: Context, ssh_key: str, steps: Steps) -> tuple[Synced, Left | None]:
    from workbench.usecases.sharing.signing_heads import sync_and_sign
    from workbench.usecases.ssh_signing import signing_key

    key = signing_key(ssh_key, context.root)
    return sync_and_sign(context, key, asks=session.can_ask(), tell=output.talk, steps=steps)
