"""``workbench restore``: going on with a copy of a record."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import restoring
from workbench.usecases.views import exchange as views


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--replace",
    is_flag=True,
    help="Even if the record that is here holds entries that FILE does not; it is kept beside.",
)
@common("project", "record", "as_person", "json")
@pass_settings
def restore(settings: Settings, file: Path, replace: bool) -> None:
    """Go on with a copy, a whole pack or a handover, as a new desk that follows.

    FILE is checked before anything is done.  A record that is here is replaced only if it is the same one and FILE holds all of
    it; then it is kept beside.  If both went on, what differs is shown.
    """
    try:
        done = restoring.restore(session.options_of(settings), file, replace=replace)
    except restoring.NotOlder as error:
        if not settings.json:
            output.lines(views.difference_lines(error.fork))
        raise
    document = {
        "schema": "workbench.restored.1",
        "what": done.what,
        "entries": done.entries,
        "desk": done.desk,
        "follows": done.follows,
        "people": done.people,
        "kept": str(done.kept) if done.kept else None,
        "set_aside": str(done.set_aside) if done.set_aside else None,
        "left": done.fork.count_here if done.fork is not None else 0,
    }
    if settings.json:
        output.emit({**document, "done": next(iter(views.restored_lines(done)))})
        return
    output.lines(views.restored_lines(done))
    output.talk("next: workbench status")
