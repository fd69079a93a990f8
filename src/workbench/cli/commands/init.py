"""``workbench init``: a starter project for this folder."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import starting


@click.command()
@click.option("--force", is_flag=True, help="Write a new project file; the old one is kept beside it.")
@common("project", "json")
@pass_settings
def init(settings: Settings, force: bool) -> None:
    """Write a starter project for this folder.

    Looks for git, CI files, test reports and tables of differences, writes a short
    workbench.yaml with three gates, and begins the release record.  Nothing is sent anywhere.
    """
    begun = starting.init(settings.project or Path.cwd(), force=force)
    if settings.json:
        output.emit(
            {
                "schema": "workbench.init.1",
                "file": str(begun.file),
                "person": begun.person,
                "release": begun.release,
                "candidate": begun.candidate,
                "found": list(begun.found),
                "next": [command for command, _ in begun.steps],
            }
        )
        return
    output.line(f"wrote {begun.file}")
    output.lines(f"  {text}" for text in begun.found)
    output.talk("next:")
    width = max((len(command) for command, _ in begun.steps), default=0)
    for command, why in begun.steps:
        output.talk(f"  {command:<{width}}  {why}")
