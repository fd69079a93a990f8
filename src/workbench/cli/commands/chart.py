"""``workbench chart``: a benchmark over time, drawn."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import charting, output_files
from workbench.usecases.evaluate import evaluate


@click.command()
@click.argument("key")
@click.option(
    "--format", "form", type=click.Choice(charting.FORMS), help="Default: by the file's ending, else txt."
)
@click.option("--output", "to", metavar="FILE", help="A file, or a folder: one that ends in / is made.")
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there already.")
@common("project", "record", "now", "release", "json")
@pass_settings
def chart(settings: Settings, key: str, form: str | None, to: str | None, overwrite: bool) -> None:
    """Draw a benchmark over time: each build's value, the limits, what fired, what happened.

    Where both environments have samples, their histograms follow.  An SVG file is readable on light and
    dark ground and holds no script.
    """
    if form is None and settings.json:
        form = "json"
    if to is None or to == "-":
        with session.reading(settings) as context:
            output.text(charting.written(context, evaluate(context), key, form or "txt"))
        return
    with session.reading(settings) as context:
        place = output_files.place_of(to)
        form = form or charting.form_of(place)
        path = charting.export(context, evaluate(context), key, form, place, overwrite=overwrite)
    output.talk(f"wrote {path}")
