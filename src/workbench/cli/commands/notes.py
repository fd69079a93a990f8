"""``workbench notes``: the release notes."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import noting, output_files
from workbench.usecases.evaluate import evaluate


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "json", "txt"]),
    help="Default: by the file's ending, else md.",
)
@click.option("--output", "to", metavar="FILE", help="A file, or a folder: one that ends in / is made.")
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there already.")
@common("project", "record", "now", "release", "json")
@pass_settings
def notes(settings: Settings, form: str | None, to: str | None, overwrite: bool) -> None:
    """Write the release notes.  The same record and clock give the same notes."""
    if form is None and settings.json:
        form = "json"
    if to is None or to == "-":
        with session.reading(settings) as context:
            output.text(noting.written(context, evaluate(context), form or "md"))
        return
    with session.reading(settings) as context:
        place = output_files.place_of(to)
        form = form or noting.form_of(place)
        path = noting.export(context, evaluate(context), form, place, overwrite=overwrite)
    output.talk(f"wrote {path}")
