"""``workbench schema``: JSON Schema of the project's files and of tables, for editors."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases import schemas


@click.command()
@click.argument("what", type=click.Choice(schemas.WHAT), default="project")
@click.option(
    "--write", is_flag=True, help="Write all of them where the first lines of a project's files look."
)
@common("project", "json")
@pass_settings
def schema(settings: Settings, what: str, write: bool) -> None:
    """Print the JSON Schema of the project's files and tables.

    WHAT is ``project`` (workbench.yaml), ``part`` (a file that it includes), ``checklist``, or
    ``flows`` or ``differences``: a table in YAML, as it is imported.
    """
    if not write:
        output.emit(schemas.schema(what))
        return
    written = schemas.write_schemas_of(session.options_of(settings))
    output.done(
        settings,
        f"wrote {len(written)} schemas to {written[0].parent}",
        {"schema": "workbench.schemas.1", "written": [str(path) for path in written]},
    )
