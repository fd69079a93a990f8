"""``workbench schema``: JSON Schema of the project's files and of tables, for editors."""

from __future__ import annotations

import click

from workbench.cli import output
from workbench.cli.options import common
from workbench.usecases import schemas


@click.command()
@click.argument("what", type=click.Choice(schemas.WHAT), default="project")
@common("json")
def schema(what: str) -> None:
    """Print the JSON Schema of the project's files and tables.

    WHAT is ``project`` (workbench.yaml), ``part`` (a file that it includes), ``checklist``, or
    ``flows`` or ``differences``: a table in YAML, as it is imported.
    """
    output.emit(schemas.schema(what))
