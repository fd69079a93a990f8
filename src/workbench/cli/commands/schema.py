"""``workbench schema``: JSON Schema of the project's files, for editors."""

from __future__ import annotations

from typing import Literal

import click

from workbench.cli import output
from workbench.cli.options import common


@click.command()
@click.argument("what", type=click.Choice(["project", "part", "checklist"]), default="project")
@common("json")
def schema(what: Literal["project", "part", "checklist"]) -> None:
    """Print the JSON Schema of the project's files.

    WHAT is ``project`` (workbench.yaml), ``part`` (a file that it includes) or ``checklist``.
    """
    from workbench.definitions import schema as schema_of
    from workbench.usecases.project import kinds

    output.emit(schema_of(kinds(), what))
