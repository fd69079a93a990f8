"""``workbench export``: flows and differences as files that ``import`` reads back."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import exporting
from workbench.usecases.importing import Kind


@click.command("export")
@click.argument("what", type=click.Choice(["flows", "differences"]))
@click.option(
    "--format", "form", type=click.Choice(["csv", "yaml"]), help="Default: by the file's ending, else csv."
)
@click.option(
    "--output", "to", type=click.Path(path_type=Path), metavar="FILE", help="Where to.  [default: here]"
)
@common("project", "record")
@pass_settings
def export(settings: Settings, what: str, form: Literal["csv", "yaml"] | None, to: Path | None) -> None:
    """Export flows or differences as CSV or YAML.  The same record gives the same text."""
    if form is None:
        form = exporting.form_of(to) if to is not None and str(to) != "-" else "csv"
    with session.reading(settings) as context:
        text = exporting.export(context, Kind(what), form)
    output.write(to or Path("-"), text)
    if to is not None:
        output.talk(f"wrote {to}")
