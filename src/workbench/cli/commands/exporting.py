"""``workbench export``: flows and differences as files that ``import`` reads back, any table, the ledger, and a list of result files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import exporting, signers
from workbench.usecases.manifests import write_manifest
from workbench.usecases.output_files import form_by_ending, place_of
from workbench.usecases.team_tables import TABLES

_to = click.option(
    "--output", "to", metavar="FILE", help="A file or a folder: one that ends in / is made.  [default: here]"
)
_TABLE_FORMS: dict[str, Literal["csv", "json"]] = {"csv": "csv", "json": "json"}
_form = click.option(
    "--format", "form", type=click.Choice(["csv", "yaml"]), help="Default: by the file's ending, else csv."
)


@click.group(cls=Family)
def export() -> None:
    """Export flows, differences, any table of the record, its ledger, or a list of result files."""


def _team_table(kind: str, about: str) -> click.Command:
    @click.command(kind, help=f"Export {about} as CSV or YAML.  The same record gives the same text.")
    @_form
    @_to
    @common("project", "record")
    @pass_settings
    def export_team_table(settings: Settings, form: exporting.Form | None, to: str | None) -> None:
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
def export_table(settings: Settings, name: str, form: Literal["csv", "json"] | None, to: str | None) -> None:
    """Export a table of the record as it lies there, for a spreadsheet or a program.

    NAME is what the table holds: difference, answer, signoff, measurement …; an unknown one names
    all.  Nothing is judged.
    """
    place = _place(to)
    chosen = form or ("csv" if place is None else form_by_ending(place, _TABLE_FORMS, "csv"))
    with session.reading(settings) as context:
        text = exporting.export_table(context, name, chosen)
    _write(place, text, f"{name}.{chosen}")


@export.command("ledger")
@_to
@common("project", "record")
@pass_settings
def export_ledger(settings: Settings, to: str | None) -> None:
    """Export the ledger: every entry as a line of JSON, for a program of your own.

    A line holds seq, body, digest and chain, as docs/record-format.md describes them.
    """
    place = _place(to)
    with session.keeping(settings) as context:
        if place is None:
            output.write_lines(Path("-"), context.record.ledger_lines())
            return
        target = place / "ledger.jsonl" if place.is_dir() else place
        output.write_lines(target, context.record.ledger_lines())
    output.talk(f"wrote {target}")


@export.command("results")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--commit", required=True, metavar="SHA", help="The full commit that they are of.")
@click.option("--run", default="", metavar="URL", help="The CI run that wrote them.")
@_to
def export_results(files: tuple[Path, ...], commit: str, run: str, to: str | None) -> None:
    """Write the list of result files that `import` believes: which files they are, and of which commit.

    For a CI job, where nothing needs a project or a record.  Keep the list beside the files.
    """
    _write(_place(to), write_manifest(files, commit, run).decode(), "results.json")


@export.command("signers")
@_to
@common("project")
@pass_settings
def export_signers(settings: Settings, to: str | None) -> None:
    """Export the people's SSH keys as a list of allowed signers, for ssh-keygen and for workbench verify.

    A line holds the person, for what and in which time their key counts, and the key.
    """
    _write(_place(to), signers.export_signers(session.options_of(settings)), "allowed_signers")


def _export(settings: Settings, kind: str, form: exporting.Form | None, to: str | None) -> None:
    place = _place(to)
    chosen = form or ("csv" if place is None or place.is_dir() else exporting.form_of(place))
    with session.reading(settings) as context:
        text = exporting.export(context, kind, chosen)
    _write(place, text, f"{kind}.{chosen}")


def _place(to: str | None) -> Path | None:
    """Where to write; nothing for standard output."""
    return None if to in (None, "-") else place_of(to)


def _write(place: Path | None, text: str, name: str) -> None:
    """Write to a file, under ``name`` in a folder, or to standard output."""
    if place is None:
        output.write(Path("-"), text)
        return
    target = place / name if place.is_dir() else place
    output.write(target, text)
    output.talk(f"wrote {target}")
