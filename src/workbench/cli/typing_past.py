"""The past of a demonstration, typed: each command in this process, at its moment, in silence."""

from __future__ import annotations

import io
import shlex
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from pathlib import Path

import click

from workbench.cli.options import Settings
from workbench.cli.running import root
from workbench.model.errors import OurMistake, WorkbenchError


def type_command(folder: Path, command: str, person: str, moment: datetime) -> None:
    """Type a command, without its first word, in a demonstration's folder.  What goes wrong is our mistake.

    A command that ends with another code than 0 because a gate is blocked went well.
    """
    settings = Settings(project=folder, as_person=person, moment=moment)
    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            root.main(shlex.split(command), prog_name="workbench", standalone_mode=False, obj=settings)
    except (WorkbenchError, click.ClickException) as error:
        told = (
            error.format_message()
            if isinstance(error, click.ClickException)
            else f"{error.what}; {error.hint or ''}"
        )
        raise OurMistake(f"the demonstration cannot be made: {told}", where=f"workbench {command}") from error
