"""``workbench notes``: the release notes, what they tell of the commits, own words."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Settings, common, pass_settings
from workbench.usecases import noting, output_files
from workbench.usecases.evaluate import evaluate
from workbench.usecases.release_changes import listing
from workbench.usecases.views import release_changes


@click.group(cls=Family, invoke_without_command=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "json", "txt"]),
    help="Default: by the file's ending, else md.",
)
@click.option("--output", "to", metavar="FILE", help="A file, or a folder: one that ends in / is made.")
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there already.")
@common("project", "record", "now", "release", "json")
@click.pass_context
def notes(ctx: click.Context, form: str | None, to: str | None, overwrite: bool) -> None:
    """Write the release notes.  The same record and clock give the same notes."""
    if ctx.invoked_subcommand is not None:
        return
    settings = ctx.ensure_object(Settings)
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


@notes.command("changes")
@click.option("--since", default="", metavar="COMMIT", help="List the commits anew, since this commit.")
@click.option("--again", is_flag=True, help="List the commits anew, since what runs in production.")
@common(*WRITING)
@pass_settings
def changes(settings: Settings, since: str, again: bool) -> None:
    """What the commits and fragments since the release in production tell, and how many tell nothing.

    Git lists them when a build is proposed; what was listed is kept in the record.
    """
    if since or again:
        with session.acting(settings) as context:
            listing.list_commits(context, since)
            found = release_changes.read(context)
    else:
        with session.reading(settings) as context:
            found = release_changes.read(context)
    if settings.json:
        output.emit(release_changes.document(found))
        return
    output.lines(release_changes.lines(found))
