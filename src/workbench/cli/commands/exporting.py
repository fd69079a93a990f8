"""``workbench export``: flows and differences as files that ``import`` reads back, and any table."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import exporting
from workbench.usecases.team_tables import TABLES

_to = click.option(
    "--output", "to", type=click.Path(path_type=Path), metavar="FILE", help="Where to.  [default: here]"
)
_form = click.option(
    "--format", "form", type=click.Choice(["csv", "yaml"]), help="Default: by the file's ending, else csv."
)


@click.group(cls=Family)
def export() -> None:
    """Export flows, differences, or any table of the record."""


def _team_table(kind: str, about: str) -> click.Command:
    @click.command(kind, help=f"Export {about} as CSV or YAML.  The same record gives the same text.")
    @_form
    @_to
    @common("project", "record")
    @pass_settings
    def export_team_table(settings: Settings, form: exporting.Form | None, to: Path | None) -> None:
        _export(settings, kind, form, to)

    return export_team_table


for _table in TABLES.values():
    export.add_command(_team_table(_table.kind, _table.about))


@export.command("table")
@click.argument("name")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json"]),
    help="Default: by the file's ending, else csv.",
)
@_to
@common("project", "record")
@pass_settings
def export_table(settings: Settings, name: str, form: Literal["csv", "json"] | None, to: Path | None) -> None:
    """Export a table of the record as it lies there, for a spreadsheet or a program.

    NAME is what the table holds: difference, answer, signoff, measurement …; an unknown one names
    all.  Nothing is judged.
    """
    if form is None:
        form = "json" if to is not None and to.suffix.lower() == ".json" else "csv"
    with session.reading(settings) as context:
        text = exporting.export_table(context, name, form)
    _write(to, text)


def _export(settings: Settings, kind: str, form: exporting.Form | None, to: Path | None) -> None:
    if form is None:
        form = exporting.form_of(to) if to is not None and str(to) != "-" else "csv"
    with session.reading(settings) as context:
        text = exporting.export(context, kind, form)
    _write(to, text)


def _write(to: Path | None, text: str) -> None:
    output.write(to or Path("-"), text)
    if to is not None:
        output.talk(f"wrote {to}")
