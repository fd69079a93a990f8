"""``workbench review``: a quarter as a page that prints."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.output_files import place_of
from workbench.usecases.views.learning_document import document
from workbench.usecases.views.learning_page import FORMATS, read_quarterly, write_page


@click.command()
@click.option(
    "--quarter",
    default="",
    metavar="Q",
    help="2026-Q4, this or last.  [default: the last that is over]",
)
@click.option(
    "--html", "to", metavar="FILE", help="Write it as one HTML file; a folder that ends in / is made."
)
@click.option("--format", "form", type=click.Choice(["txt", "md"]), default="txt", help="How it is printed.")
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there already.")
@common("project", "record", "now", "json")
@pass_settings
def review(settings: Settings, quarter: str, to: str | None, form: str, overwrite: bool) -> None:
    """Print the quarterly review: what the quarter taught.

    How far staging could be trusted, beside the quarter before; incidents, differences that hurt, limits
    that do not fit, what held releases up; and what there is to decide.
    """
    with session.reading(settings) as context:
        found = read_quarterly(context, quarter)
    if to is not None:
        output.talk(f"wrote {write_page(found, place_of(to), overwrite=overwrite)}")
    elif not settings.json:
        output.text(FORMATS[form](found))
    if settings.json:
        output.emit(document(found.quarter))
