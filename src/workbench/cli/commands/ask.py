"""``workbench ask``: one sheet for somebody who may have no terminal, and the request beside it."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, pass_settings, ssh_key
from workbench.usecases import request_files, signing_elsewhere
from workbench.usecases.evaluate import evaluate


@click.command()
@click.argument("person")
@click.argument("gate", required=False)
@click.option("--role", metavar="ROLE", help="The role to sign in, if the person has several that are asked.")
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="The folder for both files.  [default: this one]",
)
@ssh_key
@common(*WRITING)
@pass_settings
def ask(
    settings: Settings, person: str, gate: str | None, role: str | None, to: Path, ssh_key: str | None
) -> None:
    """Ask somebody elsewhere to sign: one sheet to read.

    Writes an HTML file that anybody can read, with a short code for the answer, and a
    request file for those who have the workbench.
    """
    with session.acting(settings, ssh_key) as context:
        request = signing_elsewhere.ask(context, evaluate(context), gate, person, role)
    sheet = request_files.write_sheet(request, to)
    path = request_files.write_request(request, to)
    document = {
        "schema": "workbench.asked.1",
        "person": person,
        "gate": request.gate,
        "code": request.code,
        "files": [str(sheet), str(path)],
    }
    output.done(
        settings,
        f"wrote {sheet} and {path.name} for {person}, code {request.code}",
        document,
        hint=f"send the sheet; enter the answer with workbench sign --received FILE --code {request.code} --approve",
    )
