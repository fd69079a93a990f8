"""``workbench notes``: the release notes."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import noting
from workbench.usecases.evaluate import evaluate


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "json", "txt"]),
    help="Default: by the file's ending, else md.",
)
@click.option("--output", "to", type=click.Path(path_type=Path), metavar="FILE", help="A file or a folder.")
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there already.")
@common("project", "record", "now", "release", "json")
@pass_settings
def notes(settings: Settings, form: str | None, to: Path | None, overwrite: bool) -> None:
    """Write the release notes.  The same record and clock give the same notes."""
    ending = to.suffix.removeprefix(".").lower() if to is not None else ""
    form = form or ("json" if settings.json else ending if ending in noting.FORMATS else "md")
    with session.reading(settings) as context:
        evaluation = evaluate(context)
        if to is None or str(to) == "-":
            output.text(noting.written(context, evaluation, form))
            return
        path = noting.export(context, evaluation, form, to, overwrite=overwrite)
    output.talk(f"wrote {path}")
