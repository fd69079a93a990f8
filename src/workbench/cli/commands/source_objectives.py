"""``workbench source objectives``: objectives of OpenSLO files, as a project's file says them."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import openslo


@click.command("objectives")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--source", default="", metavar="KEY", help="The source that answers PromQL; the only one unless said."
)
@click.option(
    "--environment",
    default="",
    metavar="KEY",
    help="The environment that they are about; staging unless said.",
)
@common("project", "record", "json")
@pass_settings
def objectives(settings: Settings, files: tuple[Path, ...], source: str, environment: str) -> None:
    """Print the objectives of OpenSLO files as YAML for a file of the project.

    What does not mean the same here is left out, and why stands beside it.  No file is written.
    """
    found = openslo.objectives_in(files)
    with session.reading(settings) as context:
        source, environment = openslo.place_of(context, source, environment)
    text = openslo.as_yaml(found, source, environment)
    if settings.json:
        document = {"schema": "workbench.objectives-draft.1", "source": source, "environment": environment}
        output.emit({**document, **msgspec.to_builtins(found), "text": text})
        return
    output.lines(text.splitlines())
    output.talk("next: write it into a file that include: finds, and read each query: workbench check")
